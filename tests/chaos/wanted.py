"""Which scores shall stand in the gradebooks: a plan made of a seed, known to the rig alone."""

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Self

ASSIGNMENT = "chaos"
POINTS = (1, 2, 4, 8, 16, 32)
"""Six questions: any score from 0 to 63 is some of them right."""
MAXIMUM = sum(POINTS)


class Key(NamedTuple):
    """One cell of one gradebook, as tool and platform both name it."""

    platform: int
    link: str
    user: str


@dataclass(frozen=True, slots=True)
class Student:
    number: int
    subject: str
    platform: int
    course: str
    link: str

    @property
    def key(self) -> Key:
        return Key(self.platform, self.link, self.subject)


class Event(NamedTuple):
    """A student earns the score of a version (from 1)."""

    student: Student
    version: int


@dataclass(frozen=True)
class Plan:
    """Who is where, and what each of them earns. `hands` of the students hand in by HTTP, in classes of their own."""

    seed: int
    students: int
    versions: int = 3
    platforms: int = 1
    class_size: int = 100
    hands: int = 0

    @cached_property
    def everyone(self) -> list[Student]:
        return [self._student(number) for number in range(self.students)]

    @property
    def fed(self) -> list[Student]:
        return self.everyone[self.hands :]

    @property
    def by_hand(self) -> list[Student]:
        return self.everyone[: self.hands]

    def _student(self, number: int) -> Student:
        is_by_hand = number < self.hands
        platform = number % self.platforms
        room = (number if is_by_hand else number - self.hands) // self.platforms // self.class_size
        course = f"{'by-hand' if is_by_hand else 'course'}-{platform}-{room}"
        return Student(number, f"student-{number}", platform, course, f"link-{course}")

    def score(self, student: Student, version: int) -> int:
        """What a version earns; no two versions of a student earn the same, so that a stale score shows."""
        digest = hashlib.blake2b(f"{self.seed}:{student.number}".encode(), digest_size=2).digest()
        step = 2 * (digest[1] % 32) + 1
        return (digest[0] + version * step) % (MAXIMUM + 1)

    def events(self) -> Iterator[Event]:
        """Every version of every fed student, mixed; each student's own in their order."""
        order = random.Random(self.seed)
        numbers = [student for student in self.fed for _ in range(self.versions)]
        order.shuffle(numbers)
        reached: dict[int, int] = {}
        for student in numbers:
            reached[student.number] = reached.get(student.number, 0) + 1
            yield Event(student, reached[student.number])

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def read(cls, path: Path) -> Self:
        return cls(**json.loads(path.read_text()))


def right_or_wrong(score: int) -> dict[str, str]:
    """The answers that earn a score: question → what to type."""
    return {f"worth-{points}": "1" if score & points else "0" for points in POINTS}


def assignment_file() -> str:
    """The assignment everybody works on: every later version of a score goes by itself, too."""
    questions = [
        {"id": f"worth-{points}", "type": "numeric", "prompt": "What is 1?", "points": points, "answer": "1"}
        for points in POINTS
    ]
    return json.dumps(
        {
            "id": ASSIGNMENT,
            "title": "Chaos",
            "automatic_passback": True,
            "updates": "automatic",
            "attempts": None,
            "counting_attempt": "last",
            "questions": questions,
        }
    )
