"""The twenty troubles that teachers have with scores, each from the LMS's answer to the words on Ada's page."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine

from tests.cast import ADA, BEN, CLEO
from tests.passback.classroom import Classroom
from tests.passback.conftest import PostOffice
from tests.rows import ALL_SCOPES, hand_in, make_assignment
from tool.clock import now
from tool.lti.vocabulary import SCOPE_RESULT_READ

# What goes over the wire is the same whatever the database.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

NOT_A_STUDENT = (422, {"errors": {"message": "User not found in course or is not a student"}})


def a_while_ago() -> time_machine.travel:
    """What happens in it lies behind when the LMS is read, and no clock stands between two sends."""
    return time_machine.travel(now() - timedelta(seconds=10))


@pytest.fixture
def room(office: PostOffice, tmp_path: Path) -> Classroom:
    return Classroom(office, tmp_path)


@pytest.fixture
def moodle(office: PostOffice, tmp_path: Path) -> Classroom:
    return Classroom(office, tmp_path, "moodle")


def test_1_the_lms_gives_no_token(room: Classroom) -> None:
    ben = room.hands_in(BEN)
    room.office.lms.refuses_tokens = True
    room.sends()

    assert room.office.lms.scores == []
    assert "Error the LMS refuses Passback's key" in room.row(ben)
    panel = room.panel(ben)
    assert "The administrators of Paper LMS and of Passback test the connection" in panel
    assert "compare the client id, the key set address and the clocks" in panel
    assert "key set of the tool: http://localhost:8000/.well-known/jwks.json" in room.ticket(ben)


def test_1_the_lms_refuses_the_key(room: Classroom) -> None:
    ben = room.hands_in(BEN)
    room.lms_says((401, {"errors": {"message": "Unknown or inactive Developer Key"}}), times=2)
    room.sends()

    assert "Queued the LMS refuses Passback's key" in room.row(ben)
    panel = room.panel(ben)
    assert "refuses Passback's key" in panel
    assert "The administrators of Paper LMS and of Passback test the connection" in panel
    assert "/.well-known/jwks.json" in room.ticket(ben)


def test_2_the_permission_to_send_scores_is_missing(room: Classroom) -> None:
    ben = room.hands_in(BEN)
    room.lms_says((401, {"errors": {"message": "Insufficient permissions"}}), times=2)
    room.sends()

    assert "the LMS does not let Passback send scores" in room.row(ben)
    assert "https://purl.imsglobal.org/spec/lti-ags/scope/score" in room.panel(ben)


def test_2_a_permission_that_was_never_given_is_said_before_anything_is_sent(room: Classroom) -> None:
    ben = room.hands_in(BEN, ags=room.office.opens() | {"scope": [SCOPE_RESULT_READ]})

    assert room.waiting() == 0
    assert "Not yet sent the LMS does not let Passback send scores" in room.row(ben)
    assert "Ask its administrator to allow the scope “score”" in room.page()


def test_3_a_column_that_was_deleted_is_found_again(room: Classroom) -> None:
    """By our own resource id; and for Cleo, who lost the same column, too."""
    ben, cleo = room.hands_in(BEN), room.hands_in(CLEO)
    room.lms_says((404, {"errors": [{"message": "The specified resource does not exist."}]}), times=2)
    room.sends(2)
    new = {"id": f"{room.office.lms.url}/columns/9", "label": "Fractions", "scoreMaximum": 10}
    room.office.lms.columns.append(new | {"resourceId": "fractions:link-1", "tag": "fractions"})
    assert "Error the gradebook column was deleted" in room.row(ben)

    room.screen.post(f"grades/{ben.member_id}/again", ("do", "relink"))
    room.sends(2)

    assert [room.passback(one).confirmed_line_item_url for one in (ben, cleo)] == [new["id"]] * 2
    assert room.office.lms.wanted_columns == [], "a second one is never made where there is one"


def test_3_a_column_that_is_nowhere_is_made_when_she_asks(room: Classroom) -> None:
    ben = room.hands_in(BEN)
    room.lms_says((404, {}))
    room.sends()
    assert room.office.lms.wanted_columns == [], "not without asking"

    room.screen.post(f"grades/{ben.member_id}/again", ("do", "relink"))
    room.sends()

    assert len(room.office.lms.wanted_columns) == 1
    assert "Successful" in room.row(ben)


def test_4_no_longer_associated_with_this_tool_has_three_ways_out(room: Classroom) -> None:
    ben = room.hands_in(BEN)
    room.lms_says((412, {"errors": {"message": "Tool does not have permission to view line_item"}}))
    room.sends()

    panel = room.panel(ben)
    assert "no longer associated with this tool" in panel
    assert "Three ways" in panel
    assert "Find the column again" in panel
    assert "Re-link: open the link once from the course in Paper LMS" in panel
    assert "Download the scores and enter them by hand" in panel
    assert f'href="/l/{room.screen.launch_id}/grades.csv"' in room.panel_html(ben)
    assert "Ben Carter,ben" in room.screen.get("grades.csv")


def test_4_a_link_that_was_linked_anew_keeps_its_new_column(room: Classroom) -> None:
    """Ada opens it again from the course; what was lost is then only Ben's old column."""
    ben = room.hands_in(BEN)
    room.lms_says((412, {}))
    room.sends()
    room.opens(ADA, "/columns/2")

    room.screen.post(f"grades/{ben.member_id}/again", ("do", "relink"))
    room.sends()

    assert room.passback(ben).confirmed_line_item_url == f"{room.office.lms.url}/columns/2"
    assert room.office.lms.wanted_columns == []


def test_5_who_never_opened_the_link_is_asked_to(room: Classroom) -> None:
    cleo = room.opens(CLEO, resource_link={"id": "link-2"})
    room.is_on_roster(cleo, on_roster_at=now())

    assert "Not launched ask for it to be opened once in Paper LMS" in room.row(cleo)


def test_5_without_a_class_list_who_is_missing_is_unknown(room: Classroom, office: PostOffice) -> None:
    dan = room.opens(CLEO, context={"id": "course-2", "title": "Period 4"}, nrps=None)
    teacher = room.opens(ADA, context={"id": "course-2", "title": "Period 4"}, nrps=None)
    other = Classroom.__new__(Classroom)
    other.office, other.screen = office, type(room.screen)(office.database, room.folder, teacher)

    assert dan.course_id == teacher.course_id
    assert "Ask who is missing to open it once." in other.page()


def test_6_a_student_whom_the_lms_does_not_know(room: Classroom) -> None:
    ben, cleo = room.hands_in(BEN), room.hands_in(CLEO)
    room.lms_says(NOT_A_STUDENT)
    room.sends(2)

    assert "Error the LMS does not list this student in the course" in room.row(ben)
    assert "Successful" in room.row(cleo)
    panel = room.panel(ben)
    assert "does not know Ben Carter as a student of this course" in panel
    assert "Read Paper LMS again" in panel
    assert "Try again" in panel

    room.is_on_roster(ben, left_at=now())
    assert "Left the course" in room.row(ben)


def test_7_a_class_whom_the_lms_does_not_know(room: Classroom) -> None:
    ben, cleo = room.hands_in(BEN), room.hands_in(CLEO)
    room.lms_says(NOT_A_STUDENT, times=2)
    room.sends(2)

    for one in (ben, cleo):
        panel = room.panel(one)
        assert "knows none of the students whose scores were sent" in panel
        assert "privacy level" in panel
        assert "The administrator of the LMS" in panel


def test_8_a_score_that_is_not_complete_never_goes(room: Classroom) -> None:
    essay = {"id": "why", "type": "essay", "prompt": "Why?", "points": 5}
    make_assignment(room.office.database, questions=[essay])
    ben = room.opens(BEN)
    hand_in(room.office.database, ben, {"why": "Because a half is more than a quarter."})

    assert room.waiting() == 0
    assert "Needs grading" in room.row(ben)


def test_8_what_goes_is_completed_and_fully_graded(room: Classroom) -> None:
    room.hands_in(BEN)
    room.sends()

    (sent,) = room.office.lms.scores
    assert (sent["activityProgress"], sent["gradingProgress"]) == ("Completed", "FullyGraded")


@pytest.mark.parametrize(
    "refusal",
    [
        (400, {"errors": {"message": "Provided timestamp of 1 before last updated timestamp of 2"}}),
        (409, []),
    ],
)
def test_9_a_grade_that_is_newer_stays_until_she_decides(room: Classroom, refusal: tuple[int, object]) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        ben = room.hands_in(BEN)
        room.lms_says(refusal)
        room.office.lms.hold("ben", 3, 10)
        room.sends()
        assert "somebody changed the grade in the LMS" in room.row(ben)
        assert room.waiting() == 0
        room.reads_back(ben)
        assert "Changed in the LMS Paper LMS holds another grade than the one sent" in room.row(ben)

        clock.shift(timedelta(seconds=5))
        room.screen.post(f"grades/{ben.member_id}/theirs", ("do", "replace"))
        room.prepares()
        clock.shift(timedelta(seconds=1))
        room.sends()

    first, second = room.office.lms.scores
    assert second["timestamp"] > first["timestamp"], "a fresh time"
    assert "Successful" in room.row(ben)


def test_10_a_column_worth_nothing(room: Classroom) -> None:
    ben = room.hands_in(BEN)
    room.lms_says((422, {"errors": {"message": "ScoreMaximum cannot be zero if line item's maximum is not zero"}}))
    room.sends()

    panel = room.panel(ben)
    assert "The points of the column do not allow this score." in panel
    assert "Set the points of the assignment in Paper LMS." in panel


def test_11_no_attempt_is_left(room: Classroom) -> None:
    ben = room.hands_in(BEN)
    room.lms_says((422, {"errors": {"message": "The maximum number of allowed attempts has been reached"}}))
    room.sends()

    panel = room.panel(ben)
    assert "allows Ben Carter no further attempt" in panel
    assert "Raise the number of attempts" in panel


def test_12_moodles_incorrect_score(moodle: Classroom) -> None:
    """All that Moodle asks for was sent, so it is the student."""
    ben = moodle.hands_in(BEN)
    moodle.lms_says((400, []))
    moodle.sends()

    assert {"userId", "timestamp", "activityProgress", "gradingProgress", "scoreGiven", "scoreMaximum"} <= set(
        moodle.office.lms.scores[0]
    )
    panel = moodle.panel(ben)
    assert "Paper LMS refused the score of Ben Carter." in panel
    assert "no role with grades" in panel


def test_12_moodle_knows_the_whole_class_not(moodle: Classroom) -> None:
    ben, _cleo = moodle.hands_in(BEN), moodle.hands_in(CLEO)
    moodle.lms_says((400, []), times=2)
    moodle.sends(2)

    assert "Graded roles" in moodle.panel(ben)


@pytest.mark.parametrize("refusal", [(403, "403 Forbidden (Rate Limit Exceeded)"), (429, {})])
def test_13_too_many_scores_at_once(room: Classroom, refusal: tuple[int, object]) -> None:
    ben = room.hands_in(BEN)
    room.lms_says(refusal)
    room.sends()

    assert "Queued the LMS is busy; it is tried again by itself" in room.row(ben)
    panel = room.panel(ben)
    assert "Paper LMS asked for a pause." in panel
    assert "Nobody needs to do anything. It passes by itself." in panel


def test_14_a_column_is_asked_for_without_an_id(office: PostOffice, tmp_path: Path) -> None:
    schoology = Classroom(office, tmp_path, "schoology")
    office.lms.next_column_answers.append((400, {"message": "id is not allowed"}))
    ben = schoology.hands_in(BEN, None, resource_link={"id": "link-9"})
    schoology.sends()

    (wanted,) = office.lms.wanted_columns
    assert set(wanted) == {"label", "scoreMaximum", "resourceId", "tag", "resourceLinkId"}
    teacher = schoology.opens(ADA, None, resource_link={"id": "link-9"})
    schoology.screen = type(schoology.screen)(office.database, tmp_path, teacher)
    assert "Error the LMS did not make a gradebook column" in schoology.row(ben)
    panel = schoology.panel(ben)
    assert "Paper LMS did not make a gradebook column for this link." in panel
    assert "Find the column again" in panel


def test_15_a_class_list_that_is_refused(room: Classroom) -> None:
    """It is asked for once more without the link, and what hinders it then is on the page."""
    room.office.lms.roster_answer = (400, {"errors": {"message": "Tool does not have access to rlid"}})
    assert room.reads_roster() == "bad_request"

    assert room.office.lms.requests("GET /members") == 2
    page = room.page()
    assert "The class list could not be read the last time. Paper LMS refused the request for it" in page
    assert "It is read again each night, and when you press Refresh." in page

    room.office.lms.roster_answer = (200, {"members": [{"user_id": "cleo", "roles": ["Learner"], "name": CLEO.name}]})
    assert room.reads_roster() is None
    assert "could not be read" not in room.page()
    assert "Cleo Brown" in room.page()


def test_16_nothing_arrives_though_the_lms_accepted_it(room: Classroom) -> None:
    with a_while_ago():
        ben = room.hands_in(BEN)
        room.sends()
    room.office.lms.results.clear()
    room.reads_back(ben)

    row = room.row(ben)
    assert "Accepted, not shown Paper LMS took it, and shows nothing" in row
    assert "Why?" in row
    panel = room.panel(ben)
    assert "the course or the assignment is not published" in panel
    assert "Publish it" in panel
    assert "Read Paper LMS again" in panel
    assert "It accepted the score." in panel
    assert "reason: accepted, not shown" in room.ticket(ben)


def test_17_a_grade_that_was_changed_in_the_lms_shows_both_and_asks(room: Classroom) -> None:
    with a_while_ago():
        ben = room.hands_in(BEN)
        room.sends()
    room.office.lms.hold("ben", 7, 10)
    room.reads_back(ben)

    row = room.row(ben)
    assert "Changed in the LMS Paper LMS holds another grade than the one sent" in row
    for choice in ("Keep 7", "Replace with 10", "Use 7 here too"):
        assert choice in row


def test_17_moodle_keeps_an_overridden_grade(moodle: Classroom) -> None:
    ben = moodle.hands_in(BEN)
    moodle.office.lms.hold("ben", 7, 10)
    moodle.lms_says((409, []))
    moodle.sends()
    moodle.reads_back(ben)

    assert "stays until the override is taken off there" in moodle.row(ben)


@pytest.mark.parametrize("refusal", [(503, "maintenance"), (504, {}), (500, {})])
def test_18_the_lms_is_down(room: Classroom, refusal: tuple[int, object]) -> None:
    ben = room.hands_in(BEN)
    room.lms_says(refusal)
    room.sends()

    assert "Queued the LMS has trouble; it is tried again by itself" in room.row(ben)
    panel = room.panel(ben)
    assert "Nobody needs to do anything." in panel
    assert "The next try by itself:" in panel


def test_19_only_what_changed_is_sent(room: Classroom) -> None:
    with a_while_ago():
        ben, cleo = room.hands_in(BEN), room.hands_in(CLEO)
        room.sends(2)
    room.reads_back(ben)
    room.screen.post(f"grades/{ben.member_id}/override", ("score", "8"))

    room.presses_send(ben, cleo)
    assert room.waiting() == 1
    room.sends()

    assert [one["userId"] for one in room.office.lms.scores[2:]] == ["ben"]
    assert room.passback(cleo).confirmed_score == Decimal(10)


def test_20_the_copy_of_a_course_has_a_column_of_its_own(room: Classroom) -> None:
    """The assignment travels with the link; the new link binds itself at the first launch."""
    old = room.hands_in(BEN)
    room.sends()
    copied = {"context": {"id": "course-copy", "title": "Next year"}, "resource_link": {"id": "link-copy"}}
    new = room.hands_in(BEN, "/columns/2", **copied)
    room.sends()

    assert new.placement_id != old.placement_id
    assert room.passback(new).confirmed_line_item_url == f"{room.office.lms.url}/columns/2"
    assert room.passback(old).confirmed_line_item_url == f"{room.office.lms.url}/columns/1"


def test_20_a_link_with_another_column_asks_to_send_again(room: Classroom) -> None:
    with a_while_ago():
        ben = room.hands_in(BEN)
        room.sends()
    room.opens(BEN, "/columns/2")

    assert "Changed since sent the link has another gradebook column now" in room.row(ben)
    room.presses_send(ben)
    room.sends()
    assert room.passback(ben).confirmed_line_item_url == f"{room.office.lms.url}/columns/2"


def test_20_a_column_that_went_with_the_old_course_says_so(room: Classroom) -> None:
    ben = room.hands_in(BEN)
    room.lms_says((404, {"errors": {"type": "not_found", "message": "Context is deleted or not found"}}))
    room.sends()

    panel = room.panel(ben)
    assert "The course no longer exists in Paper LMS." in panel
    assert "Open the link from the new course." in panel


def test_without_the_right_to_read_nothing_is_said_to_be_missing(room: Classroom) -> None:
    scopes = [scope for scope in ALL_SCOPES if scope != SCOPE_RESULT_READ]
    ben = room.hands_in(BEN, ags=room.office.opens() | {"scope": scopes})
    room.sends()

    assert "Successful" in room.row(ben)
    assert "does not let Passback read grades back" in room.page()
