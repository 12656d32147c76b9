"""What an LMS's refusal means, as data: the status and a piece of the text, and by family where they disagree.

The first match counts. An empty text matches whatever was said, so it stands behind those that look closer.
"""

from typing import Final, NamedTuple

from tool.lti.errors import Kind


class Rule(NamedTuple):
    """An answer with this status and this text (in small letters) means this."""

    status: int
    text: str
    kind: Kind
    reason: str


# "attempts" stands before "maximum" because Canvas says "maximum number of allowed attempts".
RULES: Final = (
    Rule(400, "before last updated timestamp", "already_there", "stale_timestamp"),
    Rule(400, "score already exists for the provided timestamp", "already_there", "stale_timestamp"),
    Rule(400, "in the future", "later", "clock"),
    Rule(400, "user could not be found", "needs_person", "not_enrolled"),
    Rule(400, "incorrect score received", "needs_person", "not_enrolled"),
    Rule(401, "insufficient permission", "sign_in_again", "scope_missing"),
    Rule(401, "insufficient scope", "sign_in_again", "scope_missing"),
    Rule(401, "not linked to a tool", "sign_in_again", "tool_not_in_course"),
    Rule(401, "developer key", "sign_in_again", "key_refused"),
    Rule(401, "expired", "sign_in_again", "token_expired"),
    Rule(401, "", "sign_in_again", "token_refused"),
    Rule(403, "rate limit", "throttled", "rate_limited"),
    Rule(403, "not enrolled", "needs_person", "not_enrolled"),
    Rule(403, "not allowed in context", "needs_person", "tool_not_in_course"),
    Rule(403, "invalid lti id", "needs_person", "tool_not_in_course"),
    Rule(403, "line item does not exist", "needs_person", "tool_not_in_course"),
    Rule(403, "", "needs_person", "forbidden"),
    Rule(404, "user in requested score", "needs_person", "not_enrolled"),
    Rule(404, "context is deleted", "needs_person", "course_gone"),
    Rule(404, "not found: course", "needs_person", "course_gone"),
    Rule(404, "", "needs_person", "column_gone"),
    Rule(408, "", "later", "timeout"),
    Rule(409, "", "already_there", "stale_timestamp"),
    Rule(410, "", "needs_person", "column_gone"),
    Rule(412, "", "needs_person", "tool_not_in_course"),
    Rule(422, "unpublished", "later", "unpublished"),
    Rule(422, "user not found", "needs_person", "not_enrolled"),
    Rule(422, "not a student", "needs_person", "not_enrolled"),
    Rule(422, "must be enrolled", "needs_person", "not_enrolled"),
    Rule(422, "concluded", "needs_person", "concluded"),
    Rule(422, "not associated with this context", "needs_person", "tool_not_in_course"),
    Rule(422, "attempts", "needs_person", "attempts_used_up"),
    Rule(422, "cannot grade this submission", "needs_person", "grading_closed"),
    Rule(422, "sub assignment", "needs_person", "checkpoints"),
    Rule(422, "maximum", "needs_person", "column_maximum"),
    Rule(425, "", "later", "rate_limited"),
    Rule(429, "", "throttled", "rate_limited"),
)
# Moodle answers these whatever the cause and keeps the cause in a status line that HTTP/2 does not have. The text is
# the whole answer here.
MOODLE_RULES: Final = (
    Rule(200, "[]", "needs_person", "not_enrolled"),
    Rule(400, "[]", "needs_person", "not_enrolled"),
    Rule(500, "[]", "later", "locked_or_deleting"),
    Rule(500, "", "later", "locked_or_deleting"),
)
