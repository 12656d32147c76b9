"""The lanes to the platforms: how many requests may be in flight, the pause, the breaker; shared by all processes.

The only writer of `lanes` and `senders`. What is decided from what was seen is in `pacing`.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update

from tool.clock import now
from tool.db import Database, upsert
from tool.lti.errors import ServiceError
from tool.model.delivering import Lane, LiveSender
from tool.registration.pacing import FIRST_IN_FLIGHT, Pace, Seen, Word, is_pressing, pace, share_out
from tool.registration.watching import LaneWatch, Sightings, Tally

BEATS_EVERY = timedelta(seconds=1)
# Longer than a few missed beats; a process that is gone leaves its share to the others after this time.
ALIVE_FOR = timedelta(seconds=4)
FORGOTTEN_AFTER = timedelta(days=1)
# While a probe is under way nobody else probes: longer than one request may take.
PROBE_LASTS = timedelta(seconds=30)
# That all goes well is news for the operator's page only.
NEWS_EVERY = timedelta(seconds=1)


def let_go_all(database: Database) -> None:
    """At the start of the only process that asks: a probe under way died with its process, and nobody else lives."""
    with database.writing() as connection:
        connection.execute(update(Lane).where(Lane.probe_at.is_not(None)).values(probe_at=now()))
        connection.execute(delete(LiveSender))


@dataclass(frozen=True, slots=True)
class Room:
    """What this process may do with a platform now; `share`: how many of its requests may be in flight."""

    word: Word
    share: int


class Lanes:
    """What this process knows of the lanes, and its part in the work of all. `look`, `write_down` and `beat` belong to
    one thread, the watches to any."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name
        self._sightings = Sightings()
        self._paces: dict[int, Pace] = {}
        self._told_at: dict[int, datetime] = {}
        self._beaten_at: datetime | None = None
        self._rank, self._of = 0, 1

    def watch(self, platform_id: int, family: str, *, is_guest: bool = False) -> LaneWatch:
        return LaneWatch(self._sightings, platform_id, family, is_guest=is_guest)

    def has_trouble(self, platform_id: int | None = None) -> bool:
        """Whether failures or refusals were seen that are not yet written down; without an id, of any platform."""
        return self._sightings.has_trouble(platform_id)

    def look(self, platform_ids: Collection[int]) -> dict[int, Room]:
        """What this process may do with each of these now."""
        if not platform_ids:
            return {}
        with self._database.reading() as connection:
            rows = connection.execute(select(Lane).where(Lane.platform_id.in_(platform_ids))).all()
        self._paces |= {row.platform_id: _read(row) for row in rows}
        at = now()
        return {one: self._room(one, at) for one in platform_ids}

    def take_probe(self, platform_id: int) -> bool:
        """Whether this process, of all, sends the one request that tries whether the platform answers again."""
        at = now()
        with self._database.writing() as connection:
            taken = connection.execute(
                update(Lane)
                .where(Lane.platform_id == platform_id, Lane.broken_at.is_not(None), Lane.probe_at <= at)
                .values(probe_at=at + PROBE_LASTS)
            )
        return taken.rowcount == 1

    def hindrance(self, platform_id: int) -> ServiceError | None:
        """Why this platform should not be asked now, and when again; a caller who gets None may be its probe."""
        with self._database.reading() as connection:
            row = connection.execute(select(Lane).where(Lane.platform_id == platform_id)).first()
        if row is None:
            return None
        at = now()
        found = _read(row)
        if found.word(at) == "paused":
            return ServiceError("throttled", "rate_limited", retry_at=found.paused_until)
        if found.word(at) == "open" or self.take_probe(platform_id):
            return None
        return ServiceError("later", row.last_failure or "server_error", retry_at=max(found.probe_at or at, at))

    def write_down(self) -> list[int]:
        """Write what was seen since the last time; the platforms that answer again after trouble. What cannot be
        written is seen again soon enough."""
        at = now()
        mended = []
        for platform_id, tally in sorted(self._sightings.take(lambda one, seen: self._is_due(one, seen, at)).items()):
            self._told_at[platform_id] = at
            with self._database.writing() as connection:
                before, self._paces[platform_id] = _write(connection, platform_id, tally)
            if before.broken_at is not None and self._paces[platform_id].broken_at is None:
                mended.append(platform_id)
        return mended

    def beat(self) -> None:
        """Say that this process lives, and learn how many do."""
        at = now()
        if self._beaten_at is not None and at - self._beaten_at < BEATS_EVERY:
            return
        with self._database.writing() as connection:
            connection.execute(
                upsert(connection, LiveSender)
                .values(name=self._name, started_at=at, seen_at=at)
                .on_conflict_do_update(index_elements=["name"], set_={"seen_at": at})
            )
            connection.execute(delete(LiveSender).where(LiveSender.seen_at < at - FORGOTTEN_AFTER))
            alive = select(LiveSender.name).where(LiveSender.seen_at > at - ALIVE_FOR).order_by(LiveSender.name)
            names = list(connection.execute(alive).scalars())
        self._rank, self._of = names.index(self._name), len(names)
        self._beaten_at = at

    def leave(self) -> None:
        """This process ends: the others may have its share at once."""
        with self._database.writing() as connection:
            connection.execute(delete(LiveSender).where(LiveSender.name == self._name))

    def _room(self, platform_id: int, at: datetime) -> Room:
        found = self._paces.get(platform_id, Pace())
        # Turned by the platform, so that the small shares do not all fall to one process.
        share = share_out(found.most_in_flight, rank=(self._rank + platform_id) % self._of, of=self._of)
        return Room(found.word(at), max(0, share - self._sightings.guests(platform_id)))

    def _is_due(self, platform_id: int, seen: Seen, at: datetime) -> bool:
        told_at = self._told_at.get(platform_id)
        is_news = told_at is None or at - told_at > NEWS_EVERY
        return is_news or is_pressing(self._paces.get(platform_id, Pace()), seen, at)


def _write(connection: Connection, platform_id: int, tally: Tally) -> tuple[Pace, Pace]:
    """One lane before and after, whatever other processes wrote of it."""
    lane = select(Lane).where(Lane.platform_id == platform_id).with_for_update()
    row = connection.execute(lane).first()
    if row is None:
        fresh = {"platform_id": platform_id, "most_in_flight": FIRST_IN_FLIGHT, "failures": 0}
        connection.execute(upsert(connection, Lane).values(**fresh).on_conflict_do_nothing())
        row = connection.execute(lane).one()
    before = _read(row)
    after = pace(before, tally.seen, now())
    connection.execute(
        update(Lane)
        .where(Lane.platform_id == platform_id)
        .values(
            **asdict(after),
            last_success_at=tally.last_success_at or row.last_success_at,
            last_failure_at=tally.last_failure_at or row.last_failure_at,
            last_failure=tally.last_failure or row.last_failure,
        )
    )
    return before, after


def _read(row: Any) -> Pace:
    """The columns of a lane are named as the fields of its pace."""
    return Pace(**{one.name: getattr(row, one.name) for one in fields(Pace)})
