"""What the schema lets through and a gradebook does not: dates, periods, names, points, who is in the class.

The texts are like those of real SIS, for a tool has to make sense of them. All raise Turned.
"""

from datetime import datetime
from decimal import Decimal

from tool.demo_sis.book_words import period_of
from tool.demo_sis.records import Column, Mark
from tool.demo_sis.refusals import Turned
from tool.demo_sis.sis import Sis


def check_column(sis: Sis, column: Column, before: Column | None) -> None:
    """`before`: the column as it stands, None for a new one."""
    if before is not None and before.class_id != column.class_id:
        raise Turned(409, f"Invalid assignment id: {column.sourced_id} belongs to another class")
    _check_title(sis, column)
    _check_points(sis, column)
    _check_category(sis, column)
    _check_dates(sis, column)
    for one in (column, before):
        if one is not None:
            check_open(sis, one)


def check_mark(sis: Sis, mark: Mark, column: Column) -> None:
    due_on = sis.local_day(column.due_at)
    if not sis.school.is_enrolled(column.class_id, mark.student_id, (sis.local_day(), due_on)):
        raise Turned(422, f"Student {mark.student_id} is not enrolled in class {column.class_id}")
    check_open(sis, column)
    _check_score(sis, mark, column)
    holder = sis.book.mark(mark.sourced_id)
    if holder is not None and (holder.column_id, holder.student_id) != (mark.column_id, mark.student_id):
        raise Turned(409, f"The result id {mark.sourced_id} belongs to another student or assignment")


def check_open(sis: Sis, column: Column) -> None:
    period = period_of(sis, column)
    if period is not None and period.sourced_id in sis.school.closed_periods:
        raise Turned(409, f"Assignment is locked: the grading window of {period.title} is not open")


def _check_title(sis: Sis, column: Column) -> None:
    if not column.title.strip():
        raise Turned(422, "Assignment name is empty")
    limit = sis.settings.title_limit
    if limit is not None and len(column.title) > limit:
        raise Turned(422, f"Assignment name must be {limit} characters or fewer")
    others = [one for one in sis.book.columns(column.class_id) if one.sourced_id != column.sourced_id]
    if sis.settings.needs_unique_titles and column.title.casefold() in {one.title.casefold() for one in others}:
        raise Turned(409, f"An assignment named “{column.title}” already exists in this class")


def _check_points(sis: Sis, column: Column) -> None:
    if column.maximum <= 0:
        raise Turned(422, "Total points must be more than 0")
    if sis.settings.needs_whole_points and column.maximum != column.maximum.to_integral_value():
        raise Turned(422, f"Total points must be a whole number, not {column.maximum}")


def _check_category(sis: Sis, column: Column) -> None:
    category = sis.school.categories.get(column.category_id)
    if category is None:
        available = ", ".join(one.title for one in sis.school.categories_of(column.class_id))
        raise Turned(422, f"Category {column.category_id} not found in OneRoster. Available: {available}")
    if category.class_id != column.class_id:
        raise Turned(409, f"Teacher category id {column.category_id} does not belong to class {column.class_id}")


def _check_dates(sis: Sis, column: Column) -> None:
    if not sis.settings.checks_dates:
        return
    due_on = sis.local_day(column.due_at)
    if column.due_at < column.assigned_at:
        raise Turned(422, f"Assignment dates error: due {_say(column.due_at)}, assigned {_say(column.assigned_at)}")
    periods = sis.school.periods_of(column.class_id)
    if column.period_id is not None:
        named = [one for one in periods if one.sourced_id == column.period_id]
        if not named:
            raise Turned(422, f"Could not determine grading period {column.period_id} of class {column.class_id}")
        periods = named
    if not any(one.holds(due_on) for one in periods):
        told = ", ".join(f"{one.title} from {one.starts_on} to before {one.ends_on}" for one in periods)
        raise Turned(422, f"Invalid due date: {due_on} is not in a grading period of the class ({told})")


def _check_score(sis: Sis, mark: Mark, column: Column) -> None:
    if mark.score is None:
        if sis.settings.needs_numbers and mark.status in ("fully graded", "partially graded"):
            raise Turned(409, "Score entry point required")
        return
    if mark.score < column.minimum:
        raise Turned(422, f"Unable to process score: {mark.score} is below {column.minimum}")
    if mark.score > column.maximum and not sis.settings.allows_above_maximum:
        raise Turned(422, f"Unable to process score: {mark.score} is above {_plain(column.maximum)} points")


def _say(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def _plain(value: Decimal) -> str:
    return f"{value:f}"
