"""Whatever is sent to the addresses where launches arrive, the answer is a page and never a fault of ours.

Bounded, and the same at every run: some six hundred requests, made from good ones by spoiling forms, tokens, headers
and bytes.
"""

import base64
import json
from typing import Any
from urllib.parse import urlencode, urlsplit

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.cast import ADA, BEN
from tests.conformance.forging import asked, claims_for, sign
from tests.conformance.verdicts import assert_refused
from tests.desk import LMS_FRAME, TOOL, Desk
from tests.lti.paper_lms import ABSENT, AGS, CLAIM, NRPS, encode_part, sign_raw
from tests.rows import CLIENT, ISSUER, count_rows
from tool.lti import vocabulary

LOGIN = {"iss": ISSUER, "client_id": CLIENT, "login_hint": "7", "target_link_uri": f"{TOOL}/lti/launch"}
ODD = [
    *("", "\0", "\ud800", "%00", "\r\nX: y", "'\"><script>", "{{7*7}}", "../../etc/passwd", "1e999", "$x", "-1"),
    *(
        TOOL,
        ISSUER,
        CLIENT,
        "https://[",
        "//evil.example",
        "javascript:1",
        "é" * 300,
        "x" * 3000,
        "\u202e",
        "LtiDeepLinkingRequest",
    ),
]
WORDS = st.sampled_from(ODD) | st.text(max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
LTI_NAMES = (
    "version",
    "message_type",
    "deployment_id",
    "target_link_uri",
    "roles",
    "resource_link",
    "context",
    "custom",
)
MORE_NAMES = ("lis", "launch_presentation", "for_user", "tool_platform")
NAMES = st.sampled_from(
    ["iss", "aud", "azp", "sub", "exp", "iat", "nbf", "nonce", "name", "email", "given_name", AGS, NRPS]
    + [CLAIM + name for name in LTI_NAMES + MORE_NAMES]
    + [vocabulary.DEEP_LINKING_SETTINGS]
)
# What one database or the other cannot hold.
UNSTORABLE = st.sampled_from(["\0", "a\0b", "\ud800", "x\udfffy"])
# What an LMS may leave out, in a form that is nearly right: most such launches are accepted.
PARTS = st.dictionaries(
    st.sampled_from(["id", "title", "label", "type", "lineitem", "lineitems", "scope", "context_memberships_url"])
    | st.sampled_from(
        ["return_url", "locale", "user_id", "product_family_code", "person_sourcedid", "due_at", "points"]
    )
    | st.sampled_from(["assignment", "context_id_history", "resource_link_id_history"]),
    UNSTORABLE | JSON,
    max_size=5,
)
OPTIONAL = st.sampled_from(
    ["name", "email", "given_name", AGS, NRPS, vocabulary.DEEP_LINKING_SETTINGS]
    + [CLAIM + name for name in ("context", "custom", "resource_link", *MORE_NAMES)]
)
CHANGES = st.dictionaries(NAMES, JSON | st.just(ABSENT), max_size=4) | st.dictionaries(
    OPTIONAL, UNSTORABLE | JSON | PARTS, max_size=6
)

HEADERS = st.dictionaries(
    st.sampled_from(
        ["Origin", "Referer", "Accept-Language", "Sec-Fetch-Dest", "X-Forwarded-For", "X-Passback-Autosave", "Cookie"]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=60)
    | st.sampled_from(["iframe", "de, en;q=x", "1", "__Host-passback-login-x=y; =; ;;", "__Host-passback-login-=\x80"]),
    max_size=3,
)
LOGIN_FIELDS = st.sampled_from(
    [*LOGIN, "lti_message_hint", "lti_deployment_id", "deployment_id", "lti_storage_target", "waiting"]
)
LAUNCH_FIELDS = st.sampled_from(["state", "id_token", "error", "error_description", "lti_storage", "binding", "utf8"])
KINDS = st.sampled_from(
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "application/json",
        "multipart/form-data",
        "é",
    ]
)


def steady(examples: int) -> settings:
    """The same examples at every run: CI must not fail by luck, and what it finds must be found again. What fails is
    shown as it was sent: making it smaller would take minutes."""
    fixture = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    phases = [Phase.explicit, Phase.generate]
    return settings(
        max_examples=examples, deadline=None, derandomize=True, suppress_health_check=fixture, phases=phases
    )


def check(desk: Desk, answer: TestResponse, before: dict[str, int]) -> None:
    """No fault of ours, and no row unless somebody really came in."""
    assert answer.status_code < 500, answer.text
    assert "Traceback" not in answer.text
    if answer.status_code >= 400 and answer.mimetype == "text/html":
        ancestors = answer.headers["Content-Security-Policy"].partition("frame-ancestors ")[2]
        assert_refused(desk, answer, before, framed=ISSUER in ancestors.split())
    elif not answer.headers.get("Location", "").startswith("/l/"):
        assert count_rows(desk.database) == before


def encoded(fields: dict[str, str]) -> bytes:
    """Half characters too, which no browser would write."""
    return urlencode(fields, errors="surrogatepass").encode()


@steady(130)
@given(fields=st.dictionaries(LOGIN_FIELDS, WORDS, max_size=4), headers=HEADERS, is_get=st.booleans())
def test_any_login(counter: Desk, fields: dict[str, str], headers: dict[str, str], is_get: bool) -> None:
    before = count_rows(counter.database)
    browser = counter.browser()
    told = encoded({**LOGIN, **fields})
    if is_get:
        answer = browser.get(f"/lti/login?{told.decode()}", base_url=TOOL, headers=headers)
    else:
        form = "application/x-www-form-urlencoded"
        answer = browser.post("/lti/login", data=told, content_type=form, base_url=TOOL, headers=headers)
    check(counter, answer, before)
    if answer.status_code == 303:
        check(counter, browser.get(answer.location, base_url=TOOL, headers=headers), before)


@steady(60)
@given(waiting=WORDS, spoilt=st.integers(0, 300), headers=HEADERS, where=st.sampled_from(["check", "continue"]))
def test_any_waiting_login(counter: Desk, waiting: str, spoilt: int, headers: dict[str, str], where: str) -> None:
    browser = counter.browser()
    honest = urlsplit(counter.login(browser, LMS_FRAME).location).query
    before = count_rows(counter.database)
    for query in (encoded({"waiting": waiting}).decode(), honest[:spoilt] + "A" + honest[spoilt + 1 :], honest):
        check(counter, browser.get(f"/lti/login/{where}?{query}", base_url=TOOL, headers=headers), before)


@steady(80)
@given(changes=CHANGES, is_teacher=st.booleans())
def test_any_signed_claims(desk: Desk, changes: dict[str, Any], is_teacher: bool) -> None:
    """What an LMS that we trust could say: even then no page breaks. On both databases, which take offence at different
    texts."""
    browser = desk.browser()
    begun = desk.login(browser)
    before = count_rows(desk.database)
    token = sign(claims_for(begun, ADA if is_teacher else BEN, changes))
    answer = desk.post(browser, {"state": asked(begun)["state"], "id_token": token})
    check(desk, answer, before)
    if answer.status_code == 303:
        assert browser.get(answer.location, base_url=TOOL).status_code < 500


@steady(80)
@given(
    header=st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()),
    payload=st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()),
    cut=st.integers(0, 900),
    put=st.sampled_from(["", ".", "A", "=", "é", "\0", " "]),
)
def test_any_token(counter: Desk, header: bytes, payload: bytes, cut: int, put: str) -> None:
    browser = counter.browser()
    begun = counter.login(browser)
    before = count_rows(counter.database)
    good = sign(claims_for(begun))
    spoilt = good[:cut] + put + good[cut + 1 :]
    kid = encode_part(b'{"alg":"RS256","kid":"lms-key"}')
    tokens = (sign_raw(header, payload), f"{kid}.{encode_part(payload)}.{put}", base64.b64encode(payload).decode())
    for token in (*tokens, spoilt):
        if token != good:
            check(counter, counter.post(browser, {"state": asked(begun)["state"], "id_token": token}), before)


@steady(80)
@given(fields=st.dictionaries(LAUNCH_FIELDS, WORDS, max_size=4), headers=HEADERS, spoilt=st.integers(0, 500))
def test_any_launch_form(counter: Desk, fields: dict[str, str], headers: dict[str, str], spoilt: int) -> None:
    browser = counter.browser()
    begun = counter.login(browser)
    good = counter.id_token(begun.location)
    before = count_rows(counter.database)
    other_state = good["state"][:spoilt] + "A" + good["state"][spoilt + 1 :]
    for form in ({**good, **fields}, {**good, "state": other_state, **fields}, fields):
        told: dict[str, Any] = {"content_type": "application/x-www-form-urlencoded", "headers": headers}
        answer = browser.post("/lti/launch", data=encoded(form), base_url=TOOL, **told)
        check(counter, answer, before)
        if answer.status_code == 303:
            before = count_rows(counter.database)


@steady(70)
@given(
    body=st.binary(max_size=200),
    kind=KINDS,
    path=st.sampled_from(["/lti/login", "/lti/launch"]),
    query=st.binary(max_size=40),
)
def test_any_bytes(counter: Desk, body: bytes, kind: str, path: str, query: bytes) -> None:
    before = count_rows(counter.database)
    for sent in (body, b'--x\r\nContent-Disposition: form-data; name="state"\r\n\r\n' + body + b"\r\n--x--"):
        told: dict[str, Any] = {"content_type": kind, "query_string": query.decode("latin-1")}
        check(counter, counter.browser().post(path, data=sent, base_url=TOOL, **told), before)
