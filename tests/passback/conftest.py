"""The class of every ledger story: Ben and Cleo have opened the fractions. And an LMS to deliver to."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.cast import BEN, CLEO
from tests.lti.paper_lms import rsa_key
from tests.rows import ALL_SCOPES, arrive, make_assignment, make_platform
from tests.stub_lms import StubLms
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.lti.connector import Connector
from tool.lti.tool_keys import SigningKey
from tool.outbound import Outbound
from tool.passback.delivery import deliver
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.entries import Claimed, Settlement
from tool.passback.ledger.settling import settle
from tool.registration.connection import Connections, SharedTokens
from tool.registration.platforms import KnownPlatform, TrustedPlatforms


@pytest.fixture
def platform(database: Database) -> KnownPlatform:
    make_assignment(database)
    return make_platform(database)


@pytest.fixture
def ben(database: Database, platform: KnownPlatform) -> Arrival:
    return arrive(database, platform, BEN)


@pytest.fixture
def cleo(database: Database, platform: KnownPlatform) -> Arrival:
    return arrive(database, platform, CLEO)


@pytest.fixture(scope="session")
def outbound() -> Iterator[Outbound]:
    client = Outbound(allow_loopback_http=True, connect_seconds=2, total_seconds=5)
    yield client
    client.close()


@dataclass
class PostOffice:
    """The way of a score from the ledger to the stub LMS, by the tool's own parts."""

    lms: StubLms
    database: Database
    platform: KnownPlatform
    outbound: Outbound

    def __post_init__(self) -> None:
        trusted = TrustedPlatforms(self.database)
        tokens = SharedTokens(self.database, trusted, self.outbound, SigningKey("tool-key", rsa_key("tool")))
        self._connections = Connections(tokens, self.outbound)

    def connect(self, platform_id: int) -> Connector:
        assert platform_id == self.platform.id
        return self._connections.to(self.platform)

    def opens(self, place: str | None = "/columns/1") -> dict[str, object]:
        """The gradebook claim of a launch from this LMS, with a column or without."""
        gradebook: dict[str, object] = {"lineitems": f"{self.lms.url}/columns", "scope": ALL_SCOPES}
        return gradebook | ({"lineitem": self.lms.url + place} if place else {})

    def take(self) -> Claimed:
        (row,) = claim(self.database, self.platform.id, holder="sender", limit=1)
        return row

    def deliver(self, row: Claimed) -> Settlement:
        return deliver(row, database=self.database, connect=self.connect)

    def try_once(self) -> Settlement:
        """Claim one row, deliver it, write down how it ended."""
        settlement = self.deliver(self.take())
        settle(self.database, [settlement])
        return settlement


def opened_office(database: Database, outbound: Outbound) -> Iterator[PostOffice]:
    """The office for a fixture's tests, closed after them."""
    lms = StubLms()
    make_assignment(database)
    yield PostOffice(lms, database, make_platform(database, issuer=lms.url, host=lms.url), outbound)
    lms.stop()


@pytest.fixture
def office(database: Database, outbound: Outbound) -> Iterator[PostOffice]:
    yield from opened_office(database, outbound)
