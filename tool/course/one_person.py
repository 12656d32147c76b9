"""One person, for whoever asks what is kept of a student or wants it gone: found, told, taken away."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update

from tool.clock import now
from tool.model.people import Course, Member, Person
from tool.model.platforms import Customer, Platform
from tool.model.work import Opening, Placement

# The largest id that both databases hold.
LARGEST_ID = 2**31 - 1
NOBODY = "erased:"


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody whom an operator may mean."""

    person_id: int
    subject: str
    customer_id: int
    platform: str


def find_persons(
    connection: Connection, named: str, *, customer_id: int | None = None, is_number: bool = False
) -> list[Found]:
    """Who is meant by `named`: the LMS's own id of somebody (its `sub`), or the number that the person has here.

    The former means something only within a customer, and Moodle's are tiny numbers: several may be found.
    """
    meant = [] if is_number else [Person.subject == named]
    if named.isascii() and named.isdigit() and int(named) <= LARGEST_ID:
        meant.append(Person.id == int(named))
    if not meant or named.startswith(NOBODY):
        return []
    rows = (
        select(Person.id, Person.subject, Person.customer_id, Platform.name)
        .join(Customer, Customer.id == Person.customer_id)
        .join(Platform, Platform.id == Customer.platform_id)
        .where(or_(*meant), ~Person.subject.startswith(NOBODY))
        .order_by(Person.id)
    )
    if customer_id is not None:
        rows = rows.where(Person.customer_id == customer_id)
    return [Found(*row) for row in connection.execute(rows)]


def take_members(connection: Connection, person_id: int) -> list[int]:
    """Everything a person is in a course. Until the commit nobody else writes anything about them."""
    rows = select(Member.id).where(Member.person_id == person_id).order_by(Member.id)
    return list(connection.execute(rows.with_for_update()).scalars())


def tell(connection: Connection, person_id: int) -> dict[str, list[dict[str, Any]]]:
    """The rows that this room keeps."""
    of_person = Member.person_id == person_id
    told = {
        "person": select(Person.__table__).where(Person.id == person_id),
        "memberships": select(Member.__table__, Course.title.label("course_title"), Course.context_id)
        .join(Course, Course.id == Member.course_id)
        .where(of_person),
        "openings": select(Opening.__table__, Placement.title.label("placement_title"))
        .join(Placement, Placement.id == Opening.placement_id)
        .join(Member, Member.id == Opening.member_id)
        .where(of_person),
    }
    return {name: [dict(row) for row in connection.execute(rows).mappings()] for name, rows in told.items()}


def erase(connection: Connection, member_ids: Collection[int], *, still_named: Collection[int]) -> None:
    """Take the person away. `still_named` are members by whom others' work was marked or sent: of these nobody's row
    stays, with which nothing but a number is told."""
    connection.execute(delete(Opening).where(Opening.member_id.in_(member_ids)))
    connection.execute(delete(Member).where(Member.id.in_(set(member_ids) - set(still_named))))
    if still_named:
        at_rest = {"roles": "", "is_teacher": False, "is_gradable": False, "left_at": now(), "on_roster_at": None}
        connection.execute(update(Member).where(Member.id.in_(still_named)).values(**at_rest))


def erase_name(connection: Connection, person_id: int, *, is_still_named: bool) -> None:
    """The last of it; whoever comes back from the LMS is a new person."""
    if not is_still_named:
        connection.execute(delete(Person).where(Person.id == person_id))
        return
    blank = dict.fromkeys(("name", "given_name", "family_name", "email", "sourced_id", "locale"))
    nobody = {"subject": NOBODY + secrets.token_hex(16), **blank}
    connection.execute(update(Person).where(Person.id == person_id).values(**nobody))
