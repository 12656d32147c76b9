"""What the tool's own tables say, read by plain SQL: the rig asks none of the tool's code what its rows mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, create_engine, text

from tests.chaos.wanted import Key

_ROWS = """
SELECT platforms.issuer, placements.resource_link_id, persons.subject, passbacks.id, passbacks.state, passbacks.earned,
       passbacks.score, passbacks.version, passbacks.confirmed_version, passbacks.confirmed_score,
       passbacks.confirmed_line_item_url, passbacks.needs_person, passbacks.failure
FROM passbacks
JOIN placements ON placements.id = passbacks.placement_id
JOIN members ON members.id = passbacks.member_id
JOIN persons ON persons.id = members.person_id
JOIN platforms ON platforms.id = passbacks.platform_id
"""
_ATTEMPTS = """
SELECT passback_id, version, outcome, was_fenced, timestamp, finished_at FROM attempts WHERE outcome = 'delivered'
"""
_WAITING = "SELECT count(*) FROM passbacks WHERE state = 'due' AND needs_person = :no"
_DELIVERED = "SELECT count(*) FROM passbacks WHERE state = 'delivered'"


@dataclass(frozen=True, slots=True)
class Row:
    """A passback as the tool has it."""

    id: int
    state: str
    earned: Decimal | None
    score: Decimal | None
    version: int
    confirmed_version: int
    confirmed_score: Decimal | None
    line_item_url: str | None
    needs_person: bool
    failure: str | None

    @property
    def is_confirmed(self) -> bool:
        """The tool says that the newest score stands in the LMS."""
        return self.state == "delivered" and self.confirmed_version == self.version > 0


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A try the tool wrote down as delivered, by the sender that held the lease."""

    passback_id: int
    version: int
    timestamp: float
    """Of the score on the wire, where it has milliseconds; in seconds since 1970."""
    finished_at: float


@dataclass(frozen=True, slots=True)
class Tables:
    rows: dict[Key, Row]
    confirmations: list[Confirmation]
    fenced: int
    """Tries that ended after their lease, and changed nothing."""


class Reader:
    """The database, over a connection of the rig's own."""

    def __init__(self, database_url: str, issuers: Sequence[str]) -> None:
        self._engine: Engine = create_engine(database_url, pool_size=1)
        self._issuers = list(issuers)

    def count_waiting(self) -> int:
        """Rows on their way that need no person."""
        with self._engine.connect() as connection:
            return int(connection.execute(text(_WAITING), {"no": False}).scalar_one())

    def count_delivered(self) -> int:
        with self._engine.connect() as connection:
            return int(connection.execute(text(_DELIVERED)).scalar_one())

    def read(self) -> Tables:
        with self._engine.connect() as connection:
            rows = {
                Key(self._issuers.index(one.issuer), one.resource_link_id, one.subject): _row(one)
                for one in connection.execute(text(_ROWS))
            }
            attempts = connection.execute(text(_ATTEMPTS)).all()
        held = [
            Confirmation(one.passback_id, one.version, _on_the_wire(one.timestamp), _seconds(one.finished_at))
            for one in attempts
            if not one.was_fenced
        ]
        return Tables(rows, held, fenced=len(attempts) - len(held))

    def close(self) -> None:
        self._engine.dispose()


def _row(one: Any) -> Row:
    return Row(
        id=one.id,
        state=one.state,
        earned=_points(one.earned),
        score=_points(one.score),
        version=one.version,
        confirmed_version=one.confirmed_version,
        confirmed_score=_points(one.confirmed_score),
        line_item_url=one.confirmed_line_item_url,
        needs_person=bool(one.needs_person),
        failure=one.failure,
    )


def _points(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _moment(value: datetime | str) -> datetime:
    """SQLite gives the time as text without a zone; it is UTC."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _seconds(value: datetime | str) -> float:
    return _moment(value).timestamp()


def _on_the_wire(value: datetime | str) -> float:
    moment = _moment(value)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000).timestamp()
