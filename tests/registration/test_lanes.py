"""What one process learns about a platform, all know: pause, breaker, and how many requests each may have in flight."""

from datetime import timedelta

import pytest
import time_machine

from tests.rows import make_platform
from tool.clock import now
from tool.db import Database
from tool.lti.errors import ServiceError
from tool.lti.vocabulary import SCOPE_MEMBERSHIPS, SCOPE_SCORE
from tool.outbound import Answer
from tool.registration.lanes import Lanes, Room
from tool.registration.pacing import FIRST_IN_FLIGHT

SCORES = frozenset({SCOPE_SCORE})
FINE = Answer(200, {}, b"{}")
DOWN = Answer(502, {}, b"<html>Bad gateway</html>")
SILENCE = ServiceError("later", "timeout")


@pytest.fixture
def platform_id(database: Database) -> int:
    return make_platform(database).id


@pytest.fixture
def one(database: Database) -> Lanes:
    return Lanes(database, "one")


@pytest.fixture
def other(database: Database) -> Lanes:
    return Lanes(database, "other")


def tell(lanes: Lanes, platform_id: int, *happened: Answer | ServiceError) -> list[int]:
    """These calls ended so, and the process wrote it down."""
    watch = lanes.watch(platform_id, "canvas")
    for what in happened:
        if isinstance(what, Answer):
            watch.answered(what)
        else:
            watch.failed(what, SCORES)
    return lanes.write_down()


def room(lanes: Lanes, platform_id: int) -> Room:
    return lanes.look([platform_id])[platform_id]


def test_a_platform_nobody_has_asked_yet_is_open(one: Lanes, platform_id: int) -> None:
    assert room(one, platform_id) == Room("open", FIRST_IN_FLIGHT)
    assert one.hindrance(platform_id) is None


@pytest.mark.parametrize("trouble", [DOWN, SILENCE, Answer(200, {}, b"<html>Sign in</html>"), Answer(302, {}, b"")])
def test_trouble_seen_by_one_is_known_to_all(
    one: Lanes, other: Lanes, platform_id: int, trouble: Answer | ServiceError
) -> None:
    tell(one, platform_id, *[trouble] * 5)

    assert room(other, platform_id).word == "broken"
    hindrance = other.hindrance(platform_id)
    assert hindrance is not None
    assert hindrance.kind == "later"
    assert hindrance.retry_at is not None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_refusal_of_one_score_is_no_trouble(one: Lanes, platform_id: int, status: int) -> None:
    """A student who left is refused again and again, and the platform is well."""
    tell(one, platform_id, *[Answer(status, {}, b'{"errors": "user not found in course"}')] * 20)

    assert room(one, platform_id).word == "open"


def test_what_is_not_about_scores_does_not_stop_scores(one: Lanes, platform_id: int) -> None:
    """A platform that gives no class lists still takes scores; one that takes no scores is stopped."""
    one.watch(platform_id, "canvas").failed(
        ServiceError("needs_person", "scope_missing"), frozenset({SCOPE_MEMBERSHIPS})
    )
    one.write_down()
    assert room(one, platform_id).word == "open"

    tell(one, platform_id, ServiceError("needs_person", "scope_missing"))
    assert room(one, platform_id).word == "broken"


def test_a_pause_that_was_asked_for_is_kept_by_all(one: Lanes, other: Lanes, platform_id: int) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        tell(one, platform_id, Answer(429, {"retry-after": "7"}, b""))

        assert room(other, platform_id).word == "paused"
        hindrance = other.hindrance(platform_id)
        assert hindrance is not None
        assert (hindrance.kind, hindrance.retry_at) == ("throttled", now() + timedelta(seconds=7))
        clock.shift(8)
        assert room(other, platform_id).word == "open"


def test_canvas_refuses_in_its_own_way(one: Lanes, platform_id: int) -> None:
    tell(one, platform_id, Answer(403, {"x-rate-limit-remaining": "0.0"}, b"403 Forbidden (Rate Limit Exceeded)"))

    assert room(one, platform_id).word == "paused"
    assert room(one, platform_id).share == FIRST_IN_FLIGHT // 2


def test_of_all_processes_one_probes(one: Lanes, other: Lanes, platform_id: int) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        tell(one, platform_id, *[DOWN] * 5)
        assert not one.take_probe(platform_id), "not before its time"
        clock.shift(2)

        assert [one.take_probe(platform_id), other.take_probe(platform_id)] == [True, False]


def test_a_probe_that_is_never_heard_of_again_is_followed_by_another(
    one: Lanes, other: Lanes, platform_id: int
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        tell(one, platform_id, *[DOWN] * 5)
        clock.shift(2)
        assert one.take_probe(platform_id)
        clock.shift(31)

        assert other.take_probe(platform_id)


def test_an_answer_opens_the_lane_and_says_so_once(one: Lanes, other: Lanes, platform_id: int) -> None:
    tell(one, platform_id, *[DOWN] * 5)

    assert tell(other, platform_id, FINE) == [platform_id]
    assert tell(other, platform_id, FINE) == []
    assert room(one, platform_id).word == "open"


def test_living_processes_share_what_may_be_in_flight(one: Lanes, other: Lanes, platform_id: int) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(2):
            one.beat()
            other.beat()
            clock.shift(3)
        shares = [room(one, platform_id).share, room(other, platform_id).share]

        assert sum(shares) == FIRST_IN_FLIGHT
        assert min(shares) > 0


def test_a_process_that_died_leaves_its_share(one: Lanes, other: Lanes, platform_id: int) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        one.beat()
        other.beat()
        clock.shift(9)
        other.beat()

        assert room(other, platform_id).share == FIRST_IN_FLIGHT


def test_a_process_that_ends_leaves_its_share_at_once(one: Lanes, other: Lanes, platform_id: int) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        one.beat()
        other.beat()
        one.leave()
        clock.shift(3)
        other.beat()

        assert room(other, platform_id).share == FIRST_IN_FLIGHT


def test_a_reading_takes_a_place_of_the_scores(one: Lanes, platform_id: int) -> None:
    with one.watch(platform_id, "canvas", is_guest=True).on_the_wire():
        assert room(one, platform_id).share == FIRST_IN_FLIGHT - 1
    assert room(one, platform_id).share == FIRST_IN_FLIGHT
    with one.watch(platform_id, "canvas").on_the_wire():
        assert room(one, platform_id).share == FIRST_IN_FLIGHT, "a score is counted by the sender itself"


def test_the_last_of_each_is_kept_for_the_operator(one: Lanes, other: Lanes, platform_id: int) -> None:
    """Written by two processes, neither forgets what the other saw."""
    tell(one, platform_id, FINE)
    tell(other, platform_id, DOWN)
    with one._database.reading() as connection:
        row = connection.exec_driver_sql("SELECT last_success_at, last_failure_at, last_failure FROM lanes").one()

    assert None not in row
    assert row.last_failure == "server_error"
