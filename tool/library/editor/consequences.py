"""What saving a changed assignment does to work that was handed in; nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from tool.assessment.autograding import answer_is_blank
from tool.assessment.grading import Foreseen, foresee
from tool.assessment.questions import Question
from tool.model.work import Submission


@dataclass(frozen=True, slots=True)
class Removed:
    """A question that goes, with the number it had."""

    number: int
    prompt: str
    answers: int
    """Of submissions that were handed in."""


@dataclass(frozen=True, slots=True)
class Consequences:
    foreseen: Foreseen
    changed: tuple[int, ...]
    """Numbers of the questions as they are now, of those that are otherwise."""
    added: tuple[int, ...]
    removed: tuple[Removed, ...]
    is_reordered: bool


def weigh(
    connection: Connection, assignment_id: str, before: Sequence[Question], after: Sequence[Question]
) -> Consequences:
    """What these questions instead of those mean for what was handed in."""
    old = {question.id: question for question in before}
    new = {question.id: question for question in after}
    removed = [(number, one) for number, one in enumerate(before, start=1) if one.id not in new]
    answers = _count_answers(connection, assignment_id, [one for _, one in removed]) if removed else {}
    return Consequences(
        foreseen=foresee(connection, assignment_id, after),
        changed=tuple(n for n, one in enumerate(after, start=1) if one.id in old and old[one.id] != one),
        added=tuple(n for n, one in enumerate(after, start=1) if one.id not in old),
        removed=tuple(Removed(number, one.prompt, answers[one.id]) for number, one in removed),
        is_reordered=[one for one in old if one in new] != [one for one in new if one in old],
    )


def _count_answers(connection: Connection, assignment_id: str, questions: Sequence[Question]) -> dict[str, int]:
    handed_in = (Submission.assignment_id == assignment_id, Submission.submitted_at.is_not(None))
    answers = connection.execute(select(Submission.answers).where(*handed_in)).scalars().all()
    return {
        question.id: sum(not answer_is_blank(question, one.get(question.id)) for one in answers)
        for question in questions
    }
