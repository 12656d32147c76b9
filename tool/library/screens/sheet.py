"""Which assignment a form of the editor is about, and what its page has to know of it besides the draft."""

import re
from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for
from sqlalchemy import Connection, func, select

from tool.access import Visitor
from tool.assessment.questions import AssignmentFile
from tool.assessment.settings.reach import Reach, read_assignment, read_reach
from tool.assessment.settings.school import School, read_school
from tool.assessment.settings.school_form import ForRecords, shown_for_records
from tool.library.editor.draft import Draft, blank_draft, draft_of
from tool.model.work import Submission

NEW_ID = re.compile(r"a-[0-9a-f]{20}")
SAVING = ("save", "confirmed")
OVER = "over:"
"""Begins the command that saves over what somebody else wrote; the revision that is given up follows."""


@dataclass(frozen=True, slots=True)
class Sheet:
    visitor: Visitor
    assignment_id: str
    form_url: str
    before: AssignmentFile | None = None
    """As it is stored; None for a new one."""
    row: Any = None
    reach: Reach | None = None
    handed_in: int = 0
    seen_revision: int = 0
    """The revision that the form was made of."""
    revision: int = 0
    school: School | None = None
    """The school's records, where the school has a connection to them."""

    @property
    def is_stale(self) -> bool:
        return self.seen_revision != self.revision

    @property
    def stored_draft(self) -> Draft:
        """The form as it is before anybody touches it."""
        return self.fit(draft_of(self.before) if self.before else blank_draft())

    def fit(self, draft: Draft) -> Draft:
        """The draft with what the school's records are told where the school has any, and without it where not: a
        connection may have come or gone since the form was made."""
        if self.school is None:
            return replace(draft, for_records={})
        row = self.row or ForRecords()
        stored = shown_for_records(row, syncs_by_default=self.school.syncs_by_default)
        return replace(draft, for_records=draft.for_records or stored)


def new_sheet(connection: Connection, visitor: Visitor, assignment_id: str) -> Sheet:
    """The sheet of an assignment that is not stored yet."""
    form_url = url_for("library.work_on_new", launch_id=visitor.launch_id)
    return Sheet(visitor, assignment_id, form_url, school=read_school(connection, visitor))


def read_sheet(connection: Connection, visitor: Visitor, file: AssignmentFile) -> Sheet:
    """The sheet of a stored assignment."""
    row = read_assignment(connection, file.id)
    handed_in = (Submission.assignment_id == file.id, Submission.submitted_at.is_not(None))
    return Sheet(
        visitor,
        file.id,
        url_for("library.work_on", launch_id=visitor.launch_id, assignment_id=file.id),
        before=file,
        row=row,
        reach=read_reach(connection, row),
        handed_in=connection.execute(select(func.count()).select_from(Submission).where(*handed_in)).scalar_one(),
        seen_revision=_posted_revision() if request.method == "POST" else row.revision,
        revision=row.revision,
        school=read_school(connection, visitor),
    )


def _posted_revision() -> int:
    command = request.form.get("do", "")
    text = command.removeprefix(OVER) if command.startswith(OVER) else request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
