"""The public keys of platforms, fetched seldom and kept when the platform has trouble.

[Sec §6.3] A bad answer is never stored: the last good keys stay in use until a good answer comes.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

import jwt

from tool.clock import now
from tool.lti.errors import LaunchRefused
from tool.lti.platform import PlatformFacts
from tool.outbound import Outbound, OutboundError

FRESH_FOR = timedelta(hours=1)
# A stranger can send tokens with made-up key ids: they must not become requests to the platform.
_PAUSE = timedelta(seconds=30)
_MAX_BYTES = 1_000_000
_FETCH_SECONDS = 5.0
_MIN_KEY_BITS = 2048
_MAX_KEY_CHARACTERS = 2048
_MAX_KEYS = 100
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

Keys = Mapping[str, jwt.PyJWK]


class KeySetStore(Protocol):
    """Where fetched key sets outlive the process."""

    def load(self, platform: PlatformFacts) -> tuple[Mapping[str, object], datetime] | None:
        """The last good key set and when it was fetched."""

    def save(self, platform: PlatformFacts, key_set: Mapping[str, object], fetched_at: datetime) -> None:
        """Keep a good key set."""


@dataclass(slots=True)
class _Shelf:
    """The keys of one platform in this process."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    keys: Keys = field(default_factory=dict)
    fetched_at: datetime = _LONG_AGO
    paused_at: datetime = _LONG_AGO

    def is_fresh(self) -> bool:
        return now() - self.fetched_at < FRESH_FOR

    def has_fresh(self, kid: str) -> bool:
        return kid in self.keys and self.is_fresh()

    def may_ask(self) -> bool:
        return abs(now() - self.paused_at) >= _PAUSE


class KeySets:
    """Finds the key a platform signed with. Thread safe; at most one fetch at a time for each platform."""

    def __init__(self, outbound: Outbound, store: KeySetStore) -> None:
        self._outbound = outbound
        self._store = store
        self._shelves: dict[tuple[str, str, str | None], _Shelf] = {}
        self._shelves_lock = threading.Lock()

    def find_key(self, platform: PlatformFacts, kid: str) -> jwt.PyJWK:
        """The platform's key with this id. Raises LaunchRefused: "key.unknown" or "key.unreachable".

        The key is always looked up under its platform, never by its id alone: two platforms may use one id.
        """
        inline = platform.key_set
        keys = self._current_keys(platform, kid) if inline is None else read_keys(inline)
        if kid not in keys:
            raise LaunchRefused("key.unknown" if keys else "key.unreachable")
        return keys[kid]

    def _current_keys(self, platform: PlatformFacts, kid: str) -> Keys:
        shelf = self._shelf_of(platform)
        if shelf.has_fresh(kid):
            return shelf.keys
        # Whoever knows the key need not wait for another thread's fetch from a hanging platform.
        if shelf.lock.acquire(blocking=kid not in shelf.keys):
            try:
                self._refresh(platform, shelf, kid)
            finally:
                shelf.lock.release()
        return shelf.keys

    def _shelf_of(self, platform: PlatformFacts) -> _Shelf:
        place = (platform.issuer, platform.client_id, platform.key_set_url)
        with self._shelves_lock:
            return self._shelves.setdefault(place, _Shelf())

    def _refresh(self, platform: PlatformFacts, shelf: _Shelf, kid: str) -> None:
        if shelf.has_fresh(kid) or not shelf.may_ask():
            return
        self._take_stored(platform, shelf)
        if shelf.has_fresh(kid):
            return
        is_routine = not shelf.is_fresh()
        fetched = self._fetch(platform)
        if fetched is not None:
            shelf.keys, shelf.fetched_at = read_keys(fetched), now()
            self._store.save(platform, fetched, shelf.fetched_at)
        # The hourly fetch costs no pause: a platform may change its keys a moment after it.
        if not (is_routine and shelf.has_fresh(kid)):
            shelf.paused_at = now()

    def _take_stored(self, platform: PlatformFacts, shelf: _Shelf) -> None:
        stored = self._store.load(platform)
        if stored is not None and stored[1] > shelf.fetched_at:
            shelf.keys, shelf.fetched_at = read_keys(stored[0]), stored[1]

    def _fetch(self, platform: PlatformFacts) -> Mapping[str, object] | None:
        """The platform's key set, or None when the answer holds no key that could be used."""
        if platform.key_set_url is None:
            return None
        try:
            answer = self._outbound.request(
                "GET", platform.key_set_url, max_bytes=_MAX_BYTES, total_seconds=_FETCH_SECONDS
            )
            found = answer.json() if answer.status == 200 else None
        except (OutboundError, ValueError):
            return None
        return found if isinstance(found, dict) and read_keys(found) else None


def read_keys(key_set: Mapping[str, object]) -> Keys:
    """The usable keys of a key set by their ids: RSA of at least 2048 bits, meant for RS256 signatures [Sec §6.2]."""
    listed = key_set.get("keys")
    keys: dict[str, jwt.PyJWK] = {}
    for entry in listed[:_MAX_KEYS] if isinstance(listed, list) else ():
        key = _read_key(entry) if isinstance(entry, dict) else None
        if key is not None and key.key_id is not None:
            keys.setdefault(key.key_id, key)
    return keys


def _read_key(entry: Mapping[str, object]) -> jwt.PyJWK | None:
    """Only the public numbers are taken: an LMS that publishes its private key by mistake must not hand it to us."""
    parts = {name: entry.get(name) for name in ("kid", "n", "e")}
    if entry.get("kty") != "RSA" or not all(isinstance(part, str) and part for part in parts.values()):
        return None
    if (entry.get("alg") or "RS256") != "RS256" or (entry.get("use") or "sig") != "sig":
        return None
    if any(len(str(part)) > _MAX_KEY_CHARACTERS for part in parts.values()):
        return None
    try:
        key = jwt.PyJWK({"kty": "RSA", **parts}, algorithm="RS256")
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError):
        return None
    return key if key.key.key_size >= _MIN_KEY_BITS else None
