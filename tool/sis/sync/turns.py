"""The errands of this room: the runs of a section one after the other, and the reading of a class.

An errand is unique by its kind and subject, so of one section never two runs are on their way, whatever the number of
processes; what is asked for meanwhile runs afterwards.
"""

from typing import Literal

from sqlalchemy import select

from tool import errands
from tool.db import Database
from tool.errands.leasing import CRASHED, MOST_TRIES
from tool.lti.errors import ServiceError
from tool.model.errands import Errand
from tool.model.sis import SisSection
from tool.model.sis_syncs import SisRun
from tool.sis.linking.reading import note_failure, refresh
from tool.sis.plain import SisError
from tool.sis.sync.asking import SYNCING
from tool.sis.sync.running import OpenClient, open_or_halt, run
from tool.sis.sync.states import UNFINISHED
from tool.sis.sync.trips import Halted, cancel_stale, fail, read_standstill
from tool.sis.sync.troubles import may_mend_itself


def take_turns(database: Database, open_client: OpenClient, section_id: int, *, base_url: str) -> None:
    """The errand `sis_run`: do what waits for a section, the oldest first. Raises ServiceError where the SIS did not do
    its part and is to be asked again."""
    with database.writing() as connection:
        cancel_stale(connection, section_id)
    while (run_id := _find_next(database, section_id)) is not None:
        is_last_try = _is_last_try(database, section_id)
        try:
            run(database, open_client, run_id, base_url=base_url, is_last_try=is_last_try)
        except SisError as error:
            raise _as_errands_know(error) from None
        except Exception:
            if is_last_try:
                _bury(database, section_id, run_id)
            raise


def read_class(database: Database, open_client: OpenClient, section_id: int) -> None:
    """The errand `sis_refresh`: read what the SIS has of a class. Raises ServiceError as above."""
    with database.reading() as connection:
        code = read_standstill(connection, section_id)
        mine = select(SisSection.connection_id).where(SisSection.id == section_id)
        connection_id = connection.execute(mine).scalar_one()
    if code is not None:
        return
    try:
        refresh(database, open_or_halt(open_client, connection_id), section_id)
    except Halted as halted:
        note_failure(database, section_id, halted.code)
    except SisError as error:
        raise _as_errands_know(error) from None


def _bury(database: Database, section_id: int, run_id: int) -> None:
    """A run that crashes each time must not stand in the way of the next ones."""
    fail(database, run_id, CRASHED)
    if _find_next(database, section_id) is not None:
        with database.writing() as connection:
            errands.ask(connection, SYNCING, section_id)


def _find_next(database: Database, section_id: int) -> int | None:
    waiting = (SisRun.section_id == section_id, SisRun.status.in_(UNFINISHED))
    with database.reading() as connection:
        return connection.execute(select(SisRun.id).where(*waiting).order_by(SisRun.id).limit(1)).scalar()


def _is_last_try(database: Database, section_id: int) -> bool:
    """Whether the errand is given up when it fails once more."""
    mine = (Errand.kind == SYNCING, Errand.subject_id == section_id)
    with database.reading() as connection:
        tries = connection.execute(select(Errand.tries).where(*mine)).scalar()
    return (tries or 0) + 1 >= MOST_TRIES


def _as_errands_know(error: SisError) -> ServiceError:
    """In the words of the errands: they wait, longer each time, and never less than the SIS asks for."""
    if not may_mend_itself(error):
        return ServiceError("needs_person", error.code, status=error.status)
    kind: Literal["later", "throttled"] = "throttled" if error.kind == "throttled" else "later"
    return ServiceError(kind, error.code, status=error.status, retry_at=error.retry_at)
