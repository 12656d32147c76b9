"""What mends itself: nobody has to do anything, and the row says so."""

from collections.abc import Mapping

from tool.language import lazy_gettext as _
from tool.passback.remedies.entry import FOLLOWS, Remedy

PASSES = _("It passes by itself.")

ENTRIES: Mapping[str, Remedy] = {
    "rate_limited": Remedy(
        _("%(platform)s asked for a pause."),
        _("It has much to do at the moment."),
        "nobody",
        PASSES,
        then=_("Passback waits as long as it was asked to, then goes on one by one."),
    ),
    "timeout": Remedy(
        _("%(platform)s did not answer in time."),
        _("It is down or busy."),
        "nobody",
        PASSES,
        then=FOLLOWS,
    ),
    "connection": Remedy(
        _("%(platform)s could not be reached."),
        _("It is down, or the network between us is."),
        "nobody",
        PASSES,
        then=FOLLOWS,
    ),
    "server_error": Remedy(
        _("%(platform)s had an error of its own."),
        _("It is being maintained, or has trouble."),
        "nobody",
        PASSES,
        then=FOLLOWS,
    ),
    "unreadable": Remedy(
        _("%(platform)s answered with something that cannot be read."),
        _("Often a sign-in page or a page about maintenance."),
        "nobody",
        PASSES,
        then=FOLLOWS,
    ),
    "stale_timestamp": Remedy(
        _("%(platform)s holds a score from the same moment or a later one."),
        _("Two sends crossed, somebody typed a grade meanwhile, or a clock is behind."),
        "nobody",
        PASSES,
        then=_("Passback reads the grade in %(platform)s. What is newer there stays, and the row asks you about it."),
    ),
}
