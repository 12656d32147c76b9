"""One refusal never stops the others; what is about the whole connection stops everything, and is told once."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.cast import HANA
from tests.rows import arrive
from tests.sis.sync.bench import BENS, CLEOS, Bench
from tool.model.sis import SisConnection, SisPeriod, SisSection
from tool.model.sis_syncs import SisItem, SisRun, SisRunLine, SisScore
from tool.sis.plain import SisError


def test_one_students_refusal_leaves_the_others_alone(bench: Bench) -> None:
    """The class list is of yesterday: Ben has left the class since."""
    bench.hand_in()
    bench.expel(BENS)
    ended = bench.sync()

    assert bench.scores() == {CLEOS: Decimal(10)}
    assert ended.status == "with_errors"
    assert ("score", "failed", "student.not_in_class") in bench.lines(ended.id)
    assert (bench.view().status, bench.view().code) == ("noted", "student.not_in_class")
    [row] = bench.rows(SisScore, SisScore.member_id == bench.ben.member_id)
    assert (row.state, row.status, row.sent_at) == ("failed", 422, None)
    assert "not enrolled" in row.answer


def test_an_unmatched_student_is_left_out_and_told(bench: Bench) -> None:
    hana = arrive(bench.database, bench.platform, HANA, email="hana@school.example")
    bench.hand_in(bench.ben, bench.cleo, hana)
    ended = bench.sync()

    assert bench.scores() == {BENS: Decimal(10), CLEOS: Decimal(10)}
    assert (bench.view().status, bench.view().code) == ("noted", "student.unmatched")
    assert ended.status == "completed"
    assert [one.member_id for one in bench.rows(SisRunLine, SisRunLine.outcome == "skipped")] == [hana.member_id]


def test_one_items_refusal_leaves_the_others_alone(bench: Bench) -> None:
    places = bench.add_assignment()
    bench.hand_in(bench.ben, places["ben"])
    bench.set_mood("invalid422", for_requests=1, target="line_items", text="Gradebook is grumpy")
    ended = bench.sync()

    assert list(bench.columns()) == ["Fractions"], "of two, by title, the first was refused"
    assert ended.status == "with_errors"
    refused = bench.view(places["ada"].placement_id)
    assert (refused.status, refused.code, refused.is_unseen) == ("error", "sis.validation", True)
    assert bench.view().status == "successful"
    [row] = [one for one in bench.rows(SisItem) if one.placement_id == places["ada"].placement_id]
    assert "grumpy" in row.answer


@pytest.mark.parametrize(
    ("mood", "text", "code"),
    [("refuse401", "", "auth.expired"), ("forbid403", "scope createput was not granted", "auth.scope")],
    ids=["401", "403"],
)
def test_credentials_that_are_refused_stop_the_run_with_one_error(
    bench: Bench, mood: str, text: str, code: str
) -> None:
    bench.hand_in()
    bench.add_classmates()
    bench.set_mood(mood, target="writes", text=text)
    ended = bench.sync()

    assert (ended.status, ended.code) == ("failed", code)
    assert len(bench.asked()) <= 2, "asked once, and once more with a new token"
    assert [one for one in bench.rows(SisRunLine) if one.outcome == "failed"] == []
    assert (bench.view().status, bench.view().code) == ("error", code)
    assert bench.sis.book.columns() == []


def test_credentials_that_are_refused_while_reading_stop_it_before_anything(bench: Bench) -> None:
    bench.hand_in()
    bench.change(SisSection, read_at=Bench.past())
    bench.set_mood("refuse401")
    ended = bench.sync()

    assert (ended.status, ended.stage, ended.code) == ("failed", "refreshing", "auth.expired")
    assert bench.asked() == []
    [section] = bench.rows(SisSection)
    assert section.read_failure == "auth.expired"


def test_five_equal_refusals_in_a_row_stop_it(bench: Bench) -> None:
    bench.hand_in()
    bench.add_classmates()
    bench.set_mood("invalid422", target="results", after_requests=2)
    ended = bench.sync()

    assert (ended.status, ended.code) == ("failed", "sis.validation")
    assert len([path for path in bench.asked() if "/results/" in path]) == 2 + 5
    assert bench.view().status == "error"


def test_more_refusals_that_are_not_in_a_row_do_not(bench: Bench) -> None:
    bench.hand_in()
    bench.add_classmates()
    asked: list[int] = []

    def refuse_all_but_the_fifth() -> None:
        asked.append(1)
        if len(asked) != 5:
            raise SisError("permanent", "sis.validation", status=422)

    bench.watch("put_result", refuse_all_but_the_fifth, before=True)
    ended = bench.sync()

    assert (ended.status, ended.code, len(asked)) == ("with_errors", None, 8)
    assert len(bench.scores()) == 1


def test_a_lost_answer_is_put_again_though_the_score_is_the_old_one_by_now(bench: Bench) -> None:
    """The change arrived and its answer did not; then it was taken back here. What stands there must not stay."""
    bench.hand_in(bench.ben)
    bench.sync()
    bench.override(bench.ben, 3)
    bench.watch("put_result", _lose_once())
    failed = bench.sync()
    assert (failed.status, failed.code) == ("failed", "timeout")
    assert bench.scores()[BENS] == Decimal(3)
    bench.remove_override(bench.ben)
    ended = bench.sync()

    assert ended.status == "completed"
    assert bench.scores()[BENS] == Decimal(10)


def _lose_once() -> Callable[[], None]:
    left = [SisError("later", "timeout")]

    def lose() -> None:
        if left:
            raise left.pop()

    return lose


def test_a_period_that_the_office_closed_is_learned_and_found_before_sending_the_next_time(bench: Bench) -> None:
    places = bench.add_assignment()
    bench.hand_in(bench.ben, places["ben"])
    bench.sis.school.close_period("gp-q2", is_closed=True)
    bench.sync()

    assert len(bench.asked()) == 1, "the first refusal speaks for the whole period"
    assert {one.sourced_id for one in bench.rows_of_periods() if one.closed_at} == {"gp-q2"}
    assert bench.view().status == "term_closed"
    bench.sis.journal.clear()
    ended = bench.sync()
    assert bench.asked() == []
    assert bench.lines(ended.id) == [("check", "blocked", "period.closed")] * 2
    assert bench.view().status == "term_closed"


def test_a_closed_period_is_tried_again_when_a_teacher_says_so_or_its_days_change(bench: Bench) -> None:
    bench.hand_in(bench.ben)
    bench.sis.school.close_period("gp-q2", is_closed=True)
    bench.sync()
    bench.sis.school.close_period("gp-q2", is_closed=False)
    bench.sync("selected", placement_ids=[bench.placement_id])
    assert bench.view().status == "successful"

    bench.change(SisPeriod, closed_at=Bench.past())
    period = bench.sis.school.sessions["gp-q2"]
    bench.sis.school.change_period(type(period)(**_later(period)))
    bench.change(SisSection, read_at=Bench.past())
    bench.sync()
    assert [one.closed_at for one in bench.rows_of_periods() if one.sourced_id == "gp-q2"] == [None]


def _later(period: Any) -> dict[str, Any]:
    told = {name: getattr(period, name) for name in period.__slots__}
    return told | {"ends_on": period.ends_on.replace(year=period.ends_on.year + 1)}


@pytest.mark.parametrize(
    ("table", "values", "code"),
    [
        (SisConnection, {"is_enabled": False}, "connection.off"),
        (SisConnection, {"lms_syncs": True}, "double_road"),
        (SisSection, {"lms_syncs": True}, "double_road"),
        (SisSection, {"unlinked_at": Bench.past()}, "class.unlinked"),
        (SisConnection, {"removed_at": Bench.past()}, "connection.off"),
    ],
    ids=["off", "the LMS syncs", "the LMS syncs this class", "unlinked", "removed"],
)
def test_nothing_is_asked_where_the_way_is_off(bench: Bench, table: Any, values: dict[str, Any], code: str) -> None:
    bench.hand_in()
    bench.sis.journal.clear()
    bench.change(table, **values)
    ended = bench.sync()

    assert (ended.status, ended.code) == ("failed", code)
    assert bench.sis.journal.read() == []


def test_a_class_that_is_unlinked_while_a_run_is_on_its_way_gets_nothing_more(bench: Bench) -> None:
    places = bench.add_assignment()
    bench.hand_in(bench.ben, places["ben"])
    run_id = bench.ask()
    bench.watch("put_line_item", lambda: bench.change(SisSection, unlinked_at=Bench.past()))
    bench.do(run_id)

    [row] = bench.rows(SisRun)
    assert (row.status, row.code) == ("failed", "class.unlinked")
    assert len(bench.asked()) == 1
