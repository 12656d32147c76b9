"""When grades are read back after a delivery: soon for a person who waits, seldom for scores that trickle in."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection

from tool import errands

# A class that hands in together is read together, after the LMS had time to show what it accepted.
READBACK_AFTER = timedelta(seconds=5)
# Scores that trickle in by themselves, all lesson long, are not worth a reading of the whole class each.
READBACK_PACE = timedelta(seconds=30)


def ask_for_readback(
    connection: Connection, placement_ids: Collection[int], at: datetime, *, awaited: Collection[int] = ()
) -> None:
    """Have these placements read soon after deliveries at `at`, each once; in the caller's transaction. In the
    `awaited` ones a person sent the scores."""
    plans = errands.plans(connection, "results", placement_ids)
    for placement_id in sorted(set(placement_ids)):
        due_at = _when_to_read(plans.get(placement_id), at, is_awaited=placement_id in awaited)
        if due_at is not None:
            errands.ask(connection, "results", placement_id, due_at=due_at)


def _when_to_read(plan: errands.Plan | None, at: datetime, *, is_awaited: bool) -> datetime | None:
    """None: a reading that begins after `at` and soon enough is asked for already, and will see them too."""
    soon = at + READBACK_AFTER
    if plan is None:
        return soon
    if not is_awaited and plan.finished_at is not None:
        soon = max(soon, plan.finished_at + READBACK_PACE)
    if plan.due_at is None or plan.due_at <= at:
        return soon
    waits_its_turn = plan.is_retry and not is_awaited
    return None if plan.due_at <= soon or waits_its_turn else soon
