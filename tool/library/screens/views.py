"""The pages of the editor: the form, the preview, the question before a change of what was handed in, the look."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for

from tool.access import Visitor
from tool.assessment.questions import AssignmentFile, points_total
from tool.language import gettext, lazy_gettext
from tool.library.editor.checking import check_draft, points_so_far
from tool.library.editor.consequences import Consequences
from tool.library.editor.draft import MOST_CHOICES, MOST_LINES, MOST_QUESTIONS, Draft, draft_of
from tool.library.editor.fields import draft_fields
from tool.library.editor.preview import preview_questions
from tool.library.editor.steps import Step
from tool.library.screens.sheet import Sheet
from tool.passback.words import automatic_text

KINDS = (
    ("single_choice", lazy_gettext("One right choice"), lazy_gettext("Students pick one of several.")),
    ("multiple_choice", lazy_gettext("Several right choices"), lazy_gettext("Students tick all that fit.")),
    ("true_false", lazy_gettext("True or false"), lazy_gettext("A statement to judge.")),
    ("numeric", lazy_gettext("Number"), lazy_gettext("Right within the margin you allow.")),
    ("short_text", lazy_gettext("Short answer"), lazy_gettext("A word or phrase out of a list you write.")),
    ("essay", lazy_gettext("Essay"), lazy_gettext("A longer text that you grade, with a rubric if you like.")),
)


def show_editor(sheet: Sheet, step: Step, *, wrong: Mapping[str, str] | None = None, is_elsewhere: bool = False) -> str:
    """The form. Once something in it was refused, what is still wrong is told after every press."""
    draft = step.draft
    was_checked = wrong is not None or request.form.get("checked") == "1"
    if was_checked and wrong is None:
        wrong = check_draft(draft, sheet.before, sheet.assignment_id, sheet.row).wrong
    numbers = {question.id: number for number, question in enumerate(draft.questions, start=1)}
    return render_template(
        "library/editor.html",
        **_frame(sheet, draft),
        wrong=wrong or {},
        faults=[(place, words, numbers.get(_question_id(place))) for place, words in (wrong or {}).items()],
        was_checked=was_checked,
        is_elsewhere=is_elsewhere,
        place=step.place,
        notice=step.notice,
        names={kind: str(name) for kind, name, _ in KINDS},
        kinds=KINDS,
        can_add=len(draft.questions) < MOST_QUESTIONS,
        most_choices=MOST_CHOICES,
        most_lines=MOST_LINES,
        automatic_because=_automatic_because(draft),
    )


def show_preview(sheet: Sheet, draft: Draft) -> str:
    """The draft with the student's own template."""
    page = {"questions": preview_questions(draft), "fields": draft_fields(draft)}
    return render_template("library/preview.html", **_frame(sheet, draft), **page)


def ask_first(sheet: Sheet, draft: Draft, after: AssignmentFile, consequences: Consequences) -> str:
    """What saving does to work that was handed in."""
    return render_template(
        "library/confirm.html",
        **_frame(sheet, draft),
        fields=draft_fields(draft),
        consequences=consequences,
        foreseen=consequences.foreseen,
        points_before=points_total(sheet.before.questions) if sheet.before else 0,
        points_after=points_total(after.questions),
        goes_by_itself=after.updates == "automatic" and after.automatic_passback and not _automatic_because(draft),
    )


def show_look(
    visitor: Visitor, file: AssignmentFile, back: tuple[str, str], *, is_own: bool = False, is_refused: bool = False
) -> str:
    """An assignment as a student sees it, for who may copy it."""
    return render_template(
        "library/look.html",
        visitor=visitor,
        csrf=visitor.csrf,
        assignment_id=file.id,
        title=file.title,
        instructions=file.instructions,
        points=points_total(file.questions),
        questions=preview_questions(draft_of(file)),
        is_own=is_own,
        is_refused=is_refused,
        back=back,
        shelf_url=url_for("library.shelf", launch_id=visitor.launch_id),
    )


def _frame(sheet: Sheet, draft: Draft) -> dict[str, Any]:
    return {
        "csrf": sheet.visitor.csrf,
        "visitor": sheet.visitor,
        "sheet": sheet,
        "form_url": sheet.form_url,
        "draft": draft,
        "is_unsaved": draft != sheet.stored_draft,
        "title": (sheet.before.title if sheet.before else "") or draft.title or gettext("New assignment"),
        "points": points_so_far(draft),
        "shelf_url": url_for("library.shelf", launch_id=sheet.visitor.launch_id),
        "assignment": sheet.row,
        "reach": sheet.reach,
        "school": sheet.school,
    }


def _question_id(place: str) -> str:
    return place.split(":")[1] if ":" in place else ""


def _automatic_because(draft: Draft) -> str | None:
    """Why scores cannot go by themselves, if they cannot."""
    essays = enumerate(draft.questions, start=1)
    return automatic_text([[n, "rubric" if one.rubric else "essay"] for n, one in essays if one.kind == "essay"])
