"""The classes a teacher may choose from, asked of the SIS while somebody waits: as many facts as come in time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    is_told: bool = False
    """The LMS says that the course is this class."""


@dataclass(frozen=True, slots=True)
class Known:
    """By what a teacher's class is found; the LMS vouches for both."""

    email: str | None
    class_id: str | None
    """The id of the section that the course is, as a launch told it."""


NOBODY = Known(None, None)


def find_candidates(client: OneRoster, known: Known, learners: Sequence[Ours]) -> list[Candidate]:
    """The class that the LMS named, then those of the teacher with this e-mail, with most known learners first. Raises
    SisError where not even the classes could be read."""
    told = _find_told(client, known.class_id)
    others = client.find_classes_of_teacher(known.email) if known.email else []
    found = [_count(client, one, learners) for one in others if told is None or one.sourced_id != told.sourced_id]
    ordered = sorted(found, key=lambda one: (-(one.known or 0), one.found.title, one.found.sourced_id))
    return ordered if told is None else [replace(_count(client, told, learners), is_told=True), *ordered]


def find_own_class(client: OneRoster, known: Known, class_id: str) -> tuple[SchoolClass, str | None] | None:
    """A class of this teacher or course as the SIS tells it now, and the teacher's id there; None for a class that is
    neither. Raises SisError."""
    theirs = client.find_classes_of_teacher(known.email) if known.email else []
    own = next((one for one in theirs if one.sourced_id == class_id), None)
    if own is None and class_id == known.class_id:
        own = _find_told(client, class_id)
    if own is None:
        return None
    return own, client.find_teacher_id(known.email) if known.email else None


def _find_told(client: OneRoster, class_id: str | None) -> SchoolClass | None:
    """An id of another system, which LMSs tell as well, names no class here."""
    if class_id is None:
        return None
    try:
        found = client.find_class(class_id)
    except SisError as error:
        if error.kind == "permanent":
            return None
        raise
    return found if found is not None and found.is_active else None


def _count(client: OneRoster, found: SchoolClass, learners: Sequence[Ours]) -> Candidate:
    try:
        students = [one for one in client.read_students(found.sourced_id) if one.is_active]
    except SisError:  # it only helps to choose
        return Candidate(found, None, None)
    known = sum(one.student_id is not None for one in match(learners, students, {}))
    return Candidate(found, len(students), known)
