"""Guessing passwords: counted before anything is looked at, by all processes together, and bounded."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, insert, select

from tests.desk import Desk
from tests.operators import GRACE, PASSWORD, WRONG_PASSWORD, Operator, hire, words
from tests.stage import wait_until
from tool.admin import tries
from tool.admin.cleaning import purge_sign_ins
from tool.admin.operators import add_operator
from tool.admin.tries import MOST_OF_ACCOUNT, MOST_OF_SOURCE, SLOTS, WINDOW, count_try
from tool.clock import now
from tool.db import Database
from tool.model.operators import Operator as OperatorRow
from tool.model.operators import OperatorSession, SignInTally
from tool.outbound import Outbound
from tool.registration.platforms import TrustedPlatforms
from tool.settings import Settings
from tool.wake import Bell
from tool.worker import in_threads, make_loops, seed_errands


def guess(desk: Desk, times: int, *, email: str = GRACE, source: str = "192.0.2.66") -> list[int]:
    """Somebody tries wrong passwords; what each try was answered with."""
    guesser = Operator(desk, source=source)
    return [guesser.sign_in(email, f"{WRONG_PASSWORD} {number}").status_code for number in range(times)]


def knock(database: Database, email: str, source: str) -> bool:
    """One try is counted; whether it may go on."""
    with database.writing() as connection:
        return count_try(connection, email, source) is None


def count(database: Database, table: type[SignInTally] | type[OperatorSession]) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_after_so_many_wrong_passwords_even_the_right_one_waits(desk: Desk, tmp_path: Path) -> None:
    hire(desk.database)
    hire(desk.database, "alan@example.org")
    assert guess(desk, MOST_OF_ACCOUNT) == [401] * MOST_OF_ACCOUNT

    other_process = Desk(desk.database, tmp_path)
    closed = Operator(other_process).sign_in()
    assert closed.status_code == 429
    assert "Try again in 15 minutes." in words(closed.text)
    assert 0 < int(closed.headers["Retry-After"]) <= WINDOW.total_seconds()
    assert Operator(desk).sign_in("alan@example.org").status_code == 303, "only this account waits"
    other_process.outbound.close()

    with time_machine.travel(now() + WINDOW + timedelta(seconds=1)):
        assert Operator(desk).sign_in().status_code == 303


def test_an_account_that_nobody_has_closes_just_the_same(desk: Desk) -> None:
    hire(desk.database)
    assert guess(desk, MOST_OF_ACCOUNT + 1, email="nobody@example.org")[-1] == 429


def test_whoever_knows_the_password_starts_from_the_beginning(desk: Desk) -> None:
    hire(desk.database)
    guess(desk, MOST_OF_ACCOUNT - 1)
    assert Operator(desk).sign_in().status_code == 303

    assert guess(desk, MOST_OF_ACCOUNT - 1)[-1] == 401
    assert Operator(desk).sign_in().status_code == 303


def test_a_new_password_opens_a_closed_account(desk: Desk) -> None:
    """The way out for an operator whom somebody keeps locked out: the command line."""
    hire(desk.database)
    guess(desk, MOST_OF_ACCOUNT + 1)
    add_operator(desk.database, GRACE, PASSWORD)

    assert Operator(desk).sign_in().status_code == 303


def test_one_source_is_heard_so_often_whatever_names_it_makes_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "MOST_OF_SOURCE", 4)
    hire(desk.database)
    answers = [guess(desk, 1, email=f"made-up-{number}@example.org")[0] for number in range(6)]
    assert answers == [401, 401, 401, 401, 429, 429]

    assert Operator(desk, source="192.0.2.66").sign_in().status_code == 429
    assert Operator(desk, source="192.0.2.67").sign_in().status_code == 303


def test_a_flood_of_tries_writes_nothing_once_it_is_closed(desk: Desk) -> None:
    """On SQLite each writing makes a hand-in wait."""
    hire(desk.database)
    guess(desk, MOST_OF_ACCOUNT + 1)
    before = tallies(desk.database)

    assert guess(desk, 3) == [429] * 3
    assert tallies(desk.database) == before


def tallies(database: Database) -> list[tuple[str, int]]:
    with database.reading() as connection:
        rows = connection.execute(select(SignInTally.slot, SignInTally.tries).order_by(SignInTally.slot))
        return [(row.slot, row.tries) for row in rows]


def test_a_closed_source_closes_no_account(database: Database) -> None:
    for _ in range(MOST_OF_SOURCE):
        knock(database, "somebody@example.org", "192.0.2.66")
    for _ in range(MOST_OF_ACCOUNT + 1):
        assert not knock(database, GRACE, "192.0.2.66")

    assert knock(database, GRACE, "192.0.2.67")


def test_many_at_once_get_no_further_than_one_after_the_other(database: Database) -> None:
    with ThreadPoolExecutor(12) as threads:
        heard = list(threads.map(lambda number: knock(database, GRACE, f"198.51.100.{number}"), range(40)))

    assert sum(heard) == MOST_OF_ACCOUNT


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.66", "192.0.2.66", True),
        ("192.0.2.66", "192.0.2.67", False),
        ("", "", True),
    ],
)
def test_who_has_one_address_of_ipv6_has_them_all(one: str, other: str, is_same: bool) -> None:
    assert (tries.source_slot(one) == tries.source_slot(other)) is is_same


def test_neither_name_nor_address_is_kept(desk: Desk) -> None:
    hire(desk.database)
    guess(desk, 1)
    with desk.database.reading() as connection:
        slots = connection.execute(select(SignInTally.slot)).scalars().all()

    assert len(slots) == 2
    assert not any(GRACE in slot or "192.0.2" in slot for slot in slots)


def test_the_rows_are_bounded_and_cleaned_away(database: Database) -> None:
    at = now()
    over, live = at - timedelta(minutes=1), at + timedelta(minutes=5)
    with database.writing() as connection:
        operator_id = connection.execute(
            insert(OperatorRow)
            .values(email=GRACE, password_hash="-", password_set_at=at, created_at=at)
            .returning(OperatorRow.id)
        ).scalar_one()
        for name, ends_at in (("over", over), ("live", live)):
            connection.execute(insert(SignInTally).values(slot=name, tries=1, ends_at=ends_at))
            connection.execute(
                insert(OperatorSession).values(
                    token_digest=name, operator_id=operator_id, created_at=at, seen_at=at, expires_at=ends_at
                )
            )
    assert at < purge_sign_ins(database) < at + timedelta(minutes=61)

    assert (count(database, SignInTally), count(database, OperatorSession)) == (1, 1)
    assert len({tries.source_slot(str(number)) for number in range(10_000)}) < SLOTS


def test_the_cleaning_errand_does_it(database: Database, tmp_path: Path) -> None:
    with database.writing() as connection:
        connection.execute(insert(SignInTally).values(slot="over", tries=1, ends_at=now() - timedelta(minutes=1)))
    outbound = Outbound(allow_loopback_http=True)
    loops = make_loops(Settings(keys_dir=tmp_path / "keys"), database, TrustedPlatforms(database), outbound, Bell())
    seed_errands(database)
    with in_threads(loops.runner):
        wait_until(lambda: count(database, SignInTally) == 0, 45)
    outbound.close()
