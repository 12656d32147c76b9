"""Checklist A115–A123: keys, tokens, transport."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import jwt
import pytest
import time_machine
from jwt.algorithms import RSAAlgorithm
from werkzeug.test import TestResponse

from tests.cast import BEN, Someone
from tests.conformance.forging import launch
from tests.conformance.verdicts import assert_came_in, assert_refused
from tests.desk import TOOL, Desk
from tests.lti.paper_lms import public_entry, rsa_key
from tests.lti.rough_server import Behaviour, RoughServer, hang, reply
from tests.lti.service_desk import ServiceDesk, reply_json
from tests.passback.conftest import PostOffice, opened_office
from tests.rows import arrive, count_rows, make_class, make_platform, open_copy, wish_for, wish_for_all
from tests.stub_lms import StubLms
from tool.clock import now
from tool.db import Database
from tool.errors import BadInput
from tool.lti.access_token import AccessToken, request_token
from tool.lti.tool_keys import SigningKey
from tool.lti.vocabulary import SCOPE_SCORE
from tool.outbound import Outbound
from tool.registration.connection import SharedTokens
from tool.registration.keys import CurrentKey, ensure_signing_key, list_keys, read_published_keys, rotate_keys
from tool.registration.platforms import KnownPlatform, TrustedPlatforms
from tool.settings import Settings

SCORES = frozenset({SCOPE_SCORE})
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEEPS_KEYS_FOR = HOUR
SECOND_KEY = rsa_key("second")
PRIVATE_MEMBERS = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}


@pytest.fixture(scope="module")
def outbound() -> Iterator[Outbound]:
    client = Outbound(allow_loopback_http=True, connect_seconds=2, total_seconds=5)
    yield client
    client.close()


@pytest.fixture
def database(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """On SQLite: what goes over the wire is the same whatever the database."""
    made = open_copy(migrated_sqlite, tmp_path / "keys.db")
    yield made
    made.close()


@pytest.fixture
def server() -> Iterator[RoughServer]:
    rough = RoughServer()
    yield rough
    rough.stop()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(keys_dir=tmp_path / "keys")


@pytest.fixture
def office(database: Database, outbound: Outbound) -> Iterator[PostOffice]:
    yield from opened_office(database, outbound)


# ── A115: what is published ──────────────────────────────────────────────────────────────────────────────────────


def test_a115_the_key_set_says_no_more_than_it_must(counter: Desk) -> None:
    settings = counter.parts.settings
    ensure_signing_key(counter.database, settings)
    rotate_keys(counter.database, settings)
    answer = counter.browser().get("/.well-known/jwks.json", base_url=TOOL)

    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    keys = answer.get_json()["keys"]
    assert len(keys) == 2
    for key in keys:
        assert set(key) == {"kty", "kid", "alg", "use", "n", "e"}
        assert not PRIVATE_MEMBERS & set(key)
        assert (key["kty"], key["alg"], key["use"]) == ("RSA", "RS256", "sig")
        assert key["kid"]
    assert len({key["kid"] for key in keys}) == 2
    assert not answer.headers.getlist("Set-Cookie")


def test_a115_no_private_key_is_served(counter: Desk) -> None:
    key = ensure_signing_key(counter.database, counter.parts.settings)
    name = f"{key.kid}.pem"
    for path in (
        *(f"/keys/{name}", f"/static/{name}", f"/static/../keys/{name}", f"/static/%2e%2e/keys/{name}"),
        *(f"/static//{counter.parts.settings.keys_dir}/{name}", "/keys/signing-secret", "/configs/private.key"),
        *("/keys/private.key", "/private.key", "/config.json", "/.well-known/jwks", f"/.well-known/{name}"),
    ):
        answer = counter.browser().get(path, base_url=TOOL, follow_redirects=True)
        assert answer.status_code == 404, path
        assert "PRIVATE" not in answer.text


# ── A116: our key changes ────────────────────────────────────────────────────────────────────────────────────────


class Checking:
    """A token address that checks assertions as an LMS does: by our key set, of which it keeps a copy for an hour."""

    def __init__(self, database: Database, server: RoughServer) -> None:
        self._database, self._server = database, server
        self._copied_at, self._copy = now(), read_published_keys(database)
        self.kids: list[str] = []
        self.refused: list[str] = []
        server.on("/token", self._answer)

    def _answer(self, handler: Any) -> None:
        if now() - self._copied_at >= KEEPS_KEYS_FOR:
            self._copied_at, self._copy = now(), read_published_keys(self._database)
        assertion = dict(parse_qsl(self._server.received[-1].body.decode()))["client_assertion"]
        kid = jwt.get_unverified_header(assertion)["kid"]
        found = [key for key in self._copy if key["kid"] == kid]
        if not found:
            self.refused.append(kid)
            reply_json({"error": "invalid_client"}, 401)(handler)
            return
        key: Any = RSAAlgorithm.from_jwk(json.dumps(found[0]))
        jwt.decode(assertion, key, algorithms=["RS256"], options={"verify_aud": False})
        self.kids.append(kid)
        reply_json({"access_token": f"token-{len(self.kids)}", "expires_in": 600})(handler)


def test_a116_our_key_changes_while_scores_are_queued_and_none_fails(
    database: Database, office: PostOffice, server: RoughServer, outbound: Outbound, settings: Settings
) -> None:
    """A day and a half with a score and a token every ten minutes; the key is rotated in the first hour. The sender is
    never started again, and the LMS keeps our key set for as long as it may."""
    made = make_platform(database, issuer=office.lms.url, host=office.lms.url, auth_token_url=f"{server.url}/token")
    trusted = TrustedPlatforms(database)
    place = arrive(database, made, BEN, ags=office.opens())
    old = ensure_signing_key(database, settings)
    tokens = SharedTokens(database, trusted, outbound, CurrentKey(database, settings))
    office.platform, office._connections._tokens = made, tokens
    with time_machine.travel(now(), tick=False) as clock:
        lms = Checking(database, server)
        for sent in range(220):
            wish_for(database, made, place, sent % 10)
            assert office.try_once().outcome == "delivered", sent
            if sent == 3:
                new = rotate_keys(database, settings)
                signs_from = new.signs_from
            if sent >= 3 and now() < signs_from + DAY:
                assert {old.kid, new.kid} <= {str(key["kid"]) for key in read_published_keys(database)}
            clock.shift(timedelta(minutes=10, seconds=1))

    assert lms.refused == []
    assert set(lms.kids) == {old.kid, new.kid}
    assert lms.kids == sorted(lms.kids, key=[old.kid, new.kid].index), "and never back to the old one"
    assert len(office.lms.scores) == 220


def test_a116_an_old_key_is_withdrawn_a_day_after_the_new_one_signs_and_not_before(
    database: Database, settings: Settings
) -> None:
    first = ensure_signing_key(database, settings)
    with time_machine.travel(now(), tick=False) as clock:
        second = rotate_keys(database, settings)
        clock.shift(second.signs_from - now() + DAY - timedelta(seconds=1))
        third = rotate_keys(database, settings)
        assert {key.kid for key in list_keys(database) if key.retired_at is None} == {first.kid, second.kid, third.kid}
        clock.shift(third.signs_from - now() + DAY)
        rotate_keys(database, settings)

        assert {key.kid for key in list_keys(database) if key.retired_at} == {first.kid, second.kid}
        assert CurrentKey(database, settings)().kid == third.kid


def test_a116_a_machine_without_the_new_key_goes_on_with_the_old_one(database: Database, settings: Settings) -> None:
    old = ensure_signing_key(database, settings)
    new = rotate_keys(database, settings)
    (settings.keys_dir / f"{new.kid}.pem").unlink()

    with time_machine.travel(new.signs_from + HOUR, tick=False):
        assert CurrentKey(database, settings)().kid == old.kid
        with pytest.raises(BadInput, match="not on this machine"):
            ensure_signing_key(database, settings)


def test_a116_one_rotation_at_a_time(database: Database, settings: Settings) -> None:
    ensure_signing_key(database, settings)
    new = rotate_keys(database, settings)

    with pytest.raises(BadInput, match="published already"):
        rotate_keys(database, settings)

    assert len(list_keys(database)) == 2
    with time_machine.travel(new.signs_from, tick=False):
        assert ensure_signing_key(database, settings).kid == new.kid


# ── A117, A118: the platform's keys ──────────────────────────────────────────────────────────────────────────────

KEYS_NOW = reply_json({"keys": [public_entry("lms-key")]})
ROTATED = reply_json({"keys": [public_entry("lms-key"), public_entry("second", SECOND_KEY)]})


@pytest.fixture
def fetching(own_desk: Callable[..., Desk], server: RoughServer) -> Desk:
    """A desk whose LMS publishes its keys at an address."""
    server.on("/keys", KEYS_NOW)
    return own_desk({"key_set": None, "key_set_url": f"{server.url}/keys"}, reaches_this_machine=True)


def fetches(server: RoughServer) -> int:
    return len(server.requests_for("/keys"))


def by_second_key(desk: Desk, someone: Someone = BEN, kid: str = "second") -> TestResponse:
    return launch(desk, someone, header={"kid": kid}, key=SECOND_KEY)


def test_a117_a_new_key_of_the_platform_costs_one_fetch(fetching: Desk, server: RoughServer, someone: Someone) -> None:
    assert_came_in(fetching, launch(fetching, someone), someone.subject)
    server.on("/keys", ROTATED)

    assert_came_in(fetching, by_second_key(fetching, someone), someone.subject)
    assert_came_in(fetching, by_second_key(fetching, someone), someone.subject)
    assert fetches(server) == 2


def test_a117_a_second_unknown_key_within_half_a_minute_fetches_nothing(fetching: Desk, server: RoughServer) -> None:
    launch(fetching, BEN)
    server.on("/keys", ROTATED)
    assert_came_in(fetching, by_second_key(fetching), BEN.subject)
    before = count_rows(fetching.database)

    for number in range(5):
        assert_refused(fetching, by_second_key(fetching, kid=f"made-up-{number}"), before)

    assert fetches(server) == 2


BAD: Mapping[str, Behaviour] = {
    "500": reply_json({"keys": [public_entry("second", SECOND_KEY)]}, 500),
    "HTML": reply(200, "<html>Please sign in</html>"),
    "no keys": reply_json({"keys": []}),
    "ten megabytes": reply(200, b'{"keys":[' + b" " * 10_000_000),
    "a redirect": reply(302, "", {"Location": "/elsewhere"}),
    "nothing for ever": hang,
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a118_a_bad_answer_leaves_the_last_good_keys_in_use(
    fetching: Desk, server: RoughServer, bad: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tool.lti.key_set._FETCH_SECONDS", 0.3)
    assert_came_in(fetching, launch(fetching, BEN), BEN.subject)
    server.on("/keys", bad)

    with time_machine.travel(now() + 2 * HOUR, tick=True):
        assert_came_in(fetching, launch(fetching, BEN), BEN.subject)
        before = count_rows(fetching.database)
        assert_refused(fetching, by_second_key(fetching), before)
        assert_came_in(fetching, launch(fetching, BEN), BEN.subject)

    assert server.requests_for("/elsewhere") == []
    server.on("/keys", ROTATED)
    with time_machine.travel(now() + 4 * HOUR, tick=True):
        assert_came_in(fetching, by_second_key(fetching), BEN.subject)


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a118_a_bad_first_answer_is_said_and_not_kept(
    fetching: Desk, server: RoughServer, bad: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tool.lti.key_set._FETCH_SECONDS", 0.3)
    server.on("/keys", bad)
    before = count_rows(fetching.database)
    assert_refused(fetching, launch(fetching, BEN), before)

    server.on("/keys", KEYS_NOW)
    with time_machine.travel(now() + timedelta(minutes=1), tick=True):
        assert_came_in(fetching, launch(fetching, BEN), BEN.subject)


def test_a118_a_fetch_takes_five_seconds_at_most() -> None:
    from_source = Path(__file__).parents[2] / "tool" / "lti" / "key_set.py"
    found = [line for line in from_source.read_text().splitlines() if line.startswith("_FETCH_SECONDS")]

    assert [float(line.rpartition("=")[2]) <= 5 for line in found] == [True]


# ── A119–A122: our tokens ────────────────────────────────────────────────────────────────────────────────────────

KEY = SigningKey("tool-key", rsa_key("tool"))


@pytest.fixture
def desk(server: RoughServer, outbound: Outbound) -> ServiceDesk:
    return ServiceDesk(server, outbound)


def ask(desk: ServiceDesk, **changes: Any) -> AccessToken:
    return request_token(replace(desk.facts(), **changes), SCORES, signing_key=KEY, outbound=desk.outbound)


@pytest.mark.parametrize("audience", [None, "https://api.brightspace.com/auth/token"])
def test_a119_the_assertion_says_who_we_are(desk: ServiceDesk, audience: str | None) -> None:
    desk.server.on("/token", reply_json({"access_token": "t", "expires_in": 3600}))
    for _ in range(2):
        ask(desk, auth_audience=audience)

    forms = [dict(parse_qsl(one.body.decode())) for one in desk.server.requests_for("/token")]
    told = [
        jwt.decode(
            form["client_assertion"],
            KEY.private_key.public_key(),
            algorithms=["RS256"],
            audience=audience or desk.server.url + "/token",
        )
        for form in forms
    ]
    assert {(one["iss"], one["sub"]) for one in told} == {("passback-1", "passback-1")}
    assert all(0 < one["exp"] - one["iat"] <= 300 for one in told)
    assert told[0]["jti"] != told[1]["jti"]
    assert jwt.get_unverified_header(forms[0]["client_assertion"]) == {"alg": "RS256", "typ": "JWT", "kid": "tool-key"}
    assert forms[0]["grant_type"] == "client_credentials"
    assert forms[0]["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    assert forms[0]["scope"] == SCOPE_SCORE


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ({"expires_in": 60}, 60),
        ({"expires_in": 3600}, 3600),
        ({"expires_in": "120"}, 120),
        ({"expires_in": 59.9}, 59),
        ({}, 3600),
        ({"expires_in": None}, 3600),
        ({"expires_in": "soon"}, 3600),
        ({"expires_in": []}, 3600),
        ({"expires_in": 10**30}, 3600),
        ({"expires_in": -5}, 0),
        ({"expires_in": float("1e308")}, 3600),
    ],
)
def test_a120_the_life_of_a_token_is_read_with_patience(
    desk: ServiceDesk, told: Mapping[str, object], seconds: int
) -> None:
    desk.server.on("/token", reply_json({"access_token": "t", **told}))
    with time_machine.travel(NOON, tick=False):
        assert ask(desk).expires_at == NOON + timedelta(seconds=seconds)


@pytest.fixture
def lms() -> Iterator[StubLms]:
    stub = StubLms()
    yield stub
    stub.stop()


@pytest.fixture
def platform(database: Database, lms: StubLms) -> KnownPlatform:
    return make_platform(database, issuer=lms.url, host=lms.url)


@pytest.fixture
def tokens(database: Database, platform: KnownPlatform, outbound: Outbound) -> SharedTokens:
    return SharedTokens(database, TrustedPlatforms(database), outbound, KEY)


def test_a122_fifty_threads_ask_once(tokens: SharedTokens, platform: KnownPlatform, lms: StubLms) -> None:
    together = threading.Barrier(50)

    def ask(_number: int) -> str:
        together.wait()
        return tokens.token(platform.facts, SCORES).value

    with ThreadPoolExecutor(50) as threads:
        given = set(threads.map(ask, range(50)))

    assert given == {"token-1"}
    assert len(lms.journal) == 1


def test_a120_a_token_about_to_end_is_not_begun_with(
    tokens: SharedTokens, platform: KnownPlatform, lms: StubLms
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        tokens.token(platform.facts, SCORES)
        clock.shift(timedelta(seconds=3600 - 31))
        assert tokens.token(platform.facts, SCORES).value == "token-1"
        clock.shift(timedelta(seconds=1))
        assert tokens.token(platform.facts, SCORES).value == "token-2"


def test_a120_no_token_is_ever_written_to_a_log(office: PostOffice, capfd: pytest.CaptureFixture[str]) -> None:
    place = arrive(office.database, office.platform, BEN, ags=office.opens())
    office.lms.next_answers.extend([(401, {"errors": "no"}), (500, {"sent": "Bearer token-1"})])
    wish_for(office.database, office.platform, place)
    office.try_once()
    print("the log is read")

    told = "".join(capfd.readouterr())
    assert "the log is read" in told
    assert "token-1" not in told
    assert "token-2" not in told
    assert "eyJ" not in told


@pytest.mark.parametrize("refusals", [1, 2])
def test_a121_a_refused_token_is_renewed_once_and_the_call_tried_once_more(office: PostOffice, refusals: int) -> None:
    place = arrive(office.database, office.platform, BEN, ags=office.opens())
    wish_for(office.database, office.platform, place)
    office.lms.next_answers.extend([(401, {"errors": {"message": "Access token expired"}})] * refusals)

    settlement = office.try_once()

    assert settlement.outcome == ("delivered" if refusals == 1 else "sign_in_again")
    assert settlement.reason == (None if refusals == 1 else "token_expired")
    score = "POST /columns/1/scores"
    assert office.lms.journal == ["POST /token", score, "POST /token", score]


def test_a122_a_hundred_scores_by_fifty_hands_are_one_request_for_a_token(office: PostOffice) -> None:
    places = make_class(office.database, office.platform, 50, ags=office.opens())
    wish_for_all(office.database, office.platform, places)
    from_ledger = [office.take() for _ in range(50)]
    with ThreadPoolExecutor(50) as threads:
        outcomes = {one.outcome for one in threads.map(office.deliver, from_ledger)}

    assert outcomes == {"delivered"}
    assert office.lms.requests("POST /token") == 1


# ── A123: plain http ─────────────────────────────────────────────────────────────────────────────────────────────

PRODUCTION = {"environment": "production"}


def every_path(desk: Desk) -> list[tuple[str, str]]:
    """Every route and method, with something in its blanks."""
    blanks = {"launch_id": "x", "filename": "tool.css", "secret": "x", "preset_key": "canvas", "subject": "x"}
    found = []
    for rule in desk.app.url_map.iter_rules():
        values = {name: blanks.get(name, 1) for name in rule.arguments}
        built = desk.app.url_map.bind("tool.example").build(rule.endpoint, values)
        found += [(method, built) for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})]
    return found


def test_a123_what_came_over_plain_http_is_sent_to_https_or_refused(own_desk: Callable[..., Desk]) -> None:
    """As the proxy in front tells it; nothing of a form that was posted in the open is used."""
    desk = own_desk(settings=PRODUCTION)
    before = count_rows(desk.database)
    for method, path in every_path(desk):
        answer = desk.browser().open(path, method=method, base_url=TOOL, headers={"X-Forwarded-Proto": "http"})
        if method == "GET":
            assert (answer.status_code, answer.location) == (308, TOOL + path)
        else:
            assert answer.status_code == 400, path
            assert "https" in answer.text
        assert not answer.headers.getlist("Set-Cookie")
    assert count_rows(desk.database) == before


def test_a123_what_came_over_https_is_answered_with_secure_cookies(
    own_desk: Callable[..., Desk], someone: Someone
) -> None:
    desk = own_desk(settings=PRODUCTION)
    browser = desk.browser()
    begun = desk.login(browser, {"X-Forwarded-Proto": "https"})
    launched = desk.post(browser, desk.id_token(begun.location, someone))

    assert_came_in(desk, launched, someone.subject)
    for line in (*begun.headers.getlist("Set-Cookie"), *launched.headers.getlist("Set-Cookie")):
        assert line.startswith("__Host-"), line
        assert "; Secure" in line


def test_a123_plain_http_is_no_address_of_ours_in_production(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="plain http is refused in production"):
        Settings(base_url="http://tool.example", keys_dir=tmp_path, environment="production")


def test_a123_that_tls_is_the_proxys_and_which_is_documented() -> None:
    readme = " ".join((Path(__file__).parents[2] / "README.md").read_text().split())

    assert "TLS 1.2" in readme
    assert "X-Forwarded-Proto" in readme
