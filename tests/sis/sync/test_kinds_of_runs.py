"""Selected, remaster, check only: what each sends, and how often."""

from decimal import Decimal

import pytest

from tests.sis.sync.bench import BENS, CLEOS, Bench
from tool.errors import BadInput
from tool.model.sis import SisSection
from tool.model.sis_syncs import SisItem, SisScore
from tool.sis.sync import items


def test_only_what_is_chosen_goes(bench: Bench) -> None:
    places = bench.add_assignment()
    bench.hand_in(bench.ben, places["ben"])
    bench.sync("selected", placement_ids=[bench.placement_id])

    assert list(bench.columns()) == ["Fractions"]
    assert bench.view(places["ada"].placement_id).status == "not_yet"


def test_what_is_left_out_this_time_goes_the_next_time(bench: Bench) -> None:
    places = bench.add_assignment()
    bench.hand_in(bench.ben, places["ben"])
    bench.sync(left_out=[bench.placement_id])
    assert list(bench.columns()) == ["Decimals"]
    bench.sync()
    assert sorted(bench.columns()) == ["Decimals", "Fractions"]


def test_a_remaster_sends_everything_again_and_repairs_what_was_changed_there(bench: Bench) -> None:
    bench.hand_in()
    bench.sync()
    bench.type_there(BENS, 2)
    bench.sis.journal.clear()
    bench.sync()
    assert bench.asked() == [], "nothing changed here"
    bench.sync("remaster")

    assert len(bench.asked()) == 3
    assert bench.scores() == {BENS: Decimal(10), CLEOS: Decimal(10)}


def test_a_remaster_is_once_in_24_hours(bench: Bench) -> None:
    bench.hand_in()
    bench.sync("remaster")
    with pytest.raises(BadInput, match="24 hours"):
        bench.ask("remaster")
    bench.change(SisSection, remastered_at=Bench.past(2))
    bench.sync("remaster")


def test_a_check_sends_nothing_and_tells_everything(bench: Bench) -> None:
    places = bench.add_assignment(title="A title that is longer than what this gradebook has room for")
    bench.hand_in(bench.ben, places["ben"])
    bench.limit_titles(30)
    ended = bench.sync("check")

    assert bench.asked() == []
    assert ended.status == "with_errors"
    assert ("check", "blocked", "title.long") in bench.lines(ended.id)
    assert ("check", "warned", "due.inferred") in bench.lines(ended.id)
    assert bench.view(places["ada"].placement_id).status == "attention"
    assert bench.view().status == "not_yet"
    assert bench.rows(SisScore) == []


def test_an_item_that_is_kept_back_keeps_no_other(bench: Bench) -> None:
    places = bench.add_assignment(title="A title that is longer than what this gradebook has room for")
    bench.hand_in(bench.ben, places["ben"])
    bench.limit_titles(30)
    ended = bench.sync()

    assert list(bench.columns()) == ["Fractions"]
    assert ended.status == "with_errors"
    blocked = bench.view(places["ada"].placement_id)
    assert (blocked.status, blocked.code, blocked.needs_person) == ("attention", "title.long", True)


def test_nothing_handed_in_waits_and_is_nobodys_trouble(bench: Bench) -> None:
    ended = bench.sync()

    assert (ended.status, bench.view().status) == ("completed", "waiting")
    assert bench.asked() == []


def test_switched_off_stops_what_is_to_come_and_removes_nothing(bench: Bench) -> None:
    bench.hand_in()
    bench.sync()
    last = bench.view().succeeded_at
    with bench.database.writing() as connection:
        items.set_syncs(connection, bench.actor, [bench.placement_id], syncs=False)
    bench.override(bench.ben, 3)
    bench.sync()

    assert bench.scores() == {BENS: Decimal(10), CLEOS: Decimal(10)}
    assert (bench.view().status, bench.view().succeeded_at) == ("opted_out", last)
    bench.type_there(CLEOS, 1)
    with bench.database.writing() as connection:
        items.set_syncs(connection, bench.actor, [bench.placement_id], syncs=True)
    bench.sync()
    assert bench.scores() == {BENS: Decimal(3), CLEOS: Decimal(10)}, "everything that stands here now"


def test_what_is_off_by_default_goes_only_when_somebody_says_so(bench: Bench) -> None:
    bench.off_by_default()
    bench.hand_in()
    bench.sync()
    assert bench.view().status == "opted_out"
    assert bench.rows(SisItem)[0].state == "new"
    with bench.database.writing() as connection:
        items.set_syncs(connection, bench.actor, [bench.placement_id], syncs=True)
    bench.sync()
    assert bench.view().status == "successful"


def test_a_score_typed_there_is_a_note_and_the_teacher_may_keep_it(bench: Bench) -> None:
    bench.hand_in()
    bench.sync()
    bench.type_there(BENS, 2)
    ended = bench.sync()

    assert ended.status == "completed"
    assert ("verify", "warned", "overwritten") in bench.lines(ended.id)
    [row] = bench.rows(SisScore, SisScore.member_id == bench.ben.member_id)
    assert (row.sent_score, row.read_score) == (Decimal(10), Decimal(2))
    assert bench.view().status == "successful"

    with bench.database.writing() as connection:
        items.pin(connection, bench.actor, bench.placement_id, bench.ben.member_id, is_pinned=True)
    bench.override(bench.ben, 7)
    bench.sync()
    assert bench.scores()[BENS] == Decimal(2)
    with bench.database.writing() as connection:
        items.pin(connection, bench.actor, bench.placement_id, bench.ben.member_id, is_pinned=False)
    bench.sync()
    assert bench.scores()[BENS] == Decimal(7)


def test_what_cannot_be_read_back_is_no_error(bench: Bench) -> None:
    bench.hand_in()
    bench.set_mood("error500", target="gradebook", after_requests=4)
    ended = bench.sync()

    assert ended.status == "completed"
    assert set(bench.scores()) == {BENS, CLEOS}


def test_progress_can_be_seen_while_it_runs(bench: Bench) -> None:
    bench.hand_in()
    run_id = bench.ask()
    assert bench.view().status == "queued"
    seen: list[tuple[str, str, int, str]] = []

    def look() -> None:
        row = bench.state(run_id)
        seen.append((row.status, row.stage, len(bench.lines(run_id)), bench.view().status))

    for call in ("read_line_items", "put_line_item", "put_result", "read_results"):
        bench.watch(call, look)
    bench.do(run_id)

    assert seen == [
        ("running", "checking", 0, "queued"),
        ("running", "items", 0, "queued"),
        ("running", "scores", 1, "queued"),
        ("running", "scores", 2, "queued"),
        ("running", "verifying", 3, "successful"),
    ]
