"""Launches with one thing changed: a claim, a header, the key, the bytes. All else is as an honest LMS has it."""

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import BEN, Someone
from tests.desk import Desk
from tests.lti.paper_lms import ABSENT, CLAIM, sign_raw
from tests.rows import launch_claims

PLAIN = {"iss", "aud", "azp", "sub", "iat", "exp", "nbf", "nonce", "name", "given_name", "family_name", "email"}

Changes = Mapping[str, Any]


def asked(begun: TestResponse) -> dict[str, str]:
    """What the tool asks of the LMS."""
    assert begun.status_code == 302, begun.text
    return dict(parse_qsl(urlsplit(begun.location).query, keep_blank_values=True))


def claims_for(begun: TestResponse, someone: Someone = BEN, changes: Changes | None = None) -> dict[str, Any]:
    """What the LMS says of someone. A name alone stands for the LTI claim of it; ABSENT leaves a claim out."""
    present = int(time.time())
    claims = launch_claims(someone) | {"iat": present, "exp": present + 60, "nonce": asked(begun)["nonce"]}
    claims |= {_full_name(name): value for name, value in (changes or {}).items()}
    return {name: value for name, value in claims.items() if value is not ABSENT}


def _full_name(name: str) -> str:
    return name if name in PLAIN or "/" in name else CLAIM + name


def sign(claims: Mapping[str, Any], header: Changes | None = None, key: rsa.RSAPrivateKey | None = None) -> str:
    """RS256 by the LMS's key, whatever the header claims."""
    full = {"alg": "RS256", "typ": "JWT", "kid": "lms-key"} | dict(header or {})
    plain = {name: value for name, value in full.items() if value is not ABSENT}
    return sign_raw(json.dumps(plain).encode(), json.dumps(dict(claims)).encode(), key)


def post(desk: Desk, browser: FlaskClient, begun: TestResponse, id_token: str) -> TestResponse:
    """The browser posts the LMS's form."""
    return desk.post(browser, {"state": asked(begun)["state"], "id_token": id_token})


def launch(
    desk: Desk,
    someone: Someone,
    changes: Changes | None = None,
    header: Changes | None = None,
    key: rsa.RSAPrivateKey | None = None,
) -> TestResponse:
    """A whole launch in a browser of its own."""
    browser = desk.browser()
    begun = desk.login(browser)
    return post(desk, browser, begun, sign(claims_for(begun, someone, changes), header, key))
