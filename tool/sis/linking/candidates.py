"""The classes a teacher may choose from, asked of the SIS while somebody waits: as many facts as come in time."""

from collections.abc import Sequence
from dataclasses import dataclass

from tool.sis.oneroster.client import OneRoster
from tool.sis.plain import SchoolClass, SisError
from tool.sis.rules.matching import Ours, match


@dataclass(frozen=True, slots=True)
class Candidate:
    """A class of the teacher. `students`: how many learn in it; `known`: how many of them can be told by id or e-mail
    to be learners of the course. Both None where the SIS did not tell in time."""

    found: SchoolClass
    students: int | None
    known: int | None


def find_candidates(client: OneRoster, email: str, learners: Sequence[Ours]) -> list[Candidate]:
    """The classes of the teacher with this e-mail, those with most known learners first. Raises SisError where not even
    the classes could be read."""
    found = [_count(client, one, learners) for one in client.find_classes_of_teacher(email)]
    return sorted(found, key=lambda one: (-(one.known or 0), one.found.title, one.found.sourced_id))


def find_own_class(client: OneRoster, email: str, class_id: str) -> tuple[SchoolClass, str | None] | None:
    """A class of this teacher as the SIS tells it now, and the teacher's id there; None for a class that is not theirs.
    Raises SisError."""
    for one in client.find_classes_of_teacher(email):
        if one.sourced_id == class_id:
            return one, client.find_teacher_id(email)
    return None


def _count(client: OneRoster, found: SchoolClass, learners: Sequence[Ours]) -> Candidate:
    try:
        students = [one for one in client.read_students(found.sourced_id) if one.is_active]
    except SisError:  # it only helps to choose
        return Candidate(found, None, None)
    known = sum(one.student_id is not None for one in match(learners, students, {}))
    return Candidate(found, len(students), known)
