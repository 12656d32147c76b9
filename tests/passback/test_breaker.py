"""A platform in trouble is left in peace, and nothing that waits for it is lost or late for long."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.lti.paper_lms import rsa_key
from tests.passback.conftest import PostOffice
from tests.rows import make_class, passback_of, wish_for_all
from tests.stage import wait_until
from tool.course.arrivals import Arrival
from tool.lti.connector import Connector
from tool.lti.tool_keys import SigningKey
from tool.passback.delivery import deliver
from tool.passback.sender import Sender
from tool.registration.connection import Connections, SharedTokens
from tool.registration.lanes import Lanes
from tool.registration.platforms import TrustedPlatforms
from tool.wake import Bell


@contextmanager
def sender_of(office: PostOffice) -> Iterator[Sender]:
    """A whole sender as a process has it: tokens, connectors that watch, lanes."""
    database = office.database
    trusted = TrustedPlatforms(database)
    lanes = Lanes(database, "story")
    connections = Connections(
        SharedTokens(database, trusted, office.outbound, SigningKey("tool-key", rsa_key("tool"))), office.outbound
    )

    def connect(platform_id: int) -> Connector:
        return connections.to(office.platform, lanes.watch(platform_id, "canvas"))

    sender = Sender(database, lambda row: deliver(row, database=database, connect=connect), Bell(), lanes)
    thread = threading.Thread(target=sender.run)
    thread.start()
    try:
        yield sender
    finally:
        sender.stop()
        thread.join(15)
        assert not thread.is_alive()


@pytest.fixture
def class_of_forty(office: PostOffice) -> list[Arrival]:
    return make_class(office.database, office.platform, 40, ags=office.opens())


def test_an_outage_is_met_with_a_few_requests(office: PostOffice, class_of_forty: list[Arrival]) -> None:
    wish_for_all(office.database, office.platform, class_of_forty)
    office.lms.next_answers.extend([(503, {})] * 1000)
    with sender_of(office):
        threading.Event().wait(4)
        asked = len(office.lms.scores)
        office.lms.next_answers.clear()
        wait_until(is_all_delivered(office, class_of_forty), 40)

    assert 5 <= asked <= 15
    assert len(office.lms.results) == 40


def is_all_delivered(office: PostOffice, places: list[Arrival]) -> Callable[[], bool]:
    return lambda: all(passback_of(office.database, one).state == "delivered" for one in places)


def test_a_refused_key_stops_it_and_its_mending_lets_all_go(office: PostOffice, class_of_forty: list[Arrival]) -> None:
    """Nobody waits for the day that a score in need of a person waits."""
    wish_for_all(office.database, office.platform, class_of_forty)
    office.lms.refuses_tokens = True
    with sender_of(office):
        threading.Event().wait(0.9)
        asked_at_once = office.lms.requests("POST /token")
        threading.Event().wait(2)
        asked = office.lms.requests("POST /token")
        office.lms.refuses_tokens = False
        wait_until(is_all_delivered(office, class_of_forty), 40)

    assert asked_at_once <= 5
    assert asked <= 8
    assert office.lms.scores
