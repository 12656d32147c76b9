"""The due date: one, not before the item was assigned, within a grading period that is open."""

from collections.abc import Iterator
from datetime import datetime

from tool.sis.plain import Period
from tool.sis.rules.checks.saying import find, say_moment, say_period
from tool.sis.rules.dates import Due, end_of_day, is_over, local_day, nearest_due, period_of
from tool.sis.rules.facts import ItemFacts
from tool.sis.rules.finding import Finding


def check_due(facts: ItemFacts) -> Iterator[Finding]:
    if facts.different_due_dates > 1:
        # A told date may be an old one by now: whoever did not come back since is told nothing new.
        yield find(facts, "due.many", "item", blocks=False, dates=str(facts.different_due_dates))
    if facts.due is None:
        yield find(facts, "due.missing", "item")
        return
    due = say_moment(facts.due.at, facts.zone)
    if facts.due.source == "inferred":
        yield find(facts, "due.inferred", "item", blocks=False, due=due)
    if facts.assigned_at is not None and facts.due.at < facts.assigned_at:
        yield find(facts, "due.before_assigned", "item", due=due, assigned=say_moment(facts.assigned_at, facts.zone))
    yield from _check_period(facts, facts.due, due)


def _check_period(facts: ItemFacts, due: Due, said: str) -> Iterator[Finding]:
    periods = [known.period for known in facts.section.periods]
    period = period_of(due.at, periods, facts.zone)
    if period is None:
        if periods or _needs_period(facts):
            yield _outside(facts, due, said)
        return
    if any(known.closed_at is not None for known in facts.section.periods if known.period == period):
        yield find(facts, "period.closed", "item", due=said, period=say_period(period))
    elif is_over(period, facts.at, facts.zone):  # only the office knows whether it still takes grades
        yield find(facts, "period.over", "item", blocks=False, due=said, period=say_period(period))


def _needs_period(facts: ItemFacts) -> bool:
    """OneRoster 1.1 demands a grading period of every line item."""
    return facts.profile.version == "1.1" and facts.profile.sends_grading_period and facts.section.read_at is not None


def _outside(facts: ItemFacts, due: Due, said: str) -> Finding:
    nearest = _offer(facts, due)
    return find(
        facts,
        "due.outside_period",
        "item",
        blocks=facts.profile.period_rule == "strict",
        due=said,
        periods=", ".join(say_period(period) for period in _open_periods(facts)),
        nearest=say_moment(nearest, facts.zone) if nearest else "",
    )


def _offer(facts: ItemFacts, due: Due) -> datetime | None:
    """The nearest date in a period that is open, and not before the item was assigned."""
    periods = _open_periods(facts)
    if facts.assigned_at is None:
        return nearest_due(due.at, periods, facts.zone)
    assigned_on = local_day(facts.assigned_at, facts.zone)
    wanted = max(due.at, end_of_day(assigned_on, facts.zone))
    return nearest_due(wanted, [period for period in periods if period.ends_on > assigned_on], facts.zone)


def _open_periods(facts: ItemFacts) -> list[Period]:
    return [known.period for known in facts.section.periods if known.closed_at is None]
