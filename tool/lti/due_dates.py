"""The LMS's own due date, as a launch or a column tells it: taken where it is a moment, never a reason to refuse."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tool.lti.unverified import read_moment, read_object

# The custom parameter that stands for the LMS's own variable: $ResourceLink.submission.endDateTime [Core App. B],
# Schoology's $com.schoology.Assignment.dueDateIso, older Canvas's $Canvas.assignment.dueAt.iso8601.
DUE_PARAMETER = "due_at"


@dataclass(frozen=True, slots=True)
class DueClaims:
    """The link's due date as the LMS holds it for whoever launched; None when it has none, or does not know the
    variable."""

    at: datetime | None


def read_due_claims(custom: Mapping[str, object]) -> DueClaims | None:
    """What the raw custom claim says; None when it was not asked to say anything.

    A text that is no moment says that there is none: the bare variable (Canvas, where there is no date), an empty
    text, Moodle's null.
    """
    told = [value for name, value in custom.items() if name.lower() == DUE_PARAMETER]
    return DueClaims(next(filter(None, map(read_moment, told)), None)) if told else None


def read_column_due_date(fields: Mapping[str, object]) -> datetime | None:
    """From a line item: in the standard's place, or in the shape of deep linking, as a column is asked for there."""
    submission = read_object(fields.get("submission"))
    return read_moment(fields.get("endDateTime")) or read_moment(submission.get("endDateTime"))
