"""A launch that asks for one student's work: by a message of its own, or by an address that a score carried to Canvas.

[Submission Review] Whose work in which placement is taken from the launch; that it is of the launch's own course is
looked up here, whatever the address says.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from tool.lti.claims import LaunchClaims
from tool.lti.submission_url import read_submission_url
from tool.lti.vocabulary import SUBMISSION_REVIEW_REQUEST
from tool.model.work import Opening, Placement


@dataclass(frozen=True, slots=True)
class Review:
    """Work to be shown."""

    subject: str
    """The LMS's id of the student."""
    placement_id: int | None
    """None when the launch's own link says which."""
    assignment_id: str | None = None


def find_reviewed(
    connection: Connection, claims: LaunchClaims, *, course_id: int, member_id: int, is_teacher: bool
) -> Review | None:
    """What a launch asks for; None for every other launch, and for an address that leads out of this course."""
    if claims.message_type == SUBMISSION_REVIEW_REQUEST:
        return _by_message(connection, claims, course_id)
    named = read_submission_url(claims.target_link_uri)
    if named is None:
        return None
    place = _find(connection, Placement.id == named.placement_id, course_id)
    if place is None or not (is_teacher or _has_opened(connection, place.id, member_id)):
        return None
    return Review(named.subject, place.id, place.assignment_id)


def _by_message(connection: Connection, claims: LaunchClaims, course_id: int) -> Review | None:
    if claims.for_user_id is None:
        return None
    column = claims.ags.lineitem if claims.ags else None
    if claims.resource_link is not None or column is None:
        return Review(claims.for_user_id, None)
    place = _find(connection, Placement.line_item_url == column, course_id)
    return Review(claims.for_user_id, place.id, place.assignment_id) if place else None


def _find(connection: Connection, which: Any, course_id: int) -> Any:
    here = select(Placement.id, Placement.assignment_id).where(which, Placement.course_id == course_id)
    return connection.execute(here.order_by(Placement.id).limit(1)).first()


def _has_opened(connection: Connection, placement_id: int, member_id: int) -> bool:
    """A student's own result is shown where the LMS let the student in before: an address can be typed."""
    mine = (Opening.placement_id == placement_id, Opening.member_id == member_id)
    return connection.execute(select(Opening.id).where(*mine)).first() is not None
