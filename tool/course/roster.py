"""The roster of a course as its LMS tells it: people and members written, and who left marked, kept and found again."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import Connection, case, exists, func, select, update
from sqlalchemy.orm import DeclarativeBase

from tool import errands
from tool.clock import now
from tool.course.arrivals import KEYS
from tool.db import Database, upsert
from tool.lti.connector import Connector
from tool.lti.errors import ServiceError
from tool.lti.memberships import MemberFacts, read_members
from tool.lti.roles import standing
from tool.lti.unverified import MAX_ID_CHARACTERS, is_plain_id
from tool.model.people import Course, Member, Person
from tool.model.platforms import Customer
from tool.model.work import Launch

# A teacher who goes from assignment to assignment does not have the LMS asked each time.
FRESH = timedelta(minutes=10)
# Thousands of members in one transaction would keep launches and hand-ins waiting.
ROWS_AT_ONCE = 500

NOT_OFFERED = "roster_not_offered"
PLATFORM_OFF = "platform_off"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """A roster, and the moment its reading began: what happened later is not in it."""

    course_id: int
    customer_id: int
    began_at: datetime
    members: Sequence[MemberFacts]
    is_whole: bool
    """Whether who is missing from it is not in the course."""


def ask_for_roster(connection: Connection, course_id: int) -> None:
    """A teacher is here: have the roster read soon, unless it was just now. In the caller's transaction."""
    read_at = connection.execute(select(Course.roster_read_at).where(Course.id == course_id)).scalar()
    if read_at is None or now() - read_at > FRESH:
        errands.ask(connection, "roster", course_id)


def read_roster(database: Database, connect: Callable[[int], Connector | None], course_id: int) -> None:
    """Read who is in the course and write it down; what went wrong is kept as a code in `Course.roster_failure`.

    Blocks on the platform. Raises ServiceError when another try may help; nobody is marked by a reading that failed.
    """
    course = _find(database, course_id)
    connector = connect(course.platform_id)
    if course.memberships_url is None or connector is None:
        _write_failure(database, course_id, NOT_OFFERED if connector else PLATFORM_OFF)
        return
    began_at = now()
    try:
        members = read_members(connector, course.memberships_url)
    except ServiceError as error:
        _write_failure(database, course_id, error.reason)
        raise
    # Nobody with a longer or broken id could ever be launched.
    usable = [one for one in members if len(one.subject) <= MAX_ID_CHARACTERS and is_plain_id(one.subject)]
    # A course without anybody in it is a service that says nothing, not a class that left.
    is_whole = bool(members) and not _is_filtered(course.memberships_url)
    _write(database, Reading(course_id, course.customer_id, began_at, usable, is_whole))


def _is_filtered(memberships_url: str) -> bool:
    """Some LMSs put the link into the address they give: then only those who may open that link are told."""
    return not {"rlid", "role"}.isdisjoint(parse_qs(urlsplit(memberships_url).query))


def _find(database: Database, course_id: int) -> Any:
    with database.reading() as connection:
        return connection.execute(
            select(Course.memberships_url, Course.customer_id, Customer.platform_id)
            .join(Customer, Customer.id == Course.customer_id)
            .where(Course.id == course_id)
        ).one()


def _write_failure(database: Database, course_id: int, reason: str) -> None:
    with database.writing() as connection:
        connection.execute(update(Course).where(Course.id == course_id).values(roster_failure=reason))


def _write(database: Database, reading: Reading) -> None:
    # In one order everywhere: a student of two courses is in two rosters, which may be written at the same time.
    ordered = sorted(reading.members, key=lambda member: member.subject)
    for some in _cut(ordered, ROWS_AT_ONCE):
        with database.writing() as connection:
            person_ids = _write_persons(connection, reading, some)
            _write_members(connection, reading, some, person_ids)
    with database.writing() as connection:
        # The course first, as in a launch: two that cross would wait for each other.
        connection.execute(
            update(Course)
            .where(Course.id == reading.course_id)
            .values(roster_read_at=reading.began_at, roster_failure=None)
        )
        if reading.is_whole:
            _mark_missing(connection, reading)


def _write_persons(connection: Connection, reading: Reading, members: Sequence[MemberFacts]) -> Mapping[str, int]:
    """Returns subject → person."""
    rows: list[dict[str, object]] = [
        {
            "customer_id": reading.customer_id,
            "subject": one.subject,
            "name": one.name,
            "given_name": one.given_name,
            "family_name": one.family_name,
            "email": one.email,
            "sourced_id": one.sourced_id,
            "created_at": reading.began_at,
        }
        for one in members
    ]
    told = ("name", "given_name", "family_name", "email", "sourced_id")
    _upsert_all(connection, Person, rows, lambda new, own: {name: func.coalesce(new[name], own[name]) for name in told})
    theirs = select(Person.subject, Person.id).where(
        Person.customer_id == reading.customer_id, Person.subject.in_([one.subject for one in members])
    )
    return {row.subject: row.id for row in connection.execute(theirs)}


def _write_members(
    connection: Connection, reading: Reading, members: Sequence[MemberFacts], person_ids: Mapping[str, int]
) -> None:
    known = connection.execute(
        select(Member.person_id, Member.roles).where(
            Member.course_id == reading.course_id, Member.person_id.in_(person_ids.values())
        )
    )
    roles_before = {row.person_id: tuple(row.roles.split()) for row in known}
    rows: list[dict[str, object]] = []
    for one in members:
        person_id = person_ids[one.subject]
        roles = _choose_roles(one.roles, roles_before.get(person_id, ()))
        who = standing(roles)
        rows.append(
            {
                "course_id": reading.course_id,
                "person_id": person_id,
                "roles": " ".join(roles),
                "is_teacher": who.is_teacher,
                "is_gradable": who.is_gradable,
                "on_roster_at": reading.began_at,
                "left_at": reading.began_at if _is_away(one) else None,
                "created_at": reading.began_at,
            }
        )
    _upsert_all(connection, Member, rows, _renewed_member)


def _renewed_member(new: Any, own: Any) -> dict[str, object]:
    since = func.coalesce(own["left_at"], new["left_at"])
    return {
        **{name: new[name] for name in ("roles", "is_teacher", "is_gradable", "on_roster_at")},
        "left_at": case((new["left_at"].is_(None), None), else_=since),
    }


def _choose_roles(told: tuple[str, ...], before: tuple[str, ...]) -> tuple[str, ...]:
    """The roster's roles; none told change nothing, and who launched as the test student stays one: rosters call the
    test student a plain learner, if they have one at all."""
    return before if not told or standing(before).is_test_student else told


def _is_away(member: MemberFacts) -> bool:
    return member.status.rpartition("#")[2].lower() in ("inactive", "deleted")


def _mark_missing(connection: Connection, reading: Reading) -> None:
    """Who was not in the roster has left, except who launched since the reading began: the LMS let them in."""
    not_in_it = (
        Member.course_id == reading.course_id,
        Member.left_at.is_(None),
        func.coalesce(Member.on_roster_at < reading.began_at, Member.on_roster_at.is_(None)),
    )
    # A launch holds its member until it is committed: it is waited for, and only then looked for.
    connection.execute(select(Member.id).where(*not_in_it).order_by(Member.id).with_for_update()).all()
    launched = exists().where(Launch.member_id == Member.id, Launch.created_at >= reading.began_at)
    missing = connection.execute(select(Member.id, Member.roles).where(*not_in_it, ~launched)).all()
    # Canvas's test student launches and is in no roster.
    left = sorted(row.id for row in missing if not standing(row.roles.split()).is_test_student)
    for some in _cut(left, ROWS_AT_ONCE):
        connection.execute(update(Member).where(Member.id.in_(some)).values(left_at=reading.began_at))


def _upsert_all(
    connection: Connection,
    table: type[DeclarativeBase],
    rows: list[dict[str, object]],
    renew: Callable[[Any, Any], dict[str, object]],
) -> None:
    statement = upsert(connection, table)
    renewed = renew(statement.excluded, table.__table__.c)
    connection.execute(statement.on_conflict_do_update(index_elements=list(KEYS[table]), set_=renewed), rows)


def _cut(items: Iterable[T], size: int) -> Iterator[list[T]]:
    waiting = iter(items)
    while some := list(islice(waiting, size)):
        yield some
