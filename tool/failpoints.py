"""Named places where a test can kill the process, to see that nothing is lost there.

Armed by `PASSBACK_FAIL_AT=<name>` or `<name>:<n>` (at the n-th time); without it, and in every process that does not
name a place, reaching one costs a comparison.
"""

import os
import signal
from typing import Final, Literal, get_args

Place = Literal[
    "submit.saved",
    "submit.graded",
    "submit.wished",
    "submit.committed",
    "claim.leased",
    "claim.committed",
    "token.received",
    "column.made",
    "column.stored",
    "send.before",
    "send.answered",
    "settle.attempts",
    "settle.rows",
    "settle.committed",
    "run.wished",
    "errand.done",
]
PLACES: Final[tuple[str, ...]] = get_args(Place)


class _Fuse:
    """Burns down each time its place is reached."""

    def __init__(self, wanted: str) -> None:
        self.place, _, times = wanted.partition(":")
        self.left = int(times or 1)
        if self.place and self.place not in PLACES:
            raise ValueError(f"PASSBACK_FAIL_AT names no place: {self.place}")


_fuse = _Fuse(os.environ.get("PASSBACK_FAIL_AT", ""))


def reach(place: Place) -> None:
    """The process ends here without last words, if a test wants it so."""
    if place != _fuse.place:
        return
    _fuse.left -= 1
    if _fuse.left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
