"""Open edX: 201 for a score, one score per timestamp, and a zero is never shown."""

from datetime import datetime

from tool.demo_lms.manners.base import Arrival, Manner, Verdict, placed
from tool.demo_lms.manners.reply import Reply
from tool.demo_lms.records import Activity, Cell, Column, Course, Person, as_iso, as_number
from tool.demo_lms.score_message import ScoreMessage


class OpenEdx(Manner):
    name = "Open edX"
    family = "openedx"
    # No such variables; its columns carry the due date of their block.
    due_variable = None
    sourced_id_variable = None
    knows_context_history = False
    knows_link_history = False
    opens_work_by = None

    def find_due_date(self, course: Course, activity: Activity, person: Person) -> datetime | None:  # noqa: ARG002
        return None

    def judge_score(self, message: ScoreMessage, column: Column, cell: Cell, arrival: Arrival) -> Verdict:
        if message.maximum is None and message.given is not None:
            return Verdict(
                Reply(400, {"scoreMaximum": ["scoreMaximum is a required field when providing a scoreGiven"]})
            )
        if message.is_out_of_range:
            return Verdict(Reply(400, {"scoreGiven": ["scoreGiven and scoreMaximum must not be negative"]}))
        if cell.timestamp is not None and message.timestamp <= cell.timestamp:
            return Verdict(Reply(400, {"error": "Score already exists for the provided timestamp."}))
        score = cell.score
        # A zero counts as no score there, and what is not final is stored without being shown.
        if message.is_final and message.given:
            score = min(message.scaled_to(column.maximum) or message.given, column.maximum)
        return Verdict(Reply(201, _echo(message)), placed(cell, message, arrival.at, score=score))


def _echo(message: ScoreMessage) -> dict[str, object]:
    return {
        "userId": message.user_id,
        "scoreGiven": as_number(message.given),
        "scoreMaximum": as_number(message.maximum),
        "comment": message.comment,
        "activityProgress": message.activity_progress,
        "gradingProgress": message.grading_progress,
        "timestamp": as_iso(message.timestamp),
    }
