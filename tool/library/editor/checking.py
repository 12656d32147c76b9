"""A draft as an assignment file, or what is wrong with which of its fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pydantic

from tool.assessment.file_values import Exact, NotNegative, Points
from tool.assessment.questions import AssignmentFile, AssignmentFileError, make_assignment
from tool.assessment.settings.choices import ChoiceRefused, read_choices, shown_choices
from tool.assessment.settings.school_form import ForRecords, read_for_records
from tool.language import gettext
from tool.library.editor.draft import Draft, DraftQuestion
from tool.library.editor.numbers import has_two_meanings, spell_number

TEXT_CHARACTERS, LINE_CHARACTERS, MOST_ACCEPTED = 20_000, 200, 100
_POINTS: pydantic.TypeAdapter[Decimal] = pydantic.TypeAdapter(Points)
_EXACT: pydantic.TypeAdapter[Decimal] = pydantic.TypeAdapter(Exact)
_NOT_NEGATIVE: pydantic.TypeAdapter[Decimal] = pydantic.TypeAdapter(NotNegative)


@dataclass(slots=True)
class Checked:
    """The file when nothing is wrong; `wrong` has a sentence by the place of each field at fault, in the form's
    order."""

    file: AssignmentFile | None = None
    wrong: dict[str, str] = field(default_factory=dict)
    for_records: dict[str, object] = field(default_factory=dict)
    """What the school's records are told, by the names of the assignment's columns."""

    def refuse(self, place: str, words: str) -> None:
        self.wrong.setdefault(place, words)


def check_draft(draft: Draft, before: AssignmentFile | None, assignment_id: str, row: Any = None) -> Checked:
    """The assignment of a draft. Settings that have no field, and seconds of times that nobody touched, stay as they
    were `before` and in its `row`; a new assignment has the file's own defaults."""
    checked = Checked()
    values: dict[str, object] = {"id": assignment_id, "title": _line(checked, "title", draft.title, _no_title())}
    values["instructions"] = _long(checked, "instructions", draft.instructions) or None
    questions = [_question(checked, one) for one in draft.questions]
    _check_sum(checked, draft, questions)
    values |= _settings(checked, draft.settings, before) | {"questions": questions}
    checked.for_records = _for_records(checked, draft.for_records, row or ForRecords(), values["due_at"])
    if not checked.wrong:
        try:
            checked.file = make_assignment(values)
        except AssignmentFileError as fault:
            checked.refuse("questions", fault.message)
    return checked


def points_so_far(draft: Draft) -> Decimal:
    """The points of the questions, as far as they are numbers by now."""
    typed = [_read(_POINTS, one.points) for one in draft.questions]
    return sum((one for one in typed if one is not None), Decimal(0))


def points_of(question: DraftQuestion) -> Decimal:
    """One question's points; 0 while they are no number."""
    return _read(_POINTS, question.points) or Decimal(0)


def _question(checked: Checked, question: DraftQuestion) -> dict[str, Any]:
    own = question.id
    prompt = _long(checked, f"prompt:{own}", question.prompt)
    if not prompt:
        checked.refuse(f"prompt:{own}", gettext("Write the question."))
    points = _number(checked, f"points:{own}", question.points, _POINTS)
    plain: dict[str, Any] = {"id": own, "type": question.kind, "prompt": prompt, "points": points}
    match question.kind:
        case "single_choice":
            return plain | {"choices": _choices(checked, question)}
        case "multiple_choice":
            is_partial = question.scoring == "partial"
            scoring = "partial" if is_partial else "all_or_nothing"
            return plain | {"choices": _choices(checked, question), "scoring": scoring}
        case "true_false":
            if question.correct not in ("true", "false"):
                checked.refuse(f"correct:{own}", gettext("Say which of the two is right."))
            return plain | {"correct": question.correct == "true"}
        case "numeric":
            answer = _number(checked, f"answer:{own}", question.answer, _EXACT)
            return plain | {"answer": answer, "tolerance": _tolerance(checked, question)}
        case "short_text":
            ticked = {"ignore_case": question.ignore_case, "ignore_spaces": question.ignore_spaces}
            return plain | {"accept": _accepted(checked, question)} | ticked
        case "essay":
            return plain | {"rubric": _rubric(checked, question) or None}


def _choices(checked: Checked, question: DraftQuestion) -> list[dict[str, object]]:
    """What is empty and not marked was offered and not needed."""
    written = [one for one in question.choices if one.text.strip() or one.is_correct]
    for one in written:
        place = f"text:{question.id}:{one.id}"
        if not _long(checked, place, one.text):
            checked.refuse(place, gettext("This choice is marked as correct and has no text."))
    place = f"choices:{question.id}"
    right = sum(one.is_correct for one in written)
    if len(written) < 2:
        checked.refuse(place, gettext("Write at least two choices."))
    elif question.kind == "single_choice" and right != 1:
        checked.refuse(place, gettext("Mark the one choice that is correct."))
    elif right == 0:
        checked.refuse(place, gettext("Mark the choices that are correct."))
    return [{"id": one.id, "text": one.text, "correct": one.is_correct} for one in written]


def _tolerance(checked: Checked, question: DraftQuestion) -> Decimal | None:
    text = question.tolerance if question.tolerance.strip() else "0"
    return _number(checked, f"tolerance:{question.id}", text, _NOT_NEGATIVE)


def _accepted(checked: Checked, question: DraftQuestion) -> list[str]:
    lines = [line.strip() for line in question.accept.splitlines() if line.strip()]
    place = f"accept:{question.id}"
    if not lines:
        checked.refuse(place, gettext("Write at least one answer that counts as right."))
    if len(lines) > MOST_ACCEPTED:
        checked.refuse(place, gettext("At most %(most)s answers, please.", most=MOST_ACCEPTED))
    if any(len(line) > LINE_CHARACTERS for line in lines):
        checked.refuse(place, gettext("Each answer may have at most %(most)s characters.", most=LINE_CHARACTERS))
    return lines


def _rubric(checked: Checked, question: DraftQuestion) -> list[dict[str, object]]:
    lines = [one for one in question.rubric if one.title.strip() or one.points.strip()]
    return [
        {
            "id": one.id,
            "title": _line(checked, f"criterion:{question.id}:{one.id}", one.title, gettext("Say what is looked at.")),
            "points": _number(checked, f"line-points:{question.id}:{one.id}", one.points, _POINTS),
        }
        for one in lines
    ]


def _check_sum(checked: Checked, draft: Draft, questions: list[dict[str, Any]]) -> None:
    points = [one["points"] for one in questions]
    if not draft.questions:
        checked.refuse("questions", gettext("Add at least one question."))
    elif all(one is not None for one in points) and sum(points) == 0:
        checked.refuse("questions", gettext("The points add up to 0; a gradebook column needs more than 0."))


def _settings(checked: Checked, typed: Mapping[str, str], before: AssignmentFile | None) -> dict[str, object]:
    # A new assignment has the settings of a file that leaves them out.
    kept = before or AssignmentFile.model_construct(id="", title="", automatic_passback=True, questions=())
    form = shown_choices(kept) | dict(typed)
    while True:
        try:
            return read_choices(form, kept)
        except ChoiceRefused as refusal:
            checked.refuse(refusal.field, refusal.message)
            form[refusal.field] = ""  # nothing is never refused, so the next fault is found


def _for_records(checked: Checked, typed: Mapping[str, str], before: Any, due_at: Any) -> dict[str, object]:
    form = dict(typed)
    while True:
        try:
            return read_for_records(form, before, due_at)
        except ChoiceRefused as refusal:
            checked.refuse(refusal.field, refusal.message)
            form[refusal.field] = ""


def _line(checked: Checked, place: str, text: str, if_blank: str) -> str:
    if not text.strip():
        checked.refuse(place, if_blank)
    if len(text) > LINE_CHARACTERS:
        checked.refuse(place, gettext("This is too long: at most %(most)s characters.", most=LINE_CHARACTERS))
    return text


def _long(checked: Checked, place: str, text: str) -> str:
    """The text; nothing for a blank one."""
    if len(text) > TEXT_CHARACTERS:
        checked.refuse(place, gettext("This is too long: at most %(most)s characters.", most=f"{TEXT_CHARACTERS:,}"))
    return text if text.strip() else ""


def _number(checked: Checked, place: str, text: str, kind: pydantic.TypeAdapter[Decimal]) -> Decimal | None:
    if has_two_meanings(text):
        with_a_point, without = text.strip().replace(",", "."), text.strip().replace(",", "")
        words = gettext("Do you mean %(one)s or %(other)s? Write it like that.", one=without, other=with_a_point)
        checked.refuse(place, words)
        return None
    number = _read(kind, text)
    if number is None:
        in_words = {
            id(_POINTS): gettext("Write a number from 0 to 1000, such as 2 or 0.5."),
            id(_EXACT): gettext("Write a number, such as 42 or 3.14."),
            id(_NOT_NEGATIVE): gettext("Write 0 or a number above it, such as 0.01."),
        }
        checked.refuse(place, in_words[id(kind)])
    return number


def _read(kind: pydantic.TypeAdapter[Decimal], text: str) -> Decimal | None:
    try:
        return kind.validate_python(spell_number(text))
    except pydantic.ValidationError:
        return None


def _no_title() -> str:
    return gettext("Give it a title: students and the gradebook show it.")
