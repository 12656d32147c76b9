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
AMARA = Someone("amara", "Amara Okafor", "course-math")
DIEGO = Someone("diego", "Diego Ramírez", "course-math")
FATIMA = Someone("fatima", "Fatima Haddad", "course-math")
HANA = Someone("hana", "Hana Suzuki", "course-math")
ISAAC = Someone("isaac", "Isaac Goldberg", "course-math")
JAYA = Someone("jaya", "Jaya Patel", "course-math")
LINH = Someone("linh", "Linh Nguyễn", "course-math")
MATEUSZ = Someone("mateusz", "Mateusz Kowalski", "course-math")
SIOBHAN = Someone("siobhan", "Siobhan O'Neill", "course-math")
ZOE = Someone("zoe", "Zoë Papadopoulos", "course-math")
CLASSMATES = (AMARA, DIEGO, FATIMA, HANA, ISAAC, JAYA, LINH, MATEUSZ, SIOBHAN, ZOE)
"""The rest of Ben's and Cleo's course, for stories that need a student who has done nothing yet, or many."""

TEST_STUDENT = Someone("test-student", "Test Student", "course-math")

FRACTIONS = "link-fractions"
"""20 points, graded by itself, with a column in the gradebook."""
ESSAY = "link-essay"
"""10 points, one of its questions is an essay."""
WARM_UP = "link-warmup"
"""5 points, graded by itself, without a column until the tool makes one."""
FRACTIONS_IN_SCIENCE = "link-fractions-science"
