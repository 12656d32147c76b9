"""Ben goes back to work that he handed in, or Ada gives it back: each change since it was sent has its cause."""

import pytest

from tests.assessment.stories import (
    ESSAY,
    HALF,
    QUARTER,
    answer_again,
    change,
    deliver_all,
    grades_of,
    hand_in_once_more,
    mark,
    read_questions,
    return_work,
    told,
    try_again,
    work_of,
)
from tests.cast import BEN
from tests.rows import arrive, hand_in, make_assignment, passback_of
from tool.assessment.changing import NotToBeChanged, change_answers, give_back, limit_change, may_change
from tool.assessment.page_mark import PageMark
from tool.assessment.submitting import SavedElsewhere, save_answers, submit
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.passback.ledger.entries import Chosen
from tool.passback.ledger.wishing import wish_chosen
from tool.registration.platforms import KnownPlatform

RIGHT = {"half": "0.5", "quarter": "0.25"}
EDITED = {"half": "0.5", "quarter": "0.2"}
BLANK = {"half": "0.5"}
pytestmark = pytest.mark.usefixtures("platform")


def test_blanks_filled_in_later_are_a_change_since_sent(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    change(database, unanswered="zero")
    hand_in(database, ben, BLANK)
    assert deliver_all(database, platform) == 1

    decision = answer_again(database, ben, RIGHT)

    assert decision is not None
    assert decision.reason == "changed"
    assert told(database, ben) == (10, "blanks_filled", "changed", 1)
    assert passback_of(database, ben).confirmed_score == 5


def test_edited_answers_are_a_change_since_sent(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    hand_in(database, ben, EDITED)
    deliver_all(database, platform)

    answer_again(database, ben, RIGHT)

    assert told(database, ben) == (10, "answers_edited", "changed", 1)


def test_a_change_keeps_the_time_of_the_first_hand_in(database: Database, ben: Arrival) -> None:
    hand_in(database, ben, EDITED)
    before = work_of(database, ben)

    answer_again(database, ben, RIGHT)

    after = work_of(database, ben)
    assert (after.submitted_at, after.attempt_number) == (before.submitted_at, 1)
    assert after.answers == RIGHT


def test_a_change_that_earns_the_same_is_no_change_since_sent(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    change(database, unanswered="zero")
    hand_in(database, ben, BLANK)
    deliver_all(database, platform)
    before = told(database, ben)

    answer_again(database, ben, EDITED)  # the blank is filled in, and wrong

    assert told(database, ben) == before == (5, "submitted", None, 1)


def test_a_held_blank_that_is_filled_in_is_no_longer_called_blank(database: Database, ben: Arrival) -> None:
    hand_in(database, ben, BLANK)
    assert told(database, ben) == (5, "submitted", "unanswered", 0)

    answer_again(database, ben, EDITED)

    assert told(database, ben) == (5, "blanks_filled", "changed", 0)


def test_with_automatic_updates_a_change_goes_by_itself(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    change(database, updates="automatic")
    hand_in(database, ben, EDITED)
    deliver_all(database, platform)

    answer_again(database, ben, RIGHT)

    assert told(database, ben) == (10, "answers_edited", None, 2)
    assert passback_of(database, ben).state == "due"

    answer_again(database, ben, {"half": "1/2", "quarter": "1/4"})

    assert told(database, ben)[3] == 2  # other words, the same score: nothing more to send


def test_the_same_answers_again_are_nothing(database: Database, ben: Arrival) -> None:
    hand_in(database, ben, RIGHT)
    graded = grades_of(database, ben)

    assert answer_again(database, ben, RIGHT) is None
    assert grades_of(database, ben) == graded


def test_a_change_from_an_old_page_overwrites_nothing(database: Database, ben: Arrival) -> None:
    hand_in(database, ben, EDITED)
    old = work_of(database, ben)
    answer_again(database, ben, RIGHT)

    with pytest.raises(SavedElsewhere), database.writing() as connection:
        change_answers(connection, old, {"half": "0"}, PageMark(old.revision, "old"))

    assert work_of(database, ben).answers == RIGHT


def test_an_edited_essay_has_to_be_graded_anew(database: Database, platform: KnownPlatform) -> None:
    make_assignment(database, questions=[HALF, ESSAY])
    ben = arrive(database, platform, BEN)
    hand_in(database, ben, {"half": "0.5", "story": "Once."})
    mark(database, platform, ben, half=4, story=8)

    answer_again(database, ben, {"half": "0.5", "story": "Once upon a time."})

    assert told(database, ben) == (4, "answers_edited", "needs_grading", 0)
    assert grades_of(database, ben)[0].needs_grading == [2]  # the mark of the answer that stayed decides on


def test_an_ungraded_essay_is_news_even_when_the_number_is_the_same(
    database: Database, platform: KnownPlatform
) -> None:
    make_assignment(database, questions=[HALF, ESSAY])
    ben = arrive(database, platform, BEN)
    hand_in(database, ben, {"half": "0.5", "story": "Once."})
    mark(database, platform, ben, story=0)
    row = passback_of(database, ben)
    with database.writing() as connection:
        wish_chosen(connection, row.id, Chosen(row.earned, row.earned_maximum, row.submitted_at, "manual"))
    deliver_all(database, platform)

    answer_again(database, ben, {"half": "0.5", "story": "Twice."})
    assert told(database, ben) == (5, "answers_edited", "needs_grading", 1)

    mark(database, platform, ben, story=0)
    assert told(database, ben) == (5, "regraded", "needs_person", 1)


def test_given_back_work_keeps_its_score_until_it_comes_in_again(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    hand_in(database, ben, EDITED)
    deliver_all(database, platform)
    sent = told(database, ben)

    return_work(database, ben)
    assert work_of(database, ben).is_open
    assert told(database, ben) == sent

    hand_in_once_more(database, ben, RIGHT)
    work = work_of(database, ben)
    assert (work.is_open, work.attempt_number) == (False, 1)
    assert told(database, ben) == (10, "answers_edited", "changed", 1)


def test_given_back_work_with_only_blanks_filled_says_so(database: Database, ben: Arrival) -> None:
    hand_in(database, ben, BLANK)
    return_work(database, ben)

    hand_in_once_more(database, ben, RIGHT)

    assert told(database, ben) == (10, "blanks_filled", "changed", 0)


def test_given_back_work_that_comes_unchanged_is_nothing(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    hand_in(database, ben, EDITED)
    deliver_all(database, platform)
    return_work(database, ben)
    before = told(database, ben)

    with database.writing() as connection:
        assert submit(connection, work_of(database, ben), by="teacher") is None

    assert told(database, ben) == before
    assert not work_of(database, ben).is_open


def test_a_new_key_grades_given_back_work_as_it_was_handed_in(database: Database, ben: Arrival) -> None:
    hand_in(database, ben, EDITED)
    return_work(database, ben)
    work = work_of(database, ben)
    with database.writing() as connection:
        save_answers(connection, work, {"half": "a draft"}, PageMark(work.revision, "page"))

    change(database, questions=[HALF, QUARTER | {"answer": "0.2"}])

    assert told(database, ben)[:2] == (10, "key_changed")


def test_work_is_given_back_once_and_only_the_newest(database: Database, ben: Arrival) -> None:
    hand_in(database, ben, EDITED)
    first = work_of(database, ben)
    return_work(database, ben)
    with pytest.raises(NotToBeChanged):
        return_work(database, ben)

    hand_in_once_more(database, ben, RIGHT)
    try_again(database, ben, RIGHT)
    with pytest.raises(NotToBeChanged), database.writing() as connection:
        give_back(connection, first.submission_id)


def test_a_setting_limits_what_may_be_changed(database: Database, ben: Arrival) -> None:
    hand_in(database, ben, BLANK)
    work, questions = work_of(database, ben), read_questions(HALF, QUARTER)

    assert [may_change(setting, questions, work) for setting in ("nothing", "blanks", "answers")] == [
        "nothing",
        "blanks",
        "answers",
    ]
    assert limit_change("blanks", questions, BLANK, {"half": "9", "quarter": "0.25"}) == RIGHT
    assert limit_change("answers", questions, BLANK, {"half": "9"}) == {"half": "9"}

    answer_again(database, ben, RIGHT)
    assert may_change("blanks", questions, work_of(database, ben)) == "nothing"  # nothing is blank
