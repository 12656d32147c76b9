"""The worker's own runner, put together as a process has it: what a press on Refresh asks for is done by the LMS."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.cast import ADA, BEN, FRACTIONS
from tests.errands.bench import ask, look, row
from tests.lms_beside import CourseBeside, LmsBeside, running_lms, signing_key
from tests.rows import make_assignment
from tests.stage import wait_until
from tool.clock import now
from tool.db import Database
from tool.model.errands import Errand
from tool.model.people import Member
from tool.outbound import Outbound
from tool.passback.nightly import next_night
from tool.registration.platforms import TrustedPlatforms
from tool.settings import Settings
from tool.wake import Bell
from tool.worker import in_threads, make_loops, seed_errands


@pytest.fixture(scope="module")
def lms() -> Iterator[LmsBeside]:
    with running_lms() as running:
        yield running


def test_rosters_and_results_are_read(
    lms: LmsBeside, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tool.worker.CurrentKey", lambda *_: signing_key)
    lms.reset()
    make_assignment(database)
    course = CourseBeside(lms, database, lms.register(database))
    ada = course.opens(ADA)
    course.sends(course.opens(BEN, FRACTIONS), 8)
    settings = Settings(keys_dir=tmp_path / "keys")
    outbound = Outbound(allow_loopback_http=True)
    place = ada.placement_id or 0
    with in_threads(make_loops(settings, database, TrustedPlatforms(database), outbound, Bell()).runner):
        ask(database, "roster", ada.course_id)
        ask(database, "results", place)
        seed_errands(database)
        wait_until(lambda: look(database, "roster", ada.course_id).finished_at, 40)
        wait_until(lambda: look(database, "results", place).finished_at, 40)
        wait_until(lambda: look(database, "cleaning", 0).finished_at, 40)
    outbound.close()

    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(Member)).scalar_one() == 13
    assert set(course.readings()) == {"ben"}
    assert row(database, "cleaning", 0).due_at > now()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("runner")]


def test_seeding_at_every_start_changes_nothing(database: Database) -> None:
    for _ in range(3):
        seed_errands(database)

    with database.reading() as connection:
        kinds = list(connection.execute(select(Errand.kind)).scalars())
    assert {"cleaning", "nightly"} <= set(kinds)
    assert len(kinds) == len(set(kinds))
    assert row(database, "nightly", 0).due_at == next_night(now())
