"""Access tokens: asked for once, shared by threads and processes, and never used past their end."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import insert

from tests.lti.paper_lms import rsa_key
from tests.rows import make_platform
from tests.stub_lms import StubLms
from tool.clock import now
from tool.db import Database
from tool.lti.tool_keys import SigningKey
from tool.lti.vocabulary import SCOPE_SCORE
from tool.model.delivering import TokenLease
from tool.outbound import Outbound
from tool.registration.connection import SharedTokens
from tool.registration.platforms import KnownPlatform, TrustedPlatforms

SCORES = frozenset({SCOPE_SCORE})
THREADS = 50


@pytest.fixture
def lms() -> Iterator[StubLms]:
    stub = StubLms()
    yield stub
    stub.stop()


@pytest.fixture
def platform(database: Database, lms: StubLms) -> KnownPlatform:
    return make_platform(database, issuer=lms.url, host=lms.url)


@pytest.fixture
def tokens(database: Database, platform: KnownPlatform) -> Iterator[SharedTokens]:
    outbound = Outbound(allow_loopback_http=True, total_seconds=5)
    yield SharedTokens(database, TrustedPlatforms(database), outbound, SigningKey("key", rsa_key("tool")))
    outbound.close()


def test_another_process_uses_the_same_token(
    database: Database, tokens: SharedTokens, platform: KnownPlatform, lms: StubLms
) -> None:
    tokens.token(platform.facts, SCORES)
    outbound = Outbound(allow_loopback_http=True)
    other = SharedTokens(database, TrustedPlatforms(database), outbound, SigningKey("key", rsa_key("tool")))

    assert other.token(platform.facts, SCORES).value == "token-1"
    outbound.close()
    assert len(lms.journal) == 1


def test_a_token_of_seconds_is_used_for_most_of_them(
    tokens: SharedTokens, platform: KnownPlatform, lms: StubLms
) -> None:
    """Otherwise each score would cost two requests."""
    lms.token_seconds = 20
    with time_machine.travel(now(), tick=False) as clock:
        tokens.token(platform.facts, SCORES)
        clock.shift(timedelta(seconds=17))
        assert tokens.token(platform.facts, SCORES).value == "token-1"
        clock.shift(timedelta(seconds=1))
        assert tokens.token(platform.facts, SCORES).value == "token-2"


def test_of_many_refusals_the_first_one_counts(tokens: SharedTokens, platform: KnownPlatform, lms: StubLms) -> None:
    refused = tokens.token(platform.facts, SCORES)
    tokens.discard(platform.facts, refused)
    fresh = tokens.token(platform.facts, SCORES)
    tokens.discard(platform.facts, refused)

    assert tokens.token(platform.facts, SCORES) == fresh
    assert fresh.value == "token-2"
    assert len(lms.journal) == 2


def test_a_refused_token_is_gone_for_the_other_processes_too(
    database: Database, tokens: SharedTokens, platform: KnownPlatform, lms: StubLms
) -> None:
    tokens.discard(platform.facts, tokens.token(platform.facts, SCORES))
    outbound = Outbound(allow_loopback_http=True)
    other = SharedTokens(database, TrustedPlatforms(database), outbound, SigningKey("key", rsa_key("tool")))

    assert other.token(platform.facts, SCORES).value == "token-2"
    outbound.close()


def test_each_set_of_rights_has_its_own_token(tokens: SharedTokens, platform: KnownPlatform, lms: StubLms) -> None:
    scores = tokens.token(platform.facts, SCORES)
    both = tokens.token(platform.facts, SCORES | {"another"})

    assert scores.value != both.value


def test_of_four_processes_one_asks(database: Database, platform: KnownPlatform, lms: StubLms) -> None:
    """All find no token at the same moment."""
    outbound = Outbound(allow_loopback_http=True)
    trusted = TrustedPlatforms(database)
    processes = [SharedTokens(database, trusted, outbound, SigningKey("key", rsa_key("tool"))) for _ in range(4)]
    together = threading.Barrier(12)

    def ask(number: int) -> str:
        together.wait()
        return processes[number % 4].token(platform.facts, SCORES).value

    with ThreadPoolExecutor(12) as threads:
        given = set(threads.map(ask, range(12)))

    outbound.close()
    assert given == {"token-1"}
    assert lms.requests("POST /token") == 1


def test_a_process_that_died_while_it_asked_is_followed(
    database: Database, tokens: SharedTokens, platform: KnownPlatform
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        with database.writing() as connection:
            connection.execute(
                insert(TokenLease).values(
                    platform_id=platform.id, lease_until=now() + timedelta(seconds=25), lease_holder="dead"
                )
            )
        clock.shift(26)

        assert tokens.token(platform.facts, SCORES).value == "token-1"
