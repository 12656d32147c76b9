"""The link is bound to another assignment: its work is its own, and the work of before is kept and found again."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.assessment.rebound import (
    FIFTH,
    RIGHT,
    RIGHT_DECIMALS,
    TENTH,
    bind,
    do_errands,
    launch_anew,
    make_decimals,
)
from tests.assessment.stories import (
    ESSAY,
    HALF,
    QUARTER,
    answer_again,
    change,
    deliver_all,
    grades_of,
    mark,
    return_work,
    told,
    try_again,
    work_of,
)
from tests.cast import BEN, CLEO
from tests.rows import arrive, count_rows, hand_in, make_assignment, passback_of
from tool.assessment.changing import change_answers
from tool.assessment.closing import close_due
from tool.assessment.outcome import read_outcome
from tool.assessment.page_mark import PageMark
from tool.assessment.pages import Paper, read_paper
from tool.assessment.submitting import OtherAssignment, look_at_work, open_work, save_answers, submit
from tool.assessment.teacher.foretelling import what_handing_in_does
from tool.assessment.teacher.sheets import Sheet, list_sheets, open_sheet
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.passback.glance import read_glances
from tool.registration.platforms import KnownPlatform

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def ben(database: Database, platform: KnownPlatform) -> Arrival:
    make_decimals(database)
    return arrive(database, platform, BEN)


def paper_of(database: Database, place: Arrival) -> Paper:
    with database.reading() as connection:
        return read_paper(connection, place.assignment_id or "")


def sheets_of(database: Database, place: Arrival) -> list[Sheet]:
    with database.reading() as connection:
        return list_sheets(connection, place.placement_id or 0, place.assignment_id or "")


def begin(database: Database, place: Arrival, answers: Mapping[str, object]) -> None:
    """Save, without handing in."""
    with database.writing() as connection:
        work = open_work(connection, place.placement_id or 0, place.member_id, place.assignment_id or "")
        save_answers(connection, work, answers, PageMark(work.revision, "page"))


def test_the_new_assignment_begins_from_scratch(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    hand_in(database, ben, RIGHT)
    deliver_all(database, platform)

    in_decimals = bind(database, platform, "decimals")
    hand_in(database, in_decimals, {"half": "0.1"})

    work = work_of(database, in_decimals)
    assert (work.attempt_number, work.answers, work.is_open) == (1, {"half": "0.1"}, False)
    assert [grade.score for grade in grades_of(database, in_decimals)] == [4]
    assert [grade.score for grade in grades_of(database, ben)] == [10], "the fractions are as they were"
    assert count_rows(database)["submissions"] == 2


def test_coming_back_finds_the_work_of_then(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    begin(database, ben, {"half": "0.5"})
    begun = work_of(database, ben)

    in_decimals = bind(database, platform, "decimals")
    begin(database, in_decimals, {"half": "0.1"})
    bind(database, platform, "fractions")

    assert work_of(database, ben) == begun
    with database.writing() as connection:
        assert open_work(connection, ben.placement_id or 0, ben.member_id, "fractions") == begun
    assert work_of(database, in_decimals).answers == {"half": "0.1"}


def test_a_key_of_the_new_one_never_judges_the_old_answers(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    hand_in(database, ben, RIGHT)
    deliver_all(database, platform)
    bind(database, platform, "decimals")
    grades, row = grades_of(database, ben), passback_of(database, ben)

    make_decimals(database, questions=[TENTH | {"answer": "0.5", "points": 9}, FIFTH])

    assert grades_of(database, ben) == grades
    assert passback_of(database, ben) == row


def test_a_key_of_the_old_one_concerns_its_other_links_only(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    hand_in(database, ben, {"half": "0.5", "quarter": "0.2"})
    cleo = arrive(database, platform, CLEO, resource_link={"id": "link-2"})
    hand_in(database, cleo, {"half": "0.5", "quarter": "0.2"})
    deliver_all(database, platform)
    in_decimals = bind(database, platform, "decimals")
    hand_in(database, in_decimals, RIGHT_DECIMALS)
    row = passback_of(database, ben)

    change(database, updates="automatic")
    change(database, questions=[HALF, QUARTER | {"answer": "0.2"}])

    assert passback_of(database, ben) == row, "this link's column has nothing to do with fractions any more"
    assert told(database, cleo)[0] == 10
    assert [grade.score for grade in grades_of(database, ben)] == [10], "the work itself is judged by its own key"


def test_attempts_are_counted_from_one_again(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    change(database, attempts=2)
    hand_in(database, ben, RIGHT)
    try_again(database, ben, RIGHT)

    in_decimals = bind(database, platform, "decimals")
    hand_in(database, in_decimals, {"half": "0.1", "fifth": "1"})

    assert not paper_of(database, in_decimals).allows_attempt_after(work_of(database, in_decimals)), (
        "it has one attempt"
    )
    make_decimals(database, attempts=2, counting_attempt="average")
    assert paper_of(database, in_decimals).allows_attempt_after(work_of(database, in_decimals))
    try_again(database, in_decimals, RIGHT_DECIMALS)
    assert work_of(database, in_decimals).attempt_number == 2
    assert told(database, in_decimals)[0] == 7, "the average of four and ten, and of nothing else"


def test_the_result_page_is_about_the_new_one(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    hand_in(database, ben, RIGHT)
    in_decimals = bind(database, platform, "decimals")
    paper = paper_of(database, in_decimals)

    with database.reading() as connection:
        assert read_outcome(connection, paper, ben.placement_id or 0, ben.member_id) is None
    hand_in(database, in_decimals, {"half": "0.1"})
    with database.reading() as connection:
        outcome = read_outcome(connection, paper, ben.placement_id or 0, ben.member_id)

    assert outcome is not None
    assert (outcome["score"], outcome["attempts"]) == (4, [])


def test_the_teacher_sees_the_work_of_the_new_one(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    make_assignment(database, questions=[HALF, ESSAY])
    hand_in(database, ben, {"half": "0.5", "story": "Once."})
    assert [one.needs_grading for one in sheets_of(database, ben)] == [(2,)]

    in_decimals = bind(database, platform, "decimals")

    assert sheets_of(database, in_decimals) == []
    with database.reading() as connection:
        [glance] = read_glances(connection, ben.course_id)
    assert (glance.link.title, glance.handed_in, glance.to_grade, glance.to_send) == ("Decimals", 0, 0, 0)
    bind(database, platform, "fractions")
    assert [one.needs_grading for one in sheets_of(database, ben)] == [(2,)]


def test_work_is_given_back_whatever_was_tried_at_the_other(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    change(database, attempts=3)
    hand_in(database, ben, RIGHT)
    try_again(database, ben, RIGHT)
    in_decimals = bind(database, platform, "decimals")
    hand_in(database, in_decimals, {"half": "0.1"})

    return_work(database, in_decimals)

    assert work_of(database, in_decimals).is_open
    assert not work_of(database, ben).is_open


def test_the_clock_hands_in_what_the_link_has(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    change(database, closes_at=NOON)
    make_decimals(database, closes_at=(NOON + timedelta(hours=1)).isoformat())
    with time_machine.travel(NOON - timedelta(hours=1), tick=False) as clock:
        begin(database, ben, RIGHT)
        in_decimals = bind(database, platform, "decimals")
        begin(database, in_decimals, RIGHT_DECIMALS)

        clock.move_to(NOON)
        assert close_due(database) == 0
        assert work_of(database, ben).is_open

        clock.move_to(NOON + timedelta(hours=1))
        assert close_due(database) == 1
        assert told(database, in_decimals)[:2] == (10, "closed_by_clock")

        bind(database, platform, "fractions")
        assert close_due(database) == 1
        assert work_of(database, ben).submitted_at == NOON


def test_an_old_page_does_not_write_into_the_new_work(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    begin(database, ben, {"half": "0.5"})
    old_page = PageMark.read(str(PageMark.make(work_of(database, ben))))
    in_decimals = bind(database, platform, "decimals")
    with database.writing() as connection:
        work = open_work(connection, ben.placement_id or 0, ben.member_id, "decimals")
    old_page_that_guessed = PageMark(work.revision, old_page.page)

    for page in (old_page, old_page_that_guessed):
        with pytest.raises(OtherAssignment), database.writing() as connection:
            save_answers(connection, work, {"half": "0.5"}, page)

    assert work_of(database, in_decimals).answers == {}


def test_an_old_page_of_work_that_was_never_begun_does_not_either(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    with database.reading() as connection:
        seen = look_at_work(connection, ben.placement_id or 0, ben.member_id, "fractions")
    old_page = PageMark.read(str(PageMark.make(seen)))
    in_decimals = bind(database, platform, "decimals")
    begin(database, in_decimals, {})

    with pytest.raises(OtherAssignment), database.writing() as connection:
        save_answers(connection, work_of(database, in_decimals), {"half": "0.5"}, old_page)

    assert work_of(database, in_decimals).answers == {}


def test_an_old_page_does_not_change_the_new_answers(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    hand_in(database, ben, RIGHT)
    old = work_of(database, ben)
    in_decimals = bind(database, platform, "decimals")
    hand_in(database, in_decimals, RIGHT_DECIMALS)
    work = work_of(database, in_decimals)
    assert work.revision == old.revision

    with pytest.raises(OtherAssignment), database.writing() as connection:
        change_answers(connection, work, {"half": "0.5"}, PageMark.make(old))

    assert work_of(database, in_decimals).answers == RIGHT_DECIMALS
    answer_again(database, in_decimals, {"half": "0.1"})
    assert grades_of(database, in_decimals)[0].score == 4


def test_a_hand_in_of_this_very_moment_is_kept_and_not_told(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    begin(database, ben, RIGHT)
    work = work_of(database, ben)
    bind(database, platform, "decimals")

    with database.writing() as connection:
        assert submit(connection, work) is None

    assert [grade.score for grade in grades_of(database, ben)] == [10]
    assert count_rows(database)["passbacks"] == 0
    bind(database, platform, "fractions")
    assert not work_of(database, ben).is_open


def test_marks_stay_with_the_work_they_were_given_for(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    hand_in(database, ben, {"half": "0.5", "quarter": "0.2"})
    mark(database, platform, ben, half=2)
    in_decimals = bind(database, platform, "decimals")
    hand_in(database, in_decimals, RIGHT_DECIMALS)

    assert grades_of(database, in_decimals)[0].score == 10
    assert grades_of(database, ben)[0].score == 2


def test_handing_in_for_a_student_promises_no_send_over_another_grade(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    hand_in(database, ben, RIGHT)
    deliver_all(database, platform)
    in_decimals = bind(database, platform, "decimals")
    cleo = bind(database, platform, "decimals", CLEO)
    for place in (in_decimals, cleo):
        begin(database, place, RIGHT_DECIMALS)
    paper = paper_of(database, in_decimals)

    promises = {}
    with database.reading() as connection:
        for sheet in list_sheets(connection, ben.placement_id or 0, "decimals"):
            promises[sheet.name] = what_handing_in_does(paper, open_sheet(connection, sheet, paper.questions), "Canvas")

    assert promises["Cleo Brown"][-1] == "The score then goes to Canvas by itself."
    assert promises["Ben Carter"][-1] == "The score is not sent by itself: you send it in Grade Passback."


def test_a_launch_that_names_what_the_link_has_asks_for_nothing(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    launch_anew(database, platform, "fractions")
    arrive(database, platform, CLEO, custom=None)
    assert do_errands(database) == 0

    launch_anew(database, platform, "decimals")
    assert do_errands(database) == 1
