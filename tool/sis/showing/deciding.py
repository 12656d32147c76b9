"""The words of each kind of decision (`SisAct.kind`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import format_datetime

from tool.language import gettext, ngettext

Detail = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Names:
    """Of whom and of what an act may speak: members' names and assignments' titles by id."""

    people: Mapping[int, str]
    titles: Mapping[int, str]

    def student(self, detail: Detail) -> str:
        member_id = detail.get("member_id")
        return self.people.get(member_id, gettext("a student")) if isinstance(member_id, int) else gettext("a student")

    def item(self, detail: Detail) -> str:
        """The title, or how many there are."""
        placement_id, several = detail.get("placement_id"), detail.get("placement_ids")
        if isinstance(several, list) and len(several) != 1:
            return ngettext("%(num)s assignment", "%(num)s assignments", len(several))
        one = several[0] if isinstance(several, list) else placement_id
        return f"“{self.titles[one]}”" if isinstance(one, int) and one in self.titles else gettext("an assignment")


def tell_in_general(_detail: Detail, _names: Names) -> str:
    """While machines are brought to a newer version one by one, it writes what this one does not know yet."""
    return gettext("Something this version of Passback does not know")


def _text(detail: Detail, key: str) -> str:
    return str(detail.get(key) or "")


def _linked(detail: Detail, _names: Names) -> str:
    return gettext("Linked the class %(class)s", **{"class": _text(detail, "class_title")})


def _unlinked(detail: Detail, _names: Names) -> str:
    return gettext("Unlinked the class %(class)s", **{"class": _text(detail, "class_title")})


def _road(detail: Detail, _names: Names) -> str:
    if detail.get("lms_syncs"):
        return gettext("Said that the LMS sends these grades there itself")
    return gettext("Said that the LMS does not send these grades there")


def _nightly(detail: Detail, _names: Names) -> str:
    return gettext("Switched nightly sync on") if detail.get("is_on") else gettext("Switched nightly sync off")


def _matched(detail: Detail, names: Names) -> str:
    return gettext("Matched %(name)s by hand", name=names.student(detail))


def _left_out(detail: Detail, names: Names) -> str:
    return gettext("Left %(name)s out", name=names.student(detail))


def _unmatched(detail: Detail, names: Names) -> str:
    return gettext("Took back who %(name)s is", name=names.student(detail))


def _associated(detail: Detail, _names: Names) -> str:
    ours = _text(detail, "category") or gettext("assignments without a category")
    return gettext("Associated %(ours)s with %(theirs)s", ours=ours, theirs=_text(detail, "sis_title"))


def _unassociated(detail: Detail, _names: Names) -> str:
    ours = _text(detail, "category") or gettext("assignments without a category")
    return gettext("Left %(ours)s unassociated", ours=ours)


def _syncs(detail: Detail, names: Names) -> str:
    if detail.get("syncs"):
        return gettext("Switched Sync to SIS on for %(item)s", item=names.item(detail))
    return gettext("Switched Sync to SIS off for %(item)s", item=names.item(detail))


def _title(detail: Detail, names: Names) -> str:
    if title := _text(detail, "title"):
        return gettext("Called %(item)s “%(title)s” there", item=names.item(detail), title=title)
    return gettext("Gave %(item)s its own title there again", item=names.item(detail))


def _category(detail: Detail, names: Names) -> str:
    if category := _text(detail, "category"):
        return gettext("Put %(item)s into the category %(category)s", item=names.item(detail), category=category)
    return gettext("Took %(item)s out of its category", item=names.item(detail))


def _due(detail: Detail, names: Names) -> str:
    if due := _text(detail, "due_at"):
        moment = format_datetime(datetime.fromisoformat(due), "d MMM y, HH:mm 'UTC'", rebase=False)
        return gettext("Set the due date of %(item)s there to %(due)s", item=names.item(detail), due=moment)
    return gettext("Let the due date of %(item)s be reckoned anew", item=names.item(detail))


def _above_maximum(detail: Detail, names: Names) -> str:
    item = names.item(detail)
    match detail.get("choice"):
        case "cap":
            return gettext("Scores above the maximum of %(item)s are sent as the maximum", item=item)
        case "skip":
            return gettext("Scores above the maximum of %(item)s are left out", item=item)
        case _:
            return gettext("Scores above the maximum of %(item)s are kept back", item=item)


def _term_disabled(detail: Detail, names: Names) -> str:
    period = _text(detail, "period")
    return gettext("Switched sync off for %(period)s: %(item)s", period=period, item=names.item(detail))


def _term_enabled(detail: Detail, names: Names) -> str:
    period = _text(detail, "period")
    return gettext("Switched sync on again for %(period)s: %(item)s", period=period, item=names.item(detail))


def _adopted(detail: Detail, names: Names) -> str:
    return gettext("Said that the column there is %(item)s", item=names.item(detail))


def _forgotten(detail: Detail, names: Names) -> str:
    return gettext("Had the column of %(item)s made anew", item=names.item(detail))


def _pinned(detail: Detail, names: Names) -> str:
    who, item = names.student(detail), names.item(detail)
    if detail.get("is_pinned"):
        return gettext("Kept what stands there for %(name)s in %(item)s", name=who, item=item)
    return gettext("Had the score of %(name)s in %(item)s sent again", name=who, item=item)


WORDS: Mapping[str, Callable[[Detail, Names], str]] = {
    "linked": _linked,
    "unlinked": _unlinked,
    "road": _road,
    "nightly": _nightly,
    "matched": _matched,
    "left_out": _left_out,
    "unmatched": _unmatched,
    "associated": _associated,
    "unassociated": _unassociated,
    "syncs": _syncs,
    "title": _title,
    "category": _category,
    "due": _due,
    "above_maximum": _above_maximum,
    "term_disabled": _term_disabled,
    "term_enabled": _term_enabled,
    "adopted": _adopted,
    "forgotten": _forgotten,
    "pinned": _pinned,
}
