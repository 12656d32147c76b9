"""One score on its way to one column. [AGS §3.4]"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pylti1p3.assignments_grades import AssignmentsGradesService
from pylti1p3.grade import Grade

from tool.clock import now
from tool.lti import quirks
from tool.lti.connector import Connector
from tool.lti.errors import ServiceError
from tool.lti.hosts import read_service_address
from tool.lti.unverified import LARGEST_POINTS
from tool.lti.vocabulary import CANVAS_SUBMISSION, SCOPE_SCORE

_MOST_PLACES = 20


@dataclass(frozen=True, slots=True)
class Score:
    """What should stand in the gradebook: `given` of `maximum` in the tool's own points, which the LMS scales.

    `timestamp` orders the scores of one person in one column; `submitted_at` is when the student handed in.
    """

    user_id: str
    given: Decimal | None
    """None clears the cell: the one score without a number, for undo where nothing stood before."""
    maximum: Decimal | None
    timestamp: datetime
    submitted_at: datetime | None
    comment: str | None
    is_new_submission: bool
    keeps_hand_typed_grade: bool
    submission_url: str | None = None
    """An address of ours that opens the work, for an LMS that keeps one with a hand-in (Canvas)."""


def post_score(connector: Connector, line_item_url: str, score: Score) -> None:
    """Send a score by one request [AGS §3.4.7]. Returns when the LMS accepted it; raises ServiceError otherwise."""
    if score.given is None:
        if not quirks.can_clear(connector.platform.family):
            raise ServiceError("needs_person", "cannot_clear")
    elif not (_is_sendable(score.given) and _is_sendable(score.maximum)):
        # A number without a maximum would go out without either, and so clear the cell.
        raise ServiceError("needs_person", "bad_request")
    # PyLTI1p3 has an error of its own for a column without an address, which nobody else expects.
    read_service_address(line_item_url)
    grade = _write_grade(score, connector.platform.family)
    _ScoreService(connector, {"scope": [SCOPE_SCORE], "lineitem": line_item_url}).put_grade(grade)


def _is_sendable(points: Decimal | None) -> bool:
    if points is None or not points.is_finite() or not 0 <= points < LARGEST_POINTS:
        return False
    return int(points.as_tuple().exponent) >= -_MOST_PLACES


def add_to_path(url: str, ending: str) -> str:
    """The address with an ending to its path: Moodle's line items carry a query, which stays behind it."""
    path, mark, query = url.partition("#")[0].partition("?")
    return f"{path.rstrip('/')}/{ending}{mark}{query}"


class _ScoreService(AssignmentsGradesService):
    """PyLTI1p3's service with a line item's address taken apart properly."""

    @staticmethod
    def _add_url_path_ending(url: str, url_path_ending: str) -> str:
        return add_to_path(url, url_path_ending)


class ExactGrade(Grade):
    """PyLTI1p3's grade with exact decimals, written as JSON on one line.

    A binary float would send 0.30000000000000004, and Moodle answers 200 to a refused score whose body has a
    line break.
    """

    def _validate_score(self, score_value: Any) -> str | None:
        is_usable = isinstance(score_value, Decimal) and score_value.is_finite() and score_value >= 0
        return None if is_usable else "score must be a finite decimal of at least 0"

    def get_value(self) -> str:
        members = {
            "userId": self._user_id,
            "scoreGiven": self._score_given,
            "scoreMaximum": self._score_maximum,
            "activityProgress": self._activity_progress,
            "gradingProgress": self._grading_progress,
            "timestamp": self._timestamp,
            "comment": self._comment,
            **(self._extra_claims or {}),
        }
        return "{" + ",".join(_write_member(name, value) for name, value in members.items() if value is not None) + "}"


def _write_grade(score: Score, family: str) -> ExactGrade:
    """Always Completed and FullyGraded: anything else erases the standing grade on Canvas and Moodle."""
    grade = ExactGrade()
    grade.set_user_id(score.user_id)
    # PyLTI1p3 types points as float; its setters only hand them to _validate_score, which takes the decimal.
    if score.given is not None and score.maximum is not None:
        grade.set_score_given(score.given)  # type: ignore[arg-type]
        grade.set_score_maximum(score.maximum)  # type: ignore[arg-type]
    grade.set_activity_progress("Completed")
    grade.set_grading_progress("FullyGraded")
    grade.set_timestamp(write_time(score.timestamp))
    if score.comment is not None:
        grade.set_comment(score.comment)
    grade.set_extra_claims(_write_submission(score, family))
    return grade


def _write_submission(score: Score, family: str) -> dict[str, object]:
    """When it was handed in, and on Canvas whether this is a hand-in at all: there each post would else be one."""
    members: dict[str, object] = {}
    # Canvas refuses a hand-in from the future, which a clock ahead of its own would make of the latest one.
    submitted_at = write_time(min(score.submitted_at, now())) if score.submitted_at else None
    if submitted_at:
        members["submission"] = {"submittedAt": submitted_at}
    if quirks.takes_submission_extension(family):
        extension: dict[str, object] = {"new_submission": score.is_new_submission}
        if score.is_new_submission and submitted_at:
            extension["submitted_at"] = submitted_at
        if score.is_new_submission and score.submission_url:
            # Launched from Canvas's gradebook by the teacher, and from the submission's page by the student.
            extension |= {"submission_type": "basic_lti_launch", "submission_data": score.submission_url}
        if score.keeps_hand_typed_grade:
            extension["prioritize_non_tool_grade"] = True
        members[CANVAS_SUBMISSION] = extension
    return members


def write_time(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds [AGS §3.4.8]."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# Made once: json.dumps would make an encoder for each value that is not written in its own way.
_on_one_line = json.JSONEncoder(separators=(",", ":")).encode


def _write_member(name: str, value: object) -> str:
    text = _write_decimal(value) if isinstance(value, Decimal) else _on_one_line(value)
    return f"{json.dumps(name)}:{text}"


def _write_decimal(value: Decimal) -> str:
    text = format(abs(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
