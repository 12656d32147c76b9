"""Found assignments into a teacher's library, all in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from tool.assessment.making import Owner, create_assignment, new_assignment_id
from tool.assessment.questions import AssignmentFile
from tool.language import gettext
from tool.library.importing.report import Found, FoundAssignment
from tool.model.work import Assignment


@dataclass(frozen=True, slots=True)
class Stored:
    """How many were added; the others were in the library already because the form was sent twice."""

    added: int
    ids: tuple[str, ...]
    """Of all that were wanted, as they are in the library now."""


def free_ids(connection: Connection, found: Found) -> Found:
    """A taken id is replaced by a new one of the teacher's own; the report says so."""
    taken = _owners(connection, [one.file.id for one in found.assignments if one.file])
    note = gettext(
        "Its id is in use already, so it gets a new one; links that name the old id open the other assignment."
    )
    renamed = [
        _rename(one, note) if one.file is not None and one.file.id in taken else one for one in found.assignments
    ]
    return replace(found, assignments=tuple(renamed))


def store_files(connection: Connection, owner: Owner, files: Iterable[AssignmentFile]) -> Stored:
    """Add them to the owner's library."""
    wanted = list(files)
    owners = _owners(connection, [file.id for file in wanted])
    ids: list[str] = []
    added = 0
    for file in wanted:
        if owners.get(file.id) == owner.person_id:
            ids.append(file.id)
            continue
        is_taken = file.id in owners
        ours = file.model_copy(update={"id": new_assignment_id()}) if is_taken else file
        ids.append(create_assignment(connection, owner, ours))
        added += 1
    return Stored(added, tuple(ids))


def _owners(connection: Connection, ids: list[str]) -> dict[str, int | None]:
    rows = connection.execute(select(Assignment.id, Assignment.owner_id).where(Assignment.id.in_(ids)))
    return {row.id: row.owner_id for row in rows}


def _rename(found: FoundAssignment, note: str) -> FoundAssignment:
    if found.file is None:
        return found
    file = found.file.model_copy(update={"id": new_assignment_id()})
    return replace(found, file=file, notes=(*found.notes, note))
