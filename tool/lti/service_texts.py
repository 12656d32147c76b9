"""The words people read when the LMS refuses a call, one entry for each reason."""

from collections.abc import Mapping
from typing import Final

from tool.errors import marked as _

_WAIT = _("Nothing to do: it is tried again by itself.")
_ADMIN_LOOK = _("The administrator of the LMS must look at this tool's settings there.")

SERVICE_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "column_missing": (
        _("The link has no gradebook column, and the LMS does not let this tool look for one or make one."),
        _("Add it as a graded assignment in the LMS, or let the tool manage columns."),
    ),
    "column_refused": (
        _("The LMS did not make a gradebook column for this link."),
        _("Add the link as a graded assignment with points, or send the details below to the tool's support."),
    ),
    "cannot_clear": (
        _("This LMS is not known to empty a grade when asked."),
        _("Clear the grade by hand in the LMS's gradebook."),
    ),
    "platform_off": (_("The LMS is switched off in this tool."), _ADMIN_LOOK),
    "crashed": (_("Something went wrong in this tool while it was sending."), _WAIT),
    "timeout": (_("The LMS did not answer in time."), _WAIT),
    "connection": (_("The LMS could not be reached."), _WAIT),
    "certificate": (_("The LMS's certificate was not accepted."), _ADMIN_LOOK),
    "address_refused": (_("The LMS gave an address this tool may not connect to."), _ADMIN_LOOK),
    "host_not_allowed": (
        _("The LMS gave an address on a host that is not known for this registration."),
        _("An administrator of this tool must confirm the host before anything is sent there."),
    ),
    "too_large": (_("The LMS's answer was larger than allowed."), _ADMIN_LOOK),
    "too_many_pages": (_("The LMS's list has more pages than can be read."), _ADMIN_LOOK),
    "server_error": (_("The LMS had an error of its own."), _WAIT),
    "rate_limited": (_("The LMS asked for a pause."), _WAIT),
    "unreadable": (_("The LMS answered with something that cannot be read."), _WAIT),
    "redirected": (_("The LMS sent the request elsewhere, which is not followed."), _WAIT),
    "platform_cannot_read_our_keys": (
        _("The LMS could not read this tool's public keys."),
        _("The LMS must be able to reach this tool's key set address from its own network."),
    ),
    "clock": (_("The clocks of the LMS and of this tool differ too much."), _ADMIN_LOOK),
    "token_expired": (_("The LMS says that the access token has expired."), _WAIT),
    "token_refused": (_("The LMS refused the access token."), _ADMIN_LOOK),
    "key_refused": (
        _("The LMS refuses this tool's sign-in."),
        _("The tool's key must be switched on in the LMS, and its client id and key set address must be right."),
    ),
    "scope_missing": (
        _("The LMS does not allow this tool to do that."),
        _("The administrator of the LMS must allow the missing service for this tool."),
    ),
    "tool_not_in_course": (
        _("The LMS no longer lets this tool work in the course or with this column."),
        _("Add the tool to the course again, or link the assignment anew."),
    ),
    "forbidden": (_("The LMS forbids it."), _ADMIN_LOOK),
    "not_enrolled": (
        _("The LMS does not know this person as a student of the course."),
        _("Check that the student is enrolled and active in the LMS."),
    ),
    "column_gone": (
        _("The gradebook column no longer exists in the LMS."),
        _("Open the assignment once from the course, or link it again."),
    ),
    "course_gone": (_("The course no longer exists in the LMS."), _("Open the tool from the new course.")),
    "unpublished": (
        _("The assignment is not published in the LMS yet."),
        _("Publish the assignment: the scores follow by themselves."),
    ),
    "concluded": (_("The course has ended in the LMS."), _("Scores can be sent again when the course is reopened.")),
    "attempts_used_up": (
        _("The LMS allows no further attempt for this student."),
        _("Raise the number of attempts in the LMS, then send again."),
    ),
    "column_maximum": (
        _("The column's points in the LMS do not allow this score."),
        _("Check the points of the assignment in the LMS."),
    ),
    "grading_closed": (
        _("The LMS does not take grades for this assignment at this time."),
        _("A grading period may be closed, or the assignment may be moderated."),
    ),
    "checkpoints": (
        _("The LMS takes no score for a discussion with checkpoints."),
        _("Add the tool as an assignment of its own."),
    ),
    "stale_timestamp": (_("The LMS holds this score or a later one already."), _WAIT),
    "locked_or_deleting": (
        _("The LMS could not store the score: the grade may be locked, or the activity is being deleted."),
        _("Unlock the grade in the LMS; it is tried again by itself."),
    ),
    "bad_request": (_("The LMS did not accept the request."), _("Send the details below to the tool's support.")),
}

OTHER_SERVICE_TEXTS: Final = (
    _("The LMS did not do what was asked."),
    _("Send the details below to the tool's support."),
)
