"""Assignments of teachers' own: made, copied, put away. Changing one is `assignments.change_assignment`'s."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from tool.assessment.assignments import NOTHING, assignment_values, read_assignment
from tool.assessment.questions import AssignmentFile
from tool.clock import now
from tool.errors import BadInput
from tool.model.work import Assignment

TITLE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose library: a person, within the school that the person belongs to."""

    customer_id: int
    person_id: int


def new_assignment_id() -> str:
    """An id nobody can guess and every LMS keeps as it is: small letters and digits only."""
    return f"a-{secrets.token_hex(10)}"


def create_assignment(
    connection: Connection,
    owner: Owner,
    file: AssignmentFile,
    *,
    copied_from: str | None = None,
    for_records: Mapping[str, object] = NOTHING,
) -> str:
    """Put a new assignment into a teacher's library; its id. `for_records`: what the school's records are told of it,
    by the names of `assignments.FOR_RECORDS`."""
    values = (
        dict(for_records)
        | assignment_values(file)
        | {
            "id": file.id,
            "customer_id": owner.customer_id,
            "owner_id": owner.person_id,
            "copied_from": copied_from,
            "revision": 1,
            "updated_at": now(),
        }
    )
    connection.execute(insert(Assignment).values(**values))
    return file.id


def copy_assignment(connection: Connection, owner: Owner, assignment_id: str, title: str) -> str:
    """A copy of one that the teacher may use, in their own library; its id. Raises BadInput when there is none. When it
    was given out, and whether it goes to the school's records, is said anew of a copy."""
    if not may_use(connection, owner.customer_id, assignment_id):
        raise BadInput(f"there is no assignment {assignment_id!r}")
    before = read_assignment(connection, assignment_id)
    copy = before.model_copy(update={"id": new_assignment_id(), "title": title[:TITLE_CHARACTERS]})
    columns = select(Assignment.category, Assignment.counts_in_grade).where(Assignment.id == assignment_id)
    kept = dict(connection.execute(columns).mappings().one())
    return create_assignment(connection, owner, copy, copied_from=assignment_id, for_records=kept)


def archive_assignment(connection: Connection, owner: Owner, assignment_id: str, *, is_archived: bool) -> bool:
    """Put one's own assignment away, or take it out again; whether it was one's own. Links that have it keep it."""
    own = (Assignment.id == assignment_id, Assignment.owner_id == owner.person_id)
    values = {"archived_at": now() if is_archived else None}
    return connection.execute(update(Assignment).where(*own).values(**values)).rowcount == 1


def may_use(connection: Connection, customer_id: int, assignment_id: str) -> bool:
    """Whether it is this customer's or everyone's."""
    theirs = Assignment.customer_id.is_(None) | (Assignment.customer_id == customer_id)
    return connection.execute(select(Assignment.id).where(Assignment.id == assignment_id, theirs)).first() is not None
