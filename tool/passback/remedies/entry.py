"""One entry of the catalogue."""

from dataclasses import dataclass
from typing import Literal

from tool.language import lazy_gettext as _

Who = Literal["you", "admin", "operator", "nobody"]
Button = Literal["again", "refresh", "relink", "csv", "none"]
"""`refresh` reads the class list and the grades again; `relink` is the three ways out of a lost column."""

TRIED_AGAIN = _(
    "The score is kept here. It is tried again by itself, once a day at least, and at once when you press the button."
)
MARKED_WHEN_READ = _(
    "Who left the course is marked so once the class list has been read. The score is kept here and tried once a day."
)
FOLLOWS = _("The score is kept here and follows by itself.")


@dataclass(frozen=True, slots=True)
class Remedy:
    """Texts are lazy: `str()` them while a page is made. `%(platform)s` and `%(student)s` are filled in then."""

    happened: object
    why: object
    who: Who
    fix: object
    button: Button = "again"
    then: object = TRIED_AGAIN
