"""Connections to platforms: access tokens shared by all processes, and the connector that carries them."""

import threading
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import delete, select

from tool.clock import now
from tool.db import Database, upsert
from tool.lti.access_token import AccessToken, Connector, request_token
from tool.lti.platform import PlatformFacts
from tool.lti.tool_keys import SigningKey
from tool.model.platforms import KeptToken
from tool.outbound import Outbound
from tool.registration.platforms import KnownPlatform, TrustedPlatforms

# A token about to end is not begun with: the request that carries it must still find it good on arrival. Of a token
# that lives only for seconds a tenth is spared.
SPARE = timedelta(seconds=30)
SPARE_SHARE = 10


class SharedTokens:
    """The token source of the protocol: memory first, then the database, then one request to the platform."""

    def __init__(
        self, database: Database, platforms: TrustedPlatforms, outbound: Outbound, signing_key: SigningKey
    ) -> None:
        self._database = database
        self._platforms = platforms
        self._outbound = outbound
        self._signing_key = signing_key
        self._held: dict[tuple[int, frozenset[str]], AccessToken] = {}
        self._locks: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)

    def token(self, platform: PlatformFacts, scopes: frozenset[str]) -> AccessToken:
        """A token that is good for a while; one request per expiry, however many threads wait for it."""
        known = self._known(platform)
        held = self._held.get((known.id, scopes))
        if held is not None and _is_good(held):
            return held
        with self._locks[known.id]:
            held = self._held.get((known.id, scopes))
            if held is None or not _is_good(held):
                held = self._read(known.id, scopes) or self._request(known, scopes)
                self._held[known.id, scopes] = held
        return held

    def discard(self, platform: PlatformFacts, token: AccessToken) -> None:
        """The platform refused this token: nobody uses it again. Of many that were refused, the first one counts."""
        known = self._known(platform)
        with self._locks[known.id]:
            for key in [key for key, held in self._held.items() if held.value == token.value]:
                del self._held[key]
            with self._database.writing() as connection:
                connection.execute(
                    delete(KeptToken).where(KeptToken.platform_id == known.id, KeptToken.token == token.value)
                )

    def _known(self, platform: PlatformFacts) -> KnownPlatform:
        known = self._platforms.known(platform.issuer, platform.client_id)
        if known is None:
            raise LookupError("the platform was switched off")
        return known

    def _read(self, platform_id: int, scopes: frozenset[str]) -> AccessToken | None:
        with self._database.reading() as connection:
            row = connection.execute(
                select(KeptToken.token, KeptToken.granted, KeptToken.expires_at).where(
                    KeptToken.platform_id == platform_id, KeptToken.scopes == _words(scopes)
                )
            ).first()
        if row is None:
            return None
        token = AccessToken(row.token, frozenset(row.granted.split()), row.expires_at)
        return token if _is_good(token) else None

    def _request(self, known: KnownPlatform, scopes: frozenset[str]) -> AccessToken:
        token = _use_for_less(
            request_token(known.facts, scopes, signing_key=self._signing_key, outbound=self._outbound)
        )
        values = {"granted": _words(token.scopes), "token": token.value, "expires_at": token.expires_at}
        with self._database.writing() as connection:
            connection.execute(
                upsert(connection, KeptToken)
                .values(platform_id=known.id, scopes=_words(scopes), **values)
                .on_conflict_do_update(index_elements=["platform_id", "scopes"], set_=values)
            )
        return token


class Connections:
    """Hands out connectors; one per call is fine, since tokens and sockets are shared underneath."""

    def __init__(self, tokens: SharedTokens, outbound: Outbound) -> None:
        self._tokens = tokens
        self._outbound = outbound

    def to(self, known: KnownPlatform) -> Connector:
        return Connector(known.facts, self._tokens, self._outbound)


def _is_good(token: AccessToken) -> bool:
    return token.expires_at > now()


def _use_for_less(token: AccessToken) -> AccessToken:
    return replace(token, expires_at=token.expires_at - min(SPARE, (token.expires_at - now()) / SPARE_SHARE))


def _words(scopes: frozenset[str]) -> str:
    return " ".join(sorted(scopes))
