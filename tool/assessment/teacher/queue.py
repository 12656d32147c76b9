"""What waits for the teacher, question by question, and who comes next. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from tool.assessment.questions import Essay, Question
from tool.assessment.teacher.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that a person grades."""

    number: int
    question: Question
    left: int
    handed_in: int


def list_waiting(questions: Sequence[Question], sheets: Sequence[Sheet]) -> list[Waiting]:
    """Every question that needs a person, also when nobody is left: its answers can be looked at again."""
    handed_in = [sheet for sheet in sheets if not sheet.is_open]
    return [
        Waiting(number, question, len(left_of(sheets, number)), len(handed_in))
        for number, question in enumerate(questions, start=1)
        if isinstance(question, Essay)
    ]


def left_of(sheets: Sequence[Sheet], number: int) -> list[Sheet]:
    """The sheets on which a question still waits."""
    return [sheet for sheet in sheets if number in sheet.needs_grading]


def next_left(sheets: Sequence[Sheet], number: int, after: int | None) -> Sheet | None:
    """The next sheet on which the question waits, behind the one just seen; at the end the first again."""
    order = {sheet.submission_id: place for place, sheet in enumerate(sheets)}
    seen = order.get(after, -1) if after is not None else -1
    left = left_of(sheets, number)
    behind = [sheet for sheet in left if order[sheet.submission_id] > seen]
    return next(iter(behind or left), None)
