"""The linked class: there, running, the teacher's, as last read."""

from collections.abc import Iterator

from tool.sis.rules.checks.saying import find
from tool.sis.rules.facts import ItemFacts
from tool.sis.rules.finding import Finding


def check_privacy(facts: ItemFacts) -> Iterator[Finding]:
    """Canvas installs a tool as *anonymous*: then nobody can be found in the SIS, which explains all that follows."""
    if facts.section.is_linked and not facts.section.lms_names_people:
        yield find(facts, "privacy.anonymous", "section", blocks=False)


def check_section(facts: ItemFacts) -> Iterator[Finding]:
    section = facts.section
    if not section.is_linked:
        yield find(facts, "class.unlinked", "section")
        return
    if section.lms_syncs and not facts.connection.lms_syncs:
        yield find(facts, "double_road", "section")
    if not section.is_class_active:
        yield find(facts, "class.inactive", "section")
    if section.teacher_id is None or facts.last_refusal == "class.not_teacher":
        yield find(facts, "class.not_teacher", "section", blocks=False)
    if section.read_at is None or section.read_failure is not None:
        yield find(facts, "section.unread", "section", blocks=section.read_at is None)
