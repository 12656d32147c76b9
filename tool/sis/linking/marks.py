"""What runs and nights learn of a linked class and its grading periods, kept beside what was read of them."""

from datetime import datetime

from sqlalchemy import Connection, func, update

from tool.clock import now
from tool.model.sis import SisPeriod, SisSection


def mark_remastered(connection: Connection, section_id: int) -> None:
    connection.execute(update(SisSection).where(SisSection.id == section_id).values(remastered_at=now()))


def mark_first_sent(connection: Connection, section_id: int) -> None:
    """That something went there for the first time; later times change nothing."""
    first = func.coalesce(SisSection.first_sent_at, now(), type_=SisSection.first_sent_at.type)
    connection.execute(update(SisSection).where(SisSection.id == section_id).values(first_sent_at=first))


def close_period(connection: Connection, section_id: int, period_id: str) -> None:
    """The SIS refused a grade because the office closed the period: nothing more is tried in it."""
    _mark_period(connection, section_id, period_id, closed_at=now())


def open_period(connection: Connection, section_id: int, period_id: str) -> None:
    """Its dates changed, or a teacher tries again."""
    _mark_period(connection, section_id, period_id, closed_at=None)


def mark_disabled(connection: Connection, section_id: int, period_id: str) -> None:
    """Its items were switched off at its end, which happens once."""
    _mark_period(connection, section_id, period_id, disabled_at=now())


def mark_reminded(connection: Connection, section_id: int, period_id: str) -> None:
    _mark_period(connection, section_id, period_id, reminded_at=now())


def _mark_period(connection: Connection, section_id: int, period_id: str, **marks: datetime | None) -> None:
    mine = (SisPeriod.section_id == section_id, SisPeriod.sourced_id == period_id)
    connection.execute(update(SisPeriod).where(*mine).values(**marks))
