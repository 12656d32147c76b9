"""For which terms and linked classes a section's categories are associated, as one text that can be compared.

A SIS has other categories each term, and a course that was cross-listed has another gradebook: where the text of now is
not the one of then, the teacher looks at the categories again.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from tool.model.sis import SisSection


def write_terms(term_ids: Iterable[object], class_ids: Iterable[str]) -> str:
    """The same text whatever their order."""
    return f"{' '.join(sorted(str(one) for one in term_ids))} | {' '.join(sorted(class_ids))}"


def present_for(connection: Connection, section_id: int) -> str:
    """The text of now: the terms of the section's class, and the classes of the same SIS that are linked to its course,
    its own included."""
    row = connection.execute(select(SisSection).where(SisSection.id == section_id)).one()
    linked = select(SisSection.class_id).where(
        SisSection.course_id == row.course_id,
        SisSection.connection_id == row.connection_id,
        SisSection.unlinked_at.is_(None),
    )
    return write_terms(row.term_ids, {row.class_id, *connection.execute(linked).scalars()})
