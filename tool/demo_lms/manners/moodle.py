"""Moodle 4.5 as seen running: whole seconds, wordless refusals, a query in every line item address."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from tool.demo_lms.copying import CopyRules
from tool.demo_lms.manners.base import Arrival, Complaint, Manner, Refusal, Verdict, placed
from tool.demo_lms.manners.linking import MoodleLinking
from tool.demo_lms.manners.registering import MoodleRegistering
from tool.demo_lms.manners.reply import Reply
from tool.demo_lms.records import Activity, Cell, Column, Course, Person
from tool.demo_lms.score_message import ScoreMessage
from tool.demo_lms.tokens import TokenRefused

FIVE_PLACES = Decimal("0.00001")


class Moodle(MoodleRegistering, MoodleLinking, Manner):
    name = "Moodle"
    family = "moodle"
    version = "2024100706"
    id_token_seconds = 60
    token_content_type = "text/html; charset=utf-8"
    iat_ahead_seconds = 0
    line_item_query = "type_id=1"
    compares_accept_exactly = True
    # `limit`, whatever its number, ends in an error page.
    breaks_on_result_limit = True
    error_page_status = 404
    answers_bad_login_to_tool = False
    rescales_on_column_update = True
    needs_whole_line_item_on_update = True
    typed_score_moves_timestamp = True
    tells_due_date_in_column = False
    knows_link_history = False
    copy_rules = CopyRules(copies_tools_columns=True)

    def refuse(self, refusal: Refusal) -> Reply:
        complaint, message = refusal.complaint, refusal.message
        if refusal.path.endswith("/scores") and complaint in ("malformed", "not_gradable"):
            # The received body goes into the reason phrase; a line break in it makes the status impossible to set.
            return Reply(200 if b"\n" in refusal.body else 400, [])
        statuses: dict[Complaint, int] = {
            "malformed": 400,
            "media_type": 400,
            "not_acceptable": 400,
            "unauthorized": 401,
            "insufficient_scope": 401,
            "not_gradable": 400,
            "gone": 404,
            "wrong_link": 403,
            "nowhere": 400,
            # Only a right address knows its methods; `/scores` put after the query is none.
            "wrong_method": 405 if refusal.path.endswith("/scores") else 400,
        }
        reason = {"unauthorized": "", "insufficient_scope": "", "gone": f"Not Found: {message}"}.get(complaint, message)
        request = {"method": refusal.method, "url": refusal.path}
        return Reply(statuses[complaint], {"status": statuses[complaint], "reason": reason, "request": request})

    def refuse_token(self, refusal: TokenRefused) -> Reply:
        if refusal.error == "key_set_unreadable":
            return Reply(404, "<!DOCTYPE html><title>Error</title><p>Error</p>", "text/html; charset=utf-8")
        if refusal.error == "kid_unknown":
            text = '{\n    "error" : ""kid" invalid, unable to lookup correct key"\n}'
            return Reply(400, text, self.token_content_type)
        return Reply(
            400,
            {"error": refusal.description if refusal.error == "invalid_client" else refusal.error},
            self.token_content_type,
        )

    def judge_score(self, message: ScoreMessage, column: Column, cell: Cell, arrival: Arrival) -> Verdict:
        """Accepted is 200 with nothing in it. Only FullyGraded with a number writes; all else erases."""
        if message.given is not None and message.maximum is None:
            return Verdict(Reply(400, []))
        if column.is_text_only:
            return Verdict(Reply(200, None, "text/html; charset=utf-8"))
        message = replace(message, timestamp=message.timestamp.replace(microsecond=0))
        if cell.timestamp is not None and message.timestamp <= cell.timestamp:
            return Verdict(Reply(409, []))
        accepted = Reply(200, None, "text/html; charset=utf-8")
        comment = message.comment if message.grading_progress == "FullyGraded" else None
        after = replace(placed(cell, message, arrival.at, score=None), comments=(comment,) if comment else ())
        if cell.is_typed_by_hand:
            # An overridden grade stays; only what lies under it changes.
            kept = replace(after, score=cell.score, comments=cell.comments, is_typed_by_hand=True)
            return Verdict(accepted, kept)
        if not message.is_final:
            # On an activity's own column the stored time goes too, so that an older score is accepted afterwards.
            return Verdict(accepted, replace(after, timestamp=None if column.is_coupled else after.timestamp))
        return Verdict(accepted, replace(after, score=_bounded(message, column.maximum)))

    def roster_roles(self, role: str) -> list[str]:
        return ["Instructor" if role == "teacher" else "Learner"]

    def find_due_date(self, course: Course, activity: Activity, person: Person) -> datetime | None:  # noqa: ARG002
        # An external tool has no due date in Moodle, and the variable is sent on as it stands.
        return None

    def launch_column(self, bound: list[Column]) -> Column | Literal[""] | None:
        own = [column for column in bound if column.is_coupled]
        if own:
            return own[0] if len(bound) == 1 else None
        return "" if bound else None

    def result(self, column: Column, sub: str, cell: Cell) -> dict[str, object] | None:
        """Cells with a stored time, on the column's scale; an erased score is left out of its entry."""
        if cell.timestamp is None:
            return None
        entry: dict[str, object] = {"userId": sub, "resultMaximum": column.maximum}
        if cell.score is not None:
            entry["resultScore"] = cell.score
        if cell.comments:
            entry["comment"] = cell.comments[-1]
        return {**entry, "timestamp": cell.timestamp.isoformat()}

    def link_header(self, links: dict[str, str]) -> str:
        # Seen so: typographic quotes, and an address escaped as if for HTML. Headers carry the UTF-8 bytes.
        text = ",".join(f"<{url.replace('&', '&amp;')}>; rel=“{rel}”" for rel, url in links.items())
        return text.encode().decode("latin-1")


def _bounded(message: ScoreMessage, column_maximum: Decimal) -> Decimal:
    """Rounded to five places before scaling, then kept between nothing and the column's maximum."""
    given = (message.given or Decimal(0)).quantize(FIVE_PLACES)
    scaled = replace(message, given=given).scaled_to(column_maximum) or Decimal(0)
    return min(max(scaled, Decimal(0)), column_maximum)
