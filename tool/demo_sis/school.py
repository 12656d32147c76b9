"""The school: who is there, in which class, and its calendar. Each call is one atomic step under a lock."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from threading import RLock
from typing import TypeVar

from tool.demo_sis.records import Category, Enrolment, Person, SchoolClass, Session, utc_now
from tool.demo_sis.seed import begin, categories_of

Record = TypeVar("Record", Session, Person, SchoolClass, Category, Enrolment)


class School:
    """Its dictionaries are replaced and never changed, so that whoever reads one is not disturbed.

    `revision` grows with every change.
    """

    def __init__(self, today: date) -> None:
        self.lock = RLock()
        self.revision = 0
        self.reset(today)

    def reset(self, today: date) -> None:
        """As it is at the start, on `today`."""
        with self.lock:
            start = begin(today)
            self.sessions = _by_id(start.sessions)
            self.people = _by_id(start.people)
            self.classes = _by_id(start.classes)
            self.categories = _by_id(start.categories)
            self.enrolments = _by_id(start.enrolments)
            self.closed_periods: frozenset[str] = frozenset()
            self.begun_at = utc_now()
            self.revision += 1

    # ── what there is ────────────────────────────────────────────────────────────────────────────────────────────

    def periods_of(self, class_id: str) -> list[Session]:
        """The grading periods of the class's terms."""
        with self.lock:
            terms = self.classes[class_id].term_ids
            return [one for one in self.sessions.values() if one.type == "gradingPeriod" and one.parent_id in terms]

    def period_on(self, class_id: str, day: date) -> Session | None:
        return next((one for one in self.periods_of(class_id) if one.holds(day)), None)

    def categories_of(self, class_id: str) -> list[Category]:
        with self.lock:
            return [one for one in self.categories.values() if one.class_id == class_id]

    def enrolments_of(self, class_id: str) -> list[Enrolment]:
        with self.lock:
            return [one for one in self.enrolments.values() if one.class_id == class_id]

    def people_of(self, class_id: str, role: str, day: date) -> list[Person]:
        """Whoever is enrolled on that day, by family name."""
        present = [one for one in self.enrolments_of(class_id) if one.role == role and one.holds(day)]
        return sorted(
            (self.people[one.person_id] for one in present), key=lambda one: (one.family_name, one.given_name)
        )

    def classes_of(self, person_id: str, role: str, day: date) -> list[SchoolClass]:
        with self.lock:
            enrolments = list(self.enrolments.values())
            return [
                self.classes[one.class_id]
                for one in enrolments
                if one.person_id == person_id and one.role == role and one.holds(day)
            ]

    def is_enrolled(self, class_id: str, person_id: str, days: Iterable[date]) -> bool:
        """As a student, on one of the days."""
        found = [one for one in self.enrolments_of(class_id) if one.person_id == person_id and one.role == "student"]
        return any(one.holds(day) for one in found for day in days)

    # ── what the office changes ──────────────────────────────────────────────────────────────────────────────────

    def close_period(self, period_id: str, *, is_closed: bool) -> None:
        with self.lock:
            closed = self.closed_periods - {period_id}
            self.closed_periods = closed | {period_id} if is_closed else closed
            self.revision += 1

    def change_period(self, period: Session) -> None:
        with self.lock:
            self.sessions = {**self.sessions, period.sourced_id: period}
            self.revision += 1

    def rename_category(self, category_id: str, title: str | None) -> None:
        """None takes it away; columns that stand in it stay."""
        with self.lock:
            renamed = {} if title is None else {category_id: replace(self.categories[category_id], title=title)}
            others = {name: one for name, one in self.categories.items() if title is not None or name != category_id}
            self.categories = {**others, **renamed}
            self.revision += 1

    def add_category(self, category: Category) -> None:
        with self.lock:
            self.categories = {**self.categories, category.sourced_id: category}
            self.revision += 1

    def add_person(self, person: Person) -> None:
        """Puts `person` in place of the one with that id."""
        with self.lock:
            self.people = {**self.people, person.sourced_id: person}
            self.revision += 1

    def enrol(self, enrolment: Enrolment) -> None:
        """Puts it in place of the one that person has in that class."""
        with self.lock:
            self.enrolments = {**self.enrolments, enrolment.sourced_id: enrolment}
            self.revision += 1

    def add_class(self, school_class: SchoolClass) -> None:
        """With the categories every class starts with; another with that id is replaced and keeps its own."""
        with self.lock:
            fresh = [] if school_class.sourced_id in self.classes else categories_of(school_class.sourced_id)
            self.classes = {**self.classes, school_class.sourced_id: school_class}
            self.categories = {**self.categories, **_by_id(fresh)}
            self.revision += 1


def _by_id(records: Iterable[Record]) -> dict[str, Record]:
    return {one.sourced_id: one for one in records}
