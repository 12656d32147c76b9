"""What a person gives for an answer, and how it decides over the automatic grade. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tool.assessment.autograding import AutoGrade, QuestionGrade, add_up
from tool.assessment.questions import Essay, Question


@dataclass(frozen=True, slots=True)
class GivenMark:
    """What a person gave for one answer. Without points there is only feedback."""

    question_id: str
    points: Decimal | None = None
    rubric: Mapping[str, Decimal] | None = None
    """Criterion id → points; `points` is then their sum."""
    feedback: str | None = None


@dataclass(frozen=True, slots=True)
class Excess:
    """A question, or a line of its rubric, was given more than it is worth."""

    number: int
    given: Decimal
    points: Decimal


def find_excess(questions: Sequence[Question], marks: Iterable[GivenMark]) -> list[Excess]:
    """Where the marks are above what can be earned; a teacher may mean it, but has to say so."""
    numbered = {question.id: (number, question) for number, question in enumerate(questions, start=1)}
    return [
        Excess(number, given, points)
        for mark in marks
        if mark.question_id in numbered
        for number, question in [numbered[mark.question_id]]
        for given, points in _above(question, mark)
    ]


def merge_marks(grade: AutoGrade, marks: Mapping[str, GivenMark]) -> AutoGrade:
    """The automatic grade with a person's marks over it: one with points decides its question, a blank one too."""
    return add_up([_merged(one, marks.get(one.question_id)) for one in grade.questions])


def _above(question: Question, mark: GivenMark) -> list[tuple[Decimal, Decimal]]:
    lines = (question.rubric or ()) if isinstance(question, Essay) else ()
    given = [((mark.rubric or {}).get(line.id, Decimal(0)), line.points) for line in lines]
    # The lines of a rubric need not add up to the question's points, so their sum is looked at too.
    total = [] if mark.points is None else [(mark.points, question.points)]
    return [pair for pair in given if pair[0] > pair[1]] or [pair for pair in total if pair[0] > pair[1]]


def _merged(grade: QuestionGrade, mark: GivenMark | None) -> QuestionGrade:
    if mark is None:
        return grade
    if mark.points is None:
        return replace(grade, feedback=mark.feedback)
    return replace(grade, state="graded", earned=mark.points, feedback=mark.feedback)
