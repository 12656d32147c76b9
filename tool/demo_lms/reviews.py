"""Opening a learner's work from the gradebook: by a message of its own, or by the address that came with the score."""

from tool.demo_lms.launches import SUBMISSION_REVIEW, PendingLaunch
from tool.demo_lms.lms import Lms
from tool.demo_lms.records import Column, Course, Person


def can_open_work(lms: Lms, column: Column, learner: Person) -> bool:
    """Whether the gradebook offers it in this cell."""
    if column.link_id is None or lms.manner.opens_work_by is None:
        return False
    cell = lms.world.cell(column, learner.sub)
    return bool(cell.submission_url) if lms.manner.opens_work_by == "submission_url" else cell.received_at is not None


def review_launch(lms: Lms, course: Course, column: Column, learner: Person, viewer: Person) -> PendingLaunch | None:
    """None: this LMS has no way to open that work."""
    activity = course.activities.get(column.link_id or "")
    if activity is None or lms.manner.opens_work_by is None:
        return None
    if lms.manner.opens_work_by == "submission_url":
        url = lms.world.cell(column, learner.sub).submission_url
        return PendingLaunch(course, activity, viewer, target=url) if url else None
    return PendingLaunch(
        course,
        activity,
        viewer,
        message_type=SUBMISSION_REVIEW,
        target=column.review.url if column.review else "",
        work=learner,
        work_column=column,
        custom=dict(column.review.custom) if column.review else {},
    )
