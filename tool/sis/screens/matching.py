"""Match students: a table of who is who, and one student at a time by hand."""

from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from tool.access import TEACHER, Visitor, opens, part
from tool.db import Database
from tool.errors import BadInput
from tool.language import gettext
from tool.model.platforms import Platform
from tool.sis.linking.acting import Actor
from tool.sis.linking.students import MatchView, leave_out, match_by_hand, read_choices, read_matches, undo
from tool.sis.screens.room import blueprint, find_section, frame, read_sections
from tool.sis.screens.setup import OF_CLASS, insist
from tool.sis.showing.matching import describe_match
from tool.sis.showing.privacy import say_setting
from tool.sis.showing.setting_up import say_students


@opens(blueprint, f"{OF_CLASS}/students", to=TEACHER)
def setup_students(visitor: Visitor, section_id: int) -> str:
    """Everybody of the course; `?student=` opens one for a choice by hand."""
    with part(Database).reading() as connection:
        section = find_section(connection, visitor, section_id)
        matches = read_matches(connection, section.id)
        opened = _find_open(matches.rows, request.args.get("student", ""))
        choices = read_choices(connection, section.id, opened) if opened is not None else None
        family = connection.execute(select(Platform.family).where(Platform.id == visitor.platform_id)).scalar_one()
        classes = read_sections(connection, visitor)
        page = frame(connection, visitor, "setup", section)
    rows = sorted(matches.rows, key=lambda row: not row.needs_person)
    return render_template(
        "sis/setup_students.html",
        **page,
        classes=classes,
        rows=[describe_match(row) for row in rows],
        summary=say_students(matches),
        needing=matches.needing,
        unclaimed=matches.unclaimed,
        is_anonymous=matches.is_anonymous,
        privacy_setting=say_setting(family, visitor.platform_name),
        opened=opened,
        choices=choices,
    )


@opens(blueprint, f"{OF_CLASS}/students/<int:member_id>", to=TEACHER, methods=("POST",))
def setup_student(visitor: Visitor, section_id: int, member_id: int) -> Response:
    """Match one student by hand, leave the student out, or take either back."""
    with part(Database).writing() as connection:
        section = find_section(connection, visitor, section_id)
        insist(connection, visitor, section)
        actor = Actor(visitor.member_id, section.id)
        match request.form.get("do"):
            case "match":
                match_by_hand(connection, actor, member_id, _read_choice())
            case "leave_out":
                leave_out(connection, actor, member_id)
            case "undo":
                undo(connection, actor, member_id)
            case _:
                raise BadInput(gettext("That cannot be done with a student."), gettext("Go back and choose again."))
    return redirect(students_url(visitor, section_id, _anchor=f"student-{member_id}"), 303)


def students_url(visitor: Visitor, section_id: int, **query: Any) -> str:
    return url_for("sis.setup_students", launch_id=visitor.launch_id, section_id=section_id, **query)


def _read_choice() -> str:
    chosen = request.form.get("sis_student", "")
    if not chosen:
        raise BadInput(gettext("Choose a student first."), gettext("Go back and choose one. Nothing was changed."))
    return chosen


def _find_open(rows: tuple[MatchView, ...], typed: str) -> int | None:
    """The row to be opened; what is not on the list opens none."""
    return next((row.member_id for row in rows if str(row.member_id) == typed), None)
