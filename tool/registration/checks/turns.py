"""Whose turn it is to test a platform: one test at a time, and a pause after it, whoever asks from whichever process.

The only writer of CheckTurn.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from math import ceil

from sqlalchemy import select, update

from tool.clock import now
from tool.db import Database, upsert
from tool.errors import PassbackError
from tool.language import gettext
from tool.model.platforms import CheckTurn
from tool.registration.checks.asking import RUN_SECONDS

PAUSE = timedelta(seconds=10)
# Longer than a test may take: afterwards the process that ran it is given up.
LEASE = timedelta(seconds=RUN_SECONDS + 20)


class CheckedJustNow(PassbackError):
    """The platform is being tested, or was a moment ago."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(
            gettext("This connection is being tested, or was a moment ago."),
            gettext("Try again in %(seconds)s seconds.", seconds=wait_seconds),
        )
        self.wait_seconds = wait_seconds


@contextmanager
def taking_turn(database: Database, platform_id: int) -> Iterator[None]:
    """Raises CheckedJustNow when it is not our turn."""
    began_at = now()
    with database.writing() as connection:
        ours = upsert(connection, CheckTurn).values(platform_id=platform_id, free_at=began_at + LEASE)
        taken = ours.on_conflict_do_update(
            index_elements=["platform_id"],
            set_={"free_at": began_at + LEASE},
            # A clock that was set back must not close the test for ever.
            where=(CheckTurn.free_at <= began_at) | (CheckTurn.free_at > began_at + LEASE),
        ).returning(CheckTurn.platform_id)
        is_ours = connection.execute(taken).first() is not None
        known = select(CheckTurn.free_at).where(CheckTurn.platform_id == platform_id)
        free_at = connection.execute(known).scalar_one()
    if not is_ours:
        raise CheckedJustNow(max(1, ceil((free_at - began_at).total_seconds())))
    try:
        yield
    finally:
        with database.writing() as connection:
            connection.execute(
                update(CheckTurn)
                .where(CheckTurn.platform_id == platform_id)
                .values(free_at=max(began_at + PAUSE, now()))
            )
