"""A column and a score of the small cast: Ada's fractions check, and what Ben earned in it."""

from datetime import UTC, date, datetime
from decimal import Decimal

from tool.sis.plain import LineItem, Result

COLUMN = LineItem(
    sourced_id="d362f5ef-9b1a-5d70-a7e9-2015b8a68589",
    title="Fractions check 4",
    assigned_at=datetime(2026, 11, 9, 6, tzinfo=UTC),
    due_at=datetime(2026, 11, 16, 23, 59, 59, 999_999, tzinfo=UTC),
    class_id="class-2201",
    school_id="school-12",
    category_id="cat-hw",
    period_id="gp-q2",
    maximum=Decimal("20.00"),
    metadata={"toolItem": "item-58"},
)
SCORE = Result(
    sourced_id="4a0b0ca7-1e20-595f-87c3-b73a8623e225",
    line_item_id=COLUMN.sourced_id,
    student_id="stu-904",
    class_id="class-2201",
    status="fully graded",
    score=Decimal("17.50"),
    scored_on=date(2026, 11, 19),
    is_late=True,
)
