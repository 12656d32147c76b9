"""Whose a gradebook column is: a copied course must not send its grades to the course it was copied from.

LMSs give a copy columns of its own; should a launch of it, or a search in it, name the old one all the same, then the
column belongs to the course that had it first. To a link of another course it is as if the LMS had named none, and its
scores wait for a person.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import aliased

from tool.course.seen_link import SeenLink, list_earlier_contexts
from tool.model.people import Course
from tool.model.platforms import Customer
from tool.model.work import Opening, Placement

ELSEWHERE: Final = "elsewhere"
"""As a placement's `line_item_source`: the column it was given is another course's, so that it has none."""

SOUGHT: Final = "sought"
"""A teacher asked for a column of this course's own: what the LMS names wrongly meanwhile is passed over."""


@dataclass(frozen=True, slots=True)
class Claimant:
    """A link of a course, for which the LMS names a column."""

    customer_id: int
    course_id: int
    context_id: str
    earlier_contexts: frozenset[str]
    resource_link_id: str
    placement_id: int | None
    """None for a link that is opened for the first time."""


def split_contexts(earlier_contexts: str | None) -> frozenset[str]:
    """As a course keeps them, taken apart."""
    return frozenset((earlier_contexts or "").split(",")) - {""}


def find_own_column(connection: Connection, link: SeenLink) -> dict[str, str | None]:
    """The column a launch names, as a placement keeps it: without an address if it is another course's. Only a column
    that is new to this link, and to this learner, is looked at."""
    named = link.claims.ags.lineitem if link.claims.ags else None
    placement, opening = link.known.placement, link.known.opening
    before = placement["line_item_url"] if placement else None
    if named is None:
        return {"line_item_url": None, "line_item_source": None}
    is_known = named == before or (opening is not None and named == opening["line_item_url"])
    if is_known or not is_of_another_course(connection, _claimant_of(link), named):
        return {"line_item_url": named, "line_item_source": "launch"}
    is_sought = placement is not None and placement["line_item_source"] == SOUGHT
    return {"line_item_url": None, "line_item_source": None if before or is_sought else ELSEWHERE}


def belongs_to(other: Claimant, mine: Claimant) -> bool:
    """Whether a column that two links name is the other's: surely when ours is a copy of it, not when that is a copy of
    ours, else when it was here first."""
    if _is_same_course(other, mine):
        return False
    is_copy, is_original = other.context_id in mine.earlier_contexts, mine.context_id in other.earlier_contexts
    if is_copy != is_original:
        return is_copy
    return mine.placement_id is None or (other.placement_id is not None and other.placement_id < mine.placement_id)


def is_of_another_course(connection: Connection, mine: Claimant, url: str) -> bool:
    """Whether a column that was just named belongs to a link of another course. Copies of ours that were given it
    before lose it."""
    if mine.placement_id is not None and _has_opened(connection, mine.placement_id, url):
        return False  # a section's own: it was looked at when it was named first
    others = [_claimant(row) for row in connection.execute(_namesakes(mine, url))]
    if any(belongs_to(other, mine) for other in others) or _is_of_earlier_section(connection, mine, url):
        return True
    for other in others:
        if other.placement_id is not None and belongs_to(mine, other):
            _lose_column(connection, other.placement_id, url)
    return False


def read_claimant(connection: Connection, placement_id: int) -> Claimant:
    """A placement as a claimant."""
    return _claimant(connection.execute(_CLAIMANTS.where(Placement.id == placement_id)).one())


_CLAIMANTS = select(
    Placement.id,
    Placement.resource_link_id,
    Placement.course_id,
    Course.customer_id,
    Course.context_id,
    Course.earlier_contexts,
).join(Course, Course.id == Placement.course_id)


def _claimant_of(link: SeenLink) -> Claimant:
    placement, course = link.known.placement, link.known.course
    told = list_earlier_contexts(link.claims, link.context_id) or (course["earlier_contexts"] if course else None)
    return Claimant(
        customer_id=link.customer_id,
        course_id=link.course_id,
        context_id=link.context_id,
        earlier_contexts=split_contexts(told),
        resource_link_id=link.resource_link_id,
        placement_id=placement["id"] if placement else None,
    )


def _claimant(row: Any) -> Claimant:
    return Claimant(
        customer_id=row.customer_id,
        course_id=row.course_id,
        context_id=row.context_id,
        earlier_contexts=split_contexts(row.earlier_contexts),
        resource_link_id=row.resource_link_id,
        placement_id=row.id,
    )


def _is_same_course(one: Claimant, other: Claimant) -> bool:
    """Also where the tool was registered anew, and everything has come once more; and where a launch left its course
    out, so that the link stands for one."""
    is_stand_in = one.context_id.startswith("link:") or other.context_id.startswith("link:")
    return one.context_id == other.context_id or (is_stand_in and one.resource_link_id == other.resource_link_id)


def _has_opened(connection: Connection, placement_id: int, url: str) -> bool:
    mine = (Opening.placement_id == placement_id, Opening.line_item_url == url)
    return connection.execute(select(Opening.id).where(*mine).limit(1)).first() is not None


def _namesakes(mine: Claimant, url: str) -> Any:
    """Links of other courses of this platform with this very column; on another platform the address means nothing."""
    ours, theirs = aliased(Customer), aliased(Customer)
    of_platform = (
        select(theirs.id).join(ours, ours.platform_id == theirs.platform_id).where(ours.id == mine.customer_id)
    )
    return _CLAIMANTS.where(
        Placement.line_item_url == url, Placement.course_id != mine.course_id, Course.customer_id.in_(of_platform)
    )


def _is_of_earlier_section(connection: Connection, mine: Claimant, url: str) -> bool:
    """Of linked sections every learner's opening has the column. There are many openings, so they are looked through
    only in the courses that this one is a copy of."""
    if not mine.earlier_contexts:
        return False
    is_earlier = (Course.customer_id == mine.customer_id, Course.context_id.in_(sorted(mine.earlier_contexts)))
    found = connection.execute(
        select(Opening.id)
        .join(Placement, Placement.id == Opening.placement_id)
        .join(Course, Course.id == Placement.course_id)
        .where(*is_earlier, Opening.line_item_url == url)
        .limit(1)
    )
    return found.first() is not None


def _lose_column(connection: Connection, placement_id: int, url: str) -> None:
    theirs = (Opening.placement_id == placement_id, Opening.line_item_url == url)
    connection.execute(update(Opening).where(*theirs).values(line_item_url=None))
    emptied = dict.fromkeys(("line_item_url", "line_item_maximum", "line_item_due_at"))
    is_it = (Placement.id == placement_id, Placement.line_item_url == url)
    connection.execute(update(Placement).where(*is_it).values(**emptied, line_item_source=ELSEWHERE))
