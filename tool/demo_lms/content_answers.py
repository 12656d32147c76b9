"""The answer to a request for content, checked as a strict platform does, claim by claim [DL §3; Sec §5.2]."""

from dataclasses import dataclass
from time import time

from tool.demo_lms.content_desk import ContentOffer
from tool.demo_lms.content_items import ContentItem, read_items
from tool.demo_lms.key_reading import ToolKeys
from tool.demo_lms.signatures import SignatureRefused, read_signed

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
AHEAD_SECONDS = 30
OLDEST_SECONDS = 3600


class AnswerRefused(Exception):
    """The answer cannot be trusted or not be used; the text says which part of it is wrong."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Who must have signed, for whom."""

    client_id: str
    issuer: str
    deployment_id: str


@dataclass(frozen=True, slots=True)
class Answer:
    """`message` and `error` are for the teacher; no items: they cancelled."""

    nonce: str
    items: list[ContentItem]
    sent: object
    message: str
    error: str


def read_answer(token: str, keys: ToolKeys, expected: Expected, offer: ContentOffer) -> Answer:
    """Raises AnswerRefused, or ItemRefused for what the items hold. The nonce is not used up yet."""
    try:
        claims = read_signed(token, keys, "JWT")
    except SignatureRefused as refusal:
        raise AnswerRefused(refusal.description) from None
    _check_parties(claims, expected)
    _check_times(claims)
    _check_message(claims, expected)
    _check_data(claims, offer)
    nonce = claims.get("nonce")
    if not nonce or not isinstance(nonce, str):
        raise AnswerRefused("nonce is required")
    sent = claims.get(f"{DL}content_items")
    return Answer(nonce, read_items(sent), sent, _read_text(claims, "msg"), _read_text(claims, "errormsg"))


def _check_parties(claims: dict[str, object], expected: Expected) -> None:
    audience = claims.get("aud")
    if claims.get("iss") != expected.client_id:
        raise AnswerRefused("iss must be the client id")
    if expected.issuer not in (audience if isinstance(audience, list) else [audience]):
        raise AnswerRefused("aud does not name this platform's issuer")
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != expected.client_id:
        raise AnswerRefused("azp must be the client id when aud names several")


def _check_times(claims: dict[str, object]) -> None:
    issued_at, expires_at = claims.get("iat"), claims.get("exp")
    if not isinstance(issued_at, int | float) or not isinstance(expires_at, int | float):
        raise AnswerRefused("iat and exp must be numbers")
    if expires_at <= time():
        raise AnswerRefused("Expired token")
    if issued_at > time() + AHEAD_SECONDS:
        raise AnswerRefused("iat lies in the future")
    if issued_at < time() - OLDEST_SECONDS:
        raise AnswerRefused("iat lies too far back")


def _check_message(claims: dict[str, object], expected: Expected) -> None:
    wanted = {
        "message_type": "LtiDeepLinkingResponse",
        "version": "1.3.0",
        "deployment_id": expected.deployment_id,
    }
    for name, value in wanted.items():
        if claims.get(f"{LTI}{name}") != value:
            raise AnswerRefused(f"{name} must be {value}")


def _check_data(claims: dict[str, object], offer: ContentOffer) -> None:
    data = claims.get(f"{DL}data")
    if offer.data is None and data is not None:
        raise AnswerRefused("data came back, but none was sent")
    if data != offer.data:
        raise AnswerRefused("data is not what was sent")


def _read_text(claims: dict[str, object], name: str) -> str:
    value = claims.get(f"{DL}{name}")
    if value is not None and not isinstance(value, str):
        raise AnswerRefused(f"{name} is not a text")
    return value or ""
