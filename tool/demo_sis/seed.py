"""The school everybody starts with: the demo LMS's two courses, as an SIS knows them.

Who is who is made to need every way of matching: most students bear the id that the LMS tells, Cleo is known by her
e-mail only, Amara and Fatima by another id of theirs, Hana under an e-mail she no longer uses, Isaac is not enrolled
yet, and Nia is enrolled but was never put into the LMS.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tool.demo_sis.records import Category, Enrolment, Person, SchoolClass, Session

SCHOOL_ID, SCHOOL_NAME = "school-12", "Lincoln High School"
DISTRICT_ID, DISTRICT_NAME = "district-1", "Demo District"
MATH, SCIENCE = "class-2201", "class-2305"
COURSES = {"course-math-9": "Mathematics 9", "course-sci-9": "Science 9"}
CATEGORIES = (("hw", "Homework"), ("quiz", "Quizzes"), ("test", "Tests"))
YEAR, TERM, FIRST_PERIOD, SECOND_PERIOD = "year-1", "term-s1", "gp-q1", "gp-q2"

TEACHERS = (
    Person("TCH-010", "Ada", "Byron", "teacher", "ada@school.example"),
    Person("TCH-011", "Grace", "Stone", "teacher", "grace@school.example"),
)
MATH_STUDENTS = (
    Person("SIS-00100", "Ben", "Carter", "student", "ben@school.example"),
    Person("stu-2041", "Cleo", "Brown", "student", "Cleo@School.example"),
    Person("stu-2042", "Amara", "Okafor", "student", "amara@school.example", identifier="SIS-00102"),
    Person("SIS-00103", "Diego", "Ramírez", "student", None),
    Person("stu-2044", "Fatima", "Haddad", "student", "fatima@school.example", other_ids=(("LTI", "SIS-00104"),)),
    Person("stu-2045", "Hana", "Suzuki", "student", "hana.suzuki@old.example"),
    Person("SIS-00107", "Jaya", "Patel", "student", "jaya@school.example"),
    Person("SIS-00108", "Linh", "Nguyễn", "student", "linh@school.example"),
    Person("SIS-00109", "Mateusz", "Kowalski", "student", "mateusz@school.example"),
    Person("stu-2090", "Nia", "Fontaine", "student", "nia@school.example"),
    Person("SIS-00110", "Siobhan", "O'Neill", "student", "siobhan@school.example"),
    Person("SIS-00111", "Zoë", "Papadopoulos", "student", "zoe@school.example"),
)
SCIENCE_STUDENTS = (
    Person("SIS-00200", "Dan", "Chen", "student", "dan@school.example"),
    Person("SIS-00201", "Elif", "Yılmaz", "student", "elif@school.example"),
    Person("SIS-00202", "Tunde", "Adeyemi", "student", "tunde@school.example"),
)
NOT_ENROLLED = (Person("SIS-00106", "Isaac", "Goldberg", "student", "isaac@school.example"),)
"""Known to the district, in no class of this school."""


@dataclass(frozen=True, slots=True)
class Start:
    """Everything a fresh school has."""

    sessions: Sequence[Session]
    people: Sequence[Person]
    classes: Sequence[SchoolClass]
    categories: Sequence[Category]
    enrolments: Sequence[Enrolment]


def begin(today: date) -> Start:
    """The school as it is on `today`: the first grading period ended two weeks ago, the second has eight weeks left."""
    first_day, turn, last_day = today - timedelta(weeks=11), today - timedelta(weeks=2), today + timedelta(weeks=8)
    sessions = [
        Session(YEAR, "School year", "schoolYear", first_day, first_day + timedelta(weeks=44)),
        Session(TERM, "Semester 1", "semester", first_day, last_day, YEAR),
        Session(FIRST_PERIOD, "Quarter 1", "gradingPeriod", first_day, turn, TERM),
        Session(SECOND_PERIOD, "Quarter 2", "gradingPeriod", turn, last_day, TERM),
    ]
    classes = [
        SchoolClass(MATH, "MATH 9 - Period 3", "course-math-9", (TERM,), "3"),
        SchoolClass(SCIENCE, "SCI 9 - Period 5", "course-sci-9", (TERM,), "5"),
    ]
    of_class = {MATH: (TEACHERS[0], *MATH_STUDENTS), SCIENCE: (TEACHERS[1], *SCIENCE_STUDENTS)}
    return Start(
        sessions=sessions,
        people=[*TEACHERS, *MATH_STUDENTS, *SCIENCE_STUDENTS, *NOT_ENROLLED],
        classes=classes,
        categories=[category for one in classes for category in categories_of(one.sourced_id)],
        enrolments=[
            Enrolment(person.sourced_id, class_id, person.role, first_day, last_day)
            for class_id, people in of_class.items()
            for person in people
        ],
    )


def categories_of(class_id: str) -> list[Category]:
    """What every class starts with; an id belongs to one class only."""
    number = class_id.removeprefix("class-")
    return [Category(f"cat-{short}-{number}", title, class_id) for short, title in CATEGORIES]
