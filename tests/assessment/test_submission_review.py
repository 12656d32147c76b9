"""From the gradebook of the LMS to a student's work: by a message of its own, or by the address a score carried."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.cast import ADA, BEN, CLEO, DAN, Someone
from tests.desk import TOOL, Desk
from tests.passback.classroom import words_of
from tests.rows import COLUMN, arrive, count_rows, hand_in, make_assignment
from tests.web import Desk as Pages
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.lti.submission_url import NamedSubmission, write_submission_url
from tool.lti.vocabulary import SUBMISSION_REVIEW_REQUEST
from tool.model.work import Launch, Placement
from tool.registration.platforms import TrustedPlatforms

EVE = Someone("eve", "Eve Dunn", DAN.course)


class Gradebook:
    """The gradebook of the LMS, where somebody clicks on a student's cell."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.desk = Desk(database, folder)
        self.database = database
        self.platform = TrustedPlatforms(database).every()[0]

    def hands_in(self, someone: Someone, **changes: Any) -> Arrival:
        place = arrive(self.database, self.platform, someone, **changes)
        hand_in(self.database, place)
        return place

    def asks_for(self, someone: Someone, student: str | None, **changes: Any) -> tuple[str, str]:
        """The message of its own [Submission Review]: where it leads in the end, and the words there."""
        told = {"message_type": SUBMISSION_REVIEW_REQUEST, "for_user": {"user_id": student} if student else None}
        return self._follow(self.desk.browser(), someone, **(told | changes))

    def opens_address(self, someone: Someone, place: Arrival, student: str, **changes: Any) -> tuple[str, str]:
        """Canvas launches the address of a hand-in; the launch is of no link that we know."""
        url = write_submission_url(f"{TOOL}/lti/launch", NamedSubmission(place.placement_id or 0, student))
        wrong: dict[str, Any] = {"resource_link": {"id": "link-of-the-tool"}, "custom": None, "ags": None}
        return self._follow(self.desk.browser(), someone, **(wrong | changes), target_link_uri=url)

    def _follow(self, browser: FlaskClient, someone: Someone, **changes: Any) -> tuple[str, str]:
        begun = self.desk.login(browser, target_link_uri=changes.get("target_link_uri", f"{TOOL}/lti/launch"))
        answer = self.desk.post(browser, self.desk.id_token(begun.location, someone, **changes))
        path = ""
        while answer.status_code == 303:
            path = answer.location.removeprefix(TOOL).split("/", 3)[3]
            answer = browser.get(answer.location, base_url=TOOL)
        assert answer.status_code == 200, answer.text
        return path, words_of(answer.text)


@pytest.fixture
def gradebook(database: Database, tmp_path: Path) -> Gradebook:
    make_assignment(database)
    return Gradebook(database, tmp_path)


def test_a_teacher_lands_at_the_work_of_the_student_named(gradebook: Gradebook) -> None:
    gradebook.hands_in(BEN)
    gradebook.hands_in(CLEO)

    path, words = gradebook.asks_for(ADA, CLEO.subject)
    assert path.startswith("grading/submission/")
    assert CLEO.name in words
    assert "What is 1/2?" in words


def test_the_message_may_lack_its_link_and_its_column(gradebook: Gradebook) -> None:
    """Moodle leaves the column out; a message about a column need not name a link."""
    gradebook.hands_in(BEN)

    assert BEN.name in gradebook.asks_for(ADA, BEN.subject, ags=None)[1]
    assert BEN.name in gradebook.asks_for(ADA, BEN.subject, resource_link=None, ags={"lineitem": COLUMN})[1]
    path, _ = gradebook.asks_for(ADA, BEN.subject, resource_link=None, ags=None, custom=None)
    assert path == "course/grades", "where all links of the course are"


def test_a_message_about_nobody_leads_to_the_assignment(gradebook: Gradebook) -> None:
    gradebook.hands_in(BEN)

    assert gradebook.asks_for(ADA, None)[0] == "overview"


def test_where_there_is_no_work_a_page_says_why(gradebook: Gradebook) -> None:
    gradebook.hands_in(BEN)
    arrive(gradebook.database, gradebook.platform, CLEO)

    assert "Cleo Brown has not begun" in gradebook.asks_for(ADA, CLEO.subject)[1]
    assert "Passback does not know this student" in gradebook.asks_for(ADA, "nobody/../here")[1]
    assert "Ada Byron is not graded in this course" in gradebook.asks_for(ADA, ADA.subject)[1]
    other_link = gradebook.asks_for(ADA, BEN.subject, resource_link={"id": "link-2"}, ags=None)[1]
    assert "Ben Carter has not opened this assignment" in other_link


def test_a_student_of_another_course_is_unknown_here(gradebook: Gradebook) -> None:
    gradebook.hands_in(DAN)

    assert "Passback does not know this student" in gradebook.asks_for(ADA, DAN.subject)[1]


def test_a_link_without_an_assignment_has_no_work(gradebook: Gradebook) -> None:
    path, words = gradebook.asks_for(ADA, BEN.subject, custom=None, resource_link={"id": "link-9"})

    assert "submission" not in path
    assert "What is 1/2?" not in words


def test_a_student_sees_the_own_result_whoever_is_named(gradebook: Gradebook) -> None:
    ben = gradebook.hands_in(BEN)
    gradebook.hands_in(CLEO)

    for path, words in (
        gradebook.asks_for(BEN, CLEO.subject),
        gradebook.opens_address(BEN, ben, CLEO.subject),
        gradebook.opens_address(BEN, ben, BEN.subject),
    ):
        assert path == "result"
        assert "10 of 10" in words
        assert CLEO.name not in words


def test_the_address_of_a_hand_in_opens_it_by_whatever_link_it_comes(gradebook: Gradebook) -> None:
    ben = gradebook.hands_in(BEN)
    arrive(gradebook.database, gradebook.platform, ADA)
    before = count_rows(gradebook.database)

    path, words = gradebook.opens_address(ADA, ben, BEN.subject)

    assert path.startswith("grading/submission/")
    assert BEN.name in words
    after = count_rows(gradebook.database)
    assert (after["placements"], after["openings"]) == (before["placements"], before["openings"])


def test_the_address_opens_nothing_in_another_course(gradebook: Gradebook) -> None:
    """Eve teaches in Dan's course, and typed an address of Ada's."""
    ben = gradebook.hands_in(BEN)
    gradebook.hands_in(DAN, resource_link={"id": "link-30"}, ags=None)

    from_elsewhere = gradebook.opens_address(EVE, ben, BEN.subject, roles=_TEACHES, context={"id": DAN.course})
    assert BEN.name not in from_elsewhere[1]
    assert "submission" not in from_elsewhere[0]
    with gradebook.database.reading() as connection:
        led_to = select(Placement.course_id, Launch.course_id).join(Launch, Launch.placement_id == Placement.id)
        assert all(one == other for one, other in connection.execute(led_to)), "nor does any page of that launch"


def test_the_address_lets_no_student_in_early(gradebook: Gradebook) -> None:
    """Cleo has not been let in by the LMS yet, and typed the address of Ben's hand-in."""
    ben = gradebook.hands_in(BEN)

    path, words = gradebook.opens_address(CLEO, ben, CLEO.subject)
    assert "What is 1/2?" not in words
    assert path != "work"


def test_a_student_at_the_page_for_teachers_is_led_back(gradebook: Gradebook, tmp_path: Path) -> None:
    ben = gradebook.hands_in(BEN)
    gradebook.hands_in(CLEO)
    bens = Pages(gradebook.database, tmp_path, ben)

    answer = bens.client.get(f"/l/{bens.launch_id}/review/{CLEO.subject}")
    assert (answer.status_code, answer.location) == (303, f"/l/{bens.launch_id}/work")


_TEACHES = ["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"]
