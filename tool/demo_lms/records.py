"""What the pretend LMS keeps: people, courses, activities, columns and cells, as plain values."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

Role = Literal["teacher", "learner", "test_student"]


@dataclass(frozen=True, slots=True)
class Person:
    sub: str
    given_name: str
    family_name: str
    role: Role
    sourced_id: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def email(self) -> str:
        return f"{self.sub}@school.example"

    @property
    def is_gradable(self) -> bool:
        return self.role != "teacher"


@dataclass(frozen=True, slots=True)
class Activity:
    link_id: str
    title: str
    assignment_id: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Cell:
    """One learner's place in one column. `score` is on the column's scale, `given` of `maximum` is what came last."""

    score: Decimal | None = None
    given: Decimal | None = None
    maximum: Decimal | None = None
    timestamp: datetime | None = None
    comments: tuple[str, ...] = ()
    received_at: datetime | None = None
    attempts: int = 0
    submitted_at: datetime | None = None
    is_typed_by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A line item. `is_coupled`: it came with the activity; otherwise the tool made it."""

    number: int
    course_id: str
    label: str
    maximum: Decimal
    resource_id: str = ""
    tag: str = ""
    link_id: str | None = None
    is_coupled: bool = False


@dataclass(slots=True)
class Course:
    course_id: str
    label: str
    title: str
    people: dict[str, Person] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)
    columns: dict[int, Column] = field(default_factory=dict)
    cells: dict[tuple[int, str], Cell] = field(default_factory=dict)

    @property
    def teacher(self) -> Person:
        return next(person for person in self.people.values() if person.role == "teacher")

    @property
    def learners(self) -> list[Person]:
        return [person for person in self.people.values() if person.role == "learner"]

    @property
    def test_students(self) -> list[Person]:
        return [person for person in self.people.values() if person.role == "test_student"]

    @property
    def gradable_people(self) -> list[Person]:
        return [person for person in self.people.values() if person.is_gradable]


def as_number(value: Decimal | None) -> int | float | None:
    """A Decimal as the JSON number a person expects: 20, not 20.0."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def as_iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def utc_now() -> datetime:
    return datetime.now(UTC)
