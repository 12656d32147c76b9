"""Connections to platforms: access tokens shared by all processes, and the connector that carries them."""

import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial

from sqlalchemy import delete, select

from tool.clock import now
from tool.db import Database, upsert
from tool.failpoints import reach
from tool.lti.access_token import AccessToken, request_token
from tool.lti.connector import Connector, Watch
from tool.lti.errors import ServiceError
from tool.lti.platform import PlatformFacts
from tool.lti.tool_keys import SigningKey
from tool.model.delivering import TokenLease
from tool.model.platforms import KeptToken
from tool.outbound import Outbound
from tool.registration.trusted import KnownPlatform, TrustedPlatforms

# A token about to end is not begun with: the request that carries it must still find it good on arrival. Of a token
# that lives only for seconds a tenth is spared.
SPARE = timedelta(seconds=30)
SPARE_SHARE = 10
# Longer than one request for a token may take: afterwards the process that asked is given up.
LEASE = timedelta(seconds=25)
LOOK_AGAIN_SECONDS = 0.1


def let_go_all(database: Database) -> None:
    """At the start of the only process that asks for tokens: whoever was asking is dead."""
    with database.writing() as connection:
        connection.execute(delete(TokenLease))


class SharedTokens:
    """The token source of the protocol: memory first, then the database, then one request to the platform."""

    def __init__(
        self,
        database: Database,
        platforms: TrustedPlatforms,
        outbound: Outbound,
        signing_key: SigningKey | Callable[[], SigningKey],
    ) -> None:
        """`signing_key`: one for good, or what tells which one signs now."""
        self._database = database
        self._platforms = platforms
        self._outbound = outbound
        self._signing_key = partial(_same, signing_key) if isinstance(signing_key, SigningKey) else signing_key
        self._name = secrets.token_hex(8)
        self._held: dict[tuple[int, frozenset[str]], AccessToken] = {}
        self._failures: dict[int, tuple[float, ServiceError]] = {}
        self._locks: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)

    def token(self, platform: PlatformFacts, scopes: frozenset[str]) -> AccessToken:
        """A token that is good for a while; one request per expiry, however many threads wait for it."""
        known = self._known(platform)
        held = self._held.get((known.id, scopes))
        if held is not None and _is_good(held):
            return held
        came_at = time.monotonic()
        with self._locks[known.id]:
            held = self._held.get((known.id, scopes))
            if held is None or not _is_good(held):
                held = self._bring(known, scopes, came_at)
                self._held[known.id, scopes] = held
        return held

    def _bring(self, known: KnownPlatform, scopes: frozenset[str], came_at: float) -> AccessToken:
        failed_at, failure = self._failures.get(known.id, (0.0, None))
        if failure is not None and failed_at > came_at:
            # Refused while we waited for it: asking again this instant would be refused as well.
            raise failure
        try:
            return self._read(known.id, scopes) or self._read_or_request(known, scopes)
        except ServiceError as error:
            self._failures[known.id] = (time.monotonic(), error)
            raise

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

    def _read_or_request(self, known: KnownPlatform, scopes: frozenset[str]) -> AccessToken:
        """The token that another process asks for just now, or one of our own asking."""
        gives_up_at = time.monotonic() + LEASE.total_seconds()
        while time.monotonic() < gives_up_at:
            with self._only_asker(known.id) as is_ours:
                # Looked at under the lease: the process that held it may have brought one.
                found = self._read(known.id, scopes)
                if found is None and is_ours:
                    return self._request(known, scopes)
            if found is not None:
                return found
            time.sleep(LOOK_AGAIN_SECONDS)
        raise ServiceError("later", "timeout")

    @contextmanager
    def _only_asker(self, platform_id: int) -> Iterator[bool]:
        """Whether this process, of all, may ask this platform for a token now."""
        at = now()
        lease = {"lease_until": at + LEASE, "lease_holder": self._name}
        with self._database.writing() as connection:
            first = upsert(connection, TokenLease).values(platform_id=platform_id, **lease)
            taken = first.on_conflict_do_update(
                index_elements=["platform_id"], set_=lease, where=TokenLease.lease_until < at
            )
            is_ours = connection.execute(taken.returning(TokenLease.platform_id)).first() is not None
        try:
            yield is_ours
        finally:
            if is_ours:
                with self._database.writing() as connection:
                    ours = (TokenLease.platform_id == platform_id, TokenLease.lease_holder == self._name)
                    connection.execute(delete(TokenLease).where(*ours))

    def _request(self, known: KnownPlatform, scopes: frozenset[str]) -> AccessToken:
        token = _use_for_less(
            request_token(known.facts, scopes, signing_key=self._signing_key(), outbound=self._outbound)
        )
        reach("token.received")
        values = {"granted": _words(token.scopes), "token": token.value, "expires_at": token.expires_at}
        with self._database.writing() as connection:
            connection.execute(
                upsert(connection, KeptToken)
                .values(platform_id=known.id, scopes=_words(scopes), **values)
                .on_conflict_do_update(index_elements=["platform_id", "scopes"], set_=values)
            )
        return token


def _same(key: SigningKey) -> SigningKey:
    return key


class Connections:
    """Hands out connectors; one per call is fine, since tokens and sockets are shared underneath."""

    def __init__(self, tokens: SharedTokens, outbound: Outbound) -> None:
        self._tokens = tokens
        self._outbound = outbound

    def to(self, known: KnownPlatform, watch: Watch | None = None) -> Connector:
        return Connector(known.facts, self._tokens, self._outbound, allowed_hosts=known.service_hosts, watch=watch)


def _is_good(token: AccessToken) -> bool:
    return token.expires_at > now()


def _use_for_less(token: AccessToken) -> AccessToken:
    return replace(token, expires_at=token.expires_at - min(SPARE, (token.expires_at - now()) / SPARE_SHARE))


def _words(scopes: frozenset[str]) -> str:
    return " ".join(sorted(scopes))
