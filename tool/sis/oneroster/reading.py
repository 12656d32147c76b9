"""The objects of a SIS as plain values. What has no id is left out; everything else may be missing."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from tool.sis.oneroster.fields import Fields, read_id
from tool.sis.plain import Category, Enrolled, FoundLineItem, FoundResult, Period, SchoolClass

# Infinite Campus keeps the id of its 1.1 under metadata.ic; both spellings are seen.
_LEGACY_NAMES = ("legacysourceid", "legacysourcedid")


def read_sourced_id(found: Fields) -> str | None:
    return read_id(found.text("sourcedId"))


def read_class(found: Fields) -> SchoolClass | None:
    sourced_id = read_sourced_id(found)
    if sourced_id is None:
        return None
    return SchoolClass(
        sourced_id,
        found.text("title") or found.text("classCode") or sourced_id,
        found.reference("school") or "",
        found.references("terms") or found.references("term"),
        is_active=found.is_active(),
    )


def read_period(found: Fields) -> Period | None:
    """None also where a day is missing: a period without dates is good for nothing."""
    sourced_id, starts_on, ends_on = read_sourced_id(found), found.day("startDate"), found.day("endDate")
    if sourced_id is None or starts_on is None or ends_on is None or not found.is_active():
        return None
    return Period(sourced_id, found.text("title") or sourced_id, starts_on, ends_on)


def read_category(found: Fields) -> Category | None:
    sourced_id = read_sourced_id(found)
    if sourced_id is None or not found.is_active():
        return None
    return Category(sourced_id, found.text("title") or sourced_id)


def is_category_of(found: Fields, class_id: str, class_key: str | None) -> bool:
    """Whether a category is this class's: the standard has no link, providers put one into the metadata. One without
    it is everybody's."""
    if class_key is None:
        return True
    named = [value for name, value in found.leaves("metadata") if name == class_key.lower()]
    return not named or class_id in named


def read_student(found: Fields) -> Enrolled | None:
    sourced_id = read_sourced_id(found)
    if sourced_id is None:
        return None
    email = found.text("email")
    names = (found.text("givenName"), found.text("familyName"))
    identifiers = [one.text("identifier") for one in found.objects("userIds")]
    identifiers += [found.text("identifier"), found.text("userMasterIdentifier")]
    identifiers += [value for name, value in found.leaves("metadata") if name in _LEGACY_NAMES]
    not_wanted = (sourced_id.casefold(), (email or "").casefold())
    return Enrolled(
        sourced_id,
        " ".join(name for name in names if name) or found.text("username") or sourced_id,
        email,
        tuple(dict.fromkeys(one for one in identifiers if one and one.casefold() not in not_wanted)),
        is_active=found.is_active() and found.truth("enabledUser") is not False,
    )


def add_enrolments(students: Iterable[Enrolled], enrolments: Iterable[Fields]) -> list[Enrolled]:
    """The students with the days of their enrolment; of several, from the first day of any to the last.

    Whoever has none there is left as they are: not every SIS tells them.
    """
    of_user: dict[str, list[Fields]] = {}
    for one in enrolments:
        user_id = one.reference("user") or one.reference("student")
        if user_id and (one.text("role") or "student").lower() == "student":
            of_user.setdefault(user_id, []).append(one)
    return [_add_enrolment(student, of_user.get(student.sourced_id, [])) for student in students]


def _add_enrolment(student: Enrolled, found: list[Fields]) -> Enrolled:
    if not found:
        return student
    active = [one for one in found if one.is_active()]
    begins = [one.day("beginDate") for one in active]
    ends = [one.day("endDate") for one in active]
    return replace(
        student,
        begins_on=_pick(begins, first=True),
        ends_on=_pick(ends, first=False),
        is_active=student.is_active and bool(active),
    )


def _pick(days: list[date | None], *, first: bool) -> date | None:
    """None, which is without a limit, if one of them has none."""
    known = [day for day in days if day is not None]
    if not known or len(known) < len(days):
        return None
    return min(known) if first else max(known)


def read_line_item(found: Fields) -> FoundLineItem | None:
    sourced_id = read_sourced_id(found)
    if sourced_id is None:
        return None
    return FoundLineItem(sourced_id, found.text("title") or "", found.moment("dueDate"), found.is_active())


def read_result(found: Fields, line_item_id: str) -> FoundResult | None:
    """A result of the column that was asked for; None for one of nobody or one that is to be deleted."""
    sourced_id, student_id = read_sourced_id(found), found.reference("student")
    if sourced_id is None or student_id is None or not found.is_active():
        return None
    status = found.text("scoreStatus")
    line_item = found.reference("lineItem") or line_item_id
    return FoundResult(sourced_id, line_item, student_id, status and status.lower(), found.number("score"))
