"""config.json and the environment, read into one frozen value that complains in plain words."""

import json
import os
import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from tool.errors import BadInput

Family = Literal["canvas", "schoology", "moodle", "blackboard", "brightspace", "openedx", "unknown"]

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def is_loopback_url(url: str) -> bool:
    """Whether a URL names this machine itself."""
    return urlsplit(url).hostname in LOOPBACK


def is_web_address(url: str) -> bool:
    """A full http(s) address as a browser would take it, without a user name in it."""
    parts = urlsplit(url)
    is_plain = url.isascii() and url.isprintable() and " " not in url
    return is_plain and parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None


class PlatformEntry(BaseModel):
    """One registration in PyLTI1p3's shape, with three optional keys of ours: `default`, `name`, `family`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    client_id: str = Field(min_length=1, max_length=255)
    auth_login_url: str
    auth_token_url: str
    auth_audience: str | None = None
    key_set_url: str | None = None
    key_set: dict[str, object] | None = None
    deployment_ids: tuple[str, ...] = Field(min_length=1)
    default: bool = False
    name: str | None = Field(default=None, max_length=200)
    family: Family = "unknown"

    @model_validator(mode="before")
    @classmethod
    def refuse_key_files(cls, entry: Any) -> Any:
        if isinstance(entry, Mapping):
            for key in ("private_key_file", "public_key_file"):
                if key in entry:
                    raise ValueError(f"{key} is not used here: Passback's own keys lie in keys_dir")
        return entry

    @field_validator("auth_login_url", "auth_token_url", "key_set_url")
    @classmethod
    def check_url(cls, url: str | None) -> str | None:
        if url is not None and not is_web_address(url):
            raise ValueError("must be a full http(s) address")
        return url

    @field_validator("client_id", "auth_audience", "name")
    @classmethod
    def check_text(cls, text: str | None) -> str | None:
        if text is not None and not text.isprintable():
            raise ValueError("must not contain control characters")
        return text

    @field_validator("deployment_ids")
    @classmethod
    def check_deployments(cls, ids: tuple[str, ...]) -> tuple[str, ...]:
        if any(not 1 <= len(one) <= 255 or not one.isprintable() for one in ids):
            raise ValueError("each deployment id has 1 to 255 printable characters")
        if len(set(ids)) < len(ids):
            raise ValueError("the same deployment id stands there twice")
        return ids

    @model_validator(mode="after")
    def check_keys(self) -> "PlatformEntry":
        if self.key_set_url is None and self.key_set is None:
            raise ValueError("key_set_url is missing (the address of the platform's public keys)")
        return self

    def addresses(self) -> tuple[str, ...]:
        """Every address of the platform that this entry names."""
        named = (self.auth_login_url, self.auth_token_url, self.key_set_url)
        return tuple(url for url in named if url)


Platforms = dict[str, tuple[PlatformEntry, ...]]


class Settings(BaseSettings):
    """What this installation is told from outside. Every key can be overridden by `PASSBACK_<KEY>`."""

    model_config = SettingsConfigDict(env_prefix="PASSBACK_", extra="forbid", frozen=True)

    base_url: str = "http://localhost:8000"
    database_url: str = "sqlite:///passback.db"
    keys_dir: Path = Path("keys")
    environment: Literal["development", "production"] = "development"
    platforms: Platforms = Field(default_factory=dict)
    key_passphrase: str | None = Field(default=None, repr=False)
    mail_url: str | None = Field(default=None, repr=False)
    mail_from: str = "passback@localhost"
    metrics_token: str | None = Field(default=None, repr=False, min_length=16, pattern="^[!-~]+$")
    trusted_proxies: tuple[str, ...] = ()
    logins_per_minute: int = Field(default=6000, ge=60)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings

    @field_validator("base_url")
    @classmethod
    def check_base_url(cls, url: str) -> str:
        parts = urlsplit(url)
        if not is_web_address(url) or parts.query or parts.fragment:
            raise ValueError("must be a full address such as https://passback.example.org")
        if parts.path not in ("", "/"):
            raise ValueError("must not have a path: Passback is served from the root of its host")
        # As browsers write it in Origin, which every form is checked against.
        is_usual_port = parts.port in (None, 443 if parts.scheme == "https" else 80)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        return f"{parts.scheme}://{host}" + ("" if is_usual_port else f":{parts.port}")

    @field_validator("database_url")
    @classmethod
    def check_database_url(cls, url: str) -> str:
        if url.startswith("postgresql://"):
            return url.replace("postgresql://", "postgresql+psycopg://", 1)
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite:/// or postgresql://")
        if url.removeprefix("sqlite:///") in ("", ":memory:"):
            raise ValueError("must name a file: a database in memory would be another one for every thread")
        return url

    @field_validator("mail_url")
    @classmethod
    def check_mail_url(cls, url: str | None) -> str | None:
        parts = urlsplit(url or "smtp://none")
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("must look like smtp://user:password@mail.example.org:587")
        return url

    @field_validator("trusted_proxies")
    @classmethod
    def check_proxies(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return tuple(str(ip_address(address)) for address in addresses)
        except ValueError:
            raise ValueError("must be IP addresses, such as 127.0.0.1") from None

    @field_validator("platforms")
    @classmethod
    def check_defaults(cls, platforms: Platforms) -> Platforms:
        for issuer, entries in platforms.items():
            if not 1 <= len(issuer) <= 500 or not issuer.isprintable():
                raise ValueError("an issuer has 1 to 500 printable characters")
            if len({entry.client_id for entry in entries}) < len(entries):
                raise ValueError(f"{issuer}: the same client_id stands there twice")
            if sum(entry.default for entry in entries) > 1:
                raise ValueError(f"{issuer}: only one client can be the default")
        return platforms

    @model_validator(mode="after")
    def check_environment(self) -> "Settings":
        addresses = [("base_url", self.base_url)]
        for issuer, entries in self.platforms.items():
            for entry in entries:
                addresses += [(f"platforms.{issuer}", url) for url in entry.addresses()]
        for key, url in addresses:
            if url.startswith("https://"):
                continue
            if self.environment == "production":
                raise ValueError(f"{key}: plain http is refused in production ({url})")
            if not is_loopback_url(url):
                raise ValueError(f"{key}: plain http is allowed on this machine itself only ({url})")
        return self

    @property
    def is_production(self) -> bool:
        return self.environment == "production"


def describe(error: ValidationError) -> str:
    """The first complaint of pydantic as one line that names the key."""
    first = error.errors()[0]
    path = ".".join(str(part) for part in first["loc"])
    text = "is not a known key" if first["type"] == "extra_forbidden" else first["msg"].removeprefix("Value error, ")
    told = f"{path}: {text}" if path else text
    # A key is unverified: it must not bring line ends or control characters to a terminal.
    return told if told.isprintable() else ascii(told)[1:-1]


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file; BadInput says what is wrong with it."""
    try:
        content = json.loads(path.read_text("utf-8-sig"), object_pairs_hook=_refuse_repeated_keys)
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: is not UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise BadInput(f"{path}: line {error.lineno} is not JSON ({error.msg})") from error
    except BadInput as error:
        raise BadInput(f"{path}: {error.message}") from None
    except (ValueError, RecursionError):
        raise BadInput(f"{path}: is not JSON that can be read") from None
    if not isinstance(content, dict):
        raise BadInput(f"{path}: must be a JSON object")
    return content


def _refuse_repeated_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two platforms with one issuer, each in a line of its own, the first would vanish without a word."""
    content = dict(pairs)
    if len(content) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise BadInput(f"{ascii(repeated)[1:-1]}: stands there twice")
    return content


def load_settings(path: Path | None = None) -> Settings:
    """Settings from `path`, else from the file PASSBACK_CONFIG names, else from ./config.json when it is there."""
    named = os.environ.get("PASSBACK_CONFIG")
    chosen = path or (Path(named) if named else Path("config.json"))
    content = read_json(chosen) if chosen.exists() or path or named else {}
    if "key_passphrase" in content:
        raise BadInput(f"{chosen}: key_passphrase belongs in the environment (PASSBACK_KEY_PASSPHRASE)")
    try:
        return Settings(**content)
    except ValidationError as error:
        told = describe(error)
        variable = f"PASSBACK_{re.split('[.:]', told)[0].upper()}"
        raise BadInput(f"{variable if variable in os.environ else chosen}: {told}") from None
    except SettingsError:
        raise BadInput("PASSBACK_PLATFORMS: is not JSON that can be read") from None
