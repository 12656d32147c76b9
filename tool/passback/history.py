"""Runs, attempts, and what was changed by hand, as the history shows them: counted by asking the rows."""

from typing import Any

from sqlalchemy import Connection, and_, case, func, select
from sqlalchemy.orm import aliased

from tool.model.passbacks import Act, Attempt, Passback, Run, RunItem
from tool.model.people import Member, Person
from tool.passback.learners import name_of

SHOWN_AT_MOST = 200


def list_runs(connection: Connection, placement_id: int) -> list[dict[str, Any]]:
    """The placement's runs, newest first, each with its counts and its stage."""
    is_done = and_(RunItem.version.is_not(None), Passback.confirmed_version >= RunItem.version)
    is_failed = and_(
        RunItem.version == Passback.version, Passback.confirmed_version < RunItem.version, Passback.needs_person
    )
    undone, name = aliased(Run), name_of(Person)
    rows = connection.execute(
        select(
            Run,
            name.label("name"),
            undone.started_at.label("undone_started_at"),
            func.count(RunItem.passback_id).label("total"),
            func.sum(case((is_done, 1), else_=0)).label("done"),
            func.sum(case((is_failed, 1), else_=0)).label("failed"),
            func.sum(case((RunItem.left_out.is_not(None), 1), else_=0)).label("left_out"),
            func.max(Passback.confirmed_at).label("confirmed_at"),
        )
        .join(RunItem, RunItem.run_id == Run.id)
        .join(Passback, Passback.id == RunItem.passback_id)
        .outerjoin(Member, Member.id == Run.started_by)
        .outerjoin(Person, Person.id == Member.person_id)
        .outerjoin(undone, undone.id == Run.undoes)
        .where(Run.placement_id == placement_id)
        .group_by(*Run.__table__.c, Person.id, undone.started_at)
        .order_by(Run.id.desc())
        .limit(SHOWN_AT_MOST)
    ).all()
    return [_run(row) for row in rows]


def list_attempts(connection: Connection, placement_id: int, run_id: int | None) -> list[Any]:
    """The attempts of a run, or those that went by themselves; newest first, with the student's name."""
    return list(
        connection.execute(
            select(Attempt, name_of(Person).label("name"))
            .join(Passback, Passback.id == Attempt.passback_id)
            .join(Member, Member.id == Passback.member_id)
            .join(Person, Person.id == Member.person_id)
            .where(Passback.placement_id == placement_id, Attempt.run_id.is_not_distinct_from(run_id))
            .order_by(Attempt.id.desc())
            .limit(SHOWN_AT_MOST)
        ).all()
    )


def list_acts(connection: Connection, placement_id: int) -> list[Any]:
    """What was changed by hand, newest first: acts, with `by` (who did it) and `student` by name."""
    actor, actors_person = aliased(Member), aliased(Person)
    return list(
        connection.execute(
            select(Act, name_of(actors_person).label("by"), name_of(Person).label("student"))
            .join(actor, actor.id == Act.acted_by)
            .join(actors_person, actors_person.id == actor.person_id)
            .outerjoin(Member, Member.id == Act.member_id)
            .outerjoin(Person, Person.id == Member.person_id)
            .where(Act.placement_id == placement_id)
            .order_by(Act.id.desc())
            .limit(SHOWN_AT_MOST)
        ).all()
    )


def count_by_itself(connection: Connection, placement_id: int) -> int:
    """How many students' scores went by themselves."""
    found = connection.execute(
        select(func.count(func.distinct(Attempt.passback_id)))
        .join(Passback, Passback.id == Attempt.passback_id)
        .where(Passback.placement_id == placement_id, Attempt.run_id.is_(None), Attempt.outcome == "delivered")
    )
    return int(found.scalar_one())


def _run(row: Any) -> dict[str, Any]:
    waiting = row.total - row.done - row.failed - row.left_out
    if row.read_at is None:
        stage = "reading"
    elif waiting > 0:
        stage = "sending"
    else:
        stage = "over"
    return {
        "id": row.id,
        "kind": row.kind,
        "undone_started_at": row.undone_started_at,
        "trigger": row.trigger,
        "started_at": row.started_at,
        "updated_at": max(filter(None, (row.started_at, row.read_at, row.confirmed_at))),
        "by": row.name,
        "stage": stage,
        "total": row.total,
        "done": row.done,
        "failed": row.failed,
        "left_out": row.left_out,
    }
