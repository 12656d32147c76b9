"""A platform whose customer a connection is for."""

import pytest

from tests.rows import make_platform
from tool.db import Database
from tool.registration.platforms import KnownPlatform
from tool.sis.connecting.connections import NewConnection
from tool.sis.connecting.sealing import Sealing


@pytest.fixture
def sealing() -> Sealing:
    return Sealing("of this machine, of this machine")


@pytest.fixture
def paper(database: Database) -> KnownPlatform:
    return make_platform(database)


@pytest.fixture
def customer_id(paper: KnownPlatform) -> int:
    return next(iter(paper.customers.values()))


@pytest.fixture
def new() -> NewConnection:
    return NewConnection(
        name="Infinite Campus",
        vendor="infinite_campus",
        version="1.2",
        auth="oauth2",
        rostering_url="https://sis.example/ims/oneroster/rostering/v1p2",
        gradebook_url="https://sis.example/ims/oneroster/gradebook/v1p2",
        token_url="https://sis.example/token",
        client_id="passback",
        secret="hunter2",
        vendor_header="key:vendor-secret",
        time_zone="America/Denver",
        profile={"title_limit": 30},
    )
