"""The class of every story about grades: Ben has opened the fractions, two questions of five points each."""

import pytest

from tests.cast import BEN
from tests.rows import arrive, make_assignment, make_platform
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.registration.platforms import KnownPlatform


@pytest.fixture
def platform(database: Database) -> KnownPlatform:
    make_assignment(database)
    return make_platform(database)


@pytest.fixture
def ben(database: Database, platform: KnownPlatform) -> Arrival:
    return arrive(database, platform, BEN)
