"""Items become assignments: numbered, checked by the rules of our own file, cut where there are too many."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tool.assessment.making import TITLE_CHARACTERS, new_assignment_id
from tool.assessment.questions import AssignmentFile, AssignmentFileError, load_question, make_assignment
from tool.language import gettext
from tool.library.importing.drafting import SMALLEST, Draft, split_points
from tool.library.importing.report import FoundAssignment, ItemReport, Status

QUESTIONS = 200  # of one assignment, by the rules of the file


@dataclass
class Sheet:
    """One assessment of a file, read but not yet ours."""

    title: str
    drafts: list[Draft] = field(default_factory=list)
    instructions: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    """By the names of the assignment file."""
    notes: list[str] = field(default_factory=list)

    def tell(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


@dataclass
class _Made:
    draft: Draft
    questions: list[dict[str, Any]]
    is_used_as_text: bool = False


def assemble(sheet: Sheet) -> list[FoundAssignment]:
    """One assignment, or several where the sheet has more questions than one may hold."""
    made = [_Made(draft, _make_questions(draft)) for draft in sheet.drafts]
    _place_texts(made)
    pieces = _cut(made)
    found: list[FoundAssignment] = []
    for number, piece in enumerate(pieces, start=1):
        first = sum(len(earlier) for earlier in pieces[: number - 1]) + 1
        found.append(_finish(sheet, piece, first, (number, len(pieces))))
    return found


def _make_questions(draft: Draft) -> list[dict[str, Any]]:
    """Our questions without ids; a draft that breaks a rule of ours is lost with that rule as the reason."""
    if not draft.parts:
        return []
    points = _tidy_points(draft)
    shares = split_points(points, [part.weight for part in draft.parts])
    questions = []
    for part, share in zip(draft.parts, shares, strict=True):
        question = part.key | {"prompt": part.prompt, "points": str(share)}
        try:
            load_question(question | {"id": "q"})
        except AssignmentFileError as fault:
            draft.lose(gettext("It breaks a rule of our questions: %(rule)s.", rule=_rule(fault.message)))
            return []
        questions.append(question)
    return questions


def _tidy_points(draft: Draft) -> Decimal:
    if draft.points is None:
        draft.tell(gettext("The file gives it no points; it has 1 here."))
        return Decimal(1)
    rounded = draft.points.quantize(SMALLEST, ROUND_HALF_UP) if abs(draft.points) < 10**9 else draft.points
    if rounded != draft.points:
        draft.tell(gettext("Its points are rounded to four decimal places."))
    return rounded


def _rule(message: str) -> str:
    path, _, what = message.partition(": ")
    words = {"prompt": gettext("the question"), "points": gettext("points"), "choices": gettext("choices"),
             "accept": gettext("accepted answers")}  # fmt: skip
    name = path.split(".")[0].split("[")[0]
    return f"{words.get(name, name)} – {what}"


def _place_texts(made: list[_Made]) -> None:
    """A text between questions goes to the top of the next question; our assignments have no texts of their own."""
    waiting: list[_Made] = []
    for one in made:
        if one.draft.text and not one.questions:
            waiting.append(one)
        elif one.questions and waiting:
            for text in reversed(waiting):
                _put_before(text, one.questions[0])
            waiting = []
    for text in waiting:
        text.draft.lose(gettext("No question follows that the text could stand before."))


def _put_before(text: _Made, question: dict[str, Any]) -> None:
    longer = f"{text.draft.text}\n\n{question['prompt']}"
    try:
        load_question(question | {"id": "q", "prompt": longer})
    except AssignmentFileError:
        text.draft.lose(gettext("The text is too long to stand before a question."))
        return
    question["prompt"] = longer
    text.is_used_as_text = True
    text.draft.tell(gettext("The text stands at the top of the next question."))


def _cut(made: list[_Made]) -> list[list[_Made]]:
    pieces: list[list[_Made]] = [[]]
    count = 0
    for one in made:
        if count + len(one.questions) > QUESTIONS:
            pieces.append([])
            count = 0
        pieces[-1].append(one)
        count += len(one.questions)
    return pieces


def _finish(sheet: Sheet, made: Sequence[_Made], first: int, part: tuple[int, int]) -> FoundAssignment:
    questions: list[dict[str, Any]] = []
    items: list[ItemReport] = []
    for number, one in enumerate(made, start=first):
        ours = range(len(questions) + 1, len(questions) + len(one.questions) + 1)
        questions += [question | {"id": f"q{own}"} for own, question in zip(ours, one.questions, strict=True)]
        items.append(_report(number, one, tuple(ours)))
    title, notes = _title(sheet, part), list(sheet.notes)
    if part[1] > 1:
        notes.append(gettext("It has more than %(most)s questions, so it is cut into parts.", most=QUESTIONS))
    return FoundAssignment(title, _make_file(sheet, title, questions, notes), tuple(items), tuple(notes))


def _make_file(sheet: Sheet, title: str, questions: list[dict[str, Any]], notes: list[str]) -> AssignmentFile | None:
    if not questions:
        notes.append(gettext("None of its questions can be taken over."))
        return None
    values = sheet.settings | {
        "id": new_assignment_id(),
        "title": title,
        "instructions": sheet.instructions or None,
        "automatic_passback": True,
        "questions": questions,
    }
    try:
        return make_assignment(values)
    except AssignmentFileError as fault:
        notes.append(gettext("It breaks a rule of our assignments: %(rule)s.", rule=fault.message))
        return None


def _title(sheet: Sheet, part: tuple[int, int]) -> str:
    words = " ".join(word for word in sheet.title.split() if word.isprintable()) or gettext("Without a title")
    if part[1] == 1:
        return words[:TITLE_CHARACTERS].strip()
    more = " " + gettext("(part %(number)s of %(all)s)", number=part[0], all=part[1])
    return words[: TITLE_CHARACTERS - len(more)].strip() + more


def _report(number: int, made: _Made, questions: tuple[int, ...]) -> ItemReport:
    draft = made.draft
    if not questions and not made.is_used_as_text:
        reason = draft.reason or gettext("It cannot be read.")
        return ItemReport(number, draft.name, draft.kind, "lost", (reason,), ())
    if len(questions) > 1:
        draft.tell(gettext("It became %(count)s questions, which share its points.", count=len(questions)))
    status: Status = "changed" if draft.changes else "kept"
    return ItemReport(number, draft.name, draft.kind, status, (*draft.changes, *draft.remarks), questions)
