"""A draft: an assignment as it stands in the form, every value the text that was typed."""

import secrets
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Literal

from tool.assessment.file_values import plain_number
from tool.assessment.questions import (
    AssignmentFile,
    Essay,
    MultipleChoice,
    Numeric,
    Question,
    ShortText,
    SingleChoice,
    TrueFalse,
)
from tool.assessment.settings.choices import shown_choices

Kind = Literal["single_choice", "multiple_choice", "true_false", "numeric", "short_text", "essay"]
KINDS: tuple[Kind, ...] = ("single_choice", "multiple_choice", "true_false", "numeric", "short_text", "essay")
MOST_QUESTIONS, MOST_CHOICES, MOST_LINES = 200, 100, 50
SETTINGS = ("automatic_passback", "attempts", "due_at", "closes_at")
"""The settings that stand in the editor's form; the others keep what they were."""


@dataclass(frozen=True, slots=True)
class DraftChoice:
    id: str
    text: str = ""
    is_correct: bool = False


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line of a rubric."""

    id: str
    title: str = ""
    points: str = ""


@dataclass(frozen=True, slots=True)
class DraftQuestion:
    """A question of any kind; what its kind does not have is left empty."""

    id: str
    kind: Kind
    prompt: str = ""
    points: str = ""
    choices: tuple[DraftChoice, ...] = ()
    scoring: str = "all_or_nothing"
    correct: str = ""
    """`true` or `false`, of a true/false question."""
    answer: str = ""
    tolerance: str = ""
    accept: str = ""
    """One accepted answer a line."""
    ignore_case: bool = True
    ignore_spaces: bool = True
    rubric: tuple[DraftLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    title: str
    instructions: str
    settings: dict[str, str]
    """By the names of SETTINGS, as the form of an assignment's settings writes them."""
    questions: tuple[DraftQuestion, ...]
    for_records: dict[str, str] = field(default_factory=dict)
    """By the names of `settings.school_form.FIELDS`; empty where the school has no connection to its records."""


def blank_draft() -> Draft:
    """What a new assignment begins with."""
    settings = {"automatic_passback": "on", "attempts": "1", "due_at": "", "closes_at": ""}
    return Draft(title="", instructions="", settings=settings, questions=())


def draft_of(file: AssignmentFile) -> Draft:
    """An assignment as the form shows it."""
    shown = shown_choices(file)
    return Draft(
        title=file.title,
        instructions=file.instructions or "",
        settings={name: shown[name] for name in SETTINGS},
        questions=tuple(_question_of(question) for question in file.questions),
    )


def make_id(prefix: str, taken: Container[str]) -> str:
    """An id for a new question, choice or line; one that was removed never comes back with another meaning."""
    while (made := f"{prefix}{secrets.token_hex(4)}") in taken:
        pass
    return made


def _question_of(question: Question) -> DraftQuestion:
    kind, points = question.type, plain_number(question.points)
    match question:
        case SingleChoice() | MultipleChoice():
            choices = tuple(DraftChoice(one.id, one.text, one.correct) for one in question.choices)
            scoring = question.scoring if isinstance(question, MultipleChoice) else "all_or_nothing"
            return DraftQuestion(question.id, kind, question.prompt, points, choices=choices, scoring=scoring)
        case TrueFalse():
            correct = "true" if question.correct else "false"
            return DraftQuestion(question.id, kind, question.prompt, points, correct=correct)
        case Numeric():
            answer, tolerance = plain_number(question.answer), plain_number(question.tolerance)
            return DraftQuestion(question.id, kind, question.prompt, points, answer=answer, tolerance=tolerance)
        case ShortText():
            return DraftQuestion(
                *(question.id, kind, question.prompt, points),
                accept="\n".join(question.accept),
                ignore_case=question.ignore_case,
                ignore_spaces=question.ignore_spaces,
            )
        case Essay():
            rubric = tuple(DraftLine(one.id, one.title, plain_number(one.points)) for one in question.rubric or ())
            return DraftQuestion(question.id, kind, question.prompt, points, rubric=rubric)
