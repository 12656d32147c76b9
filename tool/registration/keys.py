"""Our own keys: private parts as files in keys_dir, everything else in the database so that machines agree."""

import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, select

from tool.clock import now
from tool.db import Database
from tool.errors import BadInput
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
    if not path.exists():
        _write_private(path, secrets.token_urlsafe(SECRET_BYTES).encode())
    secret = path.read_text("ascii").strip()
    if len(secret) < SECRET_BYTES:
        raise BadInput(f"{path}: is too short to be a secret; delete it and start again")
    return secret


def ensure_signing_key(database: Database, settings: Settings) -> SigningKey:
    """The key that signs now. Made on first start; a machine without its private file refuses to go on."""
    passphrase = settings.key_passphrase.encode() if settings.key_passphrase else None
    with database.writing() as connection:
        active = connection.execute(
            select(ToolKey.kid)
            .where(ToolKey.signs_from <= now(), ToolKey.retired_at.is_(None))
            .order_by(ToolKey.signs_from.desc())
        ).scalar()
        if active is not None:
            return _load(settings.keys_dir, active, passphrase)
        pem = make_private_pem(passphrase)
        key = load_signing_key(pem, passphrase)
        _write_private(settings.keys_dir / f"{key.kid}.pem", pem)
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
        return load_signing_key(path.read_bytes(), passphrase)
    except (ValueError, TypeError):
        raise BadInput(
            f"{path}: cannot be opened as a private key",
            "If it is encrypted, set PASSBACK_KEY_PASSPHRASE.",
        ) from None


def _write_private(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
