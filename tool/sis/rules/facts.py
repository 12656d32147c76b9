"""Everything that is known of one item of one section when it is looked at before sending. Plain values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tool.sis.plain import Category, Enrolled, FoundLineItem, Period, Profile
from tool.sis.rules.dates import Due
from tool.sis.rules.status import Work


@dataclass(frozen=True, slots=True)
class ConnectionFacts:
    """The operator's agreement with the SIS."""

    name: str
    """What teachers read: “Aspire”."""
    is_enabled: bool
    is_removed: bool
    lms_syncs: bool
    """The LMS itself sends grades to this SIS."""
    secret_expires_on: date | None
    has_vendor_header: bool
    """A value is stored for the header that `Profile.vendor_header` names."""
    test_failures: Mapping[str, str] = field(default_factory=dict)
    """What the last *Test connection* found wrong: code of a remedy (`auth.scope`, `sis.route`, `auth.vendor`,
    `auth.expired`) and its detail (the missing scope, the address)."""


@dataclass(frozen=True, slots=True)
class KnownPeriod:
    """A grading period and whether the office is known to have closed it."""

    period: Period
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SectionFacts:
    """The class of the SIS that a teacher linked to the course, as last read."""

    title: str
    is_linked: bool
    is_class_active: bool
    lms_syncs: bool
    """The teacher says that the LMS already sends this section's grades there."""
    teacher_id: str | None
    """The SIS's id of the teacher who linked it; None: the SIS does not know them as a teacher."""
    associated_for: str | None
    """The terms and linked classes that the categories were associated for…"""
    present_for: str
    """…and those of now, in the same writing."""
    read_at: datetime | None
    read_failure: str | None
    periods: tuple[KnownPeriod, ...]
    categories: tuple[Category, ...]
    """What the SIS offers now."""
    lms_names_people: bool = True
    """False: the LMS tells neither ids nor e-mail addresses of anybody (privacy *anonymous*)."""


@dataclass(frozen=True, slots=True)
class Association:
    """Which category of the SIS the item's category is, for this section."""

    category_id: str | None
    title: str | None
    term: str | None
    """`SectionFacts.associated_for` when it was confirmed."""
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StudentFacts:
    """One learner of the item. `work.score` is the number that would go, an override where one counts here."""

    member_id: int
    name: str
    work: Work
    student_id: str | None
    """The student of the SIS this member is; the rule and its doubts are those of `matching.Matched`."""
    rule: str
    suspended: str | None = None
    candidates: tuple[str, ...] = ()
    enrolled: Enrolled | None = None
    """The enrolment of `student_id` in the class list; None: not on it any more."""
    has_left: bool = False
    is_pinned: bool = False
    """The teacher keeps what was typed in the SIS."""
    sent_score: Decimal | None = None
    read_score: Decimal | None = None
    """What the SIS held when it was last read back, None where it was not."""


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One placement in one section, with all that `preflight.check` looks at."""

    at: datetime
    zone: ZoneInfo
    profile: Profile
    connection: ConnectionFacts
    section: SectionFacts
    placement_id: int
    item_id: int | None
    """None: never touched before."""
    title: str
    """The assignment's."""
    sis_title: str | None
    """Its name in the SIS where the teacher chose one."""
    other_titles: tuple[str, ...]
    """The names in the SIS of the section's other items that sync."""
    foreign_columns: tuple[FoundLineItem, ...]
    """Columns of the class that are not ours and have the same title."""
    syncs: bool
    """*Sync to SIS*, resolved: the item's word, else the assignment's, else the connection's."""
    disabled_for: str | None
    """The period at whose end it was switched off."""
    is_published: bool
    is_points_based: bool
    points: Decimal | None
    category: str
    """Ours; the empty word where the assignment has none."""
    association: Association | None
    assigned_at: datetime | None
    due: Due | None
    different_due_dates: int
    """How many different due dates the students of the section have; 0 or 1 is well."""
    counts_in_grade: bool
    is_adopted: bool
    line_item_id: str | None
    """None before the first try."""
    above_maximum: str
    students: tuple[StudentFacts, ...]
    last_refusal: str | None = None
    """The code with which the SIS refused the item last, while that stands."""
    refused_at: datetime | None = None
    has_changes: bool | None = None
    """False: all that would go was sent already; None: not reckoned."""

    @property
    def name(self) -> str:
        """Its name in the SIS as it would go now."""
        return " ".join((self.title if self.sis_title is None else self.sis_title).split())

    @property
    def graded(self) -> tuple[StudentFacts, ...]:
        """Learners who are excused, or whose number is final."""
        return tuple(student for student in self.learners if student.work.is_graded)

    @property
    def learners(self) -> tuple[StudentFacts, ...]:
        """The students without those who left."""
        return tuple(s for s in self.students if not s.has_left)

    @property
    def is_past_due(self) -> bool:
        return self.due is not None and self.due.at < self.at
