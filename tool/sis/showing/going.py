"""What would go if it were sent now: each item with its findings and the number of its scores. Nothing is sent here."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Literal

from tool.language import ngettext
from tool.sis.rules.choosing import choose
from tool.sis.rules.facts import ItemFacts
from tool.sis.rules.finding import Finding
from tool.sis.rules.preflight import check
from tool.sis.rules.status import Outgoing

NOBODY_MINDS = frozenset({"opted_out", "term.disabled", "nothing_yet", "nothing_new"})
"""Why an item does not go although nothing is wrong with it."""
WIDE = frozenset({"connection", "section"})


@dataclass(frozen=True, slots=True)
class Looked:
    """One item before it goes. `scores`: students whose score would go; `kept_back`: those who are left out because
    something is to be mended."""

    facts: ItemFacts
    wide: tuple[Finding, ...]
    """Findings about the connection or the whole class: the same for every item."""
    own: tuple[Finding, ...]
    """Findings about the item and its students."""
    scores: int
    kept_back: int

    @property
    def fate(self) -> Literal["ready", "blocked", "quiet"]:
        """Whether it can go; `quiet`: it does not, and nobody has to do anything."""
        reasons = self._reasons()
        if any(one.code not in NOBODY_MINDS for one in reasons):
            return "blocked"
        return "quiet" if reasons else "ready"

    @property
    def reason(self) -> Finding | None:
        """Why it does not go, where it does not."""
        return next(iter(self._reasons()), None)

    @property
    def is_unchanged(self) -> bool:
        """Nothing keeps it back but that it went already."""
        return [one.code for one in self._reasons()] == ["nothing_new"]

    def _reasons(self) -> list[Finding]:
        return [one for one in self.own if one.level == "item" and (one.blocks or one.code == "nothing_new")]


def look(facts: ItemFacts) -> Looked:
    """Everything the check before sending says of one item."""
    findings = check(facts)
    own = tuple(one for one in findings if one.level not in WIDE)
    return Looked(
        facts,
        wide=tuple(one for one in findings if one.level in WIDE),
        own=own,
        scores=count_scores(facts),
        kept_back=sum(one.level == "student" and one.blocks for one in own),
    )


def count_scores(facts: ItemFacts) -> int:
    return sum(isinstance(choose(student, facts), Outgoing) for student in facts.students)


def duration_text(scores: int, items: int, facts: Iterable[ItemFacts]) -> str:
    """How long so many requests take at the pace that the SIS allows; one for each column, one for each score."""
    pace = next((one.profile.requests_per_second for one in facts), 1.0) or 1.0
    minutes = max(1, ceil((scores + items) / pace / 60))
    return ngettext("%(num)s minute", "%(num)s minutes", minutes)
