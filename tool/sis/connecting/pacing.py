"""The pace of one connection, kept in its row: shared by everybody who asks this SIS, in any process."""

import time
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from tool.clock import now
from tool.db import Database
from tool.model.sis import SisConnection
from tool.outbound import InTime, Outbound
from tool.sis.plain import SisError


class SharedPace:
    """Turns of one connection. `outbound`: one that ends in time does not wait for a turn that comes afterwards."""

    def __init__(self, database: Database, connection_id: int, per_second: float, outbound: Outbound) -> None:
        self._database = database
        self._mine = SisConnection.id == connection_id
        self._between = timedelta(seconds=1 / per_second if per_second > 0 else 0)
        self._in_time = outbound if isinstance(outbound, InTime) else None

    def wait(self) -> None:
        """Come back at one's own turn. Raises SisError: `throttled` while the SIS wants nobody, `later` where the turn
        comes too late."""
        seconds = self._take_turn()
        if seconds > 0:
            time.sleep(seconds)
            self._look_again()

    def hold(self, until: datetime) -> None:
        """Nobody asks before then; of two such words the later counts."""
        is_longer = or_(SisConnection.not_before.is_(None), SisConnection.not_before < until)
        with self._database.writing() as connection:
            connection.execute(update(SisConnection).where(self._mine, is_longer).values(not_before=until))

    def _take_turn(self) -> float:
        """The seconds until the turn that is this caller's from now on."""
        known = select(SisConnection.next_request_at, SisConnection.not_before).where(self._mine)
        with self._database.writing() as connection:
            row = connection.execute(known.with_for_update()).one()
            at = now()
            _refuse_while_held(row.not_before, at)
            turn = max(at, row.next_request_at or at)
            seconds = (turn - at).total_seconds()
            if self._in_time is not None and seconds > self._in_time.seconds_left:
                raise SisError("later", "timeout")
            if self._between:
                taken = update(SisConnection).where(self._mine)
                connection.execute(taken.values(next_request_at=turn + self._between))
        return seconds

    def _look_again(self) -> None:
        """Somebody else may have been told to wait while this caller slept."""
        with self._database.reading() as connection:
            not_before = connection.execute(select(SisConnection.not_before).where(self._mine)).scalar_one()
        _refuse_while_held(not_before, now())


def _refuse_while_held(not_before: datetime | None, at: datetime) -> None:
    if not_before is not None and not_before > at:
        raise SisError("throttled", "rate", retry_at=not_before)
