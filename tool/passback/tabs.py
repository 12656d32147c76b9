"""The tabs over a teacher's pages of one placement, with what waits behind each."""

from typing import Literal

from flask import current_app, url_for
from sqlalchemy import Connection, func, select

from tool.access import Visitor
from tool.language import gettext
from tool.model.passbacks import Passback
from tool.model.people import Member
from tool.model.work import Grade, Submission

Tab = dict[str, object]
Page = Literal["overview", "grading", "grades", "settings"]


def teacher_tabs(connection: Connection, visitor: Visitor, current: Page) -> list[Tab]:
    """[{title, url, is_current, count, has_dot, dot_text}]: a count of what is left to grade, a dot for an unseen
    error."""
    pages: tuple[tuple[Page, str, str], ...] = (
        ("overview", gettext("Overview"), "passback.overview"),
        ("grading", gettext("Grading"), "grading.queue"),
        ("grades", gettext("Grade Passback"), "passback.grades"),
        ("settings", gettext("Settings"), "settings.show"),
    )
    left = _left_to_grade(connection, visitor.placement_id) if visitor.placement_id else 0
    has_error = _has_unseen_error(connection, visitor.placement_id) if visitor.placement_id else False
    return [
        {
            "title": title,
            "url": url_for(endpoint, launch_id=visitor.launch_id),
            "is_current": page == current,
            "count": left if page == "grading" else None,
            "has_dot": page == "grades" and has_error,
            "dot_text": gettext("An error waits for you"),
        }
        for page, title, endpoint in pages
        if endpoint in current_app.view_functions
    ]


def _left_to_grade(connection: Connection, placement_id: int) -> int:
    rows = connection.execute(
        select(Grade.needs_grading)
        .join(Submission, Submission.id == Grade.submission_id)
        .join(Member, Member.id == Submission.member_id)
        .where(Submission.placement_id == placement_id, Submission.reopened_at.is_(None))
        .where(Member.is_gradable, Member.left_at.is_(None))
    ).scalars()
    return sum(len(numbers) for numbers in rows)


def _has_unseen_error(connection: Connection, placement_id: int) -> bool:
    unseen = (Passback.placement_id == placement_id, Passback.needs_person, Passback.error_seen_at.is_(None))
    return bool(connection.execute(select(func.count()).select_from(Passback).where(*unseen)).scalar_one())
