"""A new term: each score goes to the gradebook of the course its student opened the link in, and Ada sees it before."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.cast import ADA, BEN, CLEO, DAN
from tests.passback.classroom import Classroom, words_of
from tests.passback.conftest import PostOffice
from tests.rows import ALL_SCOPES, arrive, make_assignment
from tests.web import Desk
from tool.course.arrivals import Arrival
from tool.model.work import Placement

THIS_TERM = {"id": "course-this-term", "title": "Period 3 math, this term"}
COPY: dict[str, Any] = {
    "context": THIS_TERM,
    "resource_link": {"id": "link-20", "title": "Fractions"},
    "custom": {"assignment": "fractions", "context_id_history": BEN.course},
}


@pytest.fixture
def room(office: PostOffice, tmp_path: Path) -> Classroom:
    return Classroom(office, tmp_path)


def scores_at(room: Classroom, column: str) -> int:
    """How many scores a column was sent."""
    return room.office.lms.requests(f"POST {column}/scores")


def columns_made(room: Classroom) -> int:
    return room.office.lms.journal.count("POST /columns")


def rollover(room: Classroom, place: Arrival) -> str:
    return words_of(Desk(room.office.database, room.folder, place).get("course/rollover"))


def placement(room: Classroom, place: Arrival) -> Any:
    with room.office.database.reading() as connection:
        return connection.execute(select(Placement).where(Placement.id == place.placement_id)).one()


def test_the_grades_of_a_copy_go_to_its_own_column_only(room: Classroom) -> None:
    room.hands_in(BEN, "/columns/1")
    room.sends()
    room.hands_in(CLEO, "/columns/2", **COPY)
    room.sends()

    assert [scores_at(room, column) for column in ("/columns/1", "/columns/2")] == [1, 1]
    page = rollover(room, room.opens(ADA, "/columns/2", **COPY))
    assert "Copied from “Period 3 math”" in page
    assert "This course’s own Named by Paper LMS when the link was opened." in page


def test_nothing_goes_to_last_terms_column_and_the_page_says_so(room: Classroom) -> None:
    room.hands_in(BEN, "/columns/1")
    room.sends()
    cleo = room.hands_in(CLEO, "/columns/1", **COPY)
    room.sends()

    row = room.passback(cleo)
    assert (row.state, row.needs_person, row.failure) == ("due", True, "column_of_another_course")
    assert scores_at(room, "/columns/1") == 1
    assert columns_made(room) == 0, "and none is made unasked"
    ada = room.opens(ADA, "/columns/1", **COPY)
    page = rollover(room, ada)
    assert "Another course’s column Paper LMS named a column that belongs to another course." in page
    assert "1 score waits for you. Have this course’s own column looked for" in page
    room.screen = Desk(room.office.database, room.folder, ada)
    assert "Nothing was sent there." in room.panel(cleo)
    assert "Paper LMS named a column that belongs to another course" in words_of(room.screen.get("preflight"))


def test_finding_the_column_again_gives_the_copy_one_of_its_own(room: Classroom) -> None:
    room.opens(BEN, "/columns/1")
    cleo = room.hands_in(CLEO, "/columns/1", **COPY)
    room.sends()
    room.screen = Desk(room.office.database, room.folder, room.opens(ADA, "/columns/1", **COPY))

    room.screen.post(f"grades/{cleo.member_id}/again", ("do", "relink"))
    room.office.lms.columns.append({"id": "unused"})
    room.sends()

    row = room.passback(cleo)
    assert (row.state, row.failure) == ("delivered", None)
    assert row.confirmed_line_item_url == f"{room.office.lms.url}/columns/2"
    assert "Made by Passback in this course." in rollover(room, room.opens(ADA, None, **COPY))


def test_a_press_on_the_page_gives_it_one_whatever_the_next_launch_names(room: Classroom) -> None:
    room.opens(BEN, "/columns/1")
    ada = room.opens(ADA, "/columns/1", **COPY)
    page = Desk(room.office.database, room.folder, ada)

    page.post(f"course/rollover/{ada.placement_id}")
    assert "Not known yet" in words_of(page.get("course/rollover"))
    room.office.lms.columns.append({"id": "unused"})
    cleo = room.hands_in(CLEO, "/columns/1", **COPY)
    room.sends()

    assert room.passback(cleo).confirmed_line_item_url == f"{room.office.lms.url}/columns/2"
    assert scores_at(room, "/columns/1") == 0


def test_a_press_changes_no_other_course(room: Classroom) -> None:
    room.opens(BEN, "/columns/1")
    copy = room.opens(ADA, "/columns/1", **COPY)

    room.screen.post(f"course/rollover/{copy.placement_id}", expects=404)
    assert placement(room, copy).line_item_source == "elsewhere"


def test_a_column_that_is_found_is_looked_at_just_as_one_that_is_named(room: Classroom) -> None:
    """The list of the new course has last term's column under the new link's id."""
    room.opens(BEN, "/columns/1")
    told = {"id": f"{room.office.lms.url}/columns/1", "label": "Fractions", "scoreMaximum": 10}
    room.office.lms.columns.append(told | {"resourceLinkId": "link-20"})
    cleo = room.hands_in(CLEO, None, **COPY)
    room.sends()

    assert room.passback(cleo).failure == "column_of_another_course"
    assert scores_at(room, "/columns/1") == 0
    assert placement(room, cleo).line_item_source == "elsewhere"


@pytest.mark.parametrize(
    ("course", "column_of"), [("no copy", "link-nobody-has-opened"), ("a copy", "link-of-this-course")]
)
def test_a_column_that_was_not_copied_for_this_link_is_left_alone(room: Classroom, course: str, column_of: str) -> None:
    """The same assignment stands twice in the course: the other link's column is not this one's."""
    told = COPY if course == "a copy" else {}
    room.opens(BEN, None, **(told | {"resource_link": {"id": "link-of-this-course", "title": "Fractions"}}))
    other = {"label": "Fractions", "scoreMaximum": 10, "tag": "fractions", "resourceId": f"fractions:{column_of}"}
    room.office.lms.columns.append(other | {"id": f"{room.office.lms.url}/columns/7"})
    room.hands_in(CLEO, None, **(told | {"resource_link": {"id": "link-2", "title": "Fractions again"}}))
    room.sends()

    assert (scores_at(room, "/columns/7"), scores_at(room, "/columns/2")) == (0, 1)


def test_linked_sections_each_get_their_scores_in_their_own_column(room: Classroom) -> None:
    """Schoology: one course and one link here, a gradebook for each section. Ben is in one, Cleo in two."""
    ben = room.hands_in(BEN, "/sections/one")
    cleo = room.hands_in(CLEO, "/sections/two")
    room.sends(2)

    urls = {one.member_id: room.passback(one).confirmed_line_item_url for one in (ben, cleo)}
    assert urls == {
        ben.member_id: f"{room.office.lms.url}/sections/one",
        cleo.member_id: f"{room.office.lms.url}/sections/two",
    }
    assert "2 columns, one for each section" in rollover(room, room.ada)


def test_one_assignment_in_several_courses_is_graded_where_the_student_opened_it(room: Classroom) -> None:
    """Cleo takes it in both courses, Dan in science only."""
    in_science: dict[str, Any] = {"context": {"id": DAN.course}, "resource_link": {"id": "link-30"}}
    room.hands_in(CLEO, "/columns/1")
    room.hands_in(CLEO, "/columns/9", **in_science)
    room.hands_in(DAN, "/columns/9", **in_science)
    room.sends(3)

    assert scores_at(room, "/columns/1") == 1
    assert scores_at(room, "/columns/9") == 2


def test_a_column_the_lms_says_is_gone_and_a_link_without_one(room: Classroom) -> None:
    make_assignment(room.office.database, id="decimals", title="Decimals")
    room.hands_in(BEN, "/columns/1")
    room.lms_says((404, {"errors": {"type": "not_found", "message": "Line item not found"}}))
    room.sends()
    nowhere = {"ags": {"scope": ALL_SCOPES}, "context": {"id": "course-plain"}, "custom": {"assignment": "decimals"}}
    plain = arrive(room.office.database, room.office.platform, ADA, **nowhere)
    unbound = room.opens(ADA, "/columns/5", resource_link={"id": "link-5", "title": "Essay"}, custom=None)

    page = rollover(room, unbound)
    assert "The column is gone" in page
    assert "Essay No assignment yet" not in page.split("The column is gone")[0], "what is lost comes first"
    assert "No assignment yet The link does not say which assignment it opens." in page
    assert "No column Paper LMS named none for this link" in rollover(room, plain)


def test_a_link_that_was_never_graded_says_what_will_happen(room: Classroom) -> None:
    ada = room.opens(ADA, None, resource_link={"id": "link-5", "title": "Fractions"})
    page = rollover(room, ada)

    assert "Not known yet It is looked for in this course, or made, when the first score goes." in page
    assert "Nothing yet" in page
    assert "Where grades go" in words_of(Desk(room.office.database, room.folder, ada).get("course/grades"))


def test_points_and_a_switched_off_link_are_told(room: Classroom) -> None:
    with room.office.database.writing() as connection:
        connection.execute(update(Placement).values(line_item_maximum=100))
    room.screen.post("grades/opt-out", ("out", "yes"))

    page = rollover(room, room.ada)
    assert "10 points 100 points in Paper LMS" in page
    assert "Passback is switched off for this link." in page
