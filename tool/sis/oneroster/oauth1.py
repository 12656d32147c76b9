"""OAuth 1.0a without a token, as OneRoster 1.1 signs: HMAC over the address and its query. [RFC 5849 §3.4, §3.5]

Only form bodies would be signed and none is sent: JSON bodies stay outside the signature.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from typing import Literal
from urllib.parse import parse_qsl, quote

from tool.clock import now
from tool.outbound import read_address

SignatureMethod = Literal["HMAC-SHA1", "HMAC-SHA256"]
# eSchoolPlus can ask for SHA-256; SHA-1 is the standard's, and a keyed SHA-1 is not broken.
_HASHES: Mapping[SignatureMethod, str] = {"HMAC-SHA1": "sha1", "HMAC-SHA256": "sha256"}
_USUAL_PORTS = {"http": 80, "https": 443}


def sign_request(method: str, url: str, key: str, secret: str, signature_method: SignatureMethod) -> str:
    """The Authorization header of one request; it is good once."""
    oauth = {
        "oauth_consumer_key": key,
        "oauth_nonce": secrets.token_hex(16),
        "oauth_signature_method": signature_method,
        "oauth_timestamp": str(int(now().timestamp())),
        "oauth_version": "1.0",
    }
    base = write_base_string(method, url, oauth.items())
    oauth["oauth_signature"] = make_signature(base, secret, signature_method)
    return "OAuth " + ", ".join(f'{name}="{_escape(value)}"' for name, value in oauth.items())


def make_signature(base: str, secret: str, signature_method: SignatureMethod, token_secret: str = "") -> str:
    """The signature of a base string [§3.4.2]; without a token its secret is empty, and the & stays."""
    key = f"{_escape(secret)}&{_escape(token_secret)}"
    digest = hmac.new(key.encode(), base.encode(), getattr(hashlib, _HASHES[signature_method])).digest()
    return base64.b64encode(digest).decode()


def write_base_string(method: str, url: str, oauth: Iterable[tuple[str, str]]) -> str:
    """What is signed [§3.4.1]: of the address, exactly what `Outbound` will ask for. Raises OutboundError."""
    address = read_address(url)
    path, _, query = address.target.partition("?")
    # The usual port is left out [§3.4.1.2].
    port = "" if address.port == _USUAL_PORTS[address.scheme] else f":{address.port}"
    pairs = [*parse_qsl(query, keep_blank_values=True), *oauth]
    escaped = sorted((_escape(name), _escape(value)) for name, value in pairs)
    normalized = "&".join(f"{name}={value}" for name, value in escaped)
    return "&".join(
        _escape(part) for part in (method.upper(), f"{address.scheme}://{address.host.lower()}{port}{path}", normalized)
    )


def _escape(text: str) -> str:
    """[§3.6]: everything but letters, digits and - . _ ~"""
    return quote(text, safe="-._~")
