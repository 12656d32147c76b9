"""The category of the SIS: associated for this section and its present term, and still offered there."""

from collections.abc import Iterator

from tool.sis.rules.checks.saying import find
from tool.sis.rules.facts import Association, ItemFacts
from tool.sis.rules.finding import Finding


def check_category(facts: ItemFacts) -> Iterator[Finding]:
    if facts.section.read_at is None:  # then nothing is known of what is offered, and that has a finding of its own
        return
    code = _judge(facts, facts.association)
    if code is None:
        return
    association = facts.association
    yield find(
        facts,
        code,
        "item",
        blocks=code != "category.teacher",
        category=facts.category,
        chosen=(association.title if association else None) or "",
        available=", ".join(category.title for category in facts.section.categories),
    )


def _judge(facts: ItemFacts, association: Association | None) -> str | None:
    section = facts.section
    if not section.categories:  # PowerSchool tells none before the term has begun
        return "category.stale_term"
    if association is None or association.category_id is None:
        return "category.none"
    if association.term != section.present_for or section.associated_for not in (None, section.present_for):
        return "category.stale_term"
    if association.category_id not in {category.sourced_id for category in section.categories}:
        return "category.unknown"
    return "category.teacher" if _was_refused(facts, association) else None


def _was_refused(facts: ItemFacts, association: Association) -> bool:
    """Whether the SIS refused this very choice as another teacher's (PowerSchool tells the owner of none)."""
    if facts.last_refusal != "category.teacher":
        return False
    confirmed_at, refused_at = association.confirmed_at, facts.refused_at
    return confirmed_at is None or refused_at is None or confirmed_at <= refused_at
