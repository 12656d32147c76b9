"""Any number of senders claim at once, and no row is sent by two of them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from tests.rows import make_class, wish_for, wish_for_all
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.model.passbacks import Passback
from tool.passback.ledger.claiming import claim
from tool.registration.platforms import KnownPlatform

CLAIMERS = 4


def test_claimers_at_once_share_no_row(database: Database, platform: KnownPlatform) -> None:
    wish_for_all(database, platform, make_class(database, platform, 30))
    together = threading.Barrier(CLAIMERS)

    def take(number: int) -> list[int]:
        together.wait()
        return [one.id for one in claim(database, platform.id, holder=f"sender-{number}", limit=12)]

    with ThreadPoolExecutor(CLAIMERS) as threads:
        taken = [row for rows in threads.map(take, range(CLAIMERS)) for row in rows]

    assert len(taken) == len(set(taken))
    rest = [one.id for one in claim(database, platform.id, holder="last", limit=30)]
    assert len({*taken, *rest}) == 30


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite lets one transaction write at a time
def test_a_row_under_another_claimers_hands_is_passed_over(
    database: Database, platform: KnownPlatform, ben: Arrival, cleo: Arrival
) -> None:
    """Nobody waits in line for a row: the next one is as good."""
    wish_for(database, platform, ben)
    wish_for(database, platform, cleo)
    with database.writing() as other:
        other.execute(select(Passback.id).where(Passback.member_id == ben.member_id).with_for_update()).one()

        taken = claim(database, platform.id, holder="second", limit=10)

    assert [one.subject for one in taken] == ["cleo"]
