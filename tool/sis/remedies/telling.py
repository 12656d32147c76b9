"""An entry with its values: the sentences of a page, in the visitor's language and writing of dates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import format_date, format_datetime

from tool.language import lazy_gettext as _
from tool.sis.remedies.entry import Button
from tool.sis.remedies.finding import find_remedy
from tool.sis.words import WHO

UNSAID: Mapping[str, object] = {
    "sis": _("the SIS"),
    "class": _("the class"),
    "title": _("this assignment"),
    "original": _("this assignment"),
    "student": _("this student"),
    "category": _("the assignment without a category"),
    "chosen": _("the one chosen before"),
    "available": _("none at present"),
    "due": _("no date is known"),
    "assigned": _("before"),
    "nearest": _("there is none"),
    "periods": _("none"),
    "period": _("the grading period"),
    "dates": _("several"),
    "limit": _("a few dozen"),
    "length": _("too many"),
    "proposed": _("a shorter one"),
    "points": _("no whole number of"),
    "score": _("too many or too few"),
    "maximum": _("the possible"),
    "theirs": _("another score"),
    "graded": _("some"),
    "students": _("the"),
    "expires": _("no date is noted"),
    "ends": _("an earlier day"),
    "detail": _("it is not named"),
    "header": _("a header of its own"),
    "when": _("within the hour"),
}
"""What stands for a value that is not known: a refusal that comes back from the SIS tells a code only."""
DATED = frozenset({"due", "assigned", "nearest", "periods", "period", "expires", "ends"})
_DATE = re.compile(r"\b(\d{4}-\d\d-\d\d)( \d\d:\d\d)?\b")


@dataclass(frozen=True, slots=True)
class Told:
    """One entry, ready to be shown. `who` is its words; `button` as in `entry.Button`."""

    code: str
    happened: str
    why: str
    who: str
    fix: str
    then: str
    button: Button


def tell(code: str | None, about: Mapping[str, str] | None = None) -> Told:
    """The entry of a code with the values of `rules.finding.Finding.about`; those missing or empty get a word that
    fits. Needs a request or an application context, as all that speaks the visitor's language."""
    remedy = find_remedy(code)
    values = {name: str(text) for name, text in UNSAID.items()}
    values |= {name: _in_writing(name, text) for name, text in (about or {}).items() if text}
    return Told(
        code=code or "",
        happened=_sentence(remedy.happened, values),
        why=_sentence(remedy.why, values),
        who=str(WHO[remedy.who]),
        fix=_sentence(remedy.fix, values),
        then=_sentence(remedy.then, values),
        button=remedy.button,
    )


def _sentence(text: object, values: Mapping[str, str]) -> str:
    """Filled in; one that begins with a word for something unknown begins with a capital all the same."""
    filled = str(text) % values
    is_unsaid = any(filled.startswith(str(word)) for word in UNSAID.values())
    return filled[:1].upper() + filled[1:] if is_unsaid else filled


def _in_writing(name: str, text: str) -> str:
    return _DATE.sub(_write_date, text) if name in DATED else text


def _write_date(found: re.Match[str]) -> str:
    """It is the district's time already, so nothing is reckoned."""
    moment = datetime.fromisoformat(found[0])
    if found[2] is None:
        return str(format_date(moment.date(), "d MMM y"))
    return str(format_datetime(moment, "d MMM y, HH:mm", rebase=False))
