"""Categories, line items and results as OneRoster tells them, 1.2 and 1.1."""

from tool.demo_sis.lists import Described
from tool.demo_sis.records import Category, Column, Mark, Session, as_iso
from tool.demo_sis.roster_words import refer, without_nothing
from tool.demo_sis.seed import SCHOOL_ID
from tool.demo_sis.sis import Sis


def describe_category(sis: Sis, category: Category) -> Described:
    """The standard gives a category no class: where an SIS tells it, it does so in the metadata."""
    key = sis.settings.category_class_key
    return {
        "sourcedId": category.sourced_id,
        "status": "active",
        "dateLastModified": as_iso(sis.school.begun_at),
        "title": category.title,
        **({"metadata": {key: category.class_id}} if key else {}),
    }


def describe_column(sis: Sis, column: Column) -> Described:
    period = period_of(sis, column)
    described = {
        "sourcedId": column.sourced_id,
        "status": "active",
        "dateLastModified": as_iso(column.changed_at),
        "title": column.title,
        "description": column.description,
        "assignDate": as_iso(column.assigned_at),
        "dueDate": as_iso(column.due_at),
        "class": refer(sis, "class", column.class_id),
        "school": None if sis.is_old else refer(sis, "org", SCHOOL_ID),
        "category": refer(sis, "category", column.category_id),
        "gradingPeriod": period and refer(sis, "academicSession", period.sourced_id),
        "metadata": dict(column.metadata) or None,
    }
    return {**without_nothing(described), "resultValueMin": column.minimum, "resultValueMax": column.maximum}


def describe_mark(sis: Sis, mark: Mark) -> Described:
    column = sis.book.column(mark.column_id)
    flags = {} if sis.is_old else {name: "true" if is_set else "false" for name, is_set in mark.flags.items()}
    described = {
        "sourcedId": mark.sourced_id,
        "status": "active",
        "dateLastModified": as_iso(mark.changed_at),
        "lineItem": refer(sis, "lineItem", mark.column_id),
        "student": refer(sis, "user", mark.student_id),
        "class": refer(sis, "class", column.class_id) if column and not sis.is_old else None,
        "scoreStatus": mark.status,
        "scoreDate": mark.scored_on.isoformat(),
        "score": mark.score,
        "textScore": None if sis.is_old else mark.text_score,
        "comment": mark.comment,
        "metadata": dict(mark.metadata) or None,
    }
    return {**without_nothing(described), **flags}


def period_of(sis: Sis, column: Column) -> Session | None:
    """The one its sender named, otherwise the one its due date lies in."""
    if column.period_id is not None:
        return sis.school.sessions.get(column.period_id)
    return sis.school.period_on(column.class_id, sis.local_day(column.due_at))
