"""What mends itself."""

from collections.abc import Mapping

from tool.language import lazy_gettext as _
from tool.sis.remedies.entry import Remedy

ENTRIES: Mapping[str, Remedy] = {
    "rate": Remedy(
        _("%(sis)s asked Passback to slow down."),
        _("Too much was sent in a short time, by all classes together."),
        "nobody",
        _("Nothing has to be done."),
        _("It goes on by itself, more slowly: %(when)s. What is not through by then goes tonight."),
        "none",
    ),
    "timeout": Remedy(
        _("%(sis)s did not answer in time."),
        _("It is slow at the moment, or cannot be reached. Large classes take longest."),
        "nobody",
        _("Nothing has to be done. If you are in a hurry, select few assignments and sync them singly."),
        _("It is tried again by itself: %(when)s, else tonight."),
        "again",
    ),
}
