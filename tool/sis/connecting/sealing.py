"""Secrets at rest: sealed under a key of their own, derived from the secret in keys_dir."""

import base64
from datetime import UTC, datetime

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tool.errors import PassbackError
from tool.errors import marked as _

PURPOSE = b"passback: credentials of school records"


class CannotOpen(PassbackError):
    """It was sealed with the keys folder of another machine, or is damaged."""

    def __init__(self) -> None:
        super().__init__(
            _("The stored credentials cannot be opened with the keys of this machine."),
            _("Copy the keys folder from the machine that stored them, or type the credentials again."),
        )


class Sealing:
    """Seals and opens short texts; what is sealed can be read by no one without keys_dir."""

    def __init__(self, secret: str) -> None:
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """Raises CannotOpen."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except (InvalidToken, UnicodeError):
            raise CannotOpen from None

    def find_sealed_at(self, sealed: str) -> datetime | None:
        """When it was sealed, which stands in the sealed text itself; None for what cannot be opened here."""
        try:
            return datetime.fromtimestamp(self._fernet.extract_timestamp(sealed.encode()), UTC)
        except (InvalidToken, UnicodeError):
            return None
