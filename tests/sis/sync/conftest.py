"""One demo SIS for all stories of this folder, as if newly started for each."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.sis.linking.school_beside import SchoolBeside, open_school
from tests.sis.sync.bench import Bench
from tool.db import Database


@pytest.fixture(scope="session")
def beside() -> Iterator[SchoolBeside]:
    with open_school() as school:
        yield school


@pytest.fixture
def open_bench(database: Database, beside: SchoolBeside) -> Callable[..., Bench]:
    """A bench whose SIS has these settings."""

    def make(**settings: Any) -> Bench:
        return Bench(database, beside, **settings)

    return make


@pytest.fixture
def bench(open_bench: Callable[..., Bench]) -> Bench:
    return open_bench()
