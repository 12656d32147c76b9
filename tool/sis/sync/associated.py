"""Which category of the SIS each category of ours is, as a teacher confirmed it for a section."""

from sqlalchemy import Connection, select

from tool.model.sis import SisCategoryLink
from tool.sis.rules.facts import Association


def read_associated(connection: Connection, section_id: int) -> dict[str, Association]:
    """Our word → what it is there; whether that still holds is looked at by the check before sending."""
    rows = connection.execute(select(SisCategoryLink).where(SisCategoryLink.section_id == section_id))
    return {row.category: Association(row.sis_category_id, row.sis_title, row.term, row.confirmed_at) for row in rows}
