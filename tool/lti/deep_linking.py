"""Choosing for the LMS: what it asks for, and the signed answer it makes links of. [DL §4.4, §4.5]"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import jwt
from pylti1p3.deep_link_resource import DeepLinkResource
from pylti1p3.lineitem import LineItem

from tool.lti import quirks
from tool.lti import vocabulary as v
from tool.lti.errors import LaunchRefused
from tool.lti.platform import PlatformFacts
from tool.lti.scores import write_time
from tool.lti.tool_keys import SigningKey
from tool.lti.unverified import is_plain_id, is_storable, read_object, read_texts
from tool.lti.wanted import custom_parameters

ASSIGNMENT_PARAMETER = "assignment"
ANSWER_SECONDS = 600
# Moodle refuses what is two seconds ahead of its clock.
_BACKDATED_SECONDS = 5
_ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
_LOOPBACK = re.compile(r"http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class DeepLinkingClaims:
    """What the LMS asks for, as it says it: nothing of it is checked yet."""

    return_url: object
    data: object
    accept_types: tuple[str, ...]
    accepts_several: bool
    accepts_line_items: bool | None
    """None where the LMS does not say."""


@dataclass(frozen=True, slots=True)
class ChoiceRequest:
    """A request that can be answered."""

    return_url: str
    data: str | None
    accepts_links: bool
    accepts_several: bool
    accepts_line_items: bool


@dataclass(frozen=True, slots=True)
class ChosenItem:
    """An assignment on its way into the LMS; `points` are the tool's own, greater than 0."""

    assignment_id: str
    title: str
    points: Decimal
    due_at: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the answer says besides the items. `nonce` and `chosen_at` belong to one choice: shown again, its answer is
    the same, so that an LMS that remembers nonces does not take it twice."""

    platform: PlatformFacts
    deployment_id: str
    launch_url: str
    data: str | None
    accepts_line_items: bool
    nonce: str
    chosen_at: datetime


def read_deep_linking(payload: Mapping[str, object]) -> DeepLinkingClaims | None:
    """The settings of the request [DL §4.4.1]; None when the launch has none. Refuses nothing: that is
    `check_request`'s."""
    settings = read_object(payload.get(v.DEEP_LINKING_SETTINGS))
    if not settings:
        return None
    return DeepLinkingClaims(
        return_url=settings.get("deep_link_return_url"),
        data=settings.get("data"),
        accept_types=read_texts(settings.get("accept_types")),
        accepts_several=_read_flag(settings.get("accept_multiple")) is True,
        accepts_line_items=_read_flag(settings.get("accept_lineitem")),
    )


def check_request(told: DeepLinkingClaims | None, *, family: str, allows_loopback: bool) -> ChoiceRequest:
    """The request, if it can be answered [DL §4.4.1]: its return address is one we may post to, and its data can be
    given back as it is. Raises LaunchRefused."""
    if told is None:
        raise LaunchRefused("claim.missing:deep_linking_settings")
    return ChoiceRequest(
        return_url=_check_return_url(told.return_url, allows_loopback=allows_loopback),
        data=_check_data(told.data),
        accepts_links=v.RESOURCE_LINK_ITEM in told.accept_types,
        accepts_several=told.accepts_several,
        accepts_line_items=quirks.takes_line_items(family, told.accepts_line_items),
    )


def sign_answer(envelope: Envelope, items: list[ChosenItem], key: SigningKey) -> str:
    """The response message as a JWT [DL §4.5, Sec §5.2]: no items mean that nothing was chosen.

    Schoology and Brightspace refuse it without a nonce, Blackboard without a kid. `data` is there only when the LMS
    gave some: a null in its place is not what it said.
    """
    issued_at = int(envelope.chosen_at.timestamp()) - _BACKDATED_SECONDS
    message: dict[str, object] = {
        "iss": envelope.platform.client_id,
        "aud": envelope.platform.issuer,
        "iat": issued_at,
        "exp": issued_at + ANSWER_SECONDS,
        "nonce": envelope.nonce,
        v.DEPLOYMENT_ID: envelope.deployment_id,
        v.LTI_VERSION: v.VERSION,
        v.MESSAGE_TYPE: v.DEEP_LINKING_RESPONSE,
        v.CONTENT_ITEMS: [make_item(envelope, item) for item in items],
    }
    if envelope.data is not None:
        message[v.DEEP_LINKING_DATA] = envelope.data
    return jwt.encode(message, key.private_key, algorithm="RS256", headers={"kid": key.kid})


def make_item(envelope: Envelope, chosen: ChosenItem) -> dict[str, object]:
    """One link [DL §3.1]: where it leads, what it opens, its column and its dates.

    The custom parameters are said once more although they are registered: Schoology repeats at each launch only those
    that came with the link.
    """
    family = envelope.platform.family
    item = _DatedResource(chosen.due_at, None if quirks.locks_at_the_end(family) else chosen.closes_at)
    item.set_title(chosen.title)
    item.set_url(envelope.launch_url)
    item.set_custom_params({**custom_parameters(family), ASSIGNMENT_PARAMETER: chosen.assignment_id})
    if envelope.accepts_line_items:
        item.set_lineitem(_column(family, chosen))
    return item.to_dict()


class _DatedResource(DeepLinkResource):
    """PyLTI1p3's link with the dates that it leaves out."""

    def __init__(self, due_at: datetime | None, ends_at: datetime | None) -> None:
        self._due_at = due_at
        self._ends_at = ends_at

    def to_dict(self) -> dict[str, object]:
        item = super().to_dict()
        for name, moment in (("submission", self._due_at), ("available", self._ends_at)):
            if moment is not None:
                item[name] = {"endDateTime": write_time(moment)}
        return item


def _column(family: str, chosen: ChosenItem) -> LineItem:
    """The column that the LMS is to make with the link [DL §3.1, lineItem].

    Its names are the assignment's: the link has no id yet, by which a column that the tool makes itself is named.
    """
    points = quirks.column_points(family, chosen.points)
    column = LineItem()
    column.set_score_maximum(int(points) if points == points.to_integral_value() else float(points))
    column.set_label(chosen.title)
    column.set_resource_id(chosen.assignment_id)
    column.set_tag(chosen.assignment_id)
    return column


def _check_return_url(told: object, *, allows_loopback: bool) -> str:
    """An https address that can stand in a content policy; plain http only to this machine itself."""
    if told is None or told == "":
        raise LaunchRefused("claim.missing:deep_link_return_url")
    if not isinstance(told, str) or not is_plain_id(told):
        raise LaunchRefused("claim.invalid:deep_link_return_url")
    origin = return_origin(told)
    is_safe = origin.startswith("https://") or (allows_loopback and _LOOPBACK.fullmatch(origin))
    if not is_safe or not _ORIGIN.fullmatch(origin):
        raise LaunchRefused("deep_linking.return_url")
    return told


def return_origin(return_url: str) -> str:
    """Scheme, host and port of the address, in small letters."""
    return re.split(r"[/?#\\]", return_url.lower().replace("://", "\0", 1), maxsplit=1)[0].replace("\0", "://")


def _check_data(data: object) -> str | None:
    """A text that can be kept and given back untouched [DL §4.4.1]; None when there is none."""
    if data is None:
        return None
    if not isinstance(data, str) or not is_storable(data):
        raise LaunchRefused("claim.invalid:data")
    return data


def _read_flag(value: object) -> bool | None:
    """True and false, also as the words that some LMSs write."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None
