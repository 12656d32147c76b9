"""The form of an answer key: what stands in it for each question, and the questions that come out of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from tool.assessment.autograding import TYPED_AS
from tool.assessment.questions import (
    AssignmentFileError,
    Essay,
    Question,
    dump_questions,
    load_question,
    load_questions,
)
from tool.errors import BadInput
from tool.language import gettext, lazy_gettext

FIELDS = {
    "points": lazy_gettext("points"),
    "answer": lazy_gettext("answer"),
    "tolerance": lazy_gettext("tolerance"),
    "accept": lazy_gettext("accepted answers"),
    "choices": lazy_gettext("choices"),
    "rubric": lazy_gettext("rubric"),
    "correct": lazy_gettext("correct answer"),
}


class KeyRefused(BadInput):
    """A key that cannot be taken; `number` is of the question at fault, None for all together. Nothing was changed."""

    def __init__(self, number: int | None, message: str) -> None:
        super().__init__(message)
        self.number = number


def shown_key(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """Each question as the form shows it; `value` holds the texts of its inputs by the key's field."""
    return [
        {"number": number, "question": question, "value": _texts(stored)}
        for number, (question, stored) in enumerate(
            zip(questions, dump_questions(tuple(questions)), strict=True), start=1
        )
    ]


def read_key(questions: Sequence[Question], form: MultiDict[str, str]) -> tuple[Question, ...]:
    """The questions with the posted key and points; prompts and choices are as before. Raises KeyRefused."""
    stored = dump_questions(tuple(questions))
    changed: list[object] = [_read(number, one, form) for number, one in enumerate(stored, start=1)]
    try:
        return load_questions(changed)
    except AssignmentFileError:
        # Each question is right by itself, so it is the sum that is not.
        raise KeyRefused(None, gettext("The points add up to 0; a gradebook column needs more than 0.")) from None


def _read(number: int, stored: Any, form: MultiDict[str, str]) -> dict[str, Any]:
    changes: dict[str, Any] = {"points": _plain(form.get(f"points-{number}", ""))}
    match stored["type"]:
        case "single_choice" | "multiple_choice":
            right = form.getlist(f"correct-{number}")
            changes["choices"] = [choice | {"correct": choice["id"] in right} for choice in stored["choices"]]
        case "true_false":
            changes["correct"] = {"true": True, "false": False}.get(form.get(f"correct-{number}", ""))
        case "numeric":
            changes["answer"] = _plain(form.get(f"answer-{number}", ""))
            changes["tolerance"] = _plain(form.get(f"tolerance-{number}", "")) or "0"
        case "short_text":
            lines = form.get(f"accept-{number}", "").splitlines()
            changes["accept"] = [line.strip() for line in lines if line.strip()]
        case "essay" if stored.get("rubric"):
            changes["rubric"] = [
                line | {"points": _plain(form.get(f"rubric-{number}-{line['id']}", ""))} for line in stored["rubric"]
            ]
    question: dict[str, Any] = stored | changes
    try:
        load_question(question)
    except AssignmentFileError as fault:
        raise KeyRefused(number, _words(fault.message)) from None
    return question


def _words(message: str) -> str:
    """The fault of an assignment file, its key named as the form names it."""
    path, _, what = message.partition(": ")
    name = path.split(".")[-1].split("[")[0] if "rubric" not in path else "rubric"
    return f"{FIELDS.get(name, name)}: {what}"


def _plain(text: str) -> str:
    """A number as people type it, in the spelling of the assignment file."""
    plain = text.translate(TYPED_AS).strip()
    return f"0{plain}" if plain.startswith(".") else plain


def _texts(stored: Any) -> Mapping[str, Any]:
    return {
        "points": stored["points"],
        "right": [choice["id"] for choice in stored.get("choices", ()) if choice["correct"]],
        "correct": {True: "true", False: "false"}.get(stored.get("correct"), ""),
        "answer": stored.get("answer", ""),
        "tolerance": stored.get("tolerance", ""),
        "accept": "\n".join(stored.get("accept", ())),
        "rubric": {line["id"]: line["points"] for line in stored.get("rubric") or ()},
    }


def typed_key(questions: Sequence[Question], form: MultiDict[str, str]) -> list[dict[str, Any]]:
    """The form again as it was posted, so that nothing typed is lost when it is refused."""
    return [
        {
            "number": number,
            "question": question,
            "value": {
                "points": form.get(f"points-{number}", ""),
                "right": form.getlist(f"correct-{number}"),
                "correct": form.get(f"correct-{number}", ""),
                "answer": form.get(f"answer-{number}", ""),
                "tolerance": form.get(f"tolerance-{number}", ""),
                "accept": form.get(f"accept-{number}", ""),
                "rubric": {
                    line.id: form.get(f"rubric-{number}-{line.id}", "")
                    for line in ((question.rubric or ()) if isinstance(question, Essay) else ())
                },
            },
        }
        for number, question in enumerate(questions, start=1)
    ]
