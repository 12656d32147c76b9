"""Ada binds the link to another assignment: decimals, whose first question goes by the same id as one of before."""

from typing import Any

from tests.assessment.stories import HALF, QUARTER
from tests.cast import ADA, BEN, Someone
from tests.rows import arrive, assignment_text
from tool.assessment.assignments import import_assignment
from tool.assessment.questions import read_assignment_file
from tool.assessment.rebinding import take_up
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.errands import claim, finish
from tool.passback.students import Student, read_link, read_students
from tool.passback.verdict import Verdict, judge
from tool.registration.platforms import KnownPlatform

RIGHT = {"half": "0.5", "quarter": "0.25"}
TENTH: dict[str, Any] = {"id": "half", "type": "numeric", "prompt": "What is 1/10?", "points": 4, "answer": "0.1"}
FIFTH: dict[str, Any] = {"id": "fifth", "type": "numeric", "prompt": "What is 1/5?", "points": 6, "answer": "0.2"}
RIGHT_DECIMALS = {"half": "0.1", "fifth": "0.2"}
FRACTIONS, DECIMALS = [HALF, QUARTER], [TENTH, FIFTH]


def make_decimals(database: Database, **changes: Any) -> None:
    """Ten points, four and six, and goes by itself; made again it is changed."""
    plain = {"id": "decimals", "title": "Decimals", "questions": DECIMALS}
    import_assignment(database, read_assignment_file(assignment_text(**(plain | changes))))


def bind(database: Database, platform: KnownPlatform, assignment_id: str, someone: Someone = BEN) -> Arrival:
    """From now on the link opens another assignment: Ada's launch names it, what that asks for is done, and somebody
    opens it."""
    launch_anew(database, platform, assignment_id)
    do_errands(database)
    return arrive(database, platform, someone, custom={"assignment": assignment_id})


def launch_anew(database: Database, platform: KnownPlatform, assignment_id: str) -> Arrival:
    """Only the launch; what it asks for waits for its turn."""
    return arrive(database, platform, ADA, custom={"assignment": assignment_id})


def do_errands(database: Database) -> int:
    """What links that were bound anew asked for; returns how many did."""
    claimed = claim(database, holder="runner", limit=10, kinds=["binding"])
    for one in claimed:
        take_up(database, one.subject_id)
        finish(database, one, failure=None, again_at=None)
    return len(claimed)


def look(database: Database, place: Arrival) -> tuple[Student, Verdict]:
    """Somebody's row of the Grade Passback screen."""
    with database.reading() as connection:
        link = read_link(connection, place.placement_id or 0)
        [student] = [one for one in read_students(connection, link) if one.member_id == place.member_id]
    return student, judge(link, student)


def words(database: Database, place: Arrival) -> tuple[str, str | None]:
    """Its status, and why."""
    verdict = look(database, place)[1]
    return verdict.status, verdict.cause
