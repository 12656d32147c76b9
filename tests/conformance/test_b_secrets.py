"""Checklist B, row 18: nothing secret lies in the open, and production starts with nothing that is only for trying."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.premises import Premises
from tests.desk import TOOL, Desk
from tests.stage import ROOT
from tool.app import create_app
from tool.errors import BadInput
from tool.parts import Parts
from tool.registration.keys import SECRET_FILE, ensure_secret, ensure_signing_key
from tool.registration.platforms import TrustedPlatforms
from tool.settings import Settings
from tool.wake import Bell

PROBED = [
    *(
        "/.git/config",
        "/.git/HEAD",
        "/.env",
        "/config.json",
        "/keys/",
        f"/keys/{SECRET_FILE}",
        "/passback.db",
        "/passback.db-wal",
    ),
    *(
        "/static/../config.json",
        f"/static/../keys/{SECRET_FILE}",
        "/static/",
        "/static",
        "/static/..%2fconfig.json",
        "/templates/",
    ),
    *("/console", "/__debugger__", "/debug", "/admin/debug", "/server-status", "/phpinfo.php", "/actuator/env"),
    *("/backup.sql", "/passback.db.bak", "/dump.sql", "/pyproject.toml", "/tool/app.py", "/requirements.lock"),
    *("/.well-known/", "/.well-known/openid-configuration", "/robots.txt~", "/wp-login.php", "/docker-compose.yml"),
]
PRIVATE = re.compile(rb"PRIVATE KEY|\"(?:d|p|q|dp|dq|qi)\"\s*:|BEGIN CERTIFICATE|Traceback \(most recent")


@pytest.mark.parametrize("path", PROBED)
def test_b18_nothing_lies_under_the_usual_addresses(counter: Desk, path: str) -> None:
    answer = counter.browser().get(path, base_url=TOOL)

    assert answer.status_code in (308, 404)
    assert not PRIVATE.search(answer.data)


def test_b18_the_key_set_is_public_and_says_no_more_than_it_must(counter: Desk) -> None:
    ensure_signing_key(counter.database, counter.parts.settings)
    answer = counter.browser().get("/.well-known/jwks.json", base_url=TOOL)

    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    (key,) = answer.get_json()["keys"]
    assert set(key) == {"kty", "kid", "alg", "use", "n", "e"}
    assert (key["kty"], key["alg"], key["use"]) == ("RSA", "RS256", "sig")
    assert not answer.headers.getlist("Set-Cookie")


@pytest.mark.parametrize("visitor", ["nobody", "learner", "teacher", "operator"])
def test_b18_no_page_and_no_file_has_a_secret_of_ours(premises: Premises, visitor: str) -> None:
    """The signing secret, the private key, the token of the numbers, digests of sessions, keys and tokens kept."""
    settings = premises.desk.parts.settings
    secrets = [ensure_secret(settings.keys_dir), settings.metrics_token or "", str(settings.keys_dir)]
    key_files = [path for path in settings.keys_dir.iterdir() if path.suffix == ".pem"]
    secrets += [line for path in key_files for line in path.read_text().splitlines() if len(line) > 40]
    secrets += [row.secret_digest for row in premises.everything()["launches"]]
    assert len(secrets) > 20
    for name, _, answer in premises.pages(visitor):
        text = answer.get_data(as_text=True)
        assert not PRIVATE.search(answer.data), name
        assert not [one for one in secrets if one and one in text], name
        assert not any(one in str(answer.headers) for one in secrets if one), name


def test_b18_an_error_tells_nothing_of_the_inside(counter: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither where it happened nor what was at hand."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret-of-the-house in /srv/passback/keys")

    monkeypatch.setattr("tool.launch.endpoints.read_login", fail)
    page = counter.login(counter.browser())

    assert page.status_code == 500
    for word in ("secret-of-the-house", "RuntimeError", "Traceback", "/srv", ".py", "Werkzeug", "Flask"):
        assert word not in page.text
    assert "Server" not in page.headers or "Werkzeug" not in page.headers["Server"]


def test_b18_secrets_are_their_owner_s_alone(tmp_path: Path, counter: Desk) -> None:
    settings = Settings(base_url=TOOL, keys_dir=tmp_path / "keys")
    ensure_secret(settings.keys_dir)
    ensure_signing_key(counter.database, counter.parts.settings)

    for folder in (settings.keys_dir, counter.parts.settings.keys_dir):
        assert folder.stat().st_mode & 0o077 == 0
        assert [path.name for path in folder.iterdir() if path.stat().st_mode & 0o077] == []


@pytest.mark.parametrize("secret", ["", "changeme", "secret", "0" * 16, "dev"])
def test_b18_a_short_or_well_known_secret_is_refused_or_replaced(tmp_path: Path, secret: str) -> None:
    keys = tmp_path / "keys"
    made = ensure_secret(keys)
    (keys / SECRET_FILE).write_text(secret)
    if secret:
        with pytest.raises(BadInput, match="too short to be a secret"):
            ensure_secret(keys)
    else:
        found = ensure_secret(keys)
        assert found != made
        assert len(found) >= 32


def test_b18_what_is_handed_out_holds_no_key_and_no_secret() -> None:
    """The repository, as it is: no key file, no database, no secret in a configuration."""
    handed_out = [path for name in ("keys", "templates", "static", "tool", "docs") for path in (ROOT / name).rglob("*")]
    handed_out += [ROOT / "config.json", ROOT / "Makefile", ROOT / "README.md"]
    for path in (one for one in handed_out if one.is_file() and "__pycache__" not in one.parts):
        assert path.suffix not in (".pem", ".key", ".db", ".sqlite", ".p12"), path
        assert b"-----BEGIN" not in path.read_bytes(), path
    assert not {"key_passphrase", "mail_url", "metrics_token"} & set(json.loads((ROOT / "config.json").read_text()))


def production(folder: Path, **told: Any) -> dict[str, Any]:
    plain = {"base_url": "https://tool.example", "environment": "production", "keys_dir": str(folder / "keys")}
    return plain | {"database_url": f"sqlite:///{folder}/passback.db"} | told


STARTS: dict[str, tuple[dict[str, Any], dict[str, str], str]] = {
    "plain http": ({"base_url": "http://localhost:8000"}, {}, "plain http is refused in production"),
    "debug": ({}, {"FLASK_DEBUG": "1"}, "debugging is refused in production"),
    "a short secret": ({}, {}, "too short to be a secret"),
    "a passphrase in the file": ({"key_passphrase": "x"}, {}, "belongs in the environment"),
    "a key set over plain http": (
        {
            "platforms": {
                "https://lms.example": [
                    {
                        "client_id": "1",
                        "auth_login_url": "https://lms.example/a",
                        "auth_token_url": "https://lms.example/t",
                        "key_set_url": "http://lms.example/k",
                        "deployment_ids": ["1"],
                    }
                ]
            }
        },
        {},
        "plain http is refused in production",
    ),
}


@pytest.mark.parametrize(("told", "environment", "says"), STARTS.values(), ids=STARTS)
def test_b18_production_does_not_start_with(
    tmp_path: Path, told: dict[str, Any], environment: dict[str, str], says: str
) -> None:
    """One clear line, status 2, and nothing is served."""
    (tmp_path / "config.json").write_text(json.dumps(production(tmp_path, **told)))
    if "secret" in says:
        (tmp_path / "keys").mkdir(mode=0o700)
        (tmp_path / "keys" / SECRET_FILE).write_text("changeme")
    command = [sys.executable, "-m", "tool", "serve", "--port", "0", "--no-sender"]
    outside = {**os.environ, "PASSBACK_CONFIG": str(tmp_path / "config.json"), "PYTHONPATH": str(ROOT)} | environment
    done = subprocess.run(command, cwd=tmp_path, env=outside, capture_output=True, text=True, timeout=90, check=False)

    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert "Passback on" not in done.stdout


def test_b18_in_development_debugging_is_one_s_own_affair(
    own_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    desk = own_desk()
    assert desk.app.debug
    settings = Settings(base_url=TOOL, keys_dir=desk.folder / "keys", environment="production")
    parts = Parts(settings, desk.database, TrustedPlatforms(desk.database), desk.outbound, Bell())

    with pytest.raises(BadInput, match="FLASK_DEBUG"):
        create_app(parts)
