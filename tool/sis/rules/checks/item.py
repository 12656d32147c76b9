"""The item itself: wanted, published, with something to send."""

from collections.abc import Iterator

from tool.sis.rules.checks.saying import find, say_moment
from tool.sis.rules.facts import ItemFacts
from tool.sis.rules.finding import Finding


def check_wish(facts: ItemFacts) -> Iterator[Finding]:
    """Whether somebody wants it in the SIS at all."""
    if facts.disabled_for is not None:
        yield find(facts, "term.disabled", "item", period=_name_of(facts, facts.disabled_for))
    elif not facts.syncs:
        yield find(facts, "opted_out", "item")


def _name_of(facts: ItemFacts, period_id: str) -> str:
    titles = {known.period.sourced_id: known.period.title for known in facts.section.periods}
    # A period that the SIS no longer tells has no other name left.
    return titles.get(period_id, period_id)


def check_item(facts: ItemFacts) -> Iterator[Finding]:
    if not facts.is_published:
        yield find(facts, "unpublished", "item")
    yield from _check_progress(facts)
    if facts.has_changes is False:
        yield find(facts, "nothing_new", "item", blocks=False)


def _check_progress(facts: ItemFacts) -> Iterator[Finding]:
    """Before the due date what is graded may go by a person's wish; where nothing is, there is nothing to send."""
    graded, students = len(facts.graded), len(facts.learners)
    if facts.is_past_due or (graded and graded == students):
        return
    due = say_moment(facts.due.at, facts.zone) if facts.due else ""
    yield find(facts, "nothing_yet", "item", blocks=graded == 0, graded=str(graded), students=str(students), due=due)
