"""All is well: Ada's “Fractions check 4” is ready to go to the school's records for Ben and Cleo."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tool.sis.plain import Category, Enrolled, FoundLineItem, Period, Profile
from tool.sis.rules.dates import Due
from tool.sis.rules.facts import Association, ConnectionFacts, ItemFacts, KnownPeriod, SectionFacts, StudentFacts
from tool.sis.rules.status import Work

DENVER = ZoneInfo("America/Denver")
MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)
ASSIGNED = datetime(2026, 11, 9, 15, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 17, 6, 59, 59, tzinfo=UTC)
"""23:59:59 of 16 November in Denver."""
QUARTER_1 = Period("gp-q1", "Q1", date(2026, 8, 20), date(2026, 10, 31))
QUARTER_2 = Period("gp-q2", "Q2", date(2026, 10, 31), date(2027, 1, 16))
PROFILE = Profile("infinite_campus", "Infinite Campus", title_limit=50, whole_points=True)
OLD = replace(PROFILE, version="1.1", exempt="zero_and_exempt")

CONNECTION = ConnectionFacts(
    name="Infinite Campus",
    is_enabled=True,
    is_removed=False,
    lms_syncs=False,
    secret_expires_on=date(2027, 6, 30),
    has_vendor_header=False,
)
SECTION = SectionFacts(
    title="Math 9, period 3",
    is_linked=True,
    is_class_active=True,
    lms_syncs=False,
    teacher_id="tch-7",
    associated_for="term-1",
    present_for="term-1",
    read_at=NOW,
    read_failure=None,
    periods=(KnownPeriod(QUARTER_1), KnownPeriod(QUARTER_2)),
    categories=(Category("cat-hw", "Homework"), Category("cat-test", "Tests")),
)
WORK = Work(Decimal("17.5"), Decimal(20), True, False, False, False, True)
BEN = StudentFacts(
    member_id=1,
    name="Ben Carter",
    work=WORK,
    student_id="stu-904",
    rule="sis_id",
    enrolled=Enrolled("stu-904", "Carter, Ben", "ben@school.example"),
)
CLEO = replace(
    BEN,
    member_id=2,
    name="Cleo Brown",
    student_id="stu-905",
    enrolled=Enrolled("stu-905", "Brown, Cleo", "c@x.example"),
)
FRACTIONS = ItemFacts(
    at=NOW,
    zone=DENVER,
    profile=PROFILE,
    connection=CONNECTION,
    section=SECTION,
    placement_id=58,
    item_id=None,
    title="Fractions check 4",
    sis_title=None,
    other_titles=("Fractions check 3",),
    foreign_columns=(),
    syncs=True,
    disabled_for=None,
    is_published=True,
    is_points_based=True,
    points=Decimal(20),
    category="Quizzes",
    association=Association("cat-hw", "Homework", "term-1", ASSIGNED),
    assigned_at=ASSIGNED,
    due=Due(DUE, "set"),
    different_due_dates=1,
    counts_in_grade=True,
    is_adopted=False,
    line_item_id=None,
    above_maximum="ask",
    students=(BEN, CLEO),
)


def column(name: str = "li-1", title: str = "FRACTIONS  check 4", *, is_active: bool = True) -> FoundLineItem:
    """One that Ada typed into the SIS herself."""
    return FoundLineItem(name, title, DUE, is_active)


def ben(**changes: Any) -> dict[str, Any]:
    """Facts in which something is otherwise with Ben; all is well with Cleo."""
    return {"students": (replace(BEN, **changes), CLEO)}


def work(**changes: Any) -> dict[str, Any]:
    return ben(work=replace(WORK, **changes))


def connection(**changes: Any) -> dict[str, Any]:
    return {"connection": replace(CONNECTION, **changes)}


def section(**changes: Any) -> dict[str, Any]:
    return {"section": replace(SECTION, **changes)}


def profile(**changes: Any) -> dict[str, Any]:
    return {"profile": replace(PROFILE, **changes)}
