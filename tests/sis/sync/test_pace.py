"""One SIS is asked at one pace and waited for by everybody, whoever asks: the classes of a connection share its row."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sis.linking.school_beside import MATH, SCIENCE
from tests.sis.sync.bench import BENS, CLEOS, Bench
from tests.sis.sync.test_turns import turn
from tool.model.sis import SisConnection
from tool.model.sis_syncs import SisRun
from tool.sis.connecting.connections import NewConnection, make_connection, opener, switch_connection
from tool.sis.connecting.sealing import Sealing
from tool.sis.connecting.trying import try_connection
from tool.sis.linking.categories import associate
from tool.sis.plain import SisError
from tool.sis.sync.asking import ask_for_run

SEALING = Sealing("0" * 64)
PER_SECOND, EACH = 10, 8


def hold(bench: Bench, seconds: int = 90) -> None:
    bench.change(SisConnection, not_before=datetime.now(UTC) + timedelta(seconds=seconds))


def another_connection(bench: Bench) -> int:
    """To the same SIS, and agreed on its own."""
    told: dict[str, Any] = {name: value for name, value in bench.beside.agreement.items() if value is not None}
    [row] = bench.rows(SisConnection)
    new = replace(NewConnection(**told), name="The other district")
    made = make_connection(bench.database, SEALING, row.customer_id, new)
    switch_connection(bench.database, made, is_enabled=True)
    return made


def test_two_who_ask_at_once_are_no_faster_than_one(bench: Bench) -> None:
    bench.change(SisConnection, profile={"requests_per_second": PER_SECOND})
    before = len(bench.sis.journal.read())

    def ask(_: int) -> None:
        """As a process of its own would: nothing is shared but the database."""
        client = opener(bench.database, SEALING, bench.beside.outbound)(bench.connection_id)
        assert client is not None
        for _ in range(EACH):
            client.find_class(MATH)

    with ThreadPoolExecutor(2) as both:
        list(both.map(ask, range(2)))

    times = sorted(datetime.fromisoformat(str(one["time"])) for one in bench.sis.journal.read()[before:])
    assert len(times) >= 2 * EACH
    fewest_seconds = (len(times) - 1) / PER_SECOND
    # A request may be on its way a little longer than the next one; two paces would need half of the time.
    assert (times[-1] - times[0]).total_seconds() > 0.8 * fewest_seconds


def test_what_one_class_was_told_holds_for_the_other(bench: Bench) -> None:
    bench.hand_in()
    science = bench.link(SCIENCE)
    with bench.database.writing() as connection:
        # A second class takes back what the first one's categories were said to be.
        associate(connection, bench.actor, {"Homework": "cat-hw-2201"})
    bench.forget_reading()
    bench.ask()
    bench.set_mood("busy429", target="rostering", for_requests=1, retry_after=90)
    first = turn(bench)
    asked = len(bench.sis.journal.read())

    with bench.database.writing() as connection:
        ask_for_run(connection, science, "changes", bench.ada.member_id)
    second = turn(bench)

    assert first is not None
    assert second is not None
    assert (second.kind, second.reason) == ("throttled", "rate")
    assert second.retry_at is not None
    assert second.retry_at > datetime.now(UTC) + timedelta(seconds=60)
    assert len(bench.sis.journal.read()) == asked, "the SIS was left in peace"
    assert [(one.status, one.code) for one in bench.rows(SisRun)] == [("queued", "rate")] * 2

    hold(bench, seconds=0)
    assert [turn(bench), turn(bench)] == [None, None]
    assert [one.status for one in bench.rows(SisRun)] == ["completed"] * 2
    assert set(bench.scores()) == {BENS, CLEOS}


def test_another_connection_does_not_wait(bench: Bench) -> None:
    other = bench.open_client(another_connection(bench))
    bench.change(
        SisConnection, SisConnection.id == bench.connection_id, not_before=datetime.now(UTC) + timedelta(days=1)
    )
    held = bench.open_client(bench.connection_id)

    assert other is not None
    assert other.find_class(MATH) is not None
    assert held is not None
    with pytest.raises(SisError, match="rate"):
        held.find_class(MATH)


def test_a_shorter_word_does_not_cut_a_longer_one(bench: Bench) -> None:
    client = bench.open_client(bench.connection_id)
    assert client is not None
    bench.set_mood("busy429", target="rostering", for_requests=2, retry_after=90)
    with pytest.raises(SisError, match="rate"):
        client.find_class(MATH)
    [first] = bench.rows(SisConnection)
    with pytest.raises(SisError, match="rate") as told:
        client.find_class(MATH)

    assert told.value.retry_at == first.not_before
    bench.set_mood("fine")


def test_the_operators_test_waits_its_turn_too(bench: Bench) -> None:
    hold(bench)
    asked = len(bench.sis.journal.read())
    trial = try_connection(bench.database, SEALING, bench.connection_id, teacher_email="", allow_loopback_http=True)

    assert (trial.find_state("token"), trial.codes["token"]) == ("bad", "rate")
    assert len(bench.sis.journal.read()) == asked
