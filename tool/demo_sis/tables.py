"""Two pictures of the gradebooks: the whole one for tests, and the tables that a page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tool.demo_sis.book_words import period_of
from tool.demo_sis.records import Column, Mark, Person, SchoolClass, Session, as_iso
from tool.demo_sis.sis import Sis

STATUS_WORDS = {
    "exempt": "Exempt",
    "not submitted": "Not handed in",
    "submitted": "Handed in",
    "partially graded": "Partly graded",
}
"""*fully graded* is what a score says by itself."""
FLAG_WORDS = {"late": "Late", "missing": "Missing", "incomplete": "Incomplete", "inProgress": "In progress"}


@dataclass(frozen=True, slots=True)
class ShownColumn:
    column: Column
    category: str
    period: str
    due_on: str
    points: str
    is_locked: bool


@dataclass(frozen=True, slots=True)
class ShownCell:
    key: str
    score: str
    words: str
    note: str


@dataclass(frozen=True, slots=True)
class ShownClass:
    school_class: SchoolClass
    teachers: str
    columns: list[ShownColumn]
    rows: list[tuple[Person, list[ShownCell]]]
    periods: list[tuple[Session, bool]]
    """With whether it is closed."""


def lay_out(sis: Sis, school_class: SchoolClass) -> ShownClass:
    """One row per student of today, and of those who have left and have a mark."""
    class_id = school_class.sourced_id
    students = sis.school.people_of(class_id, "student", sis.local_day())
    columns = sis.book.columns(class_id)
    present = {one.sourced_id for one in students}
    gone = {mark.student_id for mark in sis.book.marks(class_id)} - present
    students += [sis.school.people[one] for one in sorted(gone) if one in sis.school.people]
    closed = sis.school.closed_periods
    return ShownClass(
        school_class=school_class,
        teachers=", ".join(one.name for one in sis.school.people_of(class_id, "teacher", sis.local_day())),
        columns=[_show_column(sis, one) for one in columns],
        rows=[(student, [_show_cell(sis, column, student) for column in columns]) for student in students],
        periods=[(one, one.sourced_id in closed) for one in sis.school.periods_of(class_id)],
    )


def describe_gradebook(sis: Sis) -> list[dict[str, object]]:
    return [
        {
            "class": one.sourced_id,
            "title": one.title,
            "columns": [describe_column(sis, column) for column in sis.book.columns(one.sourced_id)],
        }
        for one in sis.school.classes.values()
    ]


def describe_column(sis: Sis, column: Column) -> dict[str, object]:
    """`results` by student id. `category` None: it was deleted."""
    category, period = sis.school.categories.get(column.category_id), period_of(sis, column)
    marks = [one for one in sis.book.marks(column.class_id) if one.column_id == column.sourced_id]
    return {
        "sourced_id": column.sourced_id,
        "supplied_id": column.supplied_id,
        "title": column.title,
        "category": category and category.title,
        "category_id": column.category_id,
        "period": period and period.title,
        "period_id": period and period.sourced_id,
        "assigned_at": as_iso(column.assigned_at),
        "due_at": as_iso(column.due_at),
        "maximum": column.maximum,
        "minimum": column.minimum,
        "description": column.description,
        "metadata": dict(column.metadata),
        "made_by_hand": column.is_made_by_hand,
        "changed_at": as_iso(column.changed_at),
        "results": {mark.student_id: describe_mark(mark) for mark in marks},
    }


def describe_mark(mark: Mark) -> dict[str, object]:
    """`late` and so on: None where it was never sent."""
    return {
        "sourced_id": mark.sourced_id,
        "supplied_id": mark.supplied_id,
        "status": mark.status,
        "score": mark.score,
        "text_score": mark.text_score,
        "scored_on": mark.scored_on.isoformat(),
        **{name: mark.flags.get(name) for name in FLAG_WORDS},
        "comment": mark.comment,
        "typed_by_hand": mark.is_typed_by_hand,
        "changed_at": as_iso(mark.changed_at),
    }


def show_points(value: Decimal | None) -> str:
    """At most two decimals, and none when there is nothing to say with them: 17, 6.67."""
    if value is None:
        return ""
    text = f"{value:.2f}"
    return text.rstrip("0").rstrip(".")


def _show_column(sis: Sis, column: Column) -> ShownColumn:
    category, period = sis.school.categories.get(column.category_id), period_of(sis, column)
    return ShownColumn(
        column=column,
        category=category.title if category else "Deleted category",
        period=period.title if period else "No period",
        due_on=f"{sis.local_day(column.due_at):%d %b %Y}",
        points=show_points(column.maximum),
        is_locked=period is not None and period.sourced_id in sis.school.closed_periods,
    )


def _show_cell(sis: Sis, column: Column, student: Person) -> ShownCell:
    key = f"{column.sourced_id}-{student.sourced_id}"
    mark = sis.book.mark_in(column.sourced_id, student.sourced_id)
    if mark is None:
        return ShownCell(key, "", "", "")
    return ShownCell(key, show_points(mark.score) or mark.text_score or "", _say(mark.status, mark.flags), _note(mark))


def _say(status: str, flags: Mapping[str, bool]) -> str:
    words = [STATUS_WORDS[status]] if status in STATUS_WORDS else []
    return " · ".join(words + [word for name, word in FLAG_WORDS.items() if flags.get(name)])


def _note(mark: Mark) -> str:
    return "by hand" if mark.is_typed_by_hand else ""
