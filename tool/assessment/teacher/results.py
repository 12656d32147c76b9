"""How a class did, counted: how many handed in, how the scores spread, how each question went. Only read here.

Each student is told by the attempt that counts. Test students, teachers and those who left the course are not among
them, as on every page of the teacher.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, func, select

from tool.assessment.autograding import answer_is_blank
from tool.assessment.file_values import plain_number
from tool.assessment.pages import Paper
from tool.assessment.questions import MultipleChoice, Question, SingleChoice, TrueFalse
from tool.assessment.records import read_counted_of
from tool.language import gettext
from tool.model.people import Member
from tool.model.work import Grade, Submission

BANDS = 10


@dataclass(frozen=True, slots=True)
class Counting:
    """What counts of one student: the score, and the judged answers by question id."""

    score: Decimal
    maximum: Decimal
    judged: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Spread:
    """Of the scores, in the tool's own points."""

    mean: Decimal
    median: Decimal
    highest: Decimal
    lowest: Decimal


@dataclass(frozen=True, slots=True)
class Picked:
    """One choice of a question, and how many chose it."""

    text: str
    is_right: bool
    students: int


@dataclass(frozen=True, slots=True)
class QuestionResult:
    number: int
    question: Question
    graded: int
    """Students whose answer has its points, blank ones included."""
    full: int
    """Of them, with all points."""
    waiting: int
    """Students whose answer waits for a person."""
    blank: int
    mean: Decimal | None
    """Points of those that are graded; None when nobody's is."""
    picked: tuple[Picked, ...]
    """Of a question with choices; empty for every other."""


@dataclass(frozen=True, slots=True)
class Results:
    students: int
    """Everybody of the course who is graded."""
    handed_in: int
    waiting: int
    """Of those who handed in, with an answer that waits for a person."""
    spread: Spread | None
    bands: tuple[int, ...]
    """Students by tenths of the maximum, lowest first; whoever has more than the maximum is in the last one."""
    questions: tuple[QuestionResult, ...]


def read_results(connection: Connection, course_id: int, placement_id: int, paper: Paper) -> Results:
    students = connection.execute(
        select(func.count())
        .select_from(Member)
        .where(Member.course_id == course_id, Member.is_gradable, Member.left_at.is_(None))
    ).scalar_one()
    return count_results(students, paper.questions, _read_counting(connection, placement_id, paper.id))


def count_results(students: int, questions: Sequence[Question], works: Sequence[Counting]) -> Results:
    """The same out of plain values."""
    asked = tuple(_question(number, one, works) for number, one in enumerate(questions, start=1))
    return Results(
        students=students,
        handed_in=len(works),
        waiting=sum(any(one["earned"] is None for one in work.judged.values()) for work in works),
        spread=_spread([work.score for work in works]),
        bands=_bands(works),
        questions=asked,
    )


def _read_counting(connection: Connection, placement_id: int, assignment_id: str) -> list[Counting]:
    counted = read_counted_of(connection, assignment_id, placement_id=placement_id)
    rows = connection.execute(
        select(Submission.member_id, Submission.attempt_number, Grade.details)
        .join(Grade, Grade.submission_id == Submission.id)
        .join(Member, Member.id == Submission.member_id)
        .where(Submission.placement_id == placement_id, Submission.assignment_id == assignment_id)
        .where(Submission.submitted_at.is_not(None), Member.is_gradable, Member.left_at.is_(None))
    ).all()
    works = []
    for row in rows:
        mine = counted.get((placement_id, row.member_id))
        # Where all attempts count, no single one has the score; the newest has the latest answers.
        if mine is not None and row.attempt_number == (mine.counting_attempt or mine.newest_attempt):
            works.append(Counting(mine.score, mine.maximum, {one["question_id"]: one for one in row.details}))
    return works


def _spread(scores: Sequence[Decimal]) -> Spread | None:
    if not scores:
        return None
    in_order = sorted(scores)
    middle = len(in_order) // 2
    halves = in_order[middle : middle + 1] if len(in_order) % 2 else in_order[middle - 1 : middle + 1]
    return Spread(_mean(in_order), _mean(halves), in_order[-1], in_order[0])


def _mean(values: Sequence[Decimal]) -> Decimal:
    """To hundredths, rounded once and at the end."""
    hundredths = round(sum(map(Fraction, values), Fraction(0)) / len(values) * 100)
    return Decimal(plain_number(Decimal(hundredths).scaleb(-2)))


def _bands(works: Sequence[Counting]) -> tuple[int, ...]:
    places = [min(int(work.score * BANDS // work.maximum), BANDS - 1) for work in works]
    return tuple(places.count(band) for band in range(BANDS))


def _question(number: int, question: Question, works: Sequence[Counting]) -> QuestionResult:
    judged = [work.judged[question.id] for work in works if question.id in work.judged]
    earned = [Decimal(one["earned"]) for one in judged if one["earned"] is not None]
    answers = [one["answer"] for one in judged]
    return QuestionResult(
        number=number,
        question=question,
        graded=len(earned),
        full=sum(_has_full_points(question, one) for one in judged),
        waiting=len(judged) - len(earned),
        blank=sum(answer_is_blank(question, answer) for answer in answers),
        mean=_mean(earned) if earned else None,
        picked=_picked(question, answers),
    )


def _has_full_points(question: Question, judged: Mapping[str, Any]) -> bool:
    """A question of no points is had by who answered it right: a wrong answer to it earns "all" of them too."""
    is_by_hand = judged["state"] == "graded" and Decimal(judged["earned"]) >= question.points
    return judged["state"] == "correct" or is_by_hand


def _picked(question: Question, answers: Sequence[object]) -> tuple[Picked, ...]:
    if isinstance(question, TrueFalse):
        words = ((True, gettext("True")), (False, gettext("False")))
        return tuple(
            Picked(text, value is question.correct, sum(answer is value for answer in answers)) for value, text in words
        )
    if not isinstance(question, SingleChoice | MultipleChoice):
        return ()
    chosen = [answer if isinstance(answer, list) else [answer] for answer in answers]
    return tuple(
        Picked(choice.text, choice.correct, sum(choice.id in some for some in chosen)) for choice in question.choices
    )
