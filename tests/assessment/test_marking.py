"""Ada grades by hand: her points decide, and every change of them reaches the ledger."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests.assessment.stories import ESSAY, HALF, QUARTER, deliver_all, grades_of, mark, return_work, told, work_of
from tests.cast import ADA, BEN, CLEO
from tests.rows import arrive, hand_in, make_assignment, make_platform, passback_of
from tool.assessment.marking import MoreThanPoints, NotHandedIn, give_marks
from tool.assessment.marks import Excess, GivenMark
from tool.assessment.submitting import open_work
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.model.work import Mark
from tool.registration.platforms import KnownPlatform

RUBRIC = ESSAY | {
    "rubric": [{"id": "plot", "title": "Plot", "points": 5}, {"id": "sums", "title": "Sums", "points": 3}]
}
ANSWERS = {"half": "0.5", "story": "Once there was a fraction."}


@pytest.fixture
def platform(database: Database) -> KnownPlatform:
    make_assignment(database, questions=[HALF, ESSAY])
    return make_platform(database)


@pytest.fixture
def ben(database: Database, platform: KnownPlatform) -> Arrival:
    place = arrive(database, platform, BEN)
    hand_in(database, place, ANSWERS)
    return place


def test_an_essay_waits_until_it_is_marked(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    assert told(database, ben) == (5, "submitted", "needs_grading", 0)

    mark(database, platform, ben, story="6.5")

    assert told(database, ben) == (Decimal("11.5"), "regraded", "needs_person", 0)
    [grade] = grades_of(database, ben)
    assert (grade.score, grade.needs_grading) == (Decimal("11.5"), [])
    assert [(one["state"], one["earned"]) for one in grade.details] == [("correct", "5"), ("graded", "6.5")]


def test_no_points_for_an_essay_are_a_grade_too(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    mark(database, platform, ben, story=0)

    assert told(database, ben) == (5, "regraded", "needs_person", 0)  # the number is as it was; it waits no longer


def test_with_one_of_two_essays_marked_it_still_waits(database: Database, platform: KnownPlatform) -> None:
    make_assignment(database, questions=[ESSAY, ESSAY | {"id": "poem"}])
    ben = arrive(database, platform, BEN)
    hand_in(database, ben, {"story": "A story.", "poem": "A poem."})

    mark(database, platform, ben, story=8)
    assert told(database, ben)[2] == "needs_grading"
    assert passback_of(database, ben).detail == [2]

    mark(database, platform, ben, poem=4)
    assert told(database, ben) == (12, "regraded", "needs_person", 0)


def test_a_changed_score_of_work_that_was_sent_is_marked(database: Database, platform: KnownPlatform) -> None:
    make_assignment(database, questions=[HALF, QUARTER])
    ben = arrive(database, platform, BEN)
    hand_in(database, ben, {"half": "0.5", "quarter": "a quarter"})
    assert deliver_all(database, platform) == 1

    decision = mark(database, platform, ben, quarter=4)

    assert decision is not None
    assert (decision.kind, decision.reason) == ("hold", "changed")
    assert told(database, ben) == (9, "score_changed", "changed", 1)
    assert passback_of(database, ben).confirmed_score == 5
    assert deliver_all(database, platform) == 0


def test_a_mark_taken_away_lets_the_key_decide_again(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    mark(database, platform, ben, half=2, story=8)
    assert told(database, ben)[0] == 10

    mark(database, platform, ben, half=None)

    assert told(database, ben)[:2] == (13, "score_changed")


def test_a_blank_that_a_teacher_decided_is_blank_no_longer(database: Database, platform: KnownPlatform) -> None:
    make_assignment(database, questions=[HALF, QUARTER])
    ben = arrive(database, platform, BEN)
    hand_in(database, ben, {"half": "0.5"})
    assert told(database, ben) == (5, "submitted", "unanswered", 0)

    mark(database, platform, ben, quarter=3)

    assert told(database, ben) == (8, "score_changed", "changed", 0)
    assert grades_of(database, ben)[0].unanswered == []


def test_a_rubric_is_added_up_exactly(database: Database, platform: KnownPlatform) -> None:
    make_assignment(database, questions=[RUBRIC])
    ben = arrive(database, platform, BEN)
    hand_in(database, ben, {"story": "Once."})

    rubric = {"plot": Decimal("0.1"), "sums": Decimal("0.2")}
    give(database, platform, ben, GivenMark("story", sum(rubric.values(), Decimal(0)), rubric, "Well told."))

    [grade] = grades_of(database, ben)
    assert grade.score == Decimal("0.3")
    assert grade.details[0]["rubric"] == {"plot": "0.1", "sums": "0.2"}
    assert grade.details[0]["feedback"] == "Well told."


def test_feedback_alone_changes_no_score(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    mark(database, platform, ben, story=6)
    before = told(database, ben)

    give(database, platform, ben, GivenMark("half", feedback="Nicely done."))

    assert told(database, ben) == before
    assert grades_of(database, ben)[0].details[0]["feedback"] == "Nicely done."


def test_more_than_can_be_earned_is_taken_only_after_a_warning(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    with pytest.raises(MoreThanPoints) as refused:
        give(database, platform, ben, GivenMark("story", Decimal(9)))
    assert refused.value.excess == [Excess(2, Decimal(9), Decimal(8))]
    assert told(database, ben)[2] == "needs_grading"

    give(database, platform, ben, GivenMark("story", Decimal(9)), may_exceed=True)
    assert told(database, ben)[0] == 14


def test_a_line_of_a_rubric_has_its_own_limit(database: Database, platform: KnownPlatform) -> None:
    make_assignment(database, questions=[RUBRIC])
    ben = arrive(database, platform, BEN)
    hand_in(database, ben, {"story": "Once."})

    with pytest.raises(MoreThanPoints) as refused:
        give(database, platform, ben, GivenMark("story", Decimal(6), {"plot": Decimal(2), "sums": Decimal(4)}))

    assert refused.value.excess == [Excess(1, Decimal(4), Decimal(3))]


def test_work_in_the_students_hands_is_not_marked(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    return_work(database, ben)
    with pytest.raises(NotHandedIn):
        mark(database, platform, ben, story=5)

    cleo = arrive(database, platform, CLEO)
    with database.writing() as connection:
        open_work(connection, cleo.placement_id or 0, cleo.member_id, "fractions")
    with pytest.raises(NotHandedIn):
        mark(database, platform, cleo, story=5)


def test_a_mark_says_who_gave_it(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    mark(database, platform, ben, story=5)
    mark(database, platform, ben, story=6)

    ada = arrive(database, platform, ADA)
    with database.reading() as connection:
        [row] = connection.execute(select(Mark)).all()
    assert (row.points, row.marked_by, row.submission_id) == (6, ada.member_id, work_of(database, ben).submission_id)


def test_an_empty_mark_leaves_no_row(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    mark(database, platform, ben, story=5)
    mark(database, platform, ben, story=None)

    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(Mark)).scalar_one() == 0
    assert told(database, ben)[2] == "needs_grading"


def give(
    database: Database, platform: KnownPlatform, place: Arrival, given: GivenMark, *, may_exceed: bool = False
) -> None:
    ada = arrive(database, platform, ADA)
    with database.writing() as connection:
        give_marks(connection, work_of(database, place).submission_id, [given], by=ada.member_id, may_exceed=may_exceed)
