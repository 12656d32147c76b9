"""The platform's keys: fetched seldom, kept through trouble, never taken from a bad answer."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
import time_machine

from tests.lti.paper_lms import ShelfStore, make_facts, public_entry, rsa_key
from tests.lti.rough_server import Behaviour, RoughServer, drip, hang, reply, reset, wait_then
from tests.lti.service_desk import reply_json
from tool.lti.errors import LaunchRefused
from tool.lti.key_set import KeySets
from tool.lti.platform import PlatformFacts
from tool.outbound import Outbound

GOOD = reply_json({"keys": [public_entry("first")]})
ROTATED = reply_json({"keys": [public_entry("first"), public_entry("second", rsa_key("second"))]})


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 3, 2, 9, 0, tzinfo=UTC), tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def platform(server: RoughServer) -> PlatformFacts:
    return replace(make_facts(), key_set=None, key_set_url=server.url + "/keys")


@pytest.fixture
def store() -> ShelfStore:
    return ShelfStore()


@pytest.fixture
def keys(outbound: Outbound, store: ShelfStore) -> KeySets:
    return KeySets(outbound, store)


def finds(keys: KeySets, platform: PlatformFacts, kid: str) -> str:
    """The key's id, or the code of the refusal."""
    try:
        return str(keys.find_key(platform, kid).key_id)
    except LaunchRefused as refused:
        return refused.code


def test_keys_are_fetched_once_an_hour(
    server: RoughServer, keys: KeySets, platform: PlatformFacts, clock: time_machine.Traveller
) -> None:
    server.on("/keys", GOOD)
    for _ in range(3):
        assert finds(keys, platform, "first") == "first"
        clock.shift(timedelta(minutes=25))
    assert len(server.received) == 1

    assert finds(keys, platform, "first") == "first"
    assert len(server.received) == 2


def test_a_new_key_of_the_platform_is_fetched_at_once(
    server: RoughServer, keys: KeySets, platform: PlatformFacts, clock: time_machine.Traveller
) -> None:
    server.on("/keys", GOOD, ROTATED)
    finds(keys, platform, "first")
    clock.shift(timedelta(minutes=1))

    assert finds(keys, platform, "second") == "second"
    assert len(server.received) == 2


def test_keys_may_change_a_moment_after_they_were_fetched(
    server: RoughServer, keys: KeySets, platform: PlatformFacts, clock: time_machine.Traveller
) -> None:
    server.on("/keys", GOOD, ROTATED)
    assert [finds(keys, platform, kid) for kid in ("first", "second")] == ["first", "second"]

    clock.shift(timedelta(seconds=29))
    assert finds(keys, platform, "third") == "key.unknown"
    assert len(server.received) == 2, "the second unknown key within half a minute makes no request"


def test_made_up_key_ids_do_not_become_requests(
    server: RoughServer, keys: KeySets, platform: PlatformFacts, clock: time_machine.Traveller
) -> None:
    server.on("/keys", GOOD)
    finds(keys, platform, "first")
    clock.shift(timedelta(minutes=1))
    for number in range(20):
        assert finds(keys, platform, f"made-up-{number}") == "key.unknown"
        clock.shift(timedelta(seconds=1))
    assert len(server.received) == 2

    clock.shift(timedelta(seconds=30))
    assert finds(keys, platform, "made-up") == "key.unknown"
    assert len(server.received) == 3


BAD: Mapping[str, Behaviour] = {
    "500": reply_json({"keys": [public_entry("evil")]}, 500),
    "HTML": reply(200, "<html>Please sign in</html>"),
    "no keys": reply_json({"keys": []}),
    "keys of no use": reply_json({"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "evil", "alg": "HS256"}]}),
    "a list": reply_json([]),
    "keys as text": reply_json({"keys": "evil"}),
    "ten megabytes": reply(200, b'{"keys":[' + b" " * 10_000_000),
    "a redirect": reply(302, "", {"Location": "/elsewhere"}),
    "nothing at all": reset,
    "deep JSON": reply(200, "[" * 50_000),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_bad_answer_never_replaces_good_keys(
    server: RoughServer,
    keys: KeySets,
    store: ShelfStore,
    platform: PlatformFacts,
    clock: time_machine.Traveller,
    bad: Behaviour,
) -> None:
    server.on("/keys", GOOD, bad)
    finds(keys, platform, "first")
    kept = dict(store.saved)
    clock.shift(timedelta(hours=2))

    assert finds(keys, platform, "first") == "first"
    assert finds(keys, platform, "evil") == "key.unknown"
    assert store.saved == kept
    assert len(server.requests_for("/keys")) == 2, "and the platform is left alone for a while"
    assert server.requests_for("/elsewhere") == []


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_without_any_good_keys_the_launch_says_so(
    server: RoughServer, keys: KeySets, platform: PlatformFacts, bad: Behaviour
) -> None:
    server.on("/keys", bad)

    assert finds(keys, platform, "first") == "key.unreachable"


def test_a_platform_whose_key_set_hangs_does_not_stop_known_people(
    server: RoughServer, keys: KeySets, platform: PlatformFacts, clock: time_machine.Traveller
) -> None:
    asked, answer = Event(), Event()

    def wait_for_the_end(handler: Any) -> None:
        asked.set()
        answer.wait(5)
        reply(500)(handler)

    server.on("/keys", GOOD, wait_for_the_end)
    finds(keys, platform, "first")
    clock.shift(timedelta(hours=2))
    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(finds, keys, platform, "first")
        assert asked.wait(5)
        meanwhile = pool.submit(finds, keys, platform, "first").result(timeout=3)
        assert not waiting.done()
        answer.set()

    assert [meanwhile, waiting.result()] == ["first", "first"]
    assert len(server.received) == 2


@pytest.mark.parametrize("behaviour", [hang, drip(b"HTTP/1.1 200 OK\r\n" + b"x" * 1000)], ids=["hangs", "drips"])
def test_a_fetch_ends_in_time(
    server: RoughServer, keys: KeySets, platform: PlatformFacts, monkeypatch: pytest.MonkeyPatch, behaviour: Behaviour
) -> None:
    monkeypatch.setattr("tool.lti.key_set._FETCH_SECONDS", 0.3)
    server.on("/keys", behaviour)

    assert finds(keys, platform, "first") == "key.unreachable"


def test_fifty_launches_at_once_make_one_fetch(server: RoughServer, keys: KeySets, platform: PlatformFacts) -> None:
    server.on("/keys", wait_then(0.1, GOOD))
    with ThreadPoolExecutor(50) as pool:
        found = list(pool.map(lambda _: finds(keys, platform, "first"), range(50)))

    assert found == ["first"] * 50
    assert len(server.received) == 1


def test_keys_of_another_process_are_used(
    server: RoughServer, outbound: Outbound, store: ShelfStore, platform: PlatformFacts
) -> None:
    server.on("/keys", GOOD)
    finds(KeySets(outbound, store), platform, "first")

    assert finds(KeySets(outbound, store), platform, "first") == "first"
    assert len(server.received) == 1


def test_after_a_restart_while_the_platform_is_down_old_keys_still_work(
    server: RoughServer,
    outbound: Outbound,
    store: ShelfStore,
    platform: PlatformFacts,
    clock: time_machine.Traveller,
) -> None:
    server.on("/keys", GOOD, reply(503))
    finds(KeySets(outbound, store), platform, "first")
    clock.shift(timedelta(days=3))

    assert finds(KeySets(outbound, store), platform, "first") == "first"


def test_a_withdrawn_key_is_gone_with_the_next_fetch(
    server: RoughServer, keys: KeySets, platform: PlatformFacts, clock: time_machine.Traveller
) -> None:
    server.on("/keys", ROTATED, GOOD)
    assert finds(keys, platform, "second") == "second"
    clock.shift(timedelta(hours=1, seconds=1))

    assert finds(keys, platform, "second") == "key.unknown"


def test_written_down_keys_need_no_fetch(server: RoughServer, keys: KeySets) -> None:
    written = make_facts(key_set={"keys": [public_entry("first")]}, key_set_url=server.url + "/keys")

    assert finds(keys, written, "first") == "first"
    assert finds(keys, written, "other") == "key.unknown"
    assert finds(keys, make_facts(key_set=None, key_set_url=None), "x") == "key.unreachable"
    assert server.received == []
