"""config.json and the environment: what they say is taken, and what they cannot mean is refused by name."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import platform_file
from tests.rows import ISSUER
from tool.errors import BadInput
from tool.settings import Settings, load_settings

LOOPBACK = {"base_url": "http://localhost:8000"}


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Writes config.json into the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PASSBACK_CONFIG", raising=False)
    return lambda content: (tmp_path / "config.json").write_text(
        content if isinstance(content, str) else json.dumps(content), "utf-8"
    )


def test_without_a_file_everything_has_a_default(write: Any) -> None:
    settings = load_settings()

    assert settings.database_url == "sqlite:///passback.db"
    assert settings.environment == "development"
    assert settings.platforms == {}


def test_the_environment_overrides_the_file(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write({"base_url": "https://file.example", "keys_dir": "here"})
    monkeypatch.setenv("PASSBACK_BASE_URL", "https://environment.example")
    monkeypatch.setenv("PASSBACK_PLATFORMS", json.dumps(platform_file()))

    settings = load_settings()

    assert settings.base_url == "https://environment.example"
    assert settings.keys_dir == Path("here")
    assert settings.platforms[ISSUER][0].client_id == "passback-1"


def test_the_file_may_be_named(write: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write({"base_url": "https://here.example"})
    (tmp_path / "other.json").write_text('\ufeff{"base_url": "https://other.example"}', "utf-8")
    monkeypatch.setenv("PASSBACK_CONFIG", str(tmp_path / "other.json"))

    assert load_settings().base_url == "https://other.example", "also when an editor put a byte order mark first"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://Passback.Example", "https://passback.example"),
        ("https://passback.example:443/", "https://passback.example"),
        ("http://localhost:80", "http://localhost"),
        ("https://passback.example:8443", "https://passback.example:8443"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_base_address_is_what_browsers_call_our_origin(written: str, meant: str) -> None:
    """Every form's Origin is compared with it."""
    assert Settings(base_url=written).base_url == meant


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "line 1 is not JSON"),
        ("[]", "must be a JSON object"),
        ({"colour": "red"}, "colour: is not a known key"),
        ({"base_url": "passback.example"}, "base_url: must be a full address"),
        ({"base_url": "https://passback.example/sub"}, "base_url: must not have a path"),
        ({"base_url": "https://me:secret@passback.example"}, "base_url: must be a full address"),
        ({"base_url": "https://пример.example"}, "base_url: must be a full address"),
        ({"base_url": "https://passback.example:port"}, "base_url: "),
        ({"base_url": "http://passback.example"}, "base_url: plain http is allowed on this machine itself only"),
        ({"database_url": "mysql://x"}, "database_url: must start with"),
        ({"database_url": "sqlite:///:memory:"}, "database_url: must name a file"),
        ({"environment": "testing"}, "environment: "),
        ({"keys_dir": 7}, "keys_dir: "),
        ({"platforms": []}, "platforms: "),
        ({"platforms": platform_file(client_id=None)}, f"platforms.{ISSUER}.0.client_id: "),
        ({"key_passphrase": "open-sesame"}, "key_passphrase belongs in the environment"),
        ({"environment": "production"} | LOOPBACK, "base_url: plain http is refused in production"),
        (
            {"environment": "production", "base_url": "https://p.example"}
            | {"platforms": platform_file(key_set_url="http://localhost/keys")},
            f"platforms.{ISSUER}: plain http is refused in production",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(write: Any, content: object, said: str) -> None:
    write(content)

    with pytest.raises(BadInput) as refusal:
        load_settings()

    assert refusal.value.message.startswith(f"config.json: {said}")
    assert len(refusal.value.message.splitlines()) == 1
    assert "secret" not in refusal.value.message
    assert "open-sesame" not in refusal.value.message


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PASSBACK_ENVIRONMENT", "testing", "PASSBACK_ENVIRONMENT: environment: "),
        ("PASSBACK_PLATFORMS", "{", "PASSBACK_PLATFORMS: is not JSON"),
        ("PASSBACK_PLATFORMS", "[]", "PASSBACK_PLATFORMS: platforms: "),
    ],
)
def test_a_bad_variable_is_refused_by_its_own_name(
    write: Any, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(BadInput) as refusal:
        load_settings()
    assert refusal.value.message.startswith(said)


def test_production_over_tls_is_fine() -> None:
    platforms: Any = platform_file()

    assert Settings(environment="production", base_url="https://p.example", platforms=platforms).is_production


def test_a_passphrase_is_not_shown(monkeypatch: pytest.MonkeyPatch, write: Any) -> None:
    monkeypatch.setenv("PASSBACK_KEY_PASSPHRASE", "open-sesame")

    settings = load_settings()

    assert settings.key_passphrase == "open-sesame"
    assert "open-sesame" not in repr(settings)
