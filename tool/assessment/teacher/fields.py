"""What stands in the inputs of a question while a teacher grades: shown, typed, and read as a mark."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tool.assessment.autograding import TYPED_AS, UNSTORABLE, QuestionGrade
from tool.assessment.file_values import plain_number
from tool.assessment.marks import Excess, GivenMark
from tool.assessment.questions import Criterion, Essay, Question
from tool.errors import BadInput
from tool.language import gettext

FEEDBACK_LENGTH = 5_000
MOST_POINTS = 1000  # of one question in an assignment file; more is a slip of the finger even as extra credit
POINTS = re.compile(r"\+?(\d{1,4}(?:\.\d{0,4})?|\.\d{1,4})")


class MarkRefused(BadInput):
    """Points or feedback that cannot be taken; nothing was changed."""


@dataclass(frozen=True, slots=True)
class MarkField:
    """The inputs of one question, as texts."""

    number: int
    question: Question
    points: str
    rubric: Mapping[str, str]
    feedback: str
    was: str = field(default="", compare=False)
    """`digest` of the inputs when the page was made: what nobody touched is not written back."""

    @property
    def lines(self) -> tuple[Criterion, ...]:
        return (self.question.rubric or ()) if isinstance(self.question, Essay) else ()

    @property
    def digest(self) -> str:
        rubric = [self.rubric.get(line.id, "").strip() for line in self.lines]
        text = json.dumps([self.points.strip(), rubric, _plain(self.feedback)])
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    def is_touched(self) -> bool:
        return self.digest != self.was


def shown_field(number: int, question: Question, detail: Mapping[str, Any] | None) -> MarkField:
    """The inputs for a question as its grade stands; `detail` is of the grade, None before there is one."""
    detail = detail or {}
    made = MarkField(
        number=number,
        question=question,
        points="" if _lines(question) else detail.get("earned") or "",
        rubric=detail.get("rubric") or {},
        feedback=detail.get("feedback") or "",
    )
    return MarkField(number, question, made.points, made.rubric, made.feedback, was=made.digest)


def typed_field(number: int, question: Question, form: Mapping[str, str]) -> MarkField:
    """The inputs as they were posted."""
    return MarkField(
        number=number,
        question=question,
        points=form.get(f"points-{number}", ""),
        rubric={line.id: form.get(f"rubric-{number}-{line.id}", "") for line in _lines(question)},
        feedback=form.get(f"feedback-{number}", ""),
        was=form.get(f"was-{number}", ""),
    )


def read_mark(typed: MarkField, automatic: QuestionGrade) -> GivenMark:
    """The mark that was typed. Points equal to the automatic ones are no mark: the answer key goes on deciding.
    Raises MarkRefused."""
    rubric = _read_rubric(typed)
    points = sum(rubric.values(), Decimal(0)) if rubric else read_points(typed.number, typed.points)
    if not rubric and automatic.state != "needs_person" and points == automatic.earned:
        points = None
    return GivenMark(typed.question.id, points, rubric, _read_feedback(typed))


def read_points(number: int, text: str) -> Decimal | None:
    """The points typed for a question; None for a blank field. Raises MarkRefused."""
    plain = text.translate(TYPED_AS).strip()
    if not plain:
        return None
    found = POINTS.fullmatch(plain)
    if found is None or Decimal(found[1]) > MOST_POINTS:
        typed = text.strip()[:40]
        raise MarkRefused(
            gettext("Question %(number)s: “%(typed)s” is not a number of points.", number=number, typed=typed),
            gettext("Write a number from 0 to %(most)s, such as 7 or 7.5.", most=MOST_POINTS),
        )
    return Decimal(plain_number(Decimal(found[1])))


def excess_text(excess: Excess) -> str:
    """The warning before more is given than can be earned."""
    return gettext(
        "Question %(number)s: %(given)s is more than the %(points)s that can be earned.",
        number=excess.number,
        given=plain_number(excess.given),
        points=plain_number(excess.points),
    )


def _read_rubric(typed: MarkField) -> dict[str, Decimal] | None:
    given = {line.id: read_points(typed.number, typed.rubric.get(line.id, "")) for line in typed.lines}
    rubric = {name: points for name, points in given.items() if points is not None}
    if rubric and len(rubric) < len(given):
        raise MarkRefused(
            gettext("Question %(number)s: a line of the rubric has no points yet.", number=typed.number),
            gettext("Give points for each line; 0 is a number too."),
        )
    return rubric or None


def _read_feedback(typed: MarkField) -> str | None:
    text = _plain(typed.feedback)
    if len(text) > FEEDBACK_LENGTH:
        most = f"{FEEDBACK_LENGTH:,}"
        raise MarkRefused(
            gettext(
                "Question %(number)s: the feedback is longer than %(most)s characters.", number=typed.number, most=most
            ),
            gettext("Make it shorter, then save again."),
        )
    return text or None


def _plain(text: str) -> str:
    return UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _lines(question: Question) -> tuple[Criterion, ...]:
    return (question.rubric or ()) if isinstance(question, Essay) else ()
