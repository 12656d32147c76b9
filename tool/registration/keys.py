"""Our own keys: private parts as files in keys_dir, everything else in the database so that machines agree."""

import fcntl
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import insert, select

from tool.clock import now
from tool.db import Database, one_at_a_time
from tool.errors import BadInput, PassbackError
from tool.lti.tool_keys import SigningKey, load_signing_key, make_private_pem, public_jwk
from tool.model.platforms import ToolKey
from tool.settings import Settings

SECRET_FILE = "signing-secret"  # noqa: S105 - the name of a file, not what is in it
SECRET_BYTES = 32


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
    passphrase = settings.key_passphrase.encode() if settings.key_passphrase else None
    with database.writing() as connection:
        # Machines that start together for the first time agree on one key.
        one_at_a_time(connection, ToolKey)
        active = connection.execute(
            select(ToolKey.kid)
            .where(ToolKey.signs_from <= now(), ToolKey.retired_at.is_(None))
            .order_by(ToolKey.signs_from.desc())
        ).scalar()
        if active is not None:
            return _load(settings.keys_dir, active, passphrase)
        pem = make_private_pem(passphrase)
        key = load_signing_key(pem, passphrase)
        with _create_private(settings.keys_dir / f"{key.kid}.pem") as file:
            file.write(pem)
        connection.execute(
            insert(ToolKey).values(kid=key.kid, public_jwk=public_jwk(key), published_at=now(), signs_from=now())
        )
    return key


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
