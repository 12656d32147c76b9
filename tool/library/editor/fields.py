"""The editor's form: the fields of a draft, and the draft of posted fields.

A field is named by what it holds and the ids it belongs to, `points:<question>` or `text:<question>:<choice>`; the
fields `question`, `choice:<question>` and `line:<question>` say which there are, in their order.
"""

import re
from collections.abc import Iterator, Sequence

from werkzeug.datastructures import MultiDict

from tool.assessment.autograding import UNSTORABLE
from tool.assessment.settings.school_form import FIELDS, SHOWN
from tool.library.editor.draft import (
    KINDS,
    MOST_CHOICES,
    MOST_LINES,
    MOST_QUESTIONS,
    SETTINGS,
    Draft,
    DraftChoice,
    DraftLine,
    DraftQuestion,
    Kind,
)

Form = MultiDict[str, str]
BOXES = ("automatic_passback", "counts_in_grade", "sync_to_sis")
"""A box that is not ticked is not posted."""
IDENTIFIER = re.compile(r"[A-Za-z0-9._-]{1,64}")


def draft_fields(draft: Draft) -> list[tuple[str, str]]:
    """The fields of the form that holds the draft, in the form's order."""
    fields = [("title", draft.title), ("instructions", draft.instructions)]
    fields += [(name, text) for name, text in draft.settings.items() if name not in BOXES or text]
    fields += [(name, text) for name, text in draft.for_records.items() if name not in BOXES or text]
    for question in draft.questions:
        fields += _question_fields(question)
    return fields


def read_draft(form: Form) -> Draft:
    """The draft of a posted form, whatever was posted: what is no field of it is left out."""
    return Draft(
        title=_line(form.get("title", "")),
        instructions=_text(form.get("instructions", "")),
        settings={name: form.get(name, "") for name in SETTINGS},
        questions=tuple(
            _read_question(form, question_id, kind)
            for question_id in _ids(form, "question", MOST_QUESTIONS)
            for kind in KINDS
            if kind == form.get(f"kind:{question_id}")
        ),
        for_records={name: _line(form.get(name, "")) for name in FIELDS} if SHOWN in form else {},
    )


def _question_fields(question: DraftQuestion) -> Iterator[tuple[str, str]]:
    own = question.id
    yield from [("question", own), (f"kind:{own}", question.kind)]
    yield from [(f"prompt:{own}", question.prompt), (f"points:{own}", question.points)]
    for choice in question.choices:
        yield from [(f"choice:{own}", choice.id), (f"text:{own}:{choice.id}", choice.text)]
        if choice.is_correct:
            yield f"correct:{own}", choice.id
    match question.kind:
        case "multiple_choice":
            yield f"scoring:{own}", question.scoring
        case "true_false" if question.correct:
            yield f"correct:{own}", question.correct
        case "numeric":
            yield from [(f"answer:{own}", question.answer), (f"tolerance:{own}", question.tolerance)]
        case "short_text":
            yield f"accept:{own}", question.accept
            ticked = (("ignore_case", question.ignore_case), ("ignore_spaces", question.ignore_spaces))
            yield from [(f"{name}:{own}", "on") for name, is_on in ticked if is_on]
    for line in question.rubric:
        yield from [(f"line:{own}", line.id), (f"criterion:{own}:{line.id}", line.title)]
        yield f"line-points:{own}:{line.id}", line.points


def _read_question(form: Form, own: str, kind: Kind) -> DraftQuestion:
    right = set(form.getlist(f"correct:{own}"))
    is_chosen_from = kind in ("single_choice", "multiple_choice")
    return DraftQuestion(
        id=own,
        kind=kind,
        prompt=_text(form.get(f"prompt:{own}", "")),
        points=form.get(f"points:{own}", ""),
        choices=tuple(
            DraftChoice(one, _text(form.get(f"text:{own}:{one}", "")), one in right)
            for one in (_ids(form, f"choice:{own}", MOST_CHOICES) if is_chosen_from else ())
        ),
        scoring=form.get(f"scoring:{own}", "all_or_nothing"),
        correct=form.get(f"correct:{own}", "") if kind == "true_false" else "",
        answer=form.get(f"answer:{own}", ""),
        tolerance=form.get(f"tolerance:{own}", ""),
        accept=_text(form.get(f"accept:{own}", "")),
        ignore_case=kind != "short_text" or f"ignore_case:{own}" in form,
        ignore_spaces=kind != "short_text" or f"ignore_spaces:{own}" in form,
        rubric=tuple(
            DraftLine(one, _line(form.get(f"criterion:{own}:{one}", "")), form.get(f"line-points:{own}:{one}", ""))
            for one in (_ids(form, f"line:{own}", MOST_LINES) if kind == "essay" else ())
        ),
    )


def _ids(form: Form, name: str, most: int) -> Sequence[str]:
    """The ids of a list's parts, each once. They are ours; whoever makes up others harms nobody."""
    posted = dict.fromkeys(one for one in form.getlist(name) if IDENTIFIER.fullmatch(one))
    return list(posted)[:most]


def _text(text: str) -> str:
    # Browsers post text areas with the line ends of MS-DOS; control characters come along from word processors.
    return UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _line(text: str) -> str:
    return " ".join(_text(text).splitlines()).strip()
