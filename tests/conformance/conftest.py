"""The internet of the stories, as production and as a developer's machine see it; the pages, and who comes to them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cast import ADA, BEN
from tests.conformance.premises import SEVERAL_CUSTOMERS, Premises
from tests.conformance.pretend_internet import Internet, make_certificate, pretend_internet
from tests.desk import Desk
from tests.rows import make_assignment, open_copy
from tool.db import Database
from tool.registration.keys import ensure_signing_key


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("internet"))


@pytest.fixture
def net(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Internet]:
    with pretend_internet(certificate, monkeypatch) as made:
        yield made


@pytest.fixture
def in_development(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Internet]:
    with pretend_internet(certificate, monkeypatch, allows_loopback=True) as made:
        yield made


@pytest.fixture(scope="module")
def make_premises(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], AbstractContextManager[Premises]]:
    @contextmanager
    def opened() -> Iterator[Premises]:
        folder = tmp_path_factory.mktemp("premises")
        database = open_copy(migrated_sqlite, folder / "premises.db")
        make_assignment(database)
        desk = Desk(database, folder, SEVERAL_CUSTOMERS, {"metrics_token": "only-for-those-who-watch"})
        ensure_signing_key(database, desk.parts.settings)
        yield Premises(desk)
        desk.outbound.close()
        database.close()

    return opened


@pytest.fixture(scope="module")
def premises(make_premises: Callable[[], AbstractContextManager[Premises]]) -> Iterator[Premises]:
    """Shared by the stories of one file, which leave it as they found it."""
    with make_premises() as made:
        yield made


@pytest.fixture(params=[ADA, BEN], ids=["instructor", "student"])
def someone(request: pytest.FixtureRequest) -> Any:
    """A row that matters to both is run as both."""
    return request.param


@pytest.fixture(scope="module")
def counter(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The pages with an LMS on paper, shared by the rows of one file."""
    folder = tmp_path_factory.mktemp("counter")
    database = open_copy(migrated_sqlite, folder / "counter.db")
    make_assignment(database)
    opened = Desk(database, folder)
    yield opened
    opened.outbound.close()
    database.close()


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Iterator[Desk]:
    """The same for one row alone, on both databases."""
    make_assignment(database)
    opened = Desk(database, tmp_path)
    yield opened
    opened.outbound.close()


@pytest.fixture
def own_desk(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Desks for one row alone on SQLite, which says how its LMS is registered."""
    database = open_copy(migrated_sqlite, tmp_path / "own.db")
    make_assignment(database)
    opened: list[Desk] = []

    def open_desk(platform: Mapping[str, Any] | None = None, **options: Any) -> Desk:
        opened.append(Desk(database, tmp_path, dict(platform or {}), **options))
        return opened[-1]

    yield open_desk
    for one in opened:
        one.outbound.close()
    database.close()
