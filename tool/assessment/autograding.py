"""What answers earn, decided from the questions alone, and which answers a posted form holds.

Answers as stored, by question id: `"a"` (single choice), `["a", "c"]` (multiple choice), `True` (true/false)
and the text as typed (numeric, short text, essay); a blank question has no entry. Nothing stored is trusted.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from tool.assessment.file_values import plain_number
from tool.assessment.questions import (
    Essay,
    MultipleChoice,
    Numeric,
    Question,
    ShortText,
    SingleChoice,
    TrueFalse,
)
from tool.errors import BadInput

ANSWER_LENGTH = 20_000  # about ten pages: more than any essay here asks for, little enough to keep and to show
# Neither database stores a lone surrogate, PostgreSQL no NUL; the other control characters show as nothing.
UNSTORABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
NUMBER_LENGTH = 60  # a longer "number" is not worth the arithmetic
# A number as students of any country type it: "0.75", "0,75", ".5", "+3", "6.02e23" or a fraction "3/4".
NUMBER = re.compile(r"([+-]?)\s*(?:(\d+)\s*/\s*(\d+)|((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?))")
TYPED_AS = str.maketrans("−–－﹣,，٫⁄", "----.../")  # phones and word processors turn a hyphen into these
QUOTES = str.maketrans("‘’ʼ“”", "'''\"\"")  # phones type curly ones without asking

AutoGraded = SingleChoice | MultipleChoice | TrueFalse | Numeric | ShortText
State = Literal["correct", "partly", "wrong", "unanswered", "needs_person", "graded"]


class AnswerTooLong(BadInput):
    """An answer has more than ANSWER_LENGTH characters; nothing was saved."""


@dataclass(frozen=True, slots=True)
class QuestionGrade:
    """`earned` is None while a person has to grade the answer; `graded` is the state of what a person decided."""

    question_id: str
    number: int
    state: State
    earned: Decimal | None
    points: Decimal
    feedback: str | None = None


@dataclass(frozen=True, slots=True)
class AutoGrade:
    """`earned` leaves out what needs a person; `unanswered` and `needs_person` hold question numbers."""

    questions: tuple[QuestionGrade, ...]
    earned: Decimal
    maximum: Decimal
    unanswered: tuple[int, ...]
    needs_person: tuple[int, ...]

    @property
    def is_complete(self) -> bool:
        return not self.unanswered

    @property
    def is_final(self) -> bool:
        return not self.needs_person


def grade_answers(questions: Sequence[Question], answers: Mapping[str, object]) -> AutoGrade:
    """Never raises: an answer of the wrong shape is unanswered, one that means nothing is wrong."""
    grades = tuple(
        _grade_question(number, question, answers.get(question.id))
        for number, question in enumerate(questions, start=1)
    )
    return add_up(grades)


def add_up(grades: Sequence[QuestionGrade]) -> AutoGrade:
    """The grade of a whole submission out of its questions' grades; exact."""
    earned = sum((grade.earned for grade in grades if grade.earned is not None), Decimal(0))
    maximum = sum((grade.points for grade in grades), Decimal(0))
    return AutoGrade(
        questions=tuple(grades),
        earned=Decimal(plain_number(earned)),
        maximum=Decimal(plain_number(maximum)),
        unanswered=tuple(grade.number for grade in grades if grade.state == "unanswered"),
        needs_person=tuple(grade.number for grade in grades if grade.state == "needs_person"),
    )


def _grade_question(number: int, question: Question, answer: object) -> QuestionGrade:
    points = question.points
    if answer_is_blank(question, answer):
        return QuestionGrade(question.id, number, "unanswered", Decimal(0), points)
    if isinstance(question, Essay):
        return QuestionGrade(question.id, number, "needs_person", None, points)
    share = _share_earned(question, answer)
    if share == 1:
        return QuestionGrade(question.id, number, "correct", points, points)
    if share == 0:
        return QuestionGrade(question.id, number, "wrong", Decimal(0), points)
    return QuestionGrade(question.id, number, "partly", _round_points(share, points), points)


def _round_points(share: Fraction, points: Decimal) -> Decimal:
    hundredths = round(share * Fraction(points) * 100)  # of a Fraction: exact, and half to even
    # Points such as 0.006 may not be exceeded by rounding up to 0.01.
    return min(Decimal(plain_number(Decimal(hundredths).scaleb(-2))), points)


def _share_earned(question: AutoGraded, answer: object) -> Fraction:
    match question:
        case SingleChoice():
            return Fraction(any(choice.id == answer and choice.correct for choice in question.choices))
        case MultipleChoice():
            return _share_of_choices(question, _chosen(question, answer))
        case TrueFalse():
            return Fraction(answer is question.correct)
        case Numeric():
            number = _read_number(str(answer))
            distance = None if number is None else abs(number - Fraction(question.answer))
            return Fraction(distance is not None and distance <= Fraction(question.tolerance))
        case ShortText():
            return Fraction(_is_accepted(question, str(answer)))


def _share_of_choices(question: MultipleChoice, chosen: Sequence[str]) -> Fraction:
    right = {choice.id for choice in question.choices if choice.correct}
    hits = len(right.intersection(chosen))
    misses = len(chosen) - hits
    if question.scoring == "all_or_nothing":
        return Fraction(hits == len(right) and misses == 0)
    return max(Fraction(hits - misses, len(right)), Fraction(0))


def _chosen(question: SingleChoice | MultipleChoice, given: object) -> list[str]:
    """The choices of the question that were given, each once, in the question's order."""
    given_ids = {item for item in given if isinstance(item, str)} if isinstance(given, list) else set()
    return [choice.id for choice in question.choices if choice.id in given_ids]


def _read_number(text: str) -> Fraction | None:
    found = NUMBER.fullmatch(text.translate(TYPED_AS).strip()) if len(text) <= NUMBER_LENGTH else None
    if found is None:
        return None
    sign, numerator, denominator, decimal = found.groups()
    if decimal is not None:
        size = Fraction(Decimal(decimal))
    elif int(denominator) != 0:
        size = Fraction(int(numerator), int(denominator))
    else:
        return None
    return -size if sign == "-" else size


def _is_accepted(question: ShortText, text: str) -> bool:
    if len(text) > ANSWER_LENGTH:
        return False
    given = _comparable(question, text)
    return any(_comparable(question, accepted) == given for accepted in question.accept)


def _comparable(question: ShortText, text: str) -> str:
    text = unicodedata.normalize("NFC", text).translate(QUOTES).strip()  # Apple's keyboards send é as two characters
    if question.ignore_case:
        text = unicodedata.normalize("NFC", text.casefold())
    return "".join(text.split()) if question.ignore_spaces else text


def answer_is_blank(question: Question, answer: object) -> bool:
    """No entry, nothing visible, no choice that the question has, or another type of question's answer."""
    match question:
        case SingleChoice():
            return not _chosen(question, [answer])
        case MultipleChoice():
            return not _chosen(question, answer)
        case TrueFalse():
            return not isinstance(answer, bool)
        case _:
            return not isinstance(answer, str) or _is_blank(answer)


def _is_blank(text: str) -> bool:
    return all(character.isspace() or unicodedata.category(character) in ("Cf", "Cc") for character in text)


def clean_answers(questions: Sequence[Question], form: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """The answers of a posted form (each field's values by its name), ready to store. Raises AnswerTooLong.

    Blank answers, fields that are no question and choices that the question does not have are left out.
    """
    answers: dict[str, object] = {}
    for number, question in enumerate(questions, start=1):
        answer = _read_answer(number, question, form.get(question.id, ()))
        if not answer_is_blank(question, answer):
            answers[question.id] = answer
    return answers


def _read_answer(number: int, question: Question, values: Sequence[str]) -> object:
    match question:
        case SingleChoice():
            return next((value for value in values if not answer_is_blank(question, value)), None)
        case MultipleChoice():
            return _chosen(question, list(values))
        case TrueFalse():
            return {"true": True, "false": False}.get(next(iter(values), ""))
        case _:
            return _clean_text(number, next(iter(values), ""))


def _clean_text(number: int, text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # browsers post text areas with the line ends of MS-DOS
    if len(text) > ANSWER_LENGTH:
        raise AnswerTooLong(
            f"The answer to question {number} is longer than {ANSWER_LENGTH:,} characters.",
            "Make it shorter, then save again.",
        )
    return UNSTORABLE.sub("", text)
