"""What an answer means that is not the one wanted: whether to try again, and which code to show."""

import html
import json
import re
from collections.abc import Iterable
from typing import Literal
from urllib.parse import quote

from tool.lti.answers import read_retry_after
from tool.outbound import Answer, OutboundError
from tool.sis.oneroster.complaints import Complaint, read_complaint
from tool.sis.oneroster.meanings import find_meaning, find_what_is_unknown, is_about_route
from tool.sis.plain import Kind, Profile, SisError

About = Literal["token", "line_item", "result", "reading"]
Root = Literal["rostering", "gradebook"]
Verdict = tuple[Kind, str]

MAX_EXCERPT_CHARACTERS = 2000
_HIDDEN = "…"
_LOOKS_SECRET = re.compile(
    r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}|eyJ[\w-]+\.[\w-]+\.[\w-]*"
    r"|(?<=access_token)\W+[\w.~+/=-]+|(?<=client_secret)\W+[\w.~+/=-]+|(?<=oauth_signature)\W+[\w.~+/=%-]+"
)
_STATUS_OF_MINOR = {
    "unauthorisedrequest": 401,
    "unauthorizedrequest": 401,
    "forbidden": 403,
    "unknownobject": 404,
    "serverbusy": 429,
    "internalservererror": 500,
    "invaliddata": 422,
    "deletefailure": 422,
}
_TOO_FAST = re.compile(r"rate.?limit|too many|quota|throttl|too fast|slow down|limit exceeded|server ?busy")
_NO_RIGHT = re.compile(r"scope|permission|privilege|not allowed|authori[sz]|access denied|teach")


def classify(
    answer: Answer,
    profile: Profile,
    *,
    about: About,
    root: Root | None = None,
    names_object: bool = True,
    secrets: Iterable[str] = (),
) -> SisError:
    """The error that an answer stands for, whatever its status: a 200 with a page in it is one too.

    `root` is the service that was asked; `names_object` whether the address had an id in it, which may be unknown.
    `secrets` are removed from the excerpt in every form they could be echoed in.
    """
    complaint = read_complaint(answer)
    status = _read_status(answer.status, complaint)
    kind, code = _judge(status, complaint, profile, about, root)
    if status == 404 and not names_object:
        code = "sis.route"
    return SisError(
        kind,
        code,
        status=answer.status,
        retry_at=read_retry_after(answer) if kind in ("later", "throttled") else None,
        excerpt=make_excerpt(answer, secrets),
    )


def explain_outbound(error: OutboundError) -> SisError:
    """What a request without an answer means."""
    if error.reason in ("refused_address", "refused_scheme"):
        return SisError("permanent", "sis.route")
    return SisError("later", "timeout" if error.reason == "timeout" else "sis.internal")


def make_excerpt(answer: Answer, secrets: Iterable[str]) -> str:
    """The answer on one line, without secrets, at most 2,000 characters of it."""
    line = " ".join(answer.text()[: 10 * MAX_EXCERPT_CHARACTERS].split())
    forms = {form for secret in secrets for form in _list_forms(secret)}
    for form in sorted(filter(None, forms), key=len, reverse=True):
        line = line.replace(form, _HIDDEN)
    line = _LOOKS_SECRET.sub(_HIDDEN, line)
    return "".join(character for character in line if character.isprintable())[:MAX_EXCERPT_CHARACTERS]


def _list_forms(secret: str) -> tuple[str, ...]:
    return (secret, quote(secret, safe=""), quote(secret), json.dumps(secret)[1:-1], html.escape(secret))


def _read_status(status: int, complaint: Complaint) -> int:
    """The status that is meant: some say 200 or 400 to everything and the truth inside."""
    if status in (400, 422, 500) or (200 <= status < 300 and complaint.is_failure):
        meant = [_STATUS_OF_MINOR[minor] for minor in complaint.minors if minor in _STATUS_OF_MINOR]
        if meant:
            return min(meant)
        return status if status >= 400 else 405 if complaint.major == "unsupported" else 422
    return status


def _judge(status: int, complaint: Complaint, profile: Profile, about: About, root: Root | None) -> Verdict:
    if _is_too_fast(status, complaint, profile, about):
        return "throttled", "rate"
    if about == "token" and status < 500:
        return _judge_token(status, complaint)
    if status == 401:
        return "sign_in_again", _find_refused(profile, about, root)
    if status == 403:
        return "permanent", _find_forbidden(complaint)
    if status in (404, 410):
        return "permanent", _find_absent(complaint, about)
    if status in (408, 504):
        return "later", "timeout"
    if status >= 500 and status != 501:
        return "later", "sis.internal"
    if 200 <= status < 300:
        # A page where an answer belongs: a sign-in, or the office's "back soon".
        return "later", "sis.route" if complaint.is_page else "sis.internal"
    if status < 400 or status in (405, 501):
        return "permanent", "sis.route"
    usual = {412: "item.lost", 423: "period.closed"}.get(status, "sis.validation")
    return "permanent", find_meaning(complaint.text) or usual


def _judge_token(status: int, complaint: Complaint) -> Verdict:
    if "invalid_scope" in complaint.text or "invalid scope" in complaint.text:
        return "permanent", "auth.scope"
    if "invalid_client" in complaint.text or "unauthorized_client" in complaint.text:
        return "sign_in_again", "auth.expired"
    if status == 408:
        return "later", "timeout"
    if status < 300:
        return "later", "sis.route" if complaint.is_page else "sis.internal"
    if status in (404, 405, 410) or status < 400:
        return "permanent", "sis.route"
    return "sign_in_again", "auth.expired"


def _is_too_fast(status: int, complaint: Complaint, profile: Profile, about: About) -> bool:
    if status == 429:
        return True
    if status not in (403, 503):
        return False
    if _TOO_FAST.search(complaint.text) or "serverbusy" in complaint.minors:
        return True
    # PowerSchool says 403 to whoever is too fast, and does not always say why.
    is_unexplained = status == 403 and about != "token" and not _NO_RIGHT.search(complaint.text)
    return is_unexplained and profile.vendor == "powerschool" and find_meaning(complaint.text) is None


def _find_refused(profile: Profile, about: About, root: Root | None) -> str:
    """A token was just granted, and the gradebook refuses it all the same: Infinite Campus does so where the vendor's
    own header is missing or wrong."""
    is_gradebook = root == "gradebook" or (root is None and about in ("line_item", "result"))
    return "auth.vendor" if is_gradebook and profile.vendor_header else "auth.expired"


def _find_forbidden(complaint: Complaint) -> str:
    meaning = find_meaning(complaint.text)
    return meaning if meaning in ("class.not_teacher", "period.closed", "grades_frozen") else "auth.scope"


def _find_absent(complaint: Complaint, about: About) -> str:
    is_object = "unknownobject" in complaint.minors
    if not is_object and (complaint.is_page or is_about_route(complaint.text)):
        return "sis.route"
    usual = "class.unlinked" if about == "reading" else "item.lost"
    return find_what_is_unknown(complaint.text) or usual
