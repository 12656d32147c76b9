"""Registering with an LMS by itself: what we ask for, and what it grants. [Dynamic Registration 1.0 §3.5]

The reply is read with mistrust: fewer permissions than asked for are told, a client id that cannot be one is refused,
and no deployment id is no mistake (Canvas makes it when the tool is installed).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from tool.lti.canvas_configuration import DESCRIPTION, PLACEMENTS, TITLE, TOOL_ID
from tool.lti.due_dates import DUE_PARAMETER
from tool.lti.errors import LaunchRefused, RegistrationRefused
from tool.lti.platform_configuration import (
    CANVAS_KEY,
    FETCH_SECONDS,
    MAX_BYTES,
    PlatformConfiguration,
    authorization,
    read_answer,
)
from tool.lti.unverified import read_id, read_object, read_text, read_texts
from tool.lti.vocabulary import DEEP_LINKING_REQUEST, RESOURCE_LINK_REQUEST, SUBMISSION_REVIEW_REQUEST
from tool.lti.wanted import POINTS_PARAMETER, WANTED_SCOPES, custom_parameters
from tool.outbound import Outbound, OutboundError

TOOL_CONFIGURATION: Final = "https://purl.imsglobal.org/spec/lti-tool-configuration"
CONTENT_AREA: Final = "ContentArea"
# Names for the teacher's list, the e-mail for the teacher's digest; no pictures.
CLAIMS: Final = ("iss", "sub", "name", "given_name", "family_name", "email", "locale")


@dataclass(frozen=True, slots=True)
class OurAddresses:
    """Where we are, as an LMS must know it; full addresses."""

    base_url: str
    login_url: str
    launch_url: str
    key_set_url: str
    icon_url: str


@dataclass(frozen=True, slots=True)
class Granted:
    """What the LMS made of our request."""

    client_id: str
    deployment_id: str | None
    scopes: tuple[str, ...] | None
    """None: the reply does not say."""
    missing: tuple[str, ...]
    """Scopes that were needed and are not granted, those the LMS does not know among them."""
    placements: tuple[str, ...]


def propose(configuration: PlatformConfiguration, ours: OurAddresses) -> dict[str, Any]:
    """The registration to send to this LMS: only what is needed, and only what it says it knows."""
    known = configuration.scopes
    scopes = [scope for scope in WANTED_SCOPES if not known or scope in known]
    return {
        "application_type": "web",
        "grant_types": ["client_credentials", "implicit"],
        "response_types": ["id_token"],
        "initiate_login_uri": ours.login_url,
        "redirect_uris": [ours.launch_url],
        "client_name": TITLE,
        "jwks_uri": ours.key_set_url,
        "logo_uri": ours.icon_url,
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(scopes),
        TOOL_CONFIGURATION: {
            # Moodle compares it with the launch address, and there the port counts.
            "domain": urlsplit(ours.base_url).netloc,
            "description": DESCRIPTION,
            "target_link_uri": ours.launch_url,
            "claims": list(CLAIMS),
            "custom_parameters": _custom_parameters(configuration),
            "messages": list(_messages(configuration, ours)),
            **(_CANVAS_EXTRAS if configuration.family == "canvas" else {}),
        },
    }


def asks_for_choosing(proposal: Mapping[str, Any]) -> bool:
    """Whether teachers are to choose assignments from inside the LMS, by a proposal of ours."""
    return any(one["type"] == DEEP_LINKING_REQUEST for one in proposal[TOOL_CONFIGURATION]["messages"])


def register(
    outbound: Outbound, configuration: PlatformConfiguration, proposal: Mapping[str, Any], token: str | None
) -> Granted:
    """Send the registration, once. Raises RegistrationRefused."""
    headers = {"Content-Type": "application/json", "Accept": "application/json", **authorization(token)}
    body = json.dumps(proposal, separators=(",", ":")).encode()
    try:
        answer = outbound.request(
            "POST",
            configuration.registration_url,
            headers=headers,
            body=body,
            max_bytes=MAX_BYTES,
            total_seconds=FETCH_SECONDS,
        )
    except OutboundError as error:
        code = f"reply.{error.reason}"
        raise RegistrationRefused(code, outcome_unknown=error.outcome_unknown) from None
    return read_reply(read_answer("reply", answer, token))


def read_reply(told: Mapping[str, object]) -> Granted:
    """Judge what the LMS answered. Moodle answers 200, others 201; the status is not looked at here.

    Raises RegistrationRefused.
    """
    configuration = read_object(told.get(TOOL_CONFIGURATION))
    scope = told.get("scope")
    scopes = tuple(scope.split()[:100]) if isinstance(scope, str) else None
    messages = configuration.get("messages")
    return Granted(
        client_id=_require_id(told.get("client_id"), "client_id"),
        # Canvas has it beside the client id, Moodle in the tool's configuration.
        deployment_id=_read_deployment(told.get("deployment_id") or configuration.get("deployment_id")),
        scopes=scopes,
        missing=tuple(one for one in WANTED_SCOPES if scopes is not None and not _covers(scopes, one)),
        placements=tuple(_placements(messages if isinstance(messages, list) else [])),
    )


# Canvas's own default is anonymous: no names, and no number by which the school knows a person.
_CANVAS_EXTRAS: Final = {
    f"{CANVAS_KEY}privacy_level": "public",
    f"{CANVAS_KEY}tool_id": TOOL_ID,
    f"{CANVAS_KEY}vendor": TITLE,
}
# The course's own entry is the teacher's view of the course: nothing for students, and not in every course at once.
_OF_PLACEMENT: Final[Mapping[str, Mapping[str, object]]] = {
    "course_navigation": {
        f"{CANVAS_KEY}course_navigation/default_enabled": False,
        f"{CANVAS_KEY}visibility": "admins",
    }
}
# Where an LMS says which variables it knows, the first of these that it names.
_OTHER_VARIABLES: Final[Mapping[str, tuple[str, ...]]] = {
    DUE_PARAMETER: ("$ResourceLink.submission.endDateTime", "$Canvas.assignment.dueAt.iso8601"),
    POINTS_PARAMETER: ("$Canvas.assignment.pointsPossible", "$LineItem.resultValue.max"),
}


def _custom_parameters(configuration: PlatformConfiguration) -> dict[str, str]:
    chosen = custom_parameters(configuration.family)
    for name, others in _OTHER_VARIABLES.items():
        known = [one for one in others if one.removeprefix("$") in configuration.variables]
        if known and chosen.get(name, "$").removeprefix("$") not in configuration.variables:
            chosen[name] = known[0]
    return chosen


def _messages(configuration: PlatformConfiguration, ours: OurAddresses) -> Iterator[dict[str, Any]]:
    """What may be launched: a link, choosing assignments for a course, and a student's work from the gradebook."""
    plain = {"target_link_uri": ours.launch_url, "label": TITLE}
    if configuration.family == "canvas":
        yield from _canvas_messages(configuration, plain)
        return
    yield {"type": RESOURCE_LINK_REQUEST, **plain}
    offered = configuration.placements
    if DEEP_LINKING_REQUEST in offered or not offered:
        # Where a link is added to a course. Into the text of a page it would come without a column.
        content = [one for one in offered.get(DEEP_LINKING_REQUEST, ()) if one == CONTENT_AREA]
        yield {"type": DEEP_LINKING_REQUEST, **plain, **({"placements": content} if content else {})}
    if SUBMISSION_REVIEW_REQUEST in offered:
        yield {"type": SUBMISSION_REVIEW_REQUEST, **plain}


def _canvas_messages(configuration: PlatformConfiguration, plain: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for placement, wanted in PLACEMENTS.items():
        # A Canvas that cannot have assignments chosen there may still have a link there.
        for message in dict.fromkeys((wanted, RESOURCE_LINK_REQUEST)):
            spelling = _spell(configuration, message, placement)
            if spelling is not None:
                yield {"type": message, **plain, "placements": [spelling], **_OF_PLACEMENT.get(placement, {})}
                break


def _spell(configuration: PlatformConfiguration, message: str, placement: str) -> str | None:
    """The placement as this Canvas writes it, with its prefix or, an older one, without; None where it has none."""
    if not configuration.placements:
        return placement
    offered = configuration.placements.get(message, ())
    return next((one for one in offered if one.removeprefix(CANVAS_KEY) == placement), None)


def _placements(messages: list[object]) -> Iterator[str]:
    for message in messages[:100]:
        yield from read_texts(read_object(message).get("placements"))


def _covers(scopes: tuple[str, ...], wanted: str) -> bool:
    """Whoever may write columns may read them."""
    return wanted in scopes or (wanted.endswith(".readonly") and wanted.removesuffix(".readonly") in scopes)


def _read_deployment(value: object) -> str | None:
    return None if value is None or value == "" else _require_id(value, "deployment_id")


def _require_id(value: object, name: str) -> str:
    """An id of at most 255 printable characters; a number is one as well. Raises RegistrationRefused."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    try:
        text = read_id(str(value) if is_number else value, name)
    except LaunchRefused:
        raise RegistrationRefused("reply.field", about=name, outcome_unknown=True) from None
    if not text.isprintable() or read_text(text) != text:
        raise RegistrationRefused("reply.field", about=name, outcome_unknown=True)
    return text
