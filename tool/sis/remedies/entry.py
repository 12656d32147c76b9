"""One entry of the catalogue."""

from dataclasses import dataclass
from typing import Literal

from tool.language import lazy_gettext as _

Who = Literal["teacher", "office", "lms_admin", "operator", "nobody"]
"""Who can mend it; `office` is the school's office or whoever looks after the SIS, `nobody` means that it mends itself
or that there is nothing to mend."""
Button = Literal[
    "again",
    "categories",
    "due",
    "title",
    "match",
    "link",
    "points",
    "refresh",
    "adopt",
    "forget",
    "opt_out",
    "none",
]
"""again: send once more · categories, due, title, match, link, points: the page or field to mend it in · refresh: read
the class from the SIS anew · adopt: say that the column there is this item's · forget: make a new column · opt_out:
switch *Sync to SIS* off."""

GOES_WHEN_MENDED = _("Nothing is sent for it until then. After that it goes with the next sync, tonight at the latest.")
NOTHING_SENT = _("Nothing more is sent for it until then. What stands in %(sis)s stays as it is.")
REFUSED_KEPT = _("All scores are kept here. They are sent again with the next sync, tonight at the latest.")
THIS_STUDENT_FOLLOWS = _("The other students' scores are sent. This one follows with the next sync once it is mended.")


@dataclass(frozen=True, slots=True)
class Remedy:
    """Texts are lazy and have `%(sis)s`, `%(title)s` and so on in them: `telling.tell` fills them for a page."""

    happened: object
    why: object
    who: Who
    fix: object
    then: object
    button: Button = "again"
