"""Before a new term: where the grades of each link of a course would go. From what is known; no LMS is asked."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import aliased

from tool.course.columns import COLUMN_OF_ANOTHER_COURSE, has_column_or_can_make_one
from tool.course.whose_column import ELSEWHERE
from tool.lti.vocabulary import SCOPE_SCORE
from tool.model.passbacks import Passback
from tool.model.people import Course, Member
from tool.model.work import Assignment, Opening, Placement

Way = Literal["unbound", "elsewhere", "gone", "sections", "own", "unknown", "none"]
"""`elsewhere`: the LMS named a column of another course; `gone`: it says that the column is no more; `sections`: one
for each linked section; `unknown`: looked for, or made, when the first score goes; `none`: there can be none."""

COLUMN_LOST = frozenset({"column_gone", "tool_not_in_course", "course_gone"})


@dataclass(frozen=True, slots=True)
class Origin:
    """The link that one is a copy of."""

    title: str | None
    course_title: str | None
    is_of_this_course: bool


@dataclass(frozen=True, slots=True)
class Road:
    """One link of the course, and where its grades would go."""

    placement_id: int
    title: str | None
    """The link's, in the LMS."""
    assignment_title: str | None
    way: Way
    source: str | None
    """How the column is known: `launch`, `found` or `made`."""
    points: Decimal | None
    column_points: Decimal | None
    sections: int
    waiting: int
    """Scores that wait for a person because of the column."""
    last_sent_at: datetime | None
    is_opted_out: bool
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Rollover:
    """A course's links, those first that need the teacher."""

    roads: tuple[Road, ...]
    copied_from: tuple[str, ...]
    """Titles of the courses this one was copied from, newest first, as far as they are known here."""
    is_copy: bool
    can_send: bool


def read_rollover(connection: Connection, course_id: int) -> Rollover:
    """Every link of a course that was ever opened."""
    course = connection.execute(select(Course).where(Course.id == course_id)).one()
    scopes = frozenset((course.scopes or "").split())
    waiting, sections = _waiting(connection, course_id), _sections(connection, course_id)
    roads = [
        _road(row, course.line_items_url, scopes, waiting.get(row.id, {}), sections.get(row.id, 0))
        for row in connection.execute(_PLACES.where(Placement.course_id == course_id)).all()
    ]
    return Rollover(
        roads=tuple(sorted(roads, key=_needs_first)),
        copied_from=_titles(connection, course),
        is_copy=bool(course.earlier_contexts) or any(road.origin is not None for road in roads),
        can_send=SCOPE_SCORE in scopes,
    )


_Before, _CourseBefore = aliased(Placement), aliased(Course)
_SENT = select(func.max(Passback.confirmed_at)).where(Passback.placement_id == Placement.id).scalar_subquery()
_PLACES = (
    select(
        Placement,
        Assignment.title.label("assignment_title"),
        Assignment.points,
        _SENT.label("last_sent_at"),
        _Before.title.label("title_before"),
        _CourseBefore.id.label("course_before"),
        _CourseBefore.title.label("course_title_before"),
    )
    .outerjoin(Assignment, Assignment.id == Placement.assignment_id)
    .outerjoin(_Before, _Before.id == Placement.copied_from)
    .outerjoin(_CourseBefore, _CourseBefore.id == _Before.course_id)
)


def _road(row: Any, line_items_url: str | None, scopes: frozenset[str], waiting: dict[str, int], sections: int) -> Road:
    is_lost = any(reason in COLUMN_LOST for reason in waiting)
    origin = Origin(row.title_before, row.course_title_before, row.course_before == row.course_id)
    return Road(
        placement_id=row.id,
        title=row.title,
        assignment_title=row.assignment_title,
        way=_way(row, has_column_or_can_make_one(None, line_items_url, scopes), is_lost=is_lost, sections=sections),
        source=row.line_item_source if row.line_item_url else None,
        points=row.points,
        column_points=row.line_item_maximum,
        sections=sections,
        waiting=sum(waiting.values()),
        last_sent_at=row.last_sent_at,
        is_opted_out=row.opted_out_at is not None,
        origin=origin if row.course_before is not None else None,
    )


def _way(row: Any, can_make: bool, *, is_lost: bool, sections: int) -> Way:
    if row.assignment_id is None:
        return "unbound"
    if row.line_item_source == ELSEWHERE:
        return "elsewhere"
    if is_lost:
        return "gone"
    if row.line_item_url is not None:
        return "sections" if sections > 1 else "own"
    return "unknown" if can_make else "none"


_URGENCY: dict[Way, int] = {"elsewhere": 0, "gone": 1, "none": 2, "unbound": 3}


def _needs_first(road: Road) -> tuple[int, str, int]:
    title = (road.assignment_title or road.title or "").casefold()
    return (_URGENCY.get(road.way, len(_URGENCY)), title, road.placement_id)


def _waiting(connection: Connection, course_id: int) -> dict[int, dict[str, int]]:
    """Placement → reason → how many scores wait because of the column."""
    about_column = Passback.failure.in_([*COLUMN_LOST, COLUMN_OF_ANOTHER_COURSE])
    rows = connection.execute(
        select(Passback.placement_id, Passback.failure, func.count().label("scores"))
        .join(Placement, Placement.id == Passback.placement_id)
        .where(Placement.course_id == course_id, Passback.state == "due", Passback.needs_person, about_column)
        .group_by(Passback.placement_id, Passback.failure)
    ).all()
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row.placement_id, {})[str(row.failure)] = row.scores
    return found


def _sections(connection: Connection, course_id: int) -> dict[int, int]:
    """Placement → how many columns its learners have."""
    rows = connection.execute(
        select(Opening.placement_id, func.count(Opening.line_item_url.distinct()).label("columns"))
        .join(Member, Member.id == Opening.member_id)
        .where(Member.course_id == course_id, Member.is_gradable, Member.left_at.is_(None))
        .group_by(Opening.placement_id)
    ).all()
    return {row.placement_id: row.columns for row in rows}


def is_of_course(connection: Connection, placement_id: int, course_id: int) -> bool:
    """Whether a link of the page is one of the visitor's own course."""
    here = (Placement.id == placement_id, Placement.course_id == course_id)
    return connection.execute(select(Placement.id).where(*here)).first() is not None


def _titles(connection: Connection, course: Any) -> tuple[str, ...]:
    contexts = (course.earlier_contexts or "").split(",")
    rows = connection.execute(
        select(Course.context_id, Course.title)
        .where(Course.customer_id == course.customer_id, Course.context_id.in_(contexts))
        .where(Course.title.is_not(None), Course.id != course.id)
    ).all()
    titles = {row.context_id: str(row.title) for row in rows}
    return tuple(titles[one] for one in contexts if one in titles)
