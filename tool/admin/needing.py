"""Scores that need a person: which, why, for how long; and trying them again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.orm import aliased

from tool.db import Database
from tool.model.passbacks import Attempt, Passback
from tool.model.people import Course
from tool.model.platforms import Platform
from tool.model.work import Placement
from tool.passback.ledger.wishing import try_again

ROWS_OF_A_PAGE = 50
# The sender goes on while a whole class of failures is taken up again.
ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """What is looked at: everything, one platform, one reason, or both."""

    platform_id: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Scores of one platform that fail for one reason; `since`: the oldest."""

    platform_id: int
    platform_name: str
    family: str
    reason: str | None
    count: int
    since: datetime | None


def read_groups(connection: Connection) -> list[Group]:
    """The largest first."""
    rows: Iterable[Any] = connection.execute(
        select(
            Platform.id,
            Platform.name,
            Platform.family,
            Passback.failure,
            func.count(),
            func.min(Passback.first_failed_at),
        )
        .join(Platform, Platform.id == Passback.platform_id)
        .where(*_chosen(Choice()))
        .group_by(Platform.id, Platform.name, Platform.family, Passback.failure)
        .order_by(func.count().desc(), Platform.name, Passback.failure)
    )
    return [Group(*row) for row in rows]


def read_page(connection: Connection, choice: Choice, page: int) -> list[Any]:
    """One page of rows, from page 1 on, the longest-waiting first: ids, titles and reasons, no names."""
    tries = aliased(Attempt)
    latest = select(func.max(tries.id)).where(tries.passback_id == Passback.id).correlate(Passback).scalar_subquery()
    return list(
        connection.execute(
            select(
                Passback.id,
                Passback.platform_id,
                Passback.placement_id,
                Passback.member_id,
                Passback.failure.label("reason"),
                Passback.first_failed_at,
                Passback.next_try_at,
                Passback.tries,
                Placement.course_id,
                Placement.title.label("placement_title"),
                Course.title.label("course_title"),
                Platform.name.label("platform_name"),
                Attempt.status,
            )
            .join(Platform, Platform.id == Passback.platform_id)
            .join(Placement, Placement.id == Passback.placement_id)
            .join(Course, Course.id == Placement.course_id)
            .outerjoin(Attempt, Attempt.id == latest)
            .where(*_chosen(choice))
            .order_by(Passback.first_failed_at, Passback.id)
            .limit(ROWS_OF_A_PAGE)
            .offset((page - 1) * ROWS_OF_A_PAGE)
        )
    )


def retry(database: Database, passback_ids: list[int]) -> list[int]:
    """Try these now; returns those that did need a person."""
    with database.writing() as connection:
        return _retry(connection, _chosen(Choice()), Passback.id.in_(passback_ids))


def retry_all(database: Database, choice: Choice) -> int:
    """Try everything of a choice now, some at a time; returns how many. What fails again meanwhile is left."""
    done, last_id = 0, 0
    while True:
        with database.writing() as connection:
            some = _retry(connection, _chosen(choice), Passback.id > last_id)
        done += len(some)
        if len(some) < ROWS_AT_ONCE:
            return done
        last_id = some[-1]


def _retry(connection: Connection, chosen: tuple[ColumnElement[bool], ...], more: ColumnElement[bool]) -> list[int]:
    found = select(Passback.id).where(*chosen, more).order_by(Passback.id).limit(ROWS_AT_ONCE)
    ids = list(connection.execute(found).scalars())
    try_again(connection, ids)
    return ids


def _chosen(choice: Choice) -> tuple[ColumnElement[bool], ...]:
    wanted: list[ColumnElement[bool]] = [Passback.state == "due", Passback.needs_person.is_(True)]
    # Named one by one, the platforms lead through the index to the few rows that are due.
    wanted.append(Passback.platform_id.in_(select(Platform.id).correlate(None)))
    if choice.platform_id is not None:
        wanted.append(Passback.platform_id == choice.platform_id)
    if choice.reason is not None:
        wanted.append(Passback.failure == choice.reason)
    return tuple(wanted)
