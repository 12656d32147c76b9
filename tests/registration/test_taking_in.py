"""A platform is taken in whole or not at all, and trusted only once it is approved."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, select

from tests.rows import count_rows, make_platform
from tool.db import Database
from tool.errors import BadInput
from tool.lti.access_token import AccessToken
from tool.lti.errors import ServiceError
from tool.model.platforms import Platform
from tool.outbound import Outbound
from tool.registration.connection import Connections
from tool.registration.new_platforms import NewPlatform, find_flaws
from tool.registration.platforms import TrustedPlatforms, approve, change, confirm_host, take_in

SCHOOL = "https://canvas.instructure.com"
ENTRY = NewPlatform(
    client_id="10000000000001",
    auth_login_url="https://sso.canvaslms.com/api/lti/authorize_redirect",
    auth_token_url="https://sso.canvaslms.com/login/oauth2/token",
    key_set_url="https://sso.canvaslms.com/api/lti/security/jwks",
)


def read(database: Database, platform_id: int) -> Any:
    with database.reading() as connection:
        return connection.execute(select(Platform).where(Platform.id == platform_id)).one()


def test_it_waits_for_an_operator(database: Database) -> None:
    platform_id = take_in(
        database,
        SCHOOL,
        replace(ENTRY, deployment_ids=("1:a", "1:a", "2:b")),
        is_approved=False,
        granted={"scopes": []},
    )
    trusted = TrustedPlatforms(database)
    assert trusted.find(SCHOOL, ENTRY.client_id) is None
    assert trusted.is_waiting(SCHOOL, ENTRY.client_id)
    assert trusted.is_waiting(SCHOOL, None)

    approve(database, platform_id)
    trusted.forget()
    known = trusted.known(SCHOOL, ENTRY.client_id)
    assert known is not None
    assert not trusted.is_waiting(SCHOOL, ENTRY.client_id)
    assert set(known.customers) == {"1:a", "2:b"}
    assert len(set(known.customers.values())) == 2
    row = read(database, platform_id)
    assert (row.name, row.family, row.source) == ("canvas.instructure.com", "canvas", "database")
    assert row.granted == {"scopes": []}


def test_without_a_deployment_nobody_comes_in_yet(database: Database) -> None:
    take_in(database, SCHOOL, ENTRY, is_approved=True)
    known = TrustedPlatforms(database).known(SCHOOL, ENTRY.client_id)
    assert known is not None
    assert known.customers == {}


def test_what_is_known_is_not_written_over(database: Database) -> None:
    platform_id = take_in(database, SCHOOL, ENTRY, is_approved=True)
    before = read(database, platform_id)
    counted = count_rows(database)

    with pytest.raises(BadInput, match="registered here already"):
        take_in(database, SCHOOL, replace(ENTRY, auth_token_url="https://evil.example/token"), is_approved=True)

    assert read(database, platform_id) == before
    assert count_rows(database) == counted
    take_in(database, SCHOOL, replace(ENTRY, client_id="10000000000002"), is_approved=True)


def test_when_what_belongs_to_it_fails_nothing_is_written(database: Database) -> None:
    def fail(_connection: Connection, platform_id: int) -> None:
        assert platform_id > 0
        raise BadInput("the invitation was used meanwhile")

    before = count_rows(database)
    with pytest.raises(BadInput, match="meanwhile"):
        take_in(database, SCHOOL, replace(ENTRY, deployment_ids=("1:a",)), is_approved=True, also=fail)

    assert count_rows(database) == before


@pytest.mark.parametrize(
    ("changes", "flaws"),
    [
        ({}, {}),
        ({"client_id": ""}, {"client_id": "missing"}),
        ({"client_id": "x" * 256}, {"client_id": "too_long"}),
        ({"client_id": "x\0"}, {"client_id": "unreadable"}),
        ({"deployment_ids": ("\n",)}, {"deployment_ids": "unreadable"}),
        ({"name": "x" * 201}, {"name": "too_long"}),
        ({"auth_audience": ""}, {"auth_audience": "missing"}),
        ({"auth_token_url": "ftp://lms.example/token"}, {"auth_token_url": "no_address"}),
        ({"auth_token_url": "https://user@lms.example/token"}, {"auth_token_url": "no_address"}),
        ({"auth_token_url": "https://[lms"}, {"auth_token_url": "no_address"}),
        ({"auth_token_url": "https://lms.example:99999/"}, {"auth_token_url": "no_address"}),
        ({"key_set_url": "http://lms.example/jwks"}, {"key_set_url": "not_https"}),
        ({"key_set_url": "http://127.0.0.1:9000/jwks"}, {"key_set_url": "not_https"}),
    ],
)
def test_each_flaw_is_found(changes: dict[str, Any], flaws: dict[str, str]) -> None:
    assert find_flaws(SCHOOL, replace(ENTRY, **changes), allows_loopback_http=False) == flaws


def test_an_lms_on_this_machine_may_speak_plain_http_while_developing() -> None:
    entry = replace(ENTRY, key_set_url="http://127.0.0.1:9000/jwks")
    assert find_flaws("http://127.0.0.1:9000", entry, allows_loopback_http=True) == {}


@pytest.mark.parametrize(
    ("issuer", "changes"), [("", {}), ("x" * 501, {}), (SCHOOL, {"client_id": "\0"}), (SCHOOL, {"key_set_url": "jwks"})]
)
def test_what_no_row_can_hold_is_refused_whoever_sends_it(
    database: Database, issuer: str, changes: dict[str, Any]
) -> None:
    before = count_rows(database)
    with pytest.raises(BadInput):
        take_in(database, issuer, replace(ENTRY, **changes), is_approved=True)
    assert count_rows(database) == before


def test_a_platform_of_the_file_is_changed_there(database: Database) -> None:
    known = make_platform(database)
    before = read(database, known.id)
    with pytest.raises(BadInput, match=r"config\.json"):
        change(database, known.id, is_active=False)
    with pytest.raises(BadInput, match="no such platform"):
        change(database, 4711, name="x")
    assert read(database, known.id) == before


class NoTokens:
    """Whoever asks for a token got past the check of the host."""

    def token(self, *_: object) -> AccessToken:
        raise ServiceError("later", "asked_for_a_token")

    def discard(self, *_: object) -> None: ...


def test_the_token_goes_to_confirmed_hosts_only(database: Database) -> None:
    known = make_platform(database)
    outbound = Outbound(allow_loopback_http=False)

    def reason(host: str) -> str:
        trusted = TrustedPlatforms(database).by_id(known.id)
        assert trusted is not None
        tokens: Any = NoTokens()
        connector = Connections(tokens, outbound).to(trusted)
        with pytest.raises(ServiceError) as refused:
            connector.call("GET", f"https://{host}/columns/7", scopes=frozenset({"any"}))
        return refused.value.reason

    assert reason("grades.school.example") == "host_not_allowed"
    confirm_host(database, known.id, "grades.school.example")
    confirm_host(database, known.id, "grades.school.example")
    assert reason("grades.school.example") == "asked_for_a_token"
    assert reason("evil.example") == "host_not_allowed"
    assert read(database, known.id).service_hosts == ["grades.school.example"]

    confirm_host(database, known.id, "grades.school.example", is_wanted=False)
    assert reason("grades.school.example") == "host_not_allowed"
    with pytest.raises(BadInput):
        confirm_host(database, 4711, "grades.school.example")
    outbound.close()
