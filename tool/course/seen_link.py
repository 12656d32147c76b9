"""The link of a launch as it is seen while the launch is written down: what it says, and what is known of it."""

from dataclasses import dataclass

from tool.course.remembered import Remembered
from tool.lti.claims import LaunchClaims

LTI_ASSIGNMENT_PARAMETER = "assignment"
# Of the courses and links that one was copied from, so many are looked for and remembered, the newest: Canvas tells up
# to a thousand, at each launch.
MOST_REMEMBERED = 50


@dataclass(frozen=True, slots=True)
class SeenLink:
    """One link in one course. `known` is how things stood before this launch."""

    customer_id: int
    course_id: int
    context_id: str
    resource_link_id: str
    claims: LaunchClaims
    known: Remembered


def list_earlier_contexts(claims: LaunchClaims, context_id: str) -> str | None:
    """As a course keeps them; None when the LMS tells none."""
    earlier = [one for one in claims.context_history if one != context_id]
    return ",".join(earlier[:MOST_REMEMBERED]) or None
