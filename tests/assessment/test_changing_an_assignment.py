"""Ada mends the key, the points or a setting: everybody it concerns is marked, and nobody else."""

import threading
import time

import pytest

from tests.assessment.stories import ESSAY, HALF, QUARTER, change, deliver_all, grades_of, mark, read_questions, told
from tests.cast import BEN, CLEO
from tests.rows import arrive, assignment_text, hand_in, make_assignment, passback_of
from tool.assessment.assignments import ChangedElsewhere, change_assignment, export_assignment, import_assignment
from tool.assessment.grading import Foreseen, foresee
from tool.assessment.page_mark import PageMark
from tool.assessment.questions import AssignmentFileError, read_assignment_file
from tool.assessment.submitting import open_work, save_answers, submit
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.registration.platforms import KnownPlatform

QUARTER_AS_FIFTH = QUARTER | {"answer": "0.2"}


@pytest.fixture
def cleo(database: Database, platform: KnownPlatform) -> Arrival:
    return arrive(database, platform, CLEO)


def test_a_new_key_marks_exactly_whose_score_it_changes(
    database: Database, platform: KnownPlatform, ben: Arrival, cleo: Arrival
) -> None:
    hand_in(database, ben, {"half": "0.5", "quarter": "0.2"})
    hand_in(database, cleo, {"half": "0.5", "quarter": "0.3"})
    deliver_all(database, platform)
    cleos = passback_of(database, cleo)

    changed = change(database, questions=[HALF, QUARTER_AS_FIFTH])

    assert (changed.regraded, changed.is_sent) == (2, False)
    assert told(database, ben) == (10, "key_changed", "changed", 1)
    assert passback_of(database, cleo) == cleos


def test_a_key_that_is_put_back_leaves_no_change(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    hand_in(database, ben, {"half": "0.5", "quarter": "0.2"})
    deliver_all(database, platform)

    change(database, questions=[HALF, QUARTER_AS_FIFTH])
    change(database, questions=[HALF, QUARTER])

    row = passback_of(database, ben)
    assert (row.earned, row.earned_maximum) == (row.confirmed_score, row.confirmed_maximum)


def test_other_points_are_a_cause_of_their_own(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    hand_in(database, ben, {"half": "0.5", "quarter": "0.2"})
    deliver_all(database, platform)

    change(database, questions=[HALF | {"points": 6}, QUARTER | {"points": 4}])  # as many points as before, all told

    assert told(database, ben) == (6, "points_changed", "changed", 1)


def test_more_points_in_all_change_everybody(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    hand_in(database, ben, {"half": "0", "quarter": "0"})
    deliver_all(database, platform)

    change(database, questions=[HALF, QUARTER | {"points": 15}])

    row = passback_of(database, ben)
    assert (row.earned, row.earned_maximum, row.reason) == (0, 20, "changed")


def test_an_import_marks_like_the_page(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    hand_in(database, ben, {"half": "0.5", "quarter": "0.2"})
    deliver_all(database, platform)

    text = assignment_text(questions=[HALF, QUARTER_AS_FIFTH])
    assert import_assignment(database, read_assignment_file(text)).regraded == 1
    assert told(database, ben) == (10, "key_changed", "changed", 1)


def test_another_wording_changes_no_row(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    hand_in(database, ben)
    deliver_all(database, platform)
    before = passback_of(database, ben)

    change(database, questions=[HALF | {"prompt": "How much is a half?"}, QUARTER])

    assert passback_of(database, ben) == before


def test_with_automatic_updates_a_new_key_sends_what_it_changes(
    database: Database, platform: KnownPlatform, ben: Arrival, cleo: Arrival
) -> None:
    change(database, updates="automatic")
    hand_in(database, ben, {"half": "0.5", "quarter": "0.2"})
    hand_in(database, cleo, {"half": "0.5", "quarter": "0.3"})
    deliver_all(database, platform)

    assert change(database, questions=[HALF, QUARTER_AS_FIFTH]).is_sent

    assert passback_of(database, ben).state == "due"
    assert passback_of(database, cleo).state == "delivered"


def test_a_hand_in_of_this_very_moment_is_graded_by_the_new_key_too(database: Database, ben: Arrival) -> None:
    is_graded = threading.Event()

    def hand_in_slowly() -> None:
        with database.writing() as connection:
            work = open_work(connection, ben.placement_id or 0, ben.member_id, "fractions")
            submit(connection, save_answers(connection, work, {"quarter": "0.2"}, PageMark(0, "page")))
            is_graded.set()
            time.sleep(0.3)

    student = threading.Thread(target=hand_in_slowly)
    student.start()
    assert is_graded.wait(10)
    change(database, questions=[HALF, QUARTER_AS_FIFTH])
    student.join(10)

    assert grades_of(database, ben)[0].score == 5
    assert passback_of(database, ben).earned == 5


def test_points_given_by_hand_outlive_a_new_key(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    hand_in(database, ben, {"half": "0.5", "quarter": "0.2"})
    mark(database, platform, ben, quarter=3)

    change(database, questions=[HALF, QUARTER_AS_FIFTH])

    assert grades_of(database, ben)[0].score == 8


def test_what_a_key_would_do_is_told_before(
    database: Database, platform: KnownPlatform, ben: Arrival, cleo: Arrival
) -> None:
    hand_in(database, ben, {"half": "0.5", "quarter": "0.2"})
    hand_in(database, cleo, {"half": "0.5", "quarter": "0.3"})
    mark(database, platform, cleo, half=5, quarter=4)
    before = [passback_of(database, one) for one in (ben, cleo)]

    with database.reading() as connection:
        other_key = foresee(connection, "fractions", read_questions(HALF, QUARTER_AS_FIFTH))
        fewer_points = foresee(connection, "fractions", read_questions(HALF, QUARTER | {"points": 3}))

    assert other_key == Foreseen(handed_in=2, changed=1, above=0)
    assert fewer_points == Foreseen(handed_in=2, changed=2, above=1)
    assert [passback_of(database, one) for one in (ben, cleo)] == before


def test_turning_automatic_on_sends_nothing_of_before(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    change(database, automatic_passback=False)
    hand_in(database, ben)
    assert told(database, ben) == (10, "submitted", "automatic_off", 0)

    assert not change(database, automatic_passback=True).is_sent

    assert told(database, ben) == (10, "submitted", "automatic_off", 0)
    assert deliver_all(database, platform) == 0


def test_a_page_older_than_the_assignment_changes_nothing(database: Database, ben: Arrival) -> None:
    change(database, attempts=2)

    with pytest.raises(ChangedElsewhere), database.writing() as connection:
        change_assignment(connection, "fractions", {"attempts": 5}, seen_revision=1)

    assert export_assignment(database, "fractions").attempts == 2


def test_a_change_obeys_the_rules_of_the_file(database: Database, ben: Arrival) -> None:
    before = export_assignment(database, "fractions")

    with pytest.raises(AssignmentFileError, match="attempts"):
        change(database, attempts=21)

    assert export_assignment(database, "fractions") == before


def test_an_essay_added_later_is_a_blank_of_those_who_handed_in_before(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    hand_in(database, ben)
    deliver_all(database, platform)

    make_assignment(database, questions=[HALF, QUARTER, ESSAY])

    row = passback_of(database, arrive(database, platform, BEN))
    assert (row.earned, row.earned_maximum, row.reason) == (10, 18, "needs_person")
