"""The tabs over a teacher's pages of one placement, with what waits behind each."""

from typing import Literal

from flask import current_app, redirect, request, url_for
from sqlalchemy import Connection, func, select
from werkzeug.wrappers import Response

from tool.access import Visitor
from tool.language import gettext
from tool.model.passbacks import Passback
from tool.model.people import Member
from tool.model.work import Grade, Submission
from tool.passback.school_records import Standing, read_standing

Tab = dict[str, object]
Page = Literal["overview", "grading", "grades", "sis", "settings"]
SYNC = "sis.sync"
"""The page of the school's records; it is not there while this installation has no such room."""


def teacher_tabs(connection: Connection, visitor: Visitor, current: Page) -> list[Tab]:
    """[{title, url, is_current, count, has_dot, dot_text}]: a count of what is left to grade, a dot for an unseen
    error."""
    pages: tuple[tuple[Page, str, str], ...] = (
        ("overview", gettext("Overview"), "passback.overview"),
        ("grading", gettext("Grading"), "grading.queue"),
        ("grades", gettext("Grade Passback"), "passback.grades"),
        ("sis", gettext("School records"), SYNC),
        ("settings", gettext("Settings"), "settings.show"),
    )
    left = _left_to_grade(connection, visitor)
    records = read_records(connection, visitor)
    dots = {
        "grades": bool(visitor.placement_id and _has_unseen_error(connection, visitor.placement_id)),
        "sis": records is not None and records.has_unseen,
    }
    return [
        {
            "title": title,
            "url": url_for(endpoint, launch_id=visitor.launch_id),
            "is_current": page == current,
            "count": left if page == "grading" else None,
            "has_dot": dots.get(page, False),
            "dot_text": gettext("An error waits for you"),
        }
        for page, title, endpoint in pages
        if endpoint in current_app.view_functions and (page != "sis" or records is not None)
    ]


def read_records(connection: Connection, visitor: Visitor) -> Standing | None:
    """How it stands with the school's records of the visitor's course; None where nobody is to hear of them."""
    if SYNC not in current_app.view_functions:
        return None
    standing = read_standing(connection, visitor.customer_id, visitor.course_id)
    return standing if standing.is_there else None


def _left_to_grade(connection: Connection, visitor: Visitor) -> int:
    rows = connection.execute(
        select(Grade.needs_grading)
        .join(Submission, Submission.id == Grade.submission_id)
        .join(Member, Member.id == Submission.member_id)
        .where(Submission.placement_id == visitor.placement_id, Submission.assignment_id == visitor.assignment_id)
        .where(Submission.reopened_at.is_(None))
        .where(Member.is_gradable, Member.left_at.is_(None))
    ).scalars()
    return sum(len(numbers) for numbers in rows)


def _has_unseen_error(connection: Connection, placement_id: int) -> bool:
    unseen = (Passback.placement_id == placement_id, Passback.needs_person, Passback.error_seen_at.is_(None))
    return bool(connection.execute(select(func.count()).select_from(Passback).where(*unseen)).scalar_one())


def answer_seen(url: str) -> Response:
    """To a page that told that its errors were looked at: nothing to its script, which leaves it as it is; the page
    again to a browser without."""
    return Response(status=204) if "HX-Request" in request.headers else redirect(url, 303)
