"""The people of every story. Ada teaches "Period 3 math"; Ben and Cleo learn in it; Dan is in another course."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Someone:
    subject: str
    name: str
    course: str


ADA = Someone("ada", "Ada Byron", "course-math")
BEN = Someone("ben", "Ben Carter", "course-math")
CLEO = Someone("cleo", "Cleo Brown", "course-math")
DAN = Someone("dan", "Dan Chen", "course-science")
TEST_STUDENT = Someone("test-student", "Test Student", "course-math")

FRACTIONS = "link-fractions"
"""20 points, graded by itself, with a column in the gradebook."""
ESSAY = "link-essay"
"""10 points, one of its questions is an essay."""
WARM_UP = "link-warmup"
"""5 points, graded by itself, without a column until the tool makes one."""
FRACTIONS_IN_SCIENCE = "link-fractions-science"
