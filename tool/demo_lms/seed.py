"""The two courses everybody starts with, and the learners of the term after."""

from typing import TYPE_CHECKING

from tool.demo_lms.records import Activity, Person, Role

if TYPE_CHECKING:
    from tool.demo_lms.world import World

MATH_LEARNERS = (
    ("ben", "Ben", "Carter"),
    ("cleo", "Cleo", "Brown"),
    ("amara", "Amara", "Okafor"),
    ("diego", "Diego", "Ramírez"),
    ("fatima", "Fatima", "Haddad"),
    ("hana", "Hana", "Suzuki"),
    ("isaac", "Isaac", "Goldberg"),
    ("jaya", "Jaya", "Patel"),
    ("linh", "Linh", "Nguyễn"),
    ("mateusz", "Mateusz", "Kowalski"),
    ("siobhan", "Siobhan", "O'Neill"),
    ("zoe", "Zoë", "Papadopoulos"),
)
SCIENCE_LEARNERS = (
    ("dan", "Dan", "Chen"),
    ("elif", "Elif", "Yılmaz"),
    ("tunde", "Tunde", "Adeyemi"),
)
NEXT_TERMS_LEARNERS = (
    ("noor", "Noor", "Aziz"),
    ("pavel", "Pavel", "Novák"),
    ("rosa", "Rosa", "Jiménez"),
    ("sefo", "Sefo", "Tuilagi"),
    ("wen", "Wen", "Zhao"),
)


def fill(world: "World") -> None:
    """Puts the starting courses, people and activities into an empty world."""
    math_people = [
        _person("ada", "Ada", "Byron", "teacher", 10),
        *[_person(*names, "learner", 100 + place) for place, names in enumerate(MATH_LEARNERS)],
        _person("test-student", "Test", "Student", "test_student", 900),
    ]
    science_people = [
        _person("grace", "Grace", "Stone", "teacher", 11),
        *[_person(*names, "learner", 200 + place) for place, names in enumerate(SCIENCE_LEARNERS)],
    ]
    math = world.add_course("course-math", "MATH-P3", "Period 3 math", math_people)
    science = world.add_course("course-science", "SCI-P5", "Period 5 science", science_people)
    # As the demo SIS has them.
    math.section_sourced_id, science.section_sourced_id = "class-2201", "class-2305"
    world.add_activity("course-math", _activity("link-fractions", "Fractions quiz", "fractions-quiz"), 20)
    world.add_activity("course-math", _activity("link-essay", "My number story", "my-number-story"), 10)
    world.add_activity("course-math", _activity("link-warmup", "Warm-up", "warm-up"))
    world.add_activity("course-science", _activity("link-fractions-science", "Fractions quiz", "fractions-quiz"), 20)


def next_terms_learners() -> list[Person]:
    """Whoever sits in a copied course when last term's learners have moved on."""
    return [_person(*names, "learner", 300 + place) for place, names in enumerate(NEXT_TERMS_LEARNERS)]


def _activity(link_id: str, title: str, assignment_id: str) -> Activity:
    return Activity(link_id, title, {"assignment": assignment_id})


def _person(sub: str, given_name: str, family_name: str, role: Role, number: int) -> Person:
    return Person(sub, given_name, family_name, role, sourced_id=f"SIS-{number:05d}")
