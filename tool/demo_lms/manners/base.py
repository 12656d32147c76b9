"""How an LMS answers: `Manner` is a plain reading of the standard, each real LMS a subclass that differs."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Literal

from tool.demo_lms.copying import CopyRules
from tool.demo_lms.manners.linking import Linking
from tool.demo_lms.manners.registering import Registering
from tool.demo_lms.manners.reply import Reply
from tool.demo_lms.manners.variables import Variables
from tool.demo_lms.records import Cell, Column
from tool.demo_lms.score_message import ScoreMessage
from tool.demo_lms.tokens import TokenRefused

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
INSTITUTION_PERSON = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"

Complaint = Literal[
    "malformed",
    "media_type",
    "not_acceptable",
    "unauthorized",
    "insufficient_scope",
    "not_gradable",
    "gone",
    "wrong_link",
    "nowhere",
    "wrong_method",
]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a score: the answer, and the cell as it stands afterwards (None: as before)."""

    reply: Reply
    cell: Cell | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a score came, and the address under which its result can be read."""

    at: datetime
    result_url: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A service request that is turned down, with the parts of it which the answer may depend on."""

    complaint: Complaint
    message: str
    method: str = "POST"
    path: str = ""
    body: bytes = b""


class Manner(Registering, Linking, Variables):
    name = "an LMS of no brand"
    family = "unknown"
    version = "1"
    id_token_seconds = 3600
    sends_audience_as_list = False
    sends_azp = False
    token_type = "Bearer"
    token_content_type = "application/json"
    iat_ahead_seconds = 30
    line_item_query = ""
    line_items_a_page: int | None = None
    results_a_page: int | None = None
    members_a_page: int | None = None
    compares_accept_exactly = False
    breaks_on_result_limit = False
    shows_test_student_in_roster = True
    error_page_status = 400
    answers_bad_login_to_tool = True
    rescales_on_column_update = False
    needs_whole_line_item_on_update = False
    may_delete_coupled_column = True
    typed_score_moves_timestamp = False
    tells_due_date_in_column = True
    keeps_submission_review = True
    opens_work_by: Literal["message", "submission_url"] | None = "message"
    """How a teacher opens a learner's work from the gradebook; None: not at all."""
    copy_rules = CopyRules()

    _statuses: ClassVar[dict[Complaint, int]] = {
        "malformed": 400,
        "media_type": 415,
        "not_acceptable": 406,
        "unauthorized": 401,
        "insufficient_scope": 403,
        "not_gradable": 403,
        "gone": 404,
        "wrong_link": 404,
        "nowhere": 404,
        "wrong_method": 405,
    }

    # ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────

    def refuse(self, refusal: Refusal) -> Reply:
        return Reply(self._statuses[refusal.complaint], {"error": refusal.complaint, "message": refusal.message})

    def refuse_token(self, refusal: TokenRefused) -> Reply:
        """`kid_unknown` and `key_set_unreadable` are words of ours: most LMSs say invalid_client for them."""
        word = "invalid_client" if refusal.error in ("kid_unknown", "key_set_unreadable") else refusal.error
        return Reply(400, {"error": word, "error_description": refusal.description})

    # ── scores ───────────────────────────────────────────────────────────────────────────────────────────────────

    def judge_score(self, message: ScoreMessage, column: Column, cell: Cell, arrival: Arrival) -> Verdict:
        """Older than the last one: 409 [AGS §3.4.7]. Without a number, or not final: the cell is emptied."""
        if message.maximum is None and message.given is not None:
            return Verdict(self.refuse(Refusal("malformed", "scoreMaximum is missing")))
        if message.is_out_of_range:
            return Verdict(self.refuse(Refusal("malformed", "scoreGiven and scoreMaximum must not be negative")))
        if cell.timestamp is not None and message.timestamp < cell.timestamp:
            return Verdict(Reply(409, {"error": "conflict", "message": "A newer score is already here"}))
        score = message.scaled_to(column.maximum) if message.is_final else None
        return Verdict(Reply(200, {"resultUrl": arrival.result_url}), placed(cell, message, arrival.at, score=score))

    # ── shapes ───────────────────────────────────────────────────────────────────────────────────────────────────

    def launch_roles(self, role: str) -> list[str]:
        word = "Instructor" if role == "teacher" else "Learner"
        roles = [f"{MEMBERSHIP}#{word}"]
        return [*roles, TEST_USER] if role == "test_student" else roles

    def roster_roles(self, role: str) -> list[str]:
        return [f"{MEMBERSHIP}#{'Instructor' if role == 'teacher' else 'Learner'}"]

    def launch_column(self, bound: list[Column]) -> Column | Literal[""] | None:
        """The column a launch names [AGS §3.2.1]: the only one of its link. Some say "" for none."""
        return bound[0] if len(bound) == 1 else None

    def result(self, column: Column, sub: str, cell: Cell) -> dict[str, object] | None:
        """One entry of the results, numbers as Decimal; None: this LMS does not list the cell."""
        if cell.score is None and not cell.comments:
            return None
        entry: dict[str, object] = {"userId": sub, "resultScore": cell.score, "resultMaximum": column.maximum}
        return {**entry, "comment": cell.comments[-1]} if cell.comments else entry

    def link_header(self, links: dict[str, str]) -> str:
        """How line items and results name their other pages."""
        return self.member_link_header(links)

    def member_link_header(self, links: dict[str, str]) -> str:
        return ",".join(f'<{url}>; rel="{rel}"' for rel, url in links.items())


def placed(cell: Cell, message: ScoreMessage, now: datetime, *, score: Decimal | None) -> Cell:
    """The cell after an accepted score; a new comment takes the place of the old one."""
    return replace(
        cell,
        score=score,
        given=message.given,
        maximum=message.maximum,
        timestamp=message.timestamp,
        comments=(message.comment,) if message.comment else cell.comments,
        received_at=now,
        submitted_at=message.submitted_at or cell.submitted_at,
        is_typed_by_hand=False,
    )
