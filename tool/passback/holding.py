"""What a sender holds by its leases, and until when each row may still be begun."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from tool.passback.ledger.claiming import LEASE
from tool.passback.ledger.entries import Claimed

# Less than the lease: what is begun within it is on the wire before anybody else may take the row.
OURS_SECONDS = LEASE.total_seconds() - 1


class LeaseLapsed(Exception):
    """The row is no longer this process's: nothing of it may be sent."""


@dataclass(slots=True)
class _Held:
    row: Claimed
    until: float


class Holding:
    """One claim for each row: after a lease has run out the same sender may claim the row anew, and the old claim
    counts no more. Times are of the monotonic clock, which goes on while a process sleeps. Safe for any thread."""

    def __init__(self) -> None:
        self._held: dict[int, _Held] = {}

    def __len__(self) -> int:
        return len(self._held)

    def rows(self) -> list[Claimed]:
        return [held.row for held in list(self._held.values())]

    def add(self, rows: Iterable[Claimed], *, asked_at: float) -> None:
        """Leased by a question of `asked_at`."""
        self._held.update((row.id, _Held(row, asked_at + OURS_SECONDS)) for row in rows)

    def extend(self, row_ids: Iterable[int], *, asked_at: float) -> None:
        """The lease of these was renewed; one that was dropped meanwhile needs no more time."""
        for row_id in row_ids:
            if (held := self._held.get(row_id)) is not None:
                held.until = asked_at + OURS_SECONDS

    def may_begin(self, row: Claimed) -> bool:
        held = self._find(row)
        return held is not None and time.monotonic() <= held.until

    def insist(self, row: Claimed) -> None:
        """In the last moment before a request. Raises LeaseLapsed when the process slept since it began with the row:
        by now something newer may have been sent."""
        if not self.may_begin(row):
            raise LeaseLapsed

    def drop(self, row: Claimed) -> None:
        if self._find(row) is not None:
            self._held.pop(row.id, None)

    def _find(self, row: Claimed) -> _Held | None:
        held = self._held.get(row.id)
        return held if held is not None and held.row.holder == row.holder else None
