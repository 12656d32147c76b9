"""Whether a linked class goes by itself each night: the teacher's word."""

from sqlalchemy import Connection, select, update

from tool.model.sis import SisSection
from tool.sis.linking.acting import Actor, write_act


def switch_nightly(connection: Connection, actor: Actor, *, is_on: bool) -> None:
    """In the caller's transaction; what is so already is not written down again."""
    mine = SisSection.id == actor.section_id
    if connection.execute(select(SisSection.is_nightly).where(mine)).scalar_one() == is_on:
        return
    connection.execute(update(SisSection).where(mine).values(is_nightly=is_on))
    write_act(connection, actor, "nightly", is_on=is_on)
