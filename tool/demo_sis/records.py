"""What the pretend SIS keeps: a school, its people, classes and periods, and their gradebooks, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

SessionType = Literal["schoolYear", "semester", "gradingPeriod"]
Role = Literal["teacher", "student"]


@dataclass(frozen=True, slots=True)
class Person:
    """`other_ids`: (type, identifier), as `userIds` tells them. `email` None: the SIS has none."""

    sourced_id: str
    given_name: str
    family_name: str
    role: Role
    email: str | None
    identifier: str | None = None
    other_ids: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class Session:
    """A school year, a semester or a grading period. `ends_on` is the first day that is no longer in it."""

    sourced_id: str
    title: str
    type: SessionType
    starts_on: date
    ends_on: date
    parent_id: str | None = None

    def holds(self, day: date) -> bool:
        return self.starts_on <= day < self.ends_on


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """`course_id`: the course of the school's catalogue. `period`: the hour of the day it meets."""

    sourced_id: str
    title: str
    course_id: str
    term_ids: tuple[str, ...]
    period: str
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Category:
    sourced_id: str
    title: str
    class_id: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """`ends_on` is the first day on which it no longer holds."""

    person_id: str
    class_id: str
    role: Role
    begins_on: date
    ends_on: date
    is_active: bool = True

    @property
    def sourced_id(self) -> str:
        return f"enr-{self.class_id}-{self.person_id}"

    def holds(self, day: date) -> bool:
        return self.is_active and self.begins_on <= day < self.ends_on


@dataclass(frozen=True, slots=True)
class Column:
    """A line item. `supplied_id`: what the sender called it, where the SIS has an id of its own for it.

    `period_id` None: the sender named none. `is_made_by_hand`: by a teacher, in the SIS.
    """

    sourced_id: str
    supplied_id: str
    title: str
    class_id: str
    category_id: str
    assigned_at: datetime
    due_at: datetime
    maximum: Decimal
    minimum: Decimal = Decimal(0)
    period_id: str | None = None
    description: str = ""
    metadata: Mapping[str, object] = field(default_factory=dict)
    is_made_by_hand: bool = False
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A result: what one student has in one column. `flags`: late, missing, incomplete, inProgress, where it was sent.

    `status` is a scoreStatus of the standard.
    """

    sourced_id: str
    supplied_id: str
    column_id: str
    student_id: str
    status: str
    scored_on: date
    score: Decimal | None = None
    text_score: str | None = None
    flags: Mapping[str, bool] = field(default_factory=dict)
    comment: str = ""
    metadata: Mapping[str, object] = field(default_factory=dict)
    is_typed_by_hand: bool = False
    changed_at: datetime | None = None


def as_number(value: Decimal | None) -> int | float | None:
    """A Decimal as the JSON number a person expects: 20, not 20.0."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def as_iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def utc_now() -> datetime:
    return datetime.now(UTC)
