"""The assignment file and its questions: read strictly, kept frozen, written back without loss."""

import json
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

import pydantic
from pydantic import AfterValidator, Field

from tool.assessment.file_values import (
    Exact,
    Identifier,
    Line,
    NamedPart,
    NotNegative,
    Part,
    Points,
    Text,
    Time,
    check_ids,
    describe_fault,
    entries,
    plain_number,
    read_json,
    refuse,
)
from tool.errors import BadInput

FILE_BYTES = 2_000_000  # 200 long questions are about a tenth of this; more is a mistake or an attack


class AssignmentFileError(BadInput):
    """The file is refused; the message is one line that begins with the path of the key at fault."""


class Choice(NamedPart):
    text: Text
    correct: bool


class Criterion(NamedPart):
    """One line of a rubric."""

    title: Line
    points: Points


def _check_one_key(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    return choices if sum(c.correct for c in choices) == 1 else refuse("exactly one choice must be correct")


def _check_some_key(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    return choices if any(c.correct for c in choices) else refuse("at least one choice must be correct")


# A list becomes a tuple, so that a question cannot be changed once it is read; strict=False allows just that.
Choices = Annotated[tuple[Choice, ...], Field(strict=False), entries(2, 100), AfterValidator(check_ids)]
Rubric = Annotated[tuple[Criterion, ...], Field(strict=False), entries(1, 50), AfterValidator(check_ids)]
Accepted = Annotated[tuple[Line, ...], Field(strict=False), entries(1, 100)]


class AnyQuestion(NamedPart):
    type: str
    prompt: Text
    points: Points


class SingleChoice(AnyQuestion):
    type: Literal["single_choice"]
    choices: Annotated[Choices, AfterValidator(_check_one_key)]


class MultipleChoice(AnyQuestion):
    type: Literal["multiple_choice"]
    choices: Annotated[Choices, AfterValidator(_check_some_key)]
    scoring: Literal["all_or_nothing", "partial"] = "all_or_nothing"


class TrueFalse(AnyQuestion):
    type: Literal["true_false"]
    correct: bool


class Numeric(AnyQuestion):
    type: Literal["numeric"]
    answer: Exact
    tolerance: NotNegative = Decimal(0)


class ShortText(AnyQuestion):
    type: Literal["short_text"]
    accept: Accepted
    ignore_case: bool = True
    ignore_spaces: bool = True


class Essay(AnyQuestion):
    type: Literal["essay"]
    rubric: Rubric | None = None


Question = Annotated[
    SingleChoice | MultipleChoice | TrueFalse | Numeric | ShortText | Essay, Field(discriminator="type")
]


def points_total(questions: Iterable[Question]) -> Decimal:
    """The most an assignment can earn, in the tool's own points."""
    return sum((question.points for question in questions), Decimal(0))


def person_needed_because(questions: Iterable[Question]) -> list[tuple[int, Literal["essay", "rubric"]]]:
    """The questions (by number, from 1) that keep scores of the assignment from going by themselves."""
    return [
        (number, "rubric" if question.rubric else "essay")
        for number, question in enumerate(questions, 1)
        if isinstance(question, Essay)
    ]


def _check_total(questions: tuple[Question, ...]) -> tuple[Question, ...]:
    if points_total(questions) == 0:
        refuse("the points add up to 0; a gradebook column needs more than 0 points")
    return questions


Questions = Annotated[
    tuple[Question, ...],
    Field(strict=False),
    entries(1, 200),
    AfterValidator(check_ids),
    AfterValidator(_check_total),
]


class AssignmentFile(Part):
    id: Identifier
    title: Line
    instructions: Text | None = None  # markdown
    automatic_passback: bool
    unanswered: Literal["hold", "zero"] = "hold"
    updates: Literal["manual", "automatic"] = "manual"
    attempts: Annotated[int, Field(ge=1, le=20)] | None = 1  # None: as many as the student likes
    counting_attempt: Literal["first", "best", "last", "average"] = "first"
    after_submitting: Literal["score", "answers", "nothing"] = "score"  # what the student sees
    may_change_after_submitting: Literal["nothing", "blanks", "answers"] = "nothing"
    due_at: Time | None = None
    closes_at: Time | None = None
    questions: Questions

    @pydantic.field_validator("closes_at")
    @classmethod
    def _check_closing(cls, closes_at: datetime | None, info: pydantic.ValidationInfo) -> datetime | None:
        due_at = info.data.get("due_at")
        if due_at and closes_at and closes_at < due_at:
            refuse("must not be before due_at")
        return closes_at


_ONE: pydantic.TypeAdapter[Question] = pydantic.TypeAdapter(Question)
_STORED: pydantic.TypeAdapter[tuple[Question, ...]] = pydantic.TypeAdapter(Questions)


def dump_questions(questions: tuple[Question, ...]) -> list[object]:
    """The questions as JSON values, decimals as strings: what `load_questions` reads back unchanged."""
    return list(_STORED.dump_python(questions, mode="json"))


def load_questions(stored: list[object]) -> tuple[Question, ...]:
    """The questions of `dump_questions`. Raises AssignmentFileError."""
    try:
        return _STORED.validate_python(stored)
    except pydantic.ValidationError as refusal:
        raise AssignmentFileError(describe_fault(refusal, "questions")) from None


def load_question(stored: object) -> Question:
    """One question out of JSON values. Raises AssignmentFileError, whose message begins with the key at fault."""
    try:
        return _ONE.validate_python(stored)
    except pydantic.ValidationError as refusal:
        raise AssignmentFileError(describe_fault(refusal)) from None


def make_assignment(values: dict[str, object]) -> AssignmentFile:
    """An assignment out of settings and questions, by the rules of the file. Raises AssignmentFileError."""
    try:
        return AssignmentFile.model_validate(values)
    except pydantic.ValidationError as refusal:
        raise AssignmentFileError(describe_fault(refusal)) from None


def read_assignment_file(text: str) -> AssignmentFile:
    """The assignment of a file's text: JSON, at most 2 MB. Raises AssignmentFileError."""
    if len(text.encode("utf-8", "surrogatepass")) > FILE_BYTES:
        raise AssignmentFileError(f"the file: must not be larger than {FILE_BYTES // 1_000_000} MB")
    try:
        return AssignmentFile.model_validate(read_json(text))
    except pydantic.ValidationError as refusal:
        raise AssignmentFileError(describe_fault(refusal)) from None
    except json.JSONDecodeError as broken:
        place = f"line {broken.lineno}, column {broken.colno}"
        raise AssignmentFileError(f"the file: is not JSON at {place} ({broken.msg})") from None
    except RecursionError:
        raise AssignmentFileError("the file: is nested too deeply") from None


def write_assignment_file(assignment: AssignmentFile) -> str:
    """The file's text, every setting spelt out; `read_assignment_file` makes the same assignment of it."""
    content = assignment.model_dump(exclude_none=True) | {"attempts": assignment.attempts}
    return json.dumps(content, default=_write_value, indent=2, ensure_ascii=False) + "\n"


def _write_value(value: object) -> int | str:
    if isinstance(value, datetime):
        return value.isoformat()
    text = plain_number(Decimal(str(value)))
    return text if "." in text else int(text)  # 2.5 is written "2.5": many readers would make a float of the number
