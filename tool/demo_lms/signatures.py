"""What the tool signed: an assertion for a token, or an answer with content. Only the signature is checked here."""

import json
from dataclasses import dataclass

import jwt

from tool.demo_lms.key_reading import KeySetUnreadable, ToolKeys


@dataclass(frozen=True)
class SignatureRefused(Exception):
    """`error`: a word of OAuth, or kid_unknown or key_set_unreadable."""

    error: str
    description: str


def read_signed(token: str, keys: ToolKeys, called: str) -> dict[str, object]:
    """The claims of an RS256 token whose kid is in the tool's key set. `called`: its name in a refusal.

    Raises SignatureRefused. What the claims say is the caller's business: so it can tell which one is wrong.
    """
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") != "RS256":
            raise SignatureRefused("invalid_client", "Algorithm not supported")
        if not header.get("kid"):
            raise SignatureRefused("invalid_client", "kid must be provided in JWT header")
        key = keys.find(header["kid"])
        if key is None:
            raise SignatureRefused("kid_unknown", "the key id is not in the tool's key set")
        signed = jwt.PyJWS().decode_complete(token, key, algorithms=["RS256"])
        claims = json.loads(signed["payload"])
    except KeySetUnreadable as problem:
        raise SignatureRefused("key_set_unreadable", f"the tool's key set cannot be read ({problem})") from None
    except jwt.InvalidSignatureError:
        raise SignatureRefused("invalid_client", "Signature verification failed") from None
    except (jwt.PyJWTError, ValueError):
        raise SignatureRefused("invalid_request", f"{called} is not a signed token") from None
    if not isinstance(claims, dict):
        raise SignatureRefused("invalid_request", f"{called} is not a set of claims")
    return claims
