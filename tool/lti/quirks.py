"""How each LMS differs, as data and small decisions: what counts as accepted, and what a refusal means.

Where an LMS's text and its status disagree about a cause the text decides, since several causes share a status;
an unknown text falls back to what the status alone says.
"""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from tool.lti.answers import is_html, make_excerpt, read_json_object, read_retry_after
from tool.lti.errors import Kind, ServiceError
from tool.lti.refusal_rules import MOODLE_RULES, RULES
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

# Moodle's reason of a score it refuses repeats the whole message: a student's id, and the teacher's comment.
_REPEATED_MESSAGE: Final = re.compile(r"(?i)(incorrect score received).*")
_CLOCK_TEXTS: Final = ("iat prior to", "expired token", "must not be in the future", "seconds old", "has expired")


def name_family(product_code: str | None) -> str | None:
    """Our word for the LMS family a launch names, or None."""
    return _FAMILY_OF_PRODUCT.get((product_code or "").strip().lower())


def serves_from(issuer: str, host: str) -> bool:
    """Whether a hosted platform of this issuer is known to serve schools from this host."""
    return host.endswith(_HOSTS_OF_ISSUER.get(issuer.removeprefix("https://"), ()))


def can_clear(family: str) -> bool:
    """Whether a score without a number is known to empty the cell: Canvas resets it, Moodle erases it."""
    return family in ("canvas", "moodle")


def takes_submission_extension(family: str) -> bool:
    """Whether a score may tell a new hand-in from a regrade in Canvas's own way."""
    return family == "canvas"


def page_size(family: str) -> int | None:
    """How many entries of a list to ask for. Only Canvas, which gives ten by default, is asked.

    Moodle answers results with a limit by an HTML page under 404, and without a limit it gives everything.
    """
    return 100 if family == "canvas" else None


def takes_line_items(family: str, said: bool | None) -> bool:
    """Whether an item that is chosen may bring a column with it [DL §4.4.1]. An LMS that says nothing is taken at its
    silence, but for three: Moodle and Schoology make the column and never say so, and Canvas makes it where it can."""
    return said if said is not None else family in ("canvas", "moodle", "schoology")


def column_points(family: str, points: Decimal) -> Decimal:
    """What a column made by deep linking is worth: the points, or the nearest that the LMS can keep.

    Moodle saves no activity with a fraction or with more than 100, and of several at once it makes columns of text that
    swallow every score. The score itself carries its own maximum, so that the LMS scales it.
    """
    if family != "moodle":
        return points
    return min(max(points.quantize(Decimal(1), ROUND_HALF_UP), Decimal(1)), Decimal(100))


def locks_at_the_end(family: str) -> bool:
    """Whether the end of an item's availability locks it, so that students could not open it to see their result: so on
    Canvas and on Schoology. Passback closes an assignment by itself."""
    return family in ("canvas", "schoology")


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
        excerpt=_REPEATED_MESSAGE.sub(r"\1 …", make_excerpt(answer)),
        # A gateway may give up on a request the LMS goes on to finish; a 2xx we cannot read may be a success.
        outcome_unknown=200 <= answer.status < 300 or answer.status in (408, 500, 502, 504),
    )


def classify_column_refusal(family: str, answer: Answer) -> ServiceError:
    """The same for a column that was to be made: a refusal without a better reason concerns the column, no student."""
    error = classify(family, answer)
    if error.reason in ("bad_request", "not_enrolled", "column_gone", "column_maximum"):
        return ServiceError("needs_person", "column_refused", status=error.status, excerpt=error.excerpt)
    return error


def _find_cause(family: str, answer: Answer) -> tuple[Kind, str]:
    text = answer.text()[:5000].lower()
    if answer.status == 403 and _has_empty_bucket(answer):
        return "throttled", "rate_limited"
    if is_html(answer) and (answer.status < 300 or answer.status == 404):
        # A login page, or the error page of something in front of the LMS: it says nothing about the column.
        return "later", "unreadable"
    for rule in MOODLE_RULES if family == "moodle" else ():
        if answer.status == rule.status and text.strip() == rule.text:
            return rule.kind, rule.reason
    for rule in RULES:
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
    if any(part in text for part in _CLOCK_TEXTS):
        return "later", "clock"
    return "needs_person", "key_refused"
