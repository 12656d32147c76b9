"""A SIS on loopback, and a client that speaks with it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.sis.oneroster.pretend_sis import GRADEBOOK, OLD, ROSTERING, PretendSis
from tool.outbound import Outbound
from tool.sis.oneroster.client import OneRoster
from tool.sis.plain import Access, Profile

SECRET = "s3cret/+&="


@pytest.fixture(scope="module")
def outbound() -> Iterator[Outbound]:
    client = Outbound(allow_loopback_http=True, connect_seconds=0.5, total_seconds=5)
    yield client
    client.close()


@pytest.fixture
def sis() -> Iterator[PretendSis]:
    """Every 1.2 request that reaches it is held against 1EdTech's OpenAPI files, where they are at hand."""
    pretend = PretendSis()
    yield pretend
    pretend.stop()
    assert pretend.flaws == []


@pytest.fixture
def access(sis: PretendSis) -> Access:
    """To a SIS of 1.2 that is asked as fast as it can answer."""
    return Access(
        version="1.2",
        auth="oauth2",
        rostering_url=sis.url + ROSTERING + "/",
        gradebook_url=sis.url + GRADEBOOK,
        resources_url=None,
        token_url=sis.url + "/token",
        client_id="passback",
        secret=SECRET,
        profile=Profile("generic", "OneRoster", requests_per_second=0),
    )


@pytest.fixture
def old_access(access: Access, sis: PretendSis) -> Access:
    """To a SIS of 1.1: one root, a constant token."""
    return replace(
        access,
        version="1.1",
        auth="bearer",
        rostering_url=sis.url + OLD,
        gradebook_url=sis.url + OLD,
        token_url=None,
        profile=replace(access.profile, version="1.1", auth="bearer"),
    )


@pytest.fixture
def client(access: Access, outbound: Outbound) -> OneRoster:
    return OneRoster(access, outbound)


def with_profile(access: Access, **changes: Any) -> Access:
    return replace(access, profile=replace(access.profile, **changes))
