"""How it stands with each platform, our keys and the senders: what the overview shows and monitoring reads."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Select, case, func, select

from tool.clock import now
from tool.model.delivering import Lane, LiveSender
from tool.model.errands import Errand
from tool.model.passbacks import Passback
from tool.model.people import Course
from tool.model.platforms import Customer, KeptToken, Platform, ToolKey
from tool.model.work import Placement
from tool.registration.lanes import ALIVE_FOR

# Longer than a hiccup, though each score is still tried again by itself.
LATE_AFTER = timedelta(minutes=15)

Counting = Select[*tuple[Any, ...]]
"""Platform → a number or a moment of it."""
State = Literal["off", "broken", "paused", "needs_person", "late", "new", "fine"]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A platform's scores on their way. `waiting`: due, those that need a person aside; times are of the oldest."""

    waiting: int = 0
    oldest_waiting_at: datetime | None = None
    needs_person: int = 0
    in_flight: int = 0


@dataclass(frozen=True, slots=True)
class PlatformHealth:
    """One platform; `lane` is its row of `Lane`, empty where nothing was sent yet."""

    id: int
    name: str
    issuer: str
    client_id: str
    is_active: bool
    lane: Any
    token_expires_at: datetime | None
    ledger: Ledger
    failing: dict[str, int]
    """Reason of the last failure → how many scores, whether they are tried again by themselves or need a person."""
    rosters_failing: int
    readings_failing: int

    @property
    def state(self) -> State:
        """The gravest of what there is to say."""
        at = now()
        oldest = self.ledger.oldest_waiting_at
        if not self.is_active:
            return "off"
        if self.lane.broken_at is not None:
            return "broken"
        if self.ledger.needs_person:
            return "needs_person"
        if self.lane.paused_until is not None and self.lane.paused_until > at:
            return "paused"
        if oldest is not None and at - oldest > LATE_AFTER:
            return "late"
        return "fine" if self.lane.last_success_at is not None or oldest is not None else "new"


@dataclass(frozen=True, slots=True)
class Installation:
    """What is not of one platform. `keys`: published ones, newest first, the signing one marked by `signing_kid`."""

    senders_alive: int
    keys: tuple[Any, ...]
    signing_kid: str | None
    errands_failing: dict[str, int]
    errands_waiting: dict[str, int]


def read_platforms(connection: Connection) -> list[PlatformHealth]:
    """Every platform that was not removed, in the order of names; a handful of queries, however many there are."""
    rows = connection.execute(
        select(Platform.id, Platform.name, Platform.issuer, Platform.client_id, Platform.is_active, *LANE_FACTS)
        .outerjoin(Lane, Lane.platform_id == Platform.id)
        .where(Platform.removed_at.is_(None))
        .order_by(Platform.name, Platform.id)
    ).all()
    ids = [row.id for row in rows]
    ledgers, failing = _read_ledgers(connection, ids), _read_failing(connection, ids)
    tokens = _by_platform(connection, _TOKENS)
    rosters = _by_platform(connection, _of_courses(Course.roster_failure))
    readings = _by_platform(
        connection, _of_courses(Placement.results_failure).join(Placement, Placement.course_id == Course.id)
    )
    return [
        PlatformHealth(
            id=row.id,
            name=row.name,
            issuer=row.issuer,
            client_id=row.client_id,
            is_active=row.is_active,
            lane=row,
            token_expires_at=tokens.get(row.id),
            ledger=ledgers.get(row.id, Ledger()),
            failing=failing.get(row.id, {}),
            rosters_failing=rosters.get(row.id, 0),
            readings_failing=readings.get(row.id, 0),
        )
        for row in rows
    ]


def read_installation(connection: Connection) -> Installation:
    at = now()
    senders = connection.execute(
        select(func.count()).select_from(LiveSender).where(LiveSender.seen_at > at - ALIVE_FOR)
    ).scalar_one()
    keys = connection.execute(
        select(ToolKey.kid, ToolKey.published_at, ToolKey.signs_from)
        .where(ToolKey.retired_at.is_(None))
        .order_by(ToolKey.signs_from.desc())
    ).all()
    errands = connection.execute(
        select(Errand.kind, func.count(Errand.failure), _count_if(Errand.due_at <= at)).group_by(Errand.kind)
    ).all()
    return Installation(
        senders_alive=senders,
        keys=tuple(keys),
        signing_kid=next((key.kid for key in keys if key.signs_from <= at), None),
        errands_failing={kind: failing for kind, failing, _ in errands if failing},
        errands_waiting={kind: waiting for kind, _, waiting in errands if waiting},
    )


LANE_FACTS = (
    Lane.most_in_flight,
    Lane.paused_until,
    Lane.broken_at,
    Lane.probe_at,
    Lane.last_success_at,
    Lane.last_failure_at,
    Lane.last_failure,
)


_TOKENS: Counting = select(KeptToken.platform_id, func.max(KeptToken.expires_at))


def _read_ledgers(connection: Connection, ids: list[int]) -> dict[int, Ledger]:
    is_waiting = Passback.needs_person.is_(False)
    rows = connection.execute(
        select(
            Passback.platform_id,
            _count_if(is_waiting),
            func.min(case((is_waiting, Passback.wished_at))),
            _count_if(Passback.needs_person),
            _count_if(Passback.lease_until > now()),
        )
        # By platform, so that the index leads to the few rows that are due among the many that arrived.
        .where(Passback.platform_id.in_(ids), Passback.state == "due")
        .group_by(Passback.platform_id)
    )
    return {platform_id: Ledger(*counted) for platform_id, *counted in rows}


def _read_failing(connection: Connection, ids: list[int]) -> dict[int, dict[str, int]]:
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    rows: Iterable[Any] = connection.execute(
        select(Passback.platform_id, Passback.failure, func.count())
        .where(Passback.platform_id.in_(ids), Passback.state == "due", Passback.failure.is_not(None))
        .group_by(Passback.platform_id, Passback.failure)
        .order_by(func.count().desc(), Passback.failure)
    )
    for platform_id, reason, count in rows:
        found[platform_id][reason] = count
    return found


def _of_courses(failure: Any) -> Counting:
    """How many failures the courses of each platform have."""
    counting: Counting = select(Customer.platform_id, func.count(failure)).select_from(Course)
    return counting.join(Customer, Customer.id == Course.customer_id).where(failure.is_not(None))


def _by_platform(connection: Connection, counting: Counting) -> dict[int, Any]:
    platform_id = counting.selected_columns[0]
    return {row[0]: row[1] for row in connection.execute(counting.group_by(platform_id))}


def _count_if(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
