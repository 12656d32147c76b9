"""Who may come in: tokens and scopes, a constant token, the vendor's header, OAuth 1.0a."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable
from secrets import token_hex
from time import time
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from tests.demo_sis.conftest import COLUMN, MATH, SIS_URL, Story, said
from tool.demo_sis.settings import EVERY_SCOPE, SCOPES_12
from tool.demo_sis.signatures import base_string, read_header
from tool.demo_sis.sis import GRADEBOOK_12, ROOT_11, ROSTERING_12, SECRET, VENDOR_VALUE

USERS = f"{ROSTERING_12}/users"


def test_client_and_secret_give_a_token_for_the_scopes_asked(story: Story) -> None:
    answer = story.ask_token(("roster.readonly", "gradebook.createput"))

    granted = answer.get_json()
    assert (answer.status_code, granted["token_type"], granted["expires_in"]) == (200, "Bearer", 3600)
    assert granted["scope"] == f"{SCOPES_12}roster.readonly {SCOPES_12}gradebook.createput"


def test_a_wrong_secret_or_scope_gives_none(story: Story) -> None:
    wrong = story.ask_token(secret="nonsense")
    assert (wrong.status_code, wrong.get_json()["error"]) == (401, "invalid_client")
    assert story.ask_token(("nothing",)).get_json()["error"] == "invalid_scope"
    other = story.client.post("/token", data={"grant_type": "password"}, auth=("passback", "demo-sis-secret"))
    assert other.get_json()["error"] == "unsupported_grant_type"


def test_only_a_lax_sis_reads_the_secret_from_the_form(tell: Callable[..., Story]) -> None:
    form = {
        "grant_type": "client_credentials",
        "scope": f"{SCOPES_12}roster.readonly",
        "client_id": "passback",
        "client_secret": "demo-sis-secret",
    }
    assert tell().client.post("/token", data=form).status_code == 401
    assert tell(is_strict=False).client.post("/token", data=form).status_code == 200


def test_without_a_good_token_nobody_is_told_anything(story: Story) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic x"}):
        answer = story.call("GET", USERS, headers=headers)
        assert (answer.status_code, answer.headers["WWW-Authenticate"][:6]) == (401, "Bearer")


def test_tokens_end(tell: Callable[..., Story]) -> None:
    story = tell(token_seconds=0)
    assert story.call("GET", USERS).status_code == 401

    story = tell()
    assert story.call("GET", USERS).status_code == 200
    story.order("forget-tokens")
    assert story.call("GET", USERS).status_code == 401


def test_an_expired_secret_shuts_every_door(story: Story) -> None:
    story.sign_in()
    story.order("settings", is_secret_expired=True)

    assert story.ask_token().status_code == 401
    assert story.call("GET", USERS).status_code == 401


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("roster-core.readonly", "GET", f"{ROSTERING_12}/classes/{MATH}/students"),
        ("gradebook.readonly", "GET", USERS),
        ("gradebook-core.readonly", "GET", f"{GRADEBOOK_12}/classes/{MATH}/lineItems"),
        ("gradebook.readonly", "PUT", f"{GRADEBOOK_12}/lineItems/{COLUMN}"),
        ("gradebook.createput", "DELETE", f"{GRADEBOOK_12}/lineItems/{COLUMN}"),
        ("gradebook.createput", "POST", f"{GRADEBOOK_12}/classes/{MATH}/lineItems"),
    ],
)
def test_a_scope_opens_what_it_is_for_and_no_more(story: Story, scope: str, method: str, path: str) -> None:
    story.sign_in(scope)
    answer = story.call(method, path, {} if method in ("PUT", "POST") else None)
    assert (answer.status_code, "was not granted" in said(answer)) == (403, True)

    story.sign_in(*(one for one in EVERY_SCOPE if one != scope))
    assert story.call(method, path, {} if method in ("PUT", "POST") else None).status_code != 403


def test_the_core_scope_reads_whole_lists(story: Story) -> None:
    story.sign_in("roster-core.readonly", "gradebook-core.readonly")

    assert story.ids("roster", "/users")
    assert story.ids("book", "/categories")


def test_scopes_that_were_not_granted_are_left_out(tell: Callable[..., Story]) -> None:
    story = tell(granted_scopes=("roster.readonly",))

    assert story.ask_token().get_json()["scope"] == f"{SCOPES_12}roster.readonly"


def test_a_vendor_header_is_asked_for_in_the_gradebook_only(tell: Callable[..., Story]) -> None:
    story = tell(needs_vendor_header=True)
    assert story.ids("roster", "/users")
    for wrong in ({}, {"x-vendor-authorization": "passback:wrong"}):
        story.sign_in()
        assert story.headers is not None
        story.headers |= wrong
        answer = story.call("GET", f"{GRADEBOOK_12}/categories")
        assert (answer.status_code, "x-vendor-authorization" in said(answer)) == (401, True)

    story.sign_in()
    story.headers = {**(story.headers or {}), "X-Vendor-Authorization": VENDOR_VALUE}
    assert story.put_column().status_code == 201
    assert VENDOR_VALUE not in str(story.look("journal"))
    assert story.look("journal")[-1]["has_vendor_header"] is True


def test_a_constant_token_opens_everything(tell: Callable[..., Story]) -> None:
    story = tell(auth="bearer")
    connection = story.look("connection.json")
    assert (connection["token_url"], connection["client_id"]) == (None, None)
    assert story.ask_token().status_code == 400

    story.headers = {"Authorization": f"Bearer {connection['secret']}"}
    assert story.put_column().status_code == 201
    assert story.call("GET", USERS, headers={"Authorization": "Bearer other"}).status_code == 401


# ── OAuth 1.0a ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_base_string_is_that_of_the_rfc() -> None:
    """The example of RFC 5849, sections 3.4.1.1 and 3.4.1.3.1."""
    header = (
        'OAuth realm="Example", oauth_consumer_key="9djdj82h48djs9d2", oauth_token="kkk9d7dh3k39sjv7", '
        'oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="7d8f3e4a", '
        'oauth_signature="bYT5CMsGcbgUdFHObYMEfcx6bsw%3D"'
    )
    url = "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b"
    query = parse_qsl(urlsplit(url).query, keep_blank_values=True)

    assert base_string("post", url, [*read_header(header), *query, ("c2", ""), ("a3", "2 q")]) == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D"
        "%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1"
        "%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    )


def sign(method: str, path: str, *, kind: str = "HMAC-SHA1", secret: str = SECRET, **changes: str) -> str:
    """An Authorization header, signed without the SIS's own code."""
    url, _, query = (SIS_URL + path).partition("?")
    fields = {
        "oauth_consumer_key": "passback",
        "oauth_nonce": token_hex(8),
        "oauth_signature_method": kind,
        "oauth_timestamp": str(int(time())),
        "oauth_version": "1.0",
        **changes,
    }
    pairs = sorted((quote(name, safe="~"), quote(value, safe="~")) for name, value in [*fields.items(), *_pairs(query)])
    normal = quote("&".join(f"{name}={value}" for name, value in pairs), safe="~")
    text = f"{method}&{quote(url, safe='~')}&{normal}"
    digest = {"HMAC-SHA1": hashlib.sha1, "HMAC-SHA256": hashlib.sha256}[kind]
    signature = b64encode(hmac.new(f"{secret}&".encode(), text.encode(), digest).digest()).decode()
    told = {**fields, "oauth_signature": signature}
    return "OAuth " + ", ".join(f'{name}="{quote(value, safe="~")}"' for name, value in told.items())


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


@pytest.fixture
def old(tell: Callable[..., Story]) -> Story:
    return tell(version="1.1", auth="oauth1")


FILTERED = f"{ROOT_11}/teachers?filter=email%3D%27ada%40school.example%27&limit=5"


@pytest.mark.parametrize("kind", ["HMAC-SHA1", "HMAC-SHA256"])
def test_a_signed_request_comes_in(old: Story, kind: str) -> None:
    answer = old.call("GET", FILTERED, headers={"Authorization": sign("GET", FILTERED, kind=kind)})

    assert [one["sourcedId"] for one in answer.get_json()["users"]] == ["TCH-010"]


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"secret": "other"}, "the signature is wrong"),
        ({"oauth_consumer_key": "other"}, "unknown consumer key"),
        ({"oauth_timestamp": "1700000000"}, "five minutes"),
        ({"oauth_nonce": ""}, "oauth_nonce is missing"),
        ({"oauth_version": "2.0"}, "oauth_version"),
    ],
)
def test_a_signature_that_is_not_right_stays_outside(old: Story, how: dict[str, Any], words: str) -> None:
    answer = old.call("GET", FILTERED, headers={"Authorization": sign("GET", FILTERED, **how)})

    assert (answer.status_code, answer.headers["WWW-Authenticate"][:5]) == (401, "OAuth")
    assert words in said(answer)


def test_a_signature_is_for_one_request_once(old: Story) -> None:
    header = {"Authorization": sign("GET", FILTERED)}
    assert old.call("GET", FILTERED, headers=header).status_code == 200
    assert "used before" in said(old.call("GET", FILTERED, headers=header))

    header = {"Authorization": sign("GET", FILTERED)}
    other = FILTERED.replace("limit=5", "limit=6")
    assert "the signature is wrong" in said(old.call("GET", other, headers=header))
    assert old.call("GET", FILTERED, headers={"Authorization": "Bearer x"}).status_code == 401


def test_an_sis_may_ask_for_one_method(tell: Callable[..., Story]) -> None:
    story = tell(version="1.1", auth="oauth1", signature_method="HMAC-SHA256")

    assert story.call("GET", FILTERED, headers={"Authorization": sign("GET", FILTERED)}).status_code == 401
    signed = sign("GET", FILTERED, kind="HMAC-SHA256")
    assert story.call("GET", FILTERED, headers={"Authorization": signed}).status_code == 200
    assert story.look("connection.json")["signature_method"] == "HMAC-SHA256"
