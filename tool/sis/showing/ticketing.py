"""The facts of *Copy for the help desk*, asked of the rows: who, since when, what was tried."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, func, select

from tool.model.sis import SisConnection, SisSection
from tool.model.sis_syncs import SisItem, SisRunLine, SisScore
from tool.sis.plain import Enrolled
from tool.sis.remedies import Trouble, write_ticket
from tool.sis.remedies.ticket import Try
from tool.sis.rules.facts import ItemFacts

TRIES_SHOWN = 10


def write_item_ticket(
    connection: Connection, facts: ItemFacts, row: Any, told: tuple[str, str, str | None], urls: tuple[str, str | None]
) -> str:
    """`row` is the SisItem; `told`: the code, what the teacher reads, what the SIS said; `urls`: of page, course."""
    section = _read_section(connection, row.section_id)
    code, happened, answer = told
    tries = _tries(connection, row.id)
    return write_ticket(
        Trouble(
            happened=happened,
            code=code,
            sis=section.name,
            vendor=section.vendor,
            version=section.version,
            gradebook_url=section.gradebook_url,
            class_title=section.class_title,
            class_id=section.class_id,
            school_id=section.school_id,
            term=section.term_title,
            item_title=facts.name,
            line_item_id=facts.line_item_id,
            category=facts.association.title if facts.association else None,
            due_at=facts.due.at if facts.due else None,
            page_url=urls[0],
            course_url=urls[1],
            since=_since(tries, row),
            succeeded_at=row.succeeded_at,
            student_ids=_failed(connection, row.id),
            students=len(facts.learners),
            other_items=_others(connection, row),
            tries=tries[:TRIES_SHOWN],
            answer=answer,
            personal=_names(facts),
        )
    )


def _read_section(connection: Connection, section_id: int) -> Any:
    names = (SisConnection.name, SisConnection.vendor, SisConnection.version, SisConnection.gradebook_url)
    query = select(SisSection, *names).join(SisConnection, SisConnection.id == SisSection.connection_id)
    return connection.execute(query.where(SisSection.id == section_id)).one()


def _tries(connection: Connection, item_id: int) -> list[Try]:
    """Of the item's column, and of its students where they failed; newest first."""
    rows = connection.execute(
        select(SisRunLine)
        .where(SisRunLine.item_id == item_id, (SisRunLine.step == "item") | (SisRunLine.outcome == "failed"))
        .order_by(SisRunLine.id.desc())
        .limit(5 * TRIES_SHOWN)
    )
    return [Try(row.at, row.step, row.outcome, row.code, row.status) for row in rows]


def _since(tries: Iterable[Try], row: Any) -> Any:
    """When the failures began that have not stopped since."""
    began = row.tried_at
    for one in tries:
        if one.outcome != "failed":
            break
        began = one.at
    return began


def _failed(connection: Connection, item_id: int) -> tuple[str, ...]:
    rows = select(SisScore.student_id).where(SisScore.item_id == item_id, SisScore.state == "failed")
    return tuple(one for one in connection.execute(rows.order_by(SisScore.id)).scalars() if one)


def _others(connection: Connection, row: Any) -> int:
    same = (SisItem.section_id == row.section_id, SisItem.code == row.code, SisItem.id != row.id)
    return connection.execute(
        select(func.count()).select_from(SisItem).where(*same, SisItem.state == "failed")
    ).scalar_one()


def _names(facts: ItemFacts) -> tuple[str, ...]:
    """Names of students, here and there, and their parts."""
    enrolled = [one.enrolled for one in facts.students if isinstance(one.enrolled, Enrolled)]
    whole = [*(one.name for one in facts.students), *(one.name for one in enrolled)]
    return tuple({part for name in whole for part in (name, *name.replace(",", " ").split())})
