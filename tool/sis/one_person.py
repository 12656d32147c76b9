"""What of one person stands on this side of the school's records: told, and taken away."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, exists, func, or_, select, update

from tool.clock import now
from tool.model.people import Member, Person
from tool.model.sis import SisConnection, SisMatch, SisSection, SisStudent
from tool.model.sis_syncs import SisAct, SisItem, SisRun, SisRunLine, SisScore

# A run writes each of its steps down: one that was silent for longer than this has died.
SILENT = timedelta(minutes=2)
GONE = object()


@dataclass(frozen=True, slots=True)
class Traces:
    """By what somebody can be recognised in the rows of this room."""

    members: frozenset[int]
    sections: frozenset[int]
    """The classes that are, or once were, linked to a course of theirs."""
    students: frozenset[tuple[int, str]]
    """(connection, the SIS's id) for which they were taken."""
    ids: frozenset[str]
    """What the LMS calls their id in the SIS."""
    emails: frozenset[str]
    names: frozenset[str]

    def is_meant(self, key: str, value: object) -> bool:
        """Whether a value under this name in somebody's act is about them."""
        if isinstance(value, str):
            is_id = any(value == sourced_id for _, sourced_id in self.students)
            named = (rf"(?<!\w){re.escape(one)}(?!\w)" for one in self.emails | self.names)
            return is_id or any(re.search(one, value.casefold()) for one in named)
        return isinstance(value, int) and key.startswith("member") and value in self.members


def tell(connection: Connection, member_ids: Collection[int]) -> dict[str, list[dict[str, Any]]]:
    """The rows that this room keeps; of acts *by* the person only when and what, since they are about others."""
    traces = _trace(connection, member_ids)
    by = (SisAct.id, SisAct.section_id, SisAct.kind, SisAct.acted_at)
    told: dict[str, Any] = {
        "sis_matches": select(SisMatch.__table__).where(SisMatch.member_id.in_(member_ids)),
        "sis_scores": select(SisScore.__table__, SisItem.section_id, SisItem.placement_id)
        .join(SisItem, SisItem.id == SisScore.item_id)
        .where(SisScore.member_id.in_(member_ids)),
        "sis_run_lines": select(SisRunLine.__table__).where(SisRunLine.member_id.in_(member_ids)),
        "sis_acts_by": select(*by).where(SisAct.acted_by.in_(member_ids)),
    }
    rows = {name: [dict(row) for row in connection.execute(query).mappings()] for name, query in told.items()}
    about = [dict(act) for act in _acts(connection, traces) if _forget(act["detail"], traces) != act["detail"]]
    return rows | {"sis_students": [dict(one) for one in _students(connection, traces)], "sis_acts_about": about}


def is_being_sent(connection: Connection, member_ids: Collection[int]) -> bool:
    """Whether a run is on its way with the classes of their courses: it may hold a score of theirs."""
    sections = _sections_of(connection, member_ids)
    alive = (SisRun.status == "running", SisRun.updated_at > now() - SILENT)
    return bool(connection.execute(select(exists().where(SisRun.section_id.in_(sections), *alive))).scalar_one())


def erase(connection: Connection, member_ids: Collection[int]) -> None:
    """Take it all away. What the SIS answered may name anybody, so none of it is kept for the classes concerned. What
    these members linked, matched or sent for others stays."""
    traces = _trace(connection, member_ids)
    for named in (SisRunLine, SisScore, SisMatch):
        connection.execute(delete(named).where(named.member_id.in_(member_ids)))
    for one in _students(connection, traces):
        this = (SisStudent.section_id == one["section_id"], SisStudent.sourced_id == one["sourced_id"])
        connection.execute(delete(SisStudent).where(*this))
    items = select(SisItem.id).where(SisItem.section_id.in_(traces.sections))
    connection.execute(update(SisScore).where(SisScore.item_id.in_(items)).values(answer=None))
    connection.execute(update(SisItem).where(SisItem.section_id.in_(traces.sections)).values(answer=None))
    _forget_in_acts(connection, traces)
    _forget_as_teacher(connection, traces)


def _trace(connection: Connection, member_ids: Collection[int]) -> Traces:
    persons = select(Person.name, Person.email, Person.sourced_id).join(Member).where(Member.id.in_(member_ids))
    known = connection.execute(persons.distinct()).all()
    matched = (
        select(SisSection.connection_id, SisMatch.student_id)
        .join(SisSection, SisSection.id == SisMatch.section_id)
        .where(SisMatch.member_id.in_(member_ids))
    )
    sent = (
        select(SisSection.connection_id, SisScore.student_id)
        .join(SisItem, SisItem.id == SisScore.item_id)
        .join(SisSection, SisSection.id == SisItem.section_id)
        .where(SisScore.member_id.in_(member_ids))
    )
    pairs = [*connection.execute(matched), *connection.execute(sent)]
    return Traces(
        members=frozenset(member_ids),
        sections=frozenset(_sections_of(connection, member_ids)),
        students=frozenset((where, sourced_id) for where, sourced_id in pairs if sourced_id),
        ids=frozenset(one.sourced_id for one in known if one.sourced_id),
        emails=frozenset(one.email.casefold() for one in known if one.email),
        names=frozenset(one.name.casefold() for one in known if one.name),
    )


def _sections_of(connection: Connection, member_ids: Collection[int]) -> list[int]:
    courses = select(Member.course_id).where(Member.id.in_(member_ids))
    return list(connection.execute(select(SisSection.id).where(SisSection.course_id.in_(courses))).scalars())


def _students(connection: Connection, traces: Traces) -> list[Mapping[str, Any]]:
    """Their rows in the school's class lists: those they were matched with, and those that say the same id or
    address. Nobody is taken for them by name."""
    wanted = (
        SisStudent.section_id.in_(traces.sections),
        SisStudent.sourced_id.in_([sourced_id for _, sourced_id in traces.students]),
        func.lower(SisStudent.email).in_(traces.emails),
    )
    rows = connection.execute(
        select(SisStudent.__table__, SisSection.connection_id)
        .join(SisSection, SisSection.id == SisStudent.section_id)
        .join(SisConnection, SisConnection.id == SisSection.connection_id)
        .where(SisConnection.customer_id.in_(_customers_of(traces)), or_(*wanted))
        .order_by(SisStudent.section_id, SisStudent.sourced_id)
    ).mappings()
    return [one for one in map(dict, rows) if _is_theirs(one, traces)]


def _is_theirs(student: Mapping[str, Any], traces: Traces) -> bool:
    if (student["connection_id"], student["sourced_id"]) in traces.students:
        return True
    if (student["email"] or "").casefold() in traces.emails:
        return True
    # The LMS does not say of which SIS its id is: it is believed in their own classes only.
    is_in_class = student["section_id"] in traces.sections
    return is_in_class and bool(traces.ids & {student["sourced_id"], *student["identifiers"]})


def _customers_of(traces: Traces) -> Select[int]:
    return select(Person.customer_id).join(Member).where(Member.id.in_(traces.members))


def _acts(connection: Connection, traces: Traces) -> list[Mapping[str, Any]]:
    acts = select(SisAct.__table__).where(SisAct.section_id.in_(traces.sections)).order_by(SisAct.id)
    return [dict(one) for one in connection.execute(acts).mappings()]


def _forget_in_acts(connection: Connection, traces: Traces) -> None:
    for act in _acts(connection, traces):
        left = _forget(act["detail"], traces)
        if left is GONE:
            connection.execute(delete(SisAct).where(SisAct.id == act["id"]))
        elif left != act["detail"]:
            connection.execute(update(SisAct).where(SisAct.id == act["id"]).values(detail=left))


def _forget(value: object, traces: Traces, key: str = "") -> object:
    """What is left of an act's detail: lists without the person; GONE where it is about this person alone."""
    if isinstance(value, dict):
        left = {name: _forget(one, traces, name) for name, one in value.items()}
        return GONE if any(one is GONE for one in left.values()) else left
    if isinstance(value, list):
        return [one for item in value if (one := _forget(item, traces, key)) is not GONE]
    return GONE if traces.is_meant(key, value) else value


def _forget_as_teacher(connection: Connection, traces: Traces) -> None:
    """The links that a teacher made stay, without the id that the SIS has for the teacher; the list of those who may
    sync loses the address."""
    linked = update(SisSection).where(SisSection.linked_by.in_(traces.members))
    connection.execute(linked.values(teacher_id=None))
    of_their_school = SisConnection.customer_id.in_(_customers_of(traces))
    lists = select(SisConnection.id, SisConnection.teacher_emails).where(of_their_school)
    for connection_id, listed in connection.execute(lists).all():
        left = [one for one in listed if str(one).casefold() not in traces.emails]
        if left != listed:
            mine = SisConnection.id == connection_id
            connection.execute(update(SisConnection).where(mine).values(teacher_emails=left))
