"""How each LMS differs, as data and small decisions: what counts as accepted, and what a refusal means.

Where an LMS's text and its status disagree about a cause the text decides, since several causes share a status;
an unknown text falls back to what the status alone says.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from tool.lti.answers import is_html, make_excerpt, read_json_object, read_retry_after
from tool.lti.errors import Kind, ServiceError
from tool.outbound import Answer

_FAMILY_OF_PRODUCT: Final[Mapping[str, str]] = {
    "canvas": "canvas",
    "schoology": "schoology",
    "moodle": "moodle",
    "blackboard": "blackboard",
    "blackboardlearn": "blackboard",
    "brightspace": "brightspace",
    "d2l": "brightspace",
    "desire2learn": "brightspace",
    "openedx": "openedx",
    "open edx": "openedx",
    "edx": "openedx",
}

# The hosted platforms share one issuer but serve each school from a host of its own.
_HOSTS_OF_ISSUER: Final[Mapping[str, tuple[str, ...]]] = {
    "canvas.instructure.com": (".instructure.com", ".canvaslms.com"),
    "canvas.beta.instructure.com": (".instructure.com", ".canvaslms.com"),
    "canvas.test.instructure.com": (".instructure.com", ".canvaslms.com"),
    "schoology.schoology.com": (".schoology.com",),
    "blackboard.com": (".blackboard.com",),
}


class _Rule(NamedTuple):
    """An answer with this status and this text means this."""

    status: int
    text: str
    kind: Kind
    reason: str


# The first match counts: "attempts" stands before "maximum" because Canvas says "maximum number of allowed attempts".
_RULES: Final = (
    _Rule(400, "before last updated timestamp", "already_there", "stale_timestamp"),
    _Rule(400, "score already exists for the provided timestamp", "already_there", "stale_timestamp"),
    _Rule(400, "in the future", "later", "clock"),
    _Rule(400, "user could not be found", "needs_person", "not_enrolled"),
    _Rule(401, "insufficient permission", "sign_in_again", "scope_missing"),
    _Rule(401, "insufficient scope", "sign_in_again", "scope_missing"),
    _Rule(401, "not linked to a tool", "sign_in_again", "tool_not_in_course"),
    _Rule(401, "developer key", "sign_in_again", "key_refused"),
    _Rule(401, "expired", "sign_in_again", "token_expired"),
    _Rule(401, "", "sign_in_again", "token_refused"),
    _Rule(403, "rate limit", "throttled", "rate_limited"),
    _Rule(403, "not enrolled", "needs_person", "not_enrolled"),
    _Rule(403, "not allowed in context", "needs_person", "tool_not_in_course"),
    _Rule(403, "invalid lti id", "needs_person", "tool_not_in_course"),
    _Rule(403, "", "needs_person", "forbidden"),
    _Rule(404, "user in requested score", "needs_person", "not_enrolled"),
    _Rule(404, "", "needs_person", "column_gone"),
    _Rule(408, "", "later", "timeout"),
    _Rule(409, "", "already_there", "stale_timestamp"),
    _Rule(410, "", "needs_person", "column_gone"),
    _Rule(412, "", "needs_person", "tool_not_in_course"),
    _Rule(422, "unpublished", "later", "unpublished"),
    _Rule(422, "user not found", "needs_person", "not_enrolled"),
    _Rule(422, "not a student", "needs_person", "not_enrolled"),
    _Rule(422, "concluded", "needs_person", "concluded"),
    _Rule(422, "attempts", "needs_person", "attempts_used_up"),
    _Rule(422, "cannot grade this submission", "needs_person", "grading_closed"),
    _Rule(422, "maximum", "needs_person", "column_maximum"),
    _Rule(425, "", "later", "rate_limited"),
    _Rule(429, "", "throttled", "rate_limited"),
)
# Moodle answers these whatever the cause and keeps the cause in a status line that HTTP/2 does not have.
_MOODLE_RULES: Final = (
    _Rule(200, "[]", "needs_person", "not_enrolled"),
    _Rule(400, "[]", "needs_person", "not_enrolled"),
    _Rule(500, "[]", "later", "locked_or_deleting"),
    _Rule(500, "", "later", "locked_or_deleting"),
)


def name_family(product_code: str | None) -> str | None:
    """Our word for the LMS family a launch names, or None."""
    return _FAMILY_OF_PRODUCT.get((product_code or "").strip().lower())


def serves_from(issuer: str, host: str) -> bool:
    """Whether a hosted platform of this issuer is known to serve schools from this host."""
    return host.endswith(_HOSTS_OF_ISSUER.get(issuer.removeprefix("https://"), ()))


def refuses_equal_seconds(family: str) -> bool:
    """Whether a score must be a whole second newer: Moodle and Open edX do, Canvas alone is known not to."""
    return family != "canvas"


def can_clear(family: str) -> bool:
    """Whether a score without a number is known to empty the cell: Canvas resets it, Moodle erases it."""
    return family in ("canvas", "moodle")


def takes_submission_extension(family: str) -> bool:
    """Whether a score may tell a new hand-in from a regrade in Canvas's own way."""
    return family == "canvas"


def drops_absent_comment(family: str) -> bool:
    """Whether a score without a comment deletes the comment that stands, so that each must carry it (Moodle)."""
    return family == "moodle"


def page_size(family: str) -> int | None:
    """How many entries of a list to ask for. Only Canvas, which gives ten by default, is asked.

    Moodle answers results with a limit by an HTML page under 404, and without a limit it gives everything.
    """
    return 100 if family == "canvas" else None


def filters_results_badly(family: str) -> bool:
    """Whether asking for one person's result loses parts of it: Blackboard then leaves out the comment."""
    return family == "blackboard"


def is_accepted(family: str, answer: Answer) -> bool:
    """Whether the LMS took the score [AGS §3.4.8]. HTML is never success: it is a login page."""
    if not 200 <= answer.status < 300 or is_html(answer):
        return False
    if family == "moodle":
        return not answer.body.strip()
    if family == "canvas":
        return "resultUrl" in read_json_object(answer)
    if family == "openedx":
        return bool(read_json_object(answer))
    return True


def classify(family: str, answer: Answer) -> ServiceError:
    """Say what an answer that is no success means, and what to do about it."""
    kind, reason = _find_cause(family, answer)
    return ServiceError(
        kind,
        reason,
        status=answer.status,
        retry_at=read_retry_after(answer) if kind in ("later", "throttled") else None,
        excerpt=make_excerpt(answer),
        # A gateway may give up on a request the LMS goes on to finish; a 2xx we cannot read may be a success.
        outcome_unknown=200 <= answer.status < 300 or answer.status in (408, 500, 502, 504),
    )


def _find_cause(family: str, answer: Answer) -> tuple[Kind, str]:
    text = answer.text()[:5000].lower()
    if answer.status == 403 and _has_empty_bucket(answer):
        return "throttled", "rate_limited"
    if is_html(answer) and (answer.status < 300 or answer.status == 404):
        # A login page, or the error page of something in front of the LMS: it says nothing about the column.
        return "later", "unreadable"
    for rule in _MOODLE_RULES if family == "moodle" else ():
        if answer.status == rule.status and text.strip() == rule.text:
            return rule.kind, rule.reason
    for rule in _RULES:
        if answer.status == rule.status and rule.text in text:
            return rule.kind, rule.reason
    return _judge_status(answer.status)


def _judge_status(status: int) -> tuple[Kind, str]:
    if status < 300:
        return "later", "unreadable"
    if status < 400:
        return "later", "redirected"
    if status < 500:
        return "needs_person", "bad_request"
    return "later", "server_error"


def _has_empty_bucket(answer: Answer) -> bool:
    try:
        return float(answer.headers.get("x-rate-limit-remaining", "1")) <= 0
    except ValueError:
        return False


def classify_token_refusal(family: str, answer: Answer) -> ServiceError:
    """Say why no access token was given [Sec §4.1]. Texts of Moodle's and Canvas's token endpoints."""
    kind, reason = _find_token_cause(family, answer)
    return ServiceError(
        kind,
        reason,
        status=answer.status,
        retry_at=read_retry_after(answer) if kind in ("later", "throttled") else None,
        excerpt=make_excerpt(answer),
    )


def _find_token_cause(family: str, answer: Answer) -> tuple[Kind, str]:
    text = answer.text()[:5000].lower()
    if answer.status == 404 and family == "moodle" and is_html(answer):
        # Moodle falls over so when it cannot fetch our key set and has no older one that fits.
        return "later", "platform_cannot_read_our_keys"
    if answer.status in (429, 403) and (answer.status == 429 or "rate limit" in text or _has_empty_bucket(answer)):
        return "throttled", "rate_limited"
    if is_html(answer) and (answer.status < 300 or answer.status == 404):
        return "later", "unreadable"
    if answer.status < 400 or answer.status >= 500:
        return _judge_status(answer.status)
    if "invalid_scope" in text:
        return "needs_person", "scope_missing"
    if "iat prior to" in text or "expired token" in text:
        return "later", "clock"
    return "needs_person", "key_refused"
