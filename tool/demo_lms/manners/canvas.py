"""Canvas: attempts are counted, comments pile up, anything not final empties the cell unless told otherwise."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar, Literal

from tool.demo_lms.copying import CopyRules
from tool.demo_lms.manners.base import (
    INSTITUTION_PERSON,
    Arrival,
    Complaint,
    Manner,
    Refusal,
    Verdict,
    placed,
)
from tool.demo_lms.manners.linking import CanvasLinking
from tool.demo_lms.manners.registering import CanvasRegistering
from tool.demo_lms.manners.reply import Reply
from tool.demo_lms.records import Activity, Cell, Column, Course, Person
from tool.demo_lms.score_message import ScoreMessage

SYSTEM_USER = "http://purl.imsglobal.org/vocab/lis/v2/system/person#User"
LONGEST_AHEAD = timedelta(minutes=1)


class Canvas(CanvasRegistering, CanvasLinking, Manner):
    name = "Canvas"
    family = "canvas"
    version = "cloud"
    sends_azp = True
    line_items_a_page = 10
    results_a_page = 10
    members_a_page = 50
    # A 2020 report: the student of Student View launches, and is not in the roster.
    shows_test_student_in_roster = False
    may_delete_coupled_column = False
    # Canvas sends a variable it cannot fill as the bare name.
    knows_link_history = False
    points_variable = "$Canvas.assignment.pointsPossible"
    longest_history = 1000
    keeps_submission_review = False
    opens_work_by = "submission_url"
    copy_rules = CopyRules(keeps_names_of_columns=False)

    _types: ClassVar[dict[Complaint, tuple[int, str]]] = {
        "malformed": (400, "bad_request"),
        "media_type": (415, "unsupported_media_type"),
        "not_acceptable": (406, "not_acceptable"),
        "unauthorized": (401, "unauthorized"),
        "insufficient_scope": (401, "unauthorized"),
        "not_gradable": (422, "unprocessable_entity"),
        "gone": (404, "not_found"),
        "wrong_link": (404, "not_found"),
        "nowhere": (404, "not_found"),
        "wrong_method": (405, "method_not_allowed"),
    }

    def refuse(self, refusal: Refusal) -> Reply:
        complaint, message = refusal.complaint, refusal.message
        status, word = self._types[complaint]
        if status == 404:
            return Reply(status, {"errors": [{"message": "The specified resource does not exist."}]})
        if complaint == "insufficient_scope":
            message = "Insufficient permissions"
        return Reply(status, {"errors": {"type": word, "message": message}})

    def judge_score(self, message: ScoreMessage, column: Column, cell: Cell, arrival: Arrival) -> Verdict:
        refusal = _refuse_values(message, column) or _refuse_times(message, cell, arrival.at)
        if refusal is not None:
            return Verdict(refusal)
        score = _decide_score(message, column, cell)
        after = placed(cell, message, arrival.at, score=score)
        comments = (*cell.comments, message.comment) if message.comment else cell.comments
        keeps_hand = cell.is_typed_by_hand and score is not None and score == cell.score and _keeps_present(message)
        after = replace(after, comments=comments, is_typed_by_hand=keeps_hand, submitted_at=cell.submitted_at)
        return Verdict(Reply(200, {"resultUrl": arrival.result_url}), _count_submission(message, after, arrival.at))

    def launch_roles(self, role: str) -> list[str]:
        word = "Instructor" if role == "teacher" else "Student"
        return [f"{INSTITUTION_PERSON}#{word}", *super().launch_roles(role), SYSTEM_USER]

    def find_due_date(self, course: Course, activity: Activity, person: Person) -> datetime | None:
        """A student hears the date that holds for them, a teacher the latest of all."""
        if person.role == "teacher":
            return max(course.due_dates(activity), default=None)
        return course.extensions.get((activity.link_id, person.sub), activity.due_at)

    def launch_column(self, bound: list[Column]) -> Column | Literal[""] | None:
        # Only an assignment's own column is named; one that the tool made for a link is not.
        return next((column for column in bound if column.is_coupled), None)

    def result(self, column: Column, sub: str, cell: Cell) -> dict[str, object] | None:
        """Only cells that a tool has scored, on the scale the tool sent last, a teacher's change included."""
        if cell.timestamp is None:
            return None
        maximum = column.maximum if cell.maximum is None else cell.maximum
        score = cell.score
        if score is not None and column.maximum:
            score = score * maximum / column.maximum
        entry: dict[str, object] = {"userId": sub, "resultScore": score, "resultMaximum": maximum}
        return {**entry, "comment": cell.comments[-1]} if cell.comments else entry


def _refuse_values(message: ScoreMessage, column: Column) -> Reply | None:
    if not message.has_known_words:
        return _error(400, "bad_request", "activityProgress or gradingProgress is not a known word")
    if message.given is not None and message.maximum is None:
        return _error(422, "unprocessable_entity", "ScoreMaximum must be supplied with a score")
    if message.is_out_of_range:
        return _error(422, "unprocessable_entity", "ScoreGiven and ScoreMaximum must be greater than or equal to 0")
    if message.maximum == 0 and column.maximum != 0:
        return _error(422, "unprocessable_entity", "ScoreMaximum cannot be zero if line item's maximum is not zero")
    return None


def _refuse_times(message: ScoreMessage, cell: Cell, now: datetime) -> Reply | None:
    if message.submitted_at is not None and message.submitted_at > now + LONGEST_AHEAD:
        return _error(400, "bad_request", "Provided submitted_at timestamp is in the future")
    if cell.timestamp is not None and message.timestamp < cell.timestamp:
        times = f"{message.timestamp_text} before last updated timestamp {cell.timestamp.isoformat()}"
        return _error(400, "bad_request", f"Provided timestamp {times}")
    return None


def _decide_score(message: ScoreMessage, column: Column, cell: Cell) -> Decimal | None:
    if _keeps_present(message) and cell.score is not None:
        return cell.score
    is_written = message.given is not None and message.grading_progress in ("FullyGraded", "PendingManual")
    if is_written:
        return message.scaled_to(column.maximum)
    return cell.score if message.extension.get("preserve_score") is True else None


def _keeps_present(message: ScoreMessage) -> bool:
    return message.extension.get("prioritize_non_tool_grade") is True


def _count_submission(message: ScoreMessage, cell: Cell, now: datetime) -> Cell:
    """A handed-in score is a new attempt unless it says otherwise; the time already stored is not counted twice."""
    is_new = message.extension.get("new_submission", True) is not False
    if not is_new or not message.is_handed_in or message.extension.get("submission_type") == "none":
        return cell
    if message.submitted_at is not None and message.submitted_at == cell.submitted_at:
        return cell
    url = message.extension.get("submission_data")
    is_launch = message.extension.get("submission_type") == "basic_lti_launch" and isinstance(url, str)
    return replace(
        cell,
        attempts=cell.attempts + 1,
        submitted_at=message.submitted_at or now,
        submission_url=str(url) if is_launch else "",
    )


def _error(status: int, word: str, message: str) -> Reply:
    return Reply(status, {"errors": {"type": word, "message": message}})
