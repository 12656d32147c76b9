"""The stub platform's token endpoint: looks at the shape of what is asserted, and gives out tokens that end."""

import base64
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Tokens:
    """`true_seconds` is how long a token works, `stated_seconds` how long its answer claims; a client is told both
    ways, and must live with either."""

    def __init__(self, client_id: str, address: str) -> None:
        self.true_seconds = 3600.0
        self.stated_seconds = 3600
        self._client_id = client_id
        self._address = address
        self._good_until: dict[str, float] = {}
        self._used: set[str] = set()

    def answer(self, body: bytes) -> tuple[int, dict[str, Any]]:
        """Status and JSON for what was posted."""
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        fault = self._fault_of(form)
        if fault:
            return 400, {"error": "invalid_client", "error_description": fault}
        token = f"token-{secrets.token_hex(12)}"
        self._good_until[token] = time.time() + self.true_seconds
        told = {"token_type": "Bearer", "expires_in": self.stated_seconds, "scope": form["scope"]}
        return 200, {"access_token": token, **told}

    def accepts(self, authorization: str) -> bool:
        return self._good_until.get(authorization.removeprefix("Bearer "), 0.0) > time.time()

    def end_all(self) -> None:
        """No token that was given out works any longer."""
        self._good_until.clear()

    def _fault_of(self, form: Mapping[str, str]) -> str | None:
        if form.get("grant_type") != "client_credentials" or form.get("client_assertion_type") != ASSERTION_TYPE:
            return "not a client assertion"
        if not form.get("scope"):
            return "no scope"
        try:
            header, claims = (_read_part(part) for part in form["client_assertion"].split(".")[:2])
        except (KeyError, ValueError):
            return "not a JWT"
        if header.get("alg") != "RS256" or not header.get("kid"):
            return "not RS256 with a key id"
        audience = claims.get("aud")
        if claims.get("iss") != self._client_id or claims.get("sub") != self._client_id:
            return "of another client"
        if self._address not in (audience if isinstance(audience, list) else [audience]):
            return "for another audience"
        if not claims.get("iat", 0) - 60 < time.time() < claims.get("exp", 0):
            return "not of now"
        if claims.get("jti") in self._used or not claims.get("jti"):
            return "used before"
        self._used.add(claims["jti"])
        return None


def _read_part(part: str) -> dict[str, Any]:
    content = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    if not isinstance(content, dict):
        raise ValueError("not an object")
    return content
