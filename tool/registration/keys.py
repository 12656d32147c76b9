"""Our own keys: private parts as files in keys_dir, everything else in the database so that machines agree."""

import fcntl
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection, insert, select, update

from tool.clock import now
from tool.db import Database, one_at_a_time
from tool.errors import BadInput, PassbackError
from tool.lti.tool_keys import SigningKey, load_signing_key, make_private_pem, public_jwk
from tool.model.platforms import ToolKey
from tool.settings import Settings

SECRET_FILE = "signing-secret"  # noqa: S105 - the name of a file, not what is in it
SECRET_BYTES = 32
# A new key is published before it signs, for platforms and proxies that keep our key set for the hour it says.
PUBLISHED_BEFORE_SIGNING = timedelta(hours=2)
# An old one stays published for what it signed, and for machines that do not have the new one yet.
PUBLISHED_AFTER_SIGNING = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """One row of `passback keys list`."""

    kid: str
    published_at: datetime
    signs_from: datetime
    retired_at: datetime | None


def ensure_secret(keys_dir: Path) -> str:
    """The secret that signs states and forms; made on first start, readable by its owner only."""
    path = keys_dir / SECRET_FILE
    secret = (_read(path) if path.exists() else b"") or _make_secret(path)
    if len(secret) < SECRET_BYTES or not secret.isascii():
        raise BadInput(f"{path}: is too short to be a secret; delete it and start again")
    return secret.decode()


def ensure_signing_key(database: Database, settings: Settings) -> SigningKey:
    """The key that signs now. Made on first start; a machine without its private file refuses to go on."""
    with database.writing() as connection:
        # Machines that start together for the first time agree on one key.
        one_at_a_time(connection, ToolKey)
        active = connection.execute(
            select(ToolKey.kid)
            .where(ToolKey.signs_from <= now(), ToolKey.retired_at.is_(None))
            .order_by(ToolKey.signs_from.desc())
        ).scalar()
        if active is not None:
            return _load(settings.keys_dir, active, _passphrase(settings))
        return _make_key(connection, settings, signs_from=now())


class CurrentKey:
    """Which key signs now, asked each time: after a rotation, processes go over to the new one by themselves.

    A machine that was not given the new key yet goes on with the newest one it has: that is still published. Raises
    BadInput when it has none of them.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._loaded: dict[str, SigningKey] = {}

    def __call__(self) -> SigningKey:
        kids = _read_signing(self._database)
        here = [kid for kid in kids if kid in self._loaded or (self._settings.keys_dir / f"{kid}.pem").exists()]
        if not here:
            return ensure_signing_key(self._database, self._settings)
        kid = here[0]
        if kid not in self._loaded:
            self._loaded[kid] = _load(self._settings.keys_dir, kid, _passphrase(self._settings))
        return self._loaded[kid]


def rotate_keys(database: Database, settings: Settings) -> PublishedKey:
    """Make the next key: published from now on, signing in a while. Keys that stopped signing more than a day ago are
    published no longer. BadInput while an earlier rotation is under way, or when this machine lacks the active key."""
    ensure_signing_key(database, settings)
    with database.writing() as connection:
        one_at_a_time(connection, ToolKey)
        waiting = connection.execute(select(ToolKey.signs_from).where(ToolKey.signs_from > now())).scalar()
        if waiting is not None:
            raise BadInput(
                f"a new key is published already; it signs from {waiting:%Y-%m-%d %H:%M} UTC",
                "Rotate again after that.",
            )
        _retire_old_keys(connection)
        signs_from = now() + PUBLISHED_BEFORE_SIGNING
        key = _make_key(connection, settings, signs_from=signs_from)
    return PublishedKey(key.kid, now(), signs_from, None)


def _retire_old_keys(connection: Connection) -> None:
    """All that had a successor a day ago."""
    settled = select(ToolKey.signs_from).where(ToolKey.signs_from <= now() - PUBLISHED_AFTER_SIGNING)
    newest = connection.execute(settled.order_by(ToolKey.signs_from.desc())).scalar()
    if newest is not None:
        old = (ToolKey.signs_from < newest, ToolKey.retired_at.is_(None))
        connection.execute(update(ToolKey).where(*old).values(retired_at=now()))


def _make_key(connection: Connection, settings: Settings, *, signs_from: datetime) -> SigningKey:
    passphrase = _passphrase(settings)
    pem = make_private_pem(passphrase)
    key = load_signing_key(pem, passphrase)
    with _create_private(settings.keys_dir / f"{key.kid}.pem") as file:
        file.write(pem)
    told = {"public_jwk": public_jwk(key), "published_at": now(), "signs_from": signs_from}
    connection.execute(insert(ToolKey).values(kid=key.kid, **told))
    return key


def _read_signing(database: Database) -> list[str]:
    """The keys that may sign now, newest first."""
    may_sign = (ToolKey.signs_from <= now(), ToolKey.retired_at.is_(None))
    with database.reading() as connection:
        return list(
            connection.execute(select(ToolKey.kid).where(*may_sign).order_by(ToolKey.signs_from.desc())).scalars()
        )


def _passphrase(settings: Settings) -> bytes | None:
    return settings.key_passphrase.encode() if settings.key_passphrase else None


def read_published_keys(database: Database) -> list[dict[str, object]]:
    """The public keys a platform may still need, newest first, as JWKs."""
    with database.reading() as connection:
        rows = connection.execute(
            select(ToolKey.public_jwk).where(ToolKey.retired_at.is_(None)).order_by(ToolKey.signs_from.desc())
        )
        return [row.public_jwk for row in rows]


def list_keys(database: Database) -> list[PublishedKey]:
    with database.reading() as connection:
        rows = connection.execute(select(ToolKey).order_by(ToolKey.signs_from.desc())).all()
    return [PublishedKey(row.kid, row.published_at, row.signs_from, row.retired_at) for row in rows]


def _load(keys_dir: Path, kid: str, passphrase: bytes | None) -> SigningKey:
    path = keys_dir / f"{kid}.pem"
    if not path.exists():
        raise BadInput(
            f"{path}: the private key that signs for this database is not on this machine",
            "Copy the keys folder from a machine that has it.",
        )
    try:
        key = load_signing_key(_read(path), passphrase)
    except PassbackError:
        raise BadInput(
            f"{path}: cannot be opened as a private key",
            "If it is encrypted, set PASSBACK_KEY_PASSPHRASE.",
        ) from None
    if key.kid != kid:
        raise BadInput(f"{path}: holds another key than its name says", "Copy the keys folder anew.")
    return key


def _make_secret(path: Path) -> bytes:
    """Of processes that start together one makes it, and the others wait and read what it made."""
    with _create_private(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        made = file.read().strip()
        if not made:
            made = secrets.token_urlsafe(SECRET_BYTES).encode()
            file.write(made)
            file.flush()
    return made


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes().strip()
    except OSError as error:
        raise BadInput(f"keys_dir: {path} cannot be read ({error.strerror})") from None


def _create_private(path: Path) -> BinaryIO:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
    except OSError as error:
        raise BadInput(f"keys_dir: {path} cannot be written ({error.strerror})") from None
