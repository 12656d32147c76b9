"""How much is measured: the whole bench, and a short form that only shows that it works."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    rounds: int = 3
    launches: int = 300
    slow_key_launches: int = 60
    burst: int = 600
    scores: int = 1000
    latencies: tuple[int, ...] = (20, 50, 100)
    """Of the platform, in milliseconds."""
    peer_scores: int = 20
    """Of the documented way, for each latency and round; scaled to `scores`."""
    peer_loop_scores: int = 60
    read_back_seconds: float = 8.0
    """What was delivered is read back once the LMS had time to show it."""
    hand_ins: int = 40
    waiting: int = 100_000
    waiting_seconds: float = 10.0
    scaling_scores: int = 4000


WHOLE = Sizes()
SHORT = Sizes(
    rounds=1,
    launches=10,
    slow_key_launches=4,
    burst=16,
    scores=40,
    latencies=(20,),
    peer_scores=3,
    peer_loop_scores=5,
    read_back_seconds=0.0,
    hand_ins=3,
    waiting=500,
    waiting_seconds=2.0,
    scaling_scores=80,
)
