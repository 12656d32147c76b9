"""Leasing due rows to a sender, renewing the lease, giving rows back."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update

from tool.clock import now
from tool.db import Database
from tool.model.passbacks import Passback
from tool.model.people import Course, Member, Person
from tool.model.platforms import Platform
from tool.model.work import Opening, Placement
from tool.passback.ledger.entries import Claimed

# A dead sender's rows are taken over after this time; a living one renews long before.
LEASE = timedelta(seconds=10)
# Platforms that compare whole seconds (Moodle) refuse an equal one.
TIMESTAMP_STEP = timedelta(seconds=1)


def platforms_with_work(database: Database) -> list[int]:
    """Platforms for which something is due now."""
    at = now()
    with database.reading() as connection:
        due = select(Passback.id).where(Passback.platform_id == Platform.id, *_is_claimable(at)).exists()
        return list(connection.execute(select(Platform.id).where(due, Platform.is_active)).scalars())


def next_due_at(database: Database) -> datetime | None:
    """When the next row falls due, if any waits."""
    with database.reading() as connection:
        found: datetime | None = connection.execute(
            select(func.min(Passback.next_try_at)).where(Passback.state == "due")
        ).scalar()
    return found


def claim(database: Database, platform_id: int, *, holder: str, limit: int) -> list[Claimed]:
    """Lease up to `limit` due rows of a platform, fresh ones before old retries, and fix their timestamps."""
    at = now()
    with database.writing() as connection:
        rows = connection.execute(
            _claimable(platform_id, at).limit(limit).with_for_update(of=Passback, skip_locked=True)
        ).all()
        if not rows:
            return []
        ready = []
        for row in rows:
            earliest = _earliest(row)
            if earliest is None or earliest <= at:
                ready.append(row)
            else:
                later = update(Passback).where(Passback.id == row.id).values(next_try_at=earliest)
                connection.execute(later)
        ids = [row.id for row in ready]
        connection.execute(
            update(Passback)
            .where(Passback.id.in_(ids))
            .values(
                lease_until=at + LEASE,
                lease_holder=holder,
                timestamp=func.coalesce(Passback.timestamp, at),
                last_timestamp=func.coalesce(Passback.timestamp, at),
            )
        )
    return [_claimed(row, holder, at) for row in ready]


def renew(database: Database, claimed: list[Claimed]) -> None:
    """A living sender keeps what it holds."""
    with database.writing() as connection:
        # Row by row in one order, here as everywhere: nobody then waits for another in a circle.
        ours = select(Passback.id).where(Passback.id.in_([one.id for one in claimed])).order_by(Passback.id)
        connection.execute(ours.with_for_update()).all()
        for holder in {one.holder for one in claimed}:
            ids = [one.id for one in claimed if one.holder == holder]
            connection.execute(
                update(Passback)
                .where(Passback.id.in_(ids), Passback.lease_holder == holder)
                .values(lease_until=now() + LEASE)
            )


def release(database: Database, claimed: list[Claimed]) -> None:
    """Give back rows that were not begun, so that another sender can take them at once."""
    with database.writing() as connection:
        for one in sorted(claimed, key=lambda row: row.id):
            connection.execute(
                update(Passback)
                .where(Passback.id == one.id, Passback.lease_holder == one.holder)
                .values(lease_until=None, lease_holder=None)
            )


def _is_claimable(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Passback.state == "due",
        Passback.next_try_at <= at,
        or_(Passback.lease_until.is_(None), Passback.lease_until < at),
    )


def _claimable(platform_id: int, at: datetime) -> Select[*tuple[Any, ...]]:
    own_column = Opening.line_item_url.label("own_line_item_url")
    link_column = Placement.line_item_url.label("link_line_item_url")
    return (
        select(Passback, Person.subject, own_column, link_column, Course.scopes)
        .join(Placement, Placement.id == Passback.placement_id)
        .join(Course, Course.id == Placement.course_id)
        .join(Member, Member.id == Passback.member_id)
        .join(Person, Person.id == Member.person_id)
        .outerjoin(
            Opening,
            and_(Opening.placement_id == Passback.placement_id, Opening.member_id == Passback.member_id),
        )
        .where(Passback.platform_id == platform_id, *_is_claimable(at))
        .order_by(Passback.tries > 0, Passback.next_try_at)
    )


def _earliest(row: Any) -> datetime | None:
    """Before this moment the row's new version may not be sent; None when it may go at once."""
    if row.timestamp is not None or row.last_timestamp is None:
        return None
    earliest: datetime = row.last_timestamp + TIMESTAMP_STEP
    return earliest


def _claimed(row: Any, holder: str, at: datetime) -> Claimed:
    if row.trigger is None or row.wished_at is None:
        raise ValueError(f"passback {row.id} is due without a wish")
    return Claimed(
        id=row.id,
        holder=holder,
        placement_id=row.placement_id,
        platform_id=row.platform_id,
        subject=row.subject,
        line_item_url=row.own_line_item_url or row.link_line_item_url,
        scopes=frozenset((row.scopes or "").split()),
        score=row.score,
        maximum=row.maximum,
        version=row.version,
        confirmed_version=row.confirmed_version,
        confirmed_score=row.confirmed_score,
        confirmed_maximum=row.confirmed_maximum,
        trigger=row.trigger,
        run_id=row.run_id,
        wished_at=row.wished_at,
        timestamp=row.timestamp or at,
        submitted_at=row.submitted_at,
        is_new_submission=row.hand_in_version > row.confirmed_version,
        tries=row.tries,
        first_failed_at=row.first_failed_at,
    )
