"""What the buttons of the editor do to a draft. A command is `<verb>` or `<verb>:<question>[:<part>]`."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tool.language import gettext
from tool.library.editor.draft import (
    KINDS,
    MOST_CHOICES,
    MOST_LINES,
    MOST_QUESTIONS,
    Draft,
    DraftChoice,
    DraftLine,
    DraftQuestion,
    Kind,
    make_id,
)

FIRST_CHOICES = 4  # what most teachers write; those left empty are not saved


@dataclass(frozen=True, slots=True)
class Step:
    """The draft after a press, the place where the reader goes on, and what there is to say."""

    draft: Draft
    place: str = ""
    notice: str = ""


def take_step(draft: Draft, command: str) -> Step:
    """The draft after a command; one that means nothing (any more) changes nothing."""
    verb, _, of = command.partition(":")
    if verb == "add":
        return next((_add(draft, kind) for kind in KINDS if kind == of), Step(draft))
    question_id, _, part_id = of.partition(":")
    index = next((at for at, one in enumerate(draft.questions) if one.id == question_id), None)
    if index is None:
        return Step(draft)
    if verb in _WITHIN:
        changed, place = _WITHIN[verb](draft.questions[index], part_id)
        return Step(_with(draft, index, changed), place)
    return _AMONG[verb](draft, index) if verb in _AMONG else Step(draft)


def _add(draft: Draft, kind: Kind) -> Step:
    if len(draft.questions) >= MOST_QUESTIONS:
        return Step(draft, "questions", _full())
    points = draft.questions[-1].points if draft.questions else "1"
    made = DraftQuestion(make_id("q-", _ids(draft)), kind, points=points)
    if kind in ("single_choice", "multiple_choice"):
        for _ in range(FIRST_CHOICES):
            made = _with_choice(made)
    return Step(replace(draft, questions=(*draft.questions, made)), f"question:{made.id}")


def _duplicate(draft: Draft, index: int) -> Step:
    if len(draft.questions) >= MOST_QUESTIONS:
        return Step(draft, "questions", _full())
    made = replace(draft.questions[index], id=make_id("q-", _ids(draft)))
    questions = (*draft.questions[: index + 1], made, *draft.questions[index + 1 :])
    notice = gettext("Question %(number)s is a copy of the one before.", number=index + 2)
    return Step(replace(draft, questions=questions), f"question:{made.id}", notice)


def _remove(draft: Draft, index: int) -> Step:
    rest = (*draft.questions[:index], *draft.questions[index + 1 :])
    place = f"question:{rest[min(index, len(rest) - 1)].id}" if rest else "questions"
    return Step(replace(draft, questions=rest), place, gettext("Question %(number)s was removed.", number=index + 1))


def _up(draft: Draft, index: int) -> Step:
    return _move(draft, index, index - 1, "up")


def _down(draft: Draft, index: int) -> Step:
    return _move(draft, index, index + 1, "down")


def _move(draft: Draft, index: int, to: int, verb: str) -> Step:
    """The focus stays on the pressed button, so that a question goes far by pressing it again; at the end of its way
    the question itself has it."""
    if not 0 <= to < len(draft.questions):
        return Step(draft)
    questions = list(draft.questions)
    moved = questions.pop(index)
    questions.insert(to, moved)
    has_more = 0 < to < len(questions) - 1
    place = f"{verb}:{moved.id}" if has_more else f"question:{moved.id}"
    notice = gettext("This is question %(number)s now.", number=to + 1)
    return Step(replace(draft, questions=tuple(questions)), place, notice)


def _add_choice(question: DraftQuestion, _part_id: str) -> tuple[DraftQuestion, str]:
    if len(question.choices) >= MOST_CHOICES:
        return question, f"add_choice:{question.id}"
    changed = _with_choice(question)
    return changed, f"text:{question.id}:{changed.choices[-1].id}"


def _remove_choice(question: DraftQuestion, part_id: str) -> tuple[DraftQuestion, str]:
    rest = tuple(one for one in question.choices if one.id != part_id)
    return replace(question, choices=rest), f"add_choice:{question.id}"


def _add_line(question: DraftQuestion, _part_id: str) -> tuple[DraftQuestion, str]:
    if len(question.rubric) >= MOST_LINES:
        return question, f"add_line:{question.id}"
    line = DraftLine(make_id("r-", {one.id for one in question.rubric}))
    return replace(question, rubric=(*question.rubric, line)), f"criterion:{question.id}:{line.id}"


def _remove_line(question: DraftQuestion, part_id: str) -> tuple[DraftQuestion, str]:
    rest = tuple(one for one in question.rubric if one.id != part_id)
    return replace(question, rubric=rest), f"add_line:{question.id}"


def _with_choice(question: DraftQuestion) -> DraftQuestion:
    made = DraftChoice(make_id("c-", {one.id for one in question.choices}))
    return replace(question, choices=(*question.choices, made))


def _with(draft: Draft, index: int, question: DraftQuestion) -> Draft:
    return replace(draft, questions=(*draft.questions[:index], question, *draft.questions[index + 1 :]))


def _ids(draft: Draft) -> set[str]:
    return {one.id for one in draft.questions}


def _full() -> str:
    return gettext("An assignment has at most %(most)s questions.", most=MOST_QUESTIONS)


_AMONG: dict[str, Callable[[Draft, int], Step]] = {
    "duplicate": _duplicate,
    "remove": _remove,
    "up": _up,
    "down": _down,
}
_WITHIN: dict[str, Callable[[DraftQuestion, str], tuple[DraftQuestion, str]]] = {
    "add_choice": _add_choice,
    "remove_choice": _remove_choice,
    "add_line": _add_line,
    "remove_line": _remove_line,
}
