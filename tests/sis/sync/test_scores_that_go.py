"""Which number goes: what `passback` says of each student, with what a teacher decided for the school's records."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.rows import passback_of
from tests.sis.sync.bench import BENS, CLEOS, Bench
from tool.clock import now
from tool.lti.vocabulary import TEST_USER_ROLE
from tool.model.passbacks import Passback
from tool.model.people import Member
from tool.model.sis_syncs import SisScore
from tool.model.work import Assignment, Opening
from tool.passback import acts
from tool.sis.rules.preflight import check
from tool.sis.sync.gathering import gather

ESSAY = {"id": "why", "type": "essay", "prompt": "Why?", "points": 5}
HALF = {"id": "half", "type": "numeric", "prompt": "What is 1/2?", "points": 5, "answer": "0.5"}


def act(bench: Bench, what: Callable[..., None], *arguments: Any, placement_id: int | None = None, **more: Any) -> None:
    actor = acts.Actor(bench.ada.member_id, placement_id or bench.placement_id, bench.platform.id)
    with bench.database.writing() as connection:
        what(connection, actor, *arguments, **more)


def mark_of(bench: Bench, student: str, title: str = "Fractions") -> dict[str, Any]:
    mark: dict[str, Any] = bench.columns()[title]["results"][student]
    return mark


def warnings(bench: Bench) -> set[str]:
    with bench.database.reading() as connection:
        [facts] = gather(connection, bench.section_id, [bench.placement_id], now())
    return {one.code for one in check(facts) if not one.blocks}


def test_an_override_counts_for_both_destinations(bench: Bench) -> None:
    bench.hand_in(bench.ben)
    act(bench, acts.override, bench.ben.member_id, Decimal("7.5"), reason="", is_for_sis=True)
    bench.sync()

    assert bench.scores() == {BENS: Decimal("7.5"), CLEOS: None}


def test_an_override_for_the_lms_alone_leaves_the_earned_score(bench: Bench) -> None:
    bench.hand_in(bench.ben)
    act(bench, acts.override, bench.ben.member_id, Decimal("7.5"), reason="", is_for_sis=False)
    bench.sync()

    assert bench.scores()[BENS] == Decimal(10)
    assert passback_of(bench.database, bench.ben).override_score == Decimal("7.5")


def test_excused_work_goes_as_exempt_without_a_score(bench: Bench) -> None:
    bench.hand_in()
    act(bench, acts.excuse, bench.cleo.member_id, is_excused=True)
    bench.sync()

    assert (mark_of(bench, CLEOS)["status"], mark_of(bench, CLEOS)["score"]) == ("exempt", None)
    assert mark_of(bench, BENS)["status"] == "fully graded"


def test_completion_gives_everything_for_handing_in_and_no_zero_before_it_is_due(bench: Bench) -> None:
    act(bench, acts.change_mode, "completion")
    bench.hand_in(bench.ben, half="7", quarter="7")
    bench.sync()

    assert mark_of(bench, BENS)["score"] == Decimal(10)
    assert (mark_of(bench, CLEOS)["status"], mark_of(bench, CLEOS)["score"]) == ("not submitted", None)


def test_a_teachers_incomplete_is_a_zero(bench: Bench) -> None:
    act(bench, acts.change_mode, "completion")
    bench.hand_in()
    act(bench, acts.flip_completion, bench.cleo.member_id, "incomplete")
    bench.sync()

    assert bench.scores() == {BENS: Decimal(10), CLEOS: Decimal(0)}


@pytest.mark.parametrize(
    "questions",
    [[HALF, ESSAY], [ESSAY]],
    ids=["a part is graded by itself", "nothing is graded yet"],
)
def test_work_that_waits_for_the_teacher_goes_without_half_a_score(
    bench: Bench, questions: list[dict[str, Any]]
) -> None:
    places = bench.add_assignment(id="essay", title="Essay", questions=questions)
    answers = {str(one["id"]): "0.5" for one in questions}
    bench.hand_in(places["ben"], places["cleo"], **answers)
    act(
        bench,
        acts.override,
        bench.cleo.member_id,
        Decimal(4),
        reason="",
        is_for_sis=True,
        placement_id=places["ada"].placement_id,
    )
    bench.sync()

    assert (mark_of(bench, BENS, "Essay")["status"], mark_of(bench, BENS, "Essay")["score"]) == ("submitted", None)
    assert mark_of(bench, CLEOS, "Essay")["score"] == Decimal(4), "a teacher's number waits for no question"


def test_a_test_student_never_goes_even_with_the_id_of_a_real_one(bench: Bench) -> None:
    bench.change(Member, Member.id == bench.ben.member_id, roles=TEST_USER_ROLE, is_gradable=False)
    bench.hand_in()
    bench.sync()

    assert bench.scores() == {CLEOS: Decimal(10)}


def test_different_due_dates_are_told_and_one_set_for_the_class_ends_it(bench: Bench) -> None:
    for place, days in ((bench.ben, 1), (bench.cleo, 8)):
        bench.change(Opening, Opening.member_id == place.member_id, lms_due_at=Bench.past(-days))
    bench.hand_in()
    assert "due.many" in warnings(bench)

    bench.change(Assignment, due_at=Bench.past(-1))
    assert "due.many" not in warnings(bench)


def test_who_left_the_course_and_who_is_pinned_stay_as_they_are(bench: Bench) -> None:
    bench.hand_in()
    bench.sync()
    bench.change(SisScore, SisScore.member_id == bench.ben.member_id, is_pinned=True)
    bench.change(Member, Member.id == bench.cleo.member_id, left_at=Bench.past())
    for one in (bench.ben, bench.cleo):
        act(bench, acts.override, one.member_id, Decimal(1), reason="", is_for_sis=True)
    ended = bench.sync()

    assert bench.scores() == {BENS: Decimal(10), CLEOS: Decimal(10)}
    assert ended.status == "completed"


def test_nothing_that_the_lms_is_owed_is_touched(bench: Bench) -> None:
    bench.hand_in()
    before = [dict(row._mapping) for row in bench.rows(Passback)]
    bench.sync()

    assert [dict(row._mapping) for row in bench.rows(Passback)] == before


def test_points_that_were_changed_are_told_on_the_columns_scale(bench: Bench) -> None:
    bench.hand_in(bench.ben)
    bench.change(Assignment, points=Decimal(20))
    bench.sync()

    assert bench.columns()["Fractions"]["maximum"] == Decimal(20)
    assert bench.scores()[BENS] == Decimal(20)


def test_a_score_there_is_not_taken_away_by_work_that_waits_for_the_teacher(bench: Bench) -> None:
    places = bench.add_assignment(id="essay", title="Essay", questions=[ESSAY])
    bench.hand_in(places["ben"], places["cleo"], why="because")
    of_essay = {"placement_id": places["ada"].placement_id}
    for one in (bench.ben, bench.cleo):
        act(bench, acts.override, one.member_id, Decimal(4), reason="", is_for_sis=True, **of_essay)
    bench.sync()
    act(bench, acts.remove_override, bench.ben.member_id, **of_essay)
    act(bench, acts.override, bench.cleo.member_id, Decimal(3), reason="", is_for_sis=True, **of_essay)
    bench.sync()

    assert bench.scores("Essay") == {BENS: Decimal(4), CLEOS: Decimal(3)}
