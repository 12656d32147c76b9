"""What should stand in the SIS for an item and its students, as it would go now. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from tool.sis.plain import LineItem, Result
from tool.sis.rules.choosing import choose
from tool.sis.rules.dates import local_day, period_of
from tool.sis.rules.facts import ItemFacts, StudentFacts
from tool.sis.rules.fingerprints import of_line_item, of_result
from tool.sis.rules.status import Outgoing
from tool.sis.sync.agreement import Agreement


class SentScore(Protocol):
    """What is kept of a student's result (SisScore)."""

    @property
    def sent_fingerprint(self) -> str | None: ...


class SentItem(Protocol):
    """What is kept of an item (SisItem)."""

    @property
    def line_item_id(self) -> str | None: ...

    @property
    def sent_fingerprint(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Going:
    """One student's result that should stand there; its own id is chosen when it goes."""

    student: StudentFacts
    result: Result
    fingerprint: str


def line_item_of(facts: ItemFacts, agreement: Agreement, sourced_id: str) -> LineItem | None:
    """The column; None while something is missing that the check before sending tells."""
    category = facts.association.category_id if facts.association else None
    if facts.due is None or facts.assigned_at is None or facts.points is None or category is None:
        return None
    period = period_of(facts.due.at, [known.period for known in facts.section.periods], facts.zone)
    sends_period = facts.profile.sends_grading_period and period is not None
    return LineItem(
        sourced_id=sourced_id,
        title=facts.name,
        assigned_at=facts.assigned_at,
        due_at=facts.due.at,
        class_id=agreement.class_id,
        school_id=agreement.school_id,
        category_id=category,
        period_id=period.sourced_id if sends_period and period else None,
        maximum=facts.points,
    )


def results_of(facts: ItemFacts, agreement: Agreement, line_item_id: str) -> list[Going]:
    """Every result that goes, in the students' order. A score that stands there is never taken away by one that is
    wanting here (handed in anew, or given back): it stays until there is another."""
    found = []
    for student in facts.students:
        choice = choose(student, facts)
        if isinstance(choice, Outgoing) and student.student_id is not None and not _would_clear(student, choice):
            result = _result(student.student_id, choice, facts, agreement, line_item_id)
            found.append(Going(student, result, of_result(result)))
    return found


def has_changes(
    facts: ItemFacts, agreement: Agreement, item: SentItem | None, scores: Mapping[int, SentScore]
) -> bool | None:
    """Whether something would look otherwise there; None where it cannot go anyway."""
    if item is None or item.line_item_id is None:
        return True
    column = line_item_of(facts, agreement, item.line_item_id)
    if column is None:
        return None
    if of_line_item(column) != item.sent_fingerprint:
        return True
    going = results_of(facts, agreement, item.line_item_id)
    return any(one.fingerprint != getattr(scores.get(one.student.member_id), "sent_fingerprint", None) for one in going)


def _result(student_id: str, choice: Outgoing, facts: ItemFacts, agreement: Agreement, line_item_id: str) -> Result:
    return Result(
        sourced_id="",
        line_item_id=line_item_id,
        student_id=student_id,
        class_id=agreement.class_id,
        status=choice.status,
        score=choice.score,
        scored_on=local_day(facts.at, facts.zone),
        is_late=choice.is_late,
        is_missing=choice.is_missing,
        is_in_progress=choice.is_in_progress,
    )


def _would_clear(student: StudentFacts, choice: Outgoing) -> bool:
    return student.sent_score is not None and choice.score is None and choice.status != "exempt"
