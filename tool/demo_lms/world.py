"""The courses and their gradebooks: the only writer of every record. Each call is one atomic step under a lock."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from threading import RLock
from typing import Any

from tool.demo_lms import seed
from tool.demo_lms.copying import CopyRules, copy_course
from tool.demo_lms.manners.base import Verdict
from tool.demo_lms.records import Activity, Cell, Column, Course, Person, utc_now

Judge = Callable[[Column, Cell], Verdict]


class World:
    def __init__(self) -> None:
        self._lock = RLock()
        self._courses: dict[str, Course] = {}
        self._last_column = 0
        self.revision = 0
        seed.fill(self)

    def reset(self) -> None:
        """Back to the starting courses and their addresses. A later column never gets the number of an earlier one."""
        with self._lock:
            highest, self._last_column = self._last_column, 0
            self._courses.clear()
            seed.fill(self)
            self._last_column = highest
            self.revision += 1

    # ── what there is ────────────────────────────────────────────────────────────────────────────────────────────

    def courses(self) -> list[Course]:
        with self._lock:
            return list(self._courses.values())

    def course(self, course_id: str) -> Course | None:
        with self._lock:
            return self._courses.get(course_id)

    def columns(self, course_id: str) -> list[Column]:
        with self._lock:
            return list(self._courses[course_id].columns.values())

    def column(self, course_id: str, number: int) -> Column | None:
        with self._lock:
            course = self._courses.get(course_id)
            return course.columns.get(number) if course else None

    def bound_columns(self, course_id: str, link_id: str) -> list[Column]:
        return [column for column in self.columns(course_id) if column.link_id == link_id]

    def cell(self, column: Column, sub: str) -> Cell:
        with self._lock:
            return self._courses[column.course_id].cells.get((column.number, sub), Cell())

    def cells(self, column: Column) -> dict[str, Cell]:
        with self._lock:
            every_cell = self._courses[column.course_id].cells
            return {sub: cell for (number, sub), cell in every_cell.items() if number == column.number}

    # ── what changes ─────────────────────────────────────────────────────────────────────────────────────────────

    def add_course(self, course_id: str, label: str, title: str, people: Sequence[Person]) -> Course:
        with self._lock:
            course = Course(course_id, label, title, {person.sub: person for person in people})
            self._courses[course_id] = course
            return course

    def add_activity(
        self,
        course_id: str,
        activity: Activity,
        maximum: int | Decimal | None = None,
        *,
        label: str = "",
        **facts: Any,
    ) -> Activity:
        """`maximum` None: no column; otherwise one named `label` or after the activity, with `facts` as in Column."""
        with self._lock:
            self._courses[course_id].activities[activity.link_id] = activity
            if maximum is not None:
                facts = {**facts, "link_id": activity.link_id, "is_coupled": True}
                self.add_column(course_id, label=label or activity.title, maximum=maximum, **facts)
            self.revision += 1
            return activity

    def copy_course(self, course_id: str, rules: CopyRules, students: Sequence[Person] | None = None) -> Course:
        """Next term's course; `students` None: the same people. No grade comes along."""
        with self._lock:
            before = self._courses[course_id]
            copied = copy_course(before, rules, self._last_column, students)
            self._courses[copied.course_id] = copied
            self._last_column = max(self._last_column, *copied.columns, 0)
            self.revision += 1
            return copied

    def set_due_date(self, course_id: str, link_id: str, due_at: datetime | None, sub: str | None = None) -> None:
        """The activity's due date, or that of one person alone; None takes it away."""
        with self._lock:
            course = self._courses[course_id]
            if sub is None:
                course.activities[link_id] = replace(course.activities[link_id], due_at=due_at)
            elif due_at is None:
                course.extensions.pop((link_id, sub), None)
            else:
                course.extensions[link_id, sub] = due_at

    def add_column(self, course_id: str, *, label: str, maximum: int | Decimal, **facts: Any) -> Column:
        """`facts`: resource_id, tag, link_id, is_coupled as in Column."""
        with self._lock:
            self._last_column += 1
            column = Column(self._last_column, course_id, label, Decimal(maximum), **facts)
            self._courses[course_id].columns[column.number] = column
            self.revision += 1
            return column

    def change_column(self, column: Column, *, keeps_percentages: bool) -> None:
        """Puts `column` in place of the one with its number; `keeps_percentages` rescales the scores in it."""
        with self._lock:
            course = self._courses[column.course_id]
            before = course.columns[column.number]
            course.columns[column.number] = column
            if keeps_percentages and before.maximum > 0:
                factor = column.maximum / before.maximum
                for sub, cell in self.cells(column).items():
                    score = None if cell.score is None else cell.score * factor
                    course.cells[column.number, sub] = replace(cell, score=score)
            self.revision += 1

    def remove_column(self, column: Column) -> None:
        with self._lock:
            course = self._courses[column.course_id]
            course.columns.pop(column.number, None)
            for key in [key for key in course.cells if key[0] == column.number]:
                del course.cells[key]
            self.revision += 1

    def take_score(self, column: Column, sub: str, judge: Judge) -> Verdict | None:
        """Lets `judge` decide over the cell as it stands and keeps what it says. None: the column has just gone."""
        with self._lock:
            course = self._courses[column.course_id]
            present = course.columns.get(column.number)
            if present is None:
                return None
            verdict = judge(present, course.cells.get((column.number, sub), Cell()))
            if verdict.cell is not None:
                course.cells[column.number, sub] = verdict.cell
                self.revision += 1
            return verdict

    def type_score(self, column: Column, sub: str, score: Decimal | None, *, moves_timestamp: bool) -> Cell:
        """A teacher types a score; None empties the cell. `moves_timestamp`: Moodle compares later scores with it."""
        with self._lock:
            now = utc_now()
            before = self.cell(column, sub)
            timestamp = now if moves_timestamp else before.timestamp
            cell = replace(before, score=score, timestamp=timestamp, received_at=now, is_typed_by_hand=True)
            self._courses[column.course_id].cells[column.number, sub] = cell
            self.revision += 1
            return cell
