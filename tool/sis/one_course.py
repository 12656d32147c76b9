"""What of one course stands on this side of the school's records: taken away."""

from sqlalchemy import Connection, delete, select

from tool.model.sis import SisCategoryLink, SisMatch, SisSection
from tool.model.sis_syncs import SisAct, SisItem, SisRun, SisRunLine, SisScore


def erase(connection: Connection, course_id: int) -> None:
    """Its linked classes with all that was read, matched and sent. What stands in the SIS stays there."""
    sections = select(SisSection.id).where(SisSection.course_id == course_id)
    items = select(SisItem.id).where(SisItem.section_id.in_(sections))
    runs = select(SisRun.id).where(SisRun.section_id.in_(sections))
    connection.execute(delete(SisRunLine).where(SisRunLine.run_id.in_(runs)))
    connection.execute(delete(SisScore).where(SisScore.item_id.in_(items)))
    for table in (SisItem, SisRun, SisAct, SisMatch, SisCategoryLink):
        connection.execute(delete(table).where(table.section_id.in_(sections)))
    # Periods, categories and students that were read go with their section.
    connection.execute(delete(SisSection).where(SisSection.course_id == course_id))
