"""The stage of the protocol tests: a front door for launches, a rough LMS for services."""

from collections.abc import Iterator

import pytest

from tests.lti.paper_lms import FrontDoor
from tests.lti.rough_server import RoughServer
from tests.lti.service_desk import ServiceDesk
from tool.outbound import Outbound


@pytest.fixture(scope="session")
def outbound() -> Iterator[Outbound]:
    client = Outbound(allow_loopback_http=True, connect_seconds=2, total_seconds=10)
    yield client
    client.close()


@pytest.fixture
def server() -> Iterator[RoughServer]:
    rough = RoughServer()
    yield rough
    rough.stop()


@pytest.fixture
def door(outbound: Outbound) -> FrontDoor:
    return FrontDoor(outbound)


@pytest.fixture
def desk(server: RoughServer, outbound: Outbound) -> ServiceDesk:
    return ServiceDesk(server, outbound)
