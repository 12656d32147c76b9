"""The name of the column: there, short enough, and nobody else's."""

from collections.abc import Iterator

from tool.sis.rules.checks.saying import find
from tool.sis.rules.facts import ItemFacts
from tool.sis.rules.finding import Finding
from tool.sis.rules.titles import same_title, sis_title


def check_title(facts: ItemFacts) -> Iterator[Finding]:
    name, limit = facts.name, facts.profile.title_limit
    if not name:
        yield find(facts, "title.empty", "item")
        return
    if limit is not None and len(name) > limit:
        proposed = sis_title(name, limit)
        yield find(facts, "title.long", "item", limit=str(limit), length=str(len(name)), proposed=proposed)
    elif facts.sis_title is not None and same_title(name) != same_title(facts.title):
        yield find(facts, "title.cut", "item", blocks=False, original=facts.title)
    yield from _check_twins(facts)


def _check_twins(facts: ItemFacts) -> Iterator[Finding]:
    """A column that stands there already, made by hand, is ours only after the teacher said so."""
    same = same_title(facts.name)
    twins = [column for column in facts.foreign_columns if column.is_active and same_title(column.title) == same]
    is_ours_known = facts.line_item_id is not None or facts.is_adopted
    if any(same_title(other) == same for other in facts.other_titles):
        yield find(facts, "title.duplicate", "item", columns="")
    elif not is_ours_known and len(twins) > 1:
        yield find(facts, "title.duplicate", "item", columns=str(len(twins)))
    elif not is_ours_known and twins:
        yield find(facts, "item.manual_twin", "item", column=twins[0].sourced_id)
