"""All that would go wrong if an item were sent now, found before a request leaves."""

from tool.sis.rules.checks.category import check_category
from tool.sis.rules.checks.connection import check_connection
from tool.sis.rules.checks.due import check_due
from tool.sis.rules.checks.item import check_item, check_wish
from tool.sis.rules.checks.points import check_points
from tool.sis.rules.checks.section import check_privacy, check_section
from tool.sis.rules.checks.students import check_students
from tool.sis.rules.checks.title import check_title
from tool.sis.rules.facts import ItemFacts
from tool.sis.rules.finding import Finding

__all__ = ["Finding", "ItemFacts", "check"]


def check(facts: ItemFacts) -> list[Finding]:
    """Every finding, the widest first: connection, section, item, students. What the LMS keeps to itself comes before
    all, for it explains the rest; of an item that nobody wants there nothing more is said, nor without a class."""
    found = [*check_privacy(facts), *check_connection(facts), *check_section(facts)]
    if not facts.section.is_linked:
        return found
    unwanted = list(check_wish(facts))
    if unwanted:
        return found + unwanted
    for look in (check_item, check_title, check_points, check_category, check_due, check_students):
        found += look(facts)
    return found
