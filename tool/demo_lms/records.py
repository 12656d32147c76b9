"""What the pretend LMS keeps: people, courses, activities, columns and cells, as plain values."""

from collections.abc import Mapping
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
    """A link to the tool. `custom`: its own parameters as they were written, variables unfilled. `url` "": the tool's
    usual address. `copied_from`: (course, link); `earlier_links`: all it descends from, newest first.
    """

    link_id: str
    title: str
    custom: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    due_at: datetime | None = None
    is_deep_linked: bool = False
    copied_from: tuple[str, str] | None = None
    earlier_links: tuple[str, ...] = ()


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
    submission_url: str = ""
    """Where the work of the last attempt can be opened, as the tool said with its score."""


@dataclass(frozen=True, slots=True)
class SubmissionReview:
    """What a line item says about opening one learner's work [Submission Review §3]."""

    url: str = ""
    custom: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """A line item. `is_coupled`: it came with the activity; otherwise the tool made it. `is_text_only`: Moodle's column
    for points it cannot have; it takes every score and shows none.
    """

    number: int
    course_id: str
    label: str
    maximum: Decimal
    resource_id: str = ""
    tag: str = ""
    link_id: str | None = None
    is_coupled: bool = False
    is_text_only: bool = False
    review: SubmissionReview | None = None


@dataclass(slots=True)
class Course:
    course_id: str
    label: str
    title: str
    people: dict[str, Person] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)
    extensions: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """(link, person) → a due date of that person's own."""
    columns: dict[int, Column] = field(default_factory=dict)
    cells: dict[tuple[int, str], Cell] = field(default_factory=dict)
    earlier_contexts: tuple[str, ...] = ()
    """The courses it was copied from, newest first."""
    section_sourced_id: str = ""
    """What the school records call it."""

    def due_dates(self, activity: Activity) -> list[datetime]:
        """Every date that somebody has for it."""
        own = [due_at for (link_id, _), due_at in self.extensions.items() if link_id == activity.link_id]
        return [*([activity.due_at] if activity.due_at else []), *own]

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
