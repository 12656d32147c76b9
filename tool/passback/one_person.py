"""What is to stand in gradebooks for one person, every try, and what was done about it: told, and taken away."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from tool.clock import now
from tool.model.digests import DigestMail
from tool.model.passbacks import Act, Attempt, Passback, Reading, Run, RunItem
from tool.model.people import Member
from tool.model.work import Placement


def tell(connection: Connection, member_ids: Collection[int]) -> dict[str, list[dict[str, Any]]]:
    """The rows that this room keeps; of acts *by* the person only when and what, since they are about others."""
    mine = Passback.member_id.in_(member_ids)
    by = (Act.id, Act.placement_id, Act.kind, Act.acted_at)
    told: dict[str, Any] = {
        "acts_by": select(*by).where(Act.acted_by.in_(member_ids)),
        "digests": select(DigestMail.member_id, DigestMail.mailed_at).where(DigestMail.member_id.in_(member_ids)),
        "passbacks": select(Passback.__table__).where(mine).order_by(Passback.id),
        "attempts": select(Attempt.__table__).join(Passback, Passback.id == Attempt.passback_id).where(mine),
        "run_items": select(RunItem.__table__).join(Passback, Passback.id == RunItem.passback_id).where(mine),
        "readings": select(Reading.__table__).where(Reading.member_id.in_(member_ids)),
        "acts_about": select(Act.__table__).where(Act.member_id.in_(member_ids)),
    }
    return {name: [dict(row) for row in connection.execute(rows).mappings()] for name, rows in told.items()}


def count_standing(connection: Connection, member_ids: Collection[int]) -> int:
    """How many scores were confirmed by an LMS, where they stay."""
    standing = (Passback.member_id.in_(member_ids), Passback.confirmed_version > 0)
    return connection.execute(select(func.count()).select_from(Passback).where(*standing)).scalar_one()


def take_rows(connection: Connection, member_ids: Collection[int]) -> bool:
    """Take the ledger's rows until the commit. False while one of them is on the wire: a score that a sender holds
    could arrive after its row is gone."""
    rows = select(Passback.lease_until).where(Passback.member_id.in_(member_ids)).order_by(Passback.id)
    at = now()
    return not any(until and until > at for until in connection.execute(rows.with_for_update()).scalars().all())


def erase(connection: Connection, member_ids: Collection[int]) -> None:
    """Take it all away; nothing that waited is sent. Other people's mails forget what they said of these members."""
    mine = select(Passback.id).where(Passback.member_id.in_(member_ids))
    _forget_in_mails(connection, set(member_ids))
    for table in (Attempt, RunItem):
        connection.execute(delete(table).where(table.passback_id.in_(mine)))
    for kept in (Passback, Reading, Act, DigestMail):
        connection.execute(delete(kept).where(kept.member_id.in_(member_ids)))


def erase_course(connection: Connection, course_id: int) -> None:
    """What a course has beyond its people's rows, which are gone: who pressed what, and when."""
    placements = select(Placement.id).where(Placement.course_id == course_id)
    connection.execute(delete(Act).where(Act.placement_id.in_(placements)))
    connection.execute(delete(Run).where(Run.course_id == course_id))


def _forget_in_mails(connection: Connection, member_ids: set[int]) -> None:
    courses = select(Member.course_id).where(Member.id.in_(member_ids))
    mails = (
        select(DigestMail.member_id, DigestMail.troubles)
        .join(Member, Member.id == DigestMail.member_id)
        .where(Member.course_id.in_(courses))
    )
    for reader, troubles in connection.execute(mails.with_for_update(of=DigestMail)).all():
        left = [one for one in troubles if not (isinstance(one, list) and one[1] in member_ids)]
        if left != troubles:
            connection.execute(update(DigestMail).where(DigestMail.member_id == reader).values(troubles=left))
