"""Two pictures of a gradebook: the whole one for tests, and the table that a page shows."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tool.demo_lms.lms import Lms
from tool.demo_lms.records import Cell, Column, Course, Person, as_iso, as_number
from tool.demo_lms.reviews import can_open_work


@dataclass(frozen=True, slots=True)
class ShownCell:
    key: str
    column: Column
    person: Person
    score: str
    received_at: datetime | None
    is_typed_by_hand: bool
    has_work: bool

    @property
    def received_iso(self) -> str:
        return as_iso(self.received_at) or ""

    @property
    def received_local(self) -> str:
        return self.received_at.astimezone().strftime("%H:%M:%S") if self.received_at else ""


def describe_every_column(lms: Lms) -> list[dict[str, object]]:
    return [_describe(lms, column) for course in lms.world.courses() for column in lms.world.columns(course.course_id)]


def describe_cell(cell: Cell) -> dict[str, object]:
    """`score` is on the column's scale; `given` of `maximum` is what came last over the wire."""
    return {
        "score": as_number(cell.score),
        "given": as_number(cell.given),
        "maximum": as_number(cell.maximum),
        "timestamp": as_iso(cell.timestamp),
        "comment": cell.comments[-1] if cell.comments else None,
        "comments": list(cell.comments),
        "received_at": as_iso(cell.received_at),
        "attempts": cell.attempts,
        "submitted_at": as_iso(cell.submitted_at),
        "typed_by_hand": cell.is_typed_by_hand,
        "submission_url": cell.submission_url,
    }


def describe_columns(columns: list[Column]) -> list[list[object]]:
    """What a page must know to notice that its columns are no longer the right ones."""
    return [[column.number, column.label, show_points(column.maximum)] for column in columns]


def lay_out(lms: Lms, course: Course) -> list[tuple[Person, list[ShownCell]]]:
    """One row per person, one cell per column."""
    columns = lms.world.columns(course.course_id)
    return [(person, [_show(lms, column, person) for column in columns]) for person in course.gradable_people]


def show_points(value: Decimal | None) -> str:
    """At most two decimals, and none when there is nothing to say with them: 17, 6.67."""
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def _show(lms: Lms, column: Column, person: Person) -> ShownCell:
    cell = lms.world.cell(column, person.sub)
    return ShownCell(
        key=f"{column.number}-{person.sub}",
        column=column,
        person=person,
        score=show_points(cell.score),
        received_at=cell.received_at,
        is_typed_by_hand=cell.is_typed_by_hand,
        has_work=can_open_work(lms, column, person),
    )


def _describe(lms: Lms, column: Column) -> dict[str, object]:
    return {
        "course_id": column.course_id,
        "line_item_url": lms.line_item_url(column),
        "label": column.label,
        "maximum": as_number(column.maximum),
        "resource_link_id": column.link_id,
        "tag": column.tag,
        "resource_id": column.resource_id,
        "scores": {sub: describe_cell(cell) for sub, cell in lms.world.cells(column).items()},
    }
