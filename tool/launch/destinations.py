"""Where a recorded launch leads: by its message, by who came, and by what is there."""

from flask import url_for

from tool.course.arrivals import Arrival
from tool.course.seen_link import LTI_ASSIGNMENT_PARAMETER
from tool.lti.claims import LaunchClaims
from tool.lti.vocabulary import DEEP_LINKING_REQUEST


def destination(launch_id: str, arrival: Arrival, claims: LaunchClaims) -> str:
    """The address of the page. An LMS asks for a review by a message of its own, or by an address a score carried."""
    if claims.message_type == DEEP_LINKING_REQUEST:
        return url_for("library.choose", launch_id=launch_id)
    if arrival.placement_id is None:
        return url_for("arrival.course", launch_id=launch_id)
    if arrival.assignment_id is None:
        # Who was to get another assignment is told so; a placement that has one is not enough to know it by.
        named = 1 if claims.custom_value(LTI_ASSIGNMENT_PARAMETER) else None
        return url_for("library.unbound", launch_id=launch_id, named=named)
    if not arrival.standing.is_teacher:
        return url_for("assessment.work", launch_id=launch_id)
    if arrival.reviewed is not None:
        return url_for("grading.review", launch_id=launch_id, subject=arrival.reviewed)
    return url_for("passback.overview", launch_id=launch_id)
