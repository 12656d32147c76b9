"""Where requests come from, and how many of one kind one place may send."""

import threading
import time
from ipaddress import IPv6Address, ip_address

from flask import request

from tool.access import part
from tool.settings import Settings

# Who has one address of IPv6 has the whole network of it.
OWN_BITS_OF_IPV6 = 64
SLOTS = 1 << 16
WINDOW_SECONDS = 60.0
# A page saves a second after each change; whoever saves four times a second is no person.
MOST_SAVES_A_MINUTE = 240


def source_of_request() -> str:
    """Where a request comes from. What a proxy says of it counts only where the settings name that proxy."""
    peer = request.remote_addr or ""
    if peer not in part(Settings).trusted_proxies:
        return peer
    return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or peer


def network_of(source: str) -> str:
    """What one person or one school has at once: an address of IPv4, or a network of IPv6."""
    try:
        address = ip_address(source)
    except ValueError:
        return source
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(int(address) >> (128 - OWN_BITS_OF_IPV6))
    return str(address)


class Turnstile:
    """Counts what each source sends to this process within a minute. It keeps no address, and however many come, no
    more than some thousand numbers."""

    def __init__(self, most_a_minute: int) -> None:
        self._most = most_a_minute
        self._lock = threading.Lock()
        self._counts: dict[int, int] = {}
        self._ends_at = 0.0

    def count(self, source: str) -> int:
        """Count one more. Gives 0 when it may pass, else the seconds until it may try again."""
        # Python's own hash is salted anew in each process: nobody can aim at somebody else's slot.
        slot = hash(network_of(source)) % SLOTS
        present = time.monotonic()
        with self._lock:
            if present >= self._ends_at:
                self._counts, self._ends_at = {}, present + WINDOW_SECONDS
            self._counts[slot] = self._counts.get(slot, 0) + 1
            return 0 if self._counts[slot] <= self._most else int(self._ends_at - present) + 1


class WorkTurnstile(Turnstile):
    """Counts what each student saves and hands in. By person, not by address: a whole class sits behind one."""

    def __init__(self) -> None:
        super().__init__(MOST_SAVES_A_MINUTE)
