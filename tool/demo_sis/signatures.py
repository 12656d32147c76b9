"""OAuth 1.0a on the receiving side: is a request signed with the secret, now, and for the first time? [RFC 5849]"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from time import time
from urllib.parse import parse_qsl, quote, unquote, urlsplit

METHODS = {"HMAC-SHA1": hashlib.sha1, "HMAC-SHA256": hashlib.sha256}
OLDEST_SECONDS = 300


class SignatureRefused(Exception):
    """The text says why."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A request as it arrived. `url` with its query, as it stood on the wire; `form`: the fields of a form body."""

    method: str
    url: str
    authorization: str
    form: tuple[tuple[str, str], ...] = ()


class UsedNonces:
    def __init__(self) -> None:
        self._lock = Lock()
        self._until: dict[tuple[str, str], float] = {}

    def use(self, nonce: str, timestamp: str) -> None:
        """Raises SignatureRefused the second time."""
        with self._lock:
            self._until = {key: until for key, until in self._until.items() if until > time()}
            if (nonce, timestamp) in self._until:
                raise SignatureRefused("this nonce was used before")
            self._until[nonce, timestamp] = time() + 2 * OLDEST_SECONDS


def check_signature(signed: Signed, client_id: str, secret: str, method: str, nonces: UsedNonces) -> None:
    """`method`: the one that is taken, "" for either. Raises SignatureRefused."""
    told = read_header(signed.authorization)
    fields = dict(told)
    for name in ("oauth_consumer_key", "oauth_signature_method", "oauth_timestamp", "oauth_nonce", "oauth_signature"):
        if not fields.get(name):
            raise SignatureRefused(f"{name} is missing")
    if fields.get("oauth_version", "1.0") != "1.0":
        raise SignatureRefused("oauth_version must be 1.0")
    if fields["oauth_consumer_key"] != client_id:
        raise SignatureRefused("unknown consumer key")
    used = fields["oauth_signature_method"]
    if used not in METHODS or method not in ("", used):
        raise SignatureRefused(f"signature method {used} is not taken")
    stamp = fields["oauth_timestamp"]
    if not stamp.isdecimal() or abs(int(stamp) - time()) > OLDEST_SECONDS:
        raise SignatureRefused("the timestamp is more than five minutes off")
    parameters = [*told, *parse_qsl(urlsplit(signed.url).query, keep_blank_values=True), *signed.form]
    expected = sign(base_string(signed.method, signed.url, parameters), secret, used)
    if not hmac.compare_digest(expected.encode(), fields["oauth_signature"].encode()):
        raise SignatureRefused("the signature is wrong")
    nonces.use(fields["oauth_nonce"], stamp)


def read_header(authorization: str) -> list[tuple[str, str]]:
    """The parameters of `OAuth a="b", …` [§3.5.1], realm left out."""
    pairs = []
    for part in authorization.partition(" ")[2].split(","):
        name, is_pair, value = part.strip().partition("=")
        if is_pair and name != "realm":
            pairs.append((unquote(name), unquote(value.strip('"'))))
    return pairs


def base_string(method: str, url: str, parameters: Iterable[tuple[str, str]]) -> str:
    """[§3.4.1]. The signature itself is no part of it."""
    parts = urlsplit(url)
    usual_port = {"http": 80, "https": 443}.get(parts.scheme.lower())
    host = (parts.hostname or "").lower() + ("" if parts.port in (None, usual_port) else f":{parts.port}")
    address = f"{parts.scheme.lower()}://{host}{parts.path or '/'}"
    pairs = sorted((_encode(name), _encode(value)) for name, value in parameters if name != "oauth_signature")
    normal = "&".join(f"{name}={value}" for name, value in pairs)
    return "&".join(_encode(part) for part in (method.upper(), address, normal))


def sign(text: str, secret: str, method: str) -> str:
    """[§3.4.2] with no token secret."""
    return b64encode(hmac.new(f"{_encode(secret)}&".encode(), text.encode(), METHODS[method]).digest()).decode()


def _encode(value: str) -> str:
    return quote(value, safe="-._~")
