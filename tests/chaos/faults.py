"""Which request meets which fault: a plan made of a seed, so that the same seed brings the same faults again."""

import hashlib
from collections.abc import Mapping
from typing import Final

# Nothing was done when one of these is answered, and the platform holds what it held before.
REFUSING: Final[Mapping[str, float]] = {
    "500": 16,
    "502_html": 14,
    "200_html": 10,
    "reset_before": 14,
    "bad_json": 8,
    "hang": 6,
    # Longer than any client waits. Rare: each one keeps a slot busy until the client gives up.
    "silence": 0.3,
}
# The score is stored, and the tool hears nothing of it, or hears it slowly.
STORING: Final[Mapping[str, float]] = {"reset_after": 12, "drip": 6, "endless_drip": 0.2}
# A token endpoint that says 401 or 429 means something else, so these are for the services alone.
OF_SERVICES: Final[Mapping[str, float]] = {
    "401": 4,
    "redirect": 4,
    # Rare: each one has the whole platform wait for a second, as it should.
    "429_seconds": 0.2,
    "429_date": 0.2,
    "503_seconds": 0.2,
    "503_date": 0.2,
    "403_rate_limit": 0.2,
}
OF_TOKENS: Final = dict(REFUSING)
ALL: Final = {**REFUSING, **STORING, **OF_SERVICES}

# The client hears a proper answer; after any other the outcome is unknown to it, or a failure.
HEARD: Final = (None, "drip")


def choose_fault(seed: int, share: float, weights: Mapping[str, float], key: str) -> str | None:
    """The fault of one request, or None. `share` of all keys (from 0 to 1) meet one; of these, each kind its weight."""
    digest = hashlib.blake2b(f"{seed}:{key}".encode(), digest_size=8).digest()
    drawn = int.from_bytes(digest, "big") / 2**64
    if drawn >= share:
        return None
    left = drawn / share * sum(weights.values())
    for kind, weight in weights.items():
        left -= weight
        if left < 0:
            return kind
    return None
