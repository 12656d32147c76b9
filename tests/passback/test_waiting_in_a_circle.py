"""A change of the key touches a whole class while the sender settles it: neither waits for the other forever."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.rows import ended, wanted, wish_for
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.passback.ledger.claiming import claim, release, renew
from tool.passback.ledger.entries import Claimed
from tool.passback.ledger.settling import settle
from tool.passback.ledger.wishing import hold_rows, wish
from tool.registration.platforms import KnownPlatform


def settle_all(database: Database, rows: list[Claimed]) -> None:
    settle(database, [ended(row) for row in rows])


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite lets one transaction write at a time
@pytest.mark.parametrize("act", [settle_all, renew, release])
def test_the_sender_and_a_change_of_the_key_get_by(
    database: Database,
    platform: KnownPlatform,
    ben: Arrival,
    cleo: Arrival,
    act: Callable[[Database, list[Claimed]], None],
) -> None:
    for learner in (ben, cleo):
        wish_for(database, platform, learner)
    in_flight = claim(database, platform.id, holder="sender", limit=2)
    with ThreadPoolExecutor(1) as sender:
        with database.writing() as connection:
            hold_rows(connection, "fractions")
            wish(connection, wanted(platform, cleo, 9))
            acting = sender.submit(act, database, [in_flight[1], in_flight[0]])
            threading.Event().wait(0.3)
            wish(connection, wanted(platform, ben, 9))
        acting.result(timeout=10)
