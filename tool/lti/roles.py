"""What the roles of a launch or a roster mean for this course. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tool.lti.vocabulary import CONTEXT_ROLE, TEST_USER_ROLE

_CONTEXT_ROLE = CONTEXT_ROLE.lower()
_TEACHER_ROLES = frozenset({"instructor", "teachingassistant", "administrator"})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands in one course. No role that is known leaves everything false: least privilege."""

    is_teacher: bool
    is_learner: bool
    is_mentor: bool
    is_test_student: bool

    @property
    def is_gradable(self) -> bool:
        """Whether this person's work may reach the gradebook.

        One rule for mixed roles: who teaches, watches over or stands in for a student is not graded, even when
        the LMS also calls the person a learner.
        """
        return self.is_learner and not (self.is_teacher or self.is_mentor or self.is_test_student)


def standing(roles: Sequence[str]) -> Standing:
    """Judge by the roles of the course alone [Core §5.3.7, A.2.2–A.2.4].

    Taken are full URIs, sub-roles such as `membership/Instructor#TeachingAssistant` (they count as their
    principal role) and short words, which Moodle's roster uses. A role of the institution or the system never
    makes a teacher of a course: a school's administrator may be a mere guest in it.
    """
    words = frozenset(_context_words(roles))
    return Standing(
        is_teacher=not words.isdisjoint(_TEACHER_ROLES),
        is_learner="learner" in words,
        is_mentor="mentor" in words,
        is_test_student=any(role.lower() == TEST_USER_ROLE.lower() for role in roles),
    )


def _context_words(roles: Sequence[str]) -> Iterator[str]:
    """The principal context role of each, in lower case: Canvas writes some of them so."""
    for role in roles:
        name = role.strip().lower()
        if name.startswith(_CONTEXT_ROLE):
            name = name.removeprefix(_CONTEXT_ROLE).lstrip("/#")
        elif ":" in name:
            continue
        principal, _, sub_role = name.partition("#")
        yield principal
        if sub_role == "teachingassistant":
            yield sub_role
