"""What an LMS says about itself before it is registered: fetched with guards, believed only where it fits together.

[Dynamic Registration 1.0 §3.4]
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tool.lti import quirks
from tool.lti.answers import is_html, make_excerpt
from tool.lti.errors import RegistrationRefused
from tool.lti.platform_addresses import (
    check_issuer,
    check_registration,
    choose_audience,
    find_frames,
    find_other_hosts,
    origin_of,
    require_address,
)
from tool.lti.unverified import read_object, read_text, read_texts
from tool.outbound import Answer, Outbound, OutboundError, read_address

PLATFORM_CONFIGURATION: Final = "https://purl.imsglobal.org/spec/lti-platform-configuration"
CANVAS_KEY: Final = "https://canvas.instructure.com/lti/"
MAX_BYTES: Final = 1_000_000
FETCH_SECONDS: Final = 10.0

_LONGEST_NAME: Final = 200
_LONGEST_ISSUER: Final = 500
_PLAIN_TOKEN: Final = re.compile(r"[!-~]{1,8000}")
_ADDRESSES: Final = ("issuer", "registration_endpoint", "authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class PlatformConfiguration:
    """An LMS as it describes itself, checked as far as that can be done from outside."""

    issuer: str
    registration_url: str
    auth_login_url: str
    auth_token_url: str
    key_set_url: str
    auth_audience: str | None
    family: str
    name: str | None
    scopes: tuple[str, ...]
    """Empty: it did not say which it knows."""
    placements: Mapping[str, tuple[str, ...]]
    """Message type → placements, in the LMS's own spelling."""
    variables: frozenset[str]
    other_hosts: tuple[str, ...]
    """Hosts it keeps keys or tokens on that are neither its own nor its vendor's."""
    frame_origins: tuple[str, ...]


def frame_origin(url: str, *, allows_loopback: bool) -> str | None:
    """The origin of a configuration's address; None where the address is not one that would be asked."""
    try:
        return origin_of(require_address(url, "openid_configuration", allows_loopback=allows_loopback))
    except RegistrationRefused:
        return None


def fetch_configuration(
    outbound: Outbound, url: str, token: str | None, *, allows_loopback: bool
) -> PlatformConfiguration:
    """Ask the LMS for its configuration; Canvas wants the registration token here already.

    Raises RegistrationRefused.
    """
    require_address(url, "openid_configuration", allows_loopback=allows_loopback)
    headers = {"Accept": "application/json", **authorization(token)}
    try:
        answer = outbound.request("GET", url, headers=headers, max_bytes=MAX_BYTES, total_seconds=FETCH_SECONDS)
    except OutboundError as error:
        raise RegistrationRefused(f"configuration.{error.reason}") from None
    return read_configuration(url, read_answer("configuration", answer, token), allows_loopback=allows_loopback)


def authorization(token: str | None) -> dict[str, str]:
    """The header with the registration token. Raises RegistrationRefused for what cannot stand in a header."""
    if not token:
        return {}
    if not _PLAIN_TOKEN.fullmatch(token):
        raise RegistrationRefused("token")
    return {"Authorization": f"Bearer {token}"}


def read_answer(step: str, answer: Answer, token: str | None) -> Mapping[str, object]:
    """The JSON object of a good answer; its content type is not looked at. Raises RegistrationRefused."""
    excerpt = make_excerpt(answer) if not is_html(answer) else ""
    if token:
        excerpt = excerpt.replace(token, "…")
    if 300 <= answer.status < 400:
        raise RegistrationRefused(f"{step}.redirected", about=str(answer.status))
    if not 200 <= answer.status < 300:
        raise RegistrationRefused(f"{step}.refused", about=str(answer.status), excerpt=excerpt)
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise RegistrationRefused(f"{step}.unreadable", excerpt=excerpt, outcome_unknown=True)
    return found


def read_configuration(url: str, told: Mapping[str, object], *, allows_loopback: bool) -> PlatformConfiguration:
    """Judge a configuration that came from `url`. Raises RegistrationRefused."""
    addresses = {name: require_address(told.get(name), name, allows_loopback=allows_loopback) for name in _ADDRESSES}
    platform = read_object(told.get(PLATFORM_CONFIGURATION))
    came_from, issuer = read_address(url), str(told["issuer"])
    if len(issuer) > _LONGEST_ISSUER:
        raise RegistrationRefused("field.no_address", about="issuer")
    account_host = _read_host(platform.get(f"{CANVAS_KEY}account_domain"))
    check_issuer(came_from, issuer, addresses)
    check_registration(came_from, issuer, addresses["registration_endpoint"], account_host)
    return PlatformConfiguration(
        issuer=issuer,
        registration_url=str(told["registration_endpoint"]),
        auth_login_url=str(told["authorization_endpoint"]),
        auth_token_url=str(told["token_endpoint"]),
        key_set_url=str(told["jwks_uri"]),
        auth_audience=choose_audience(told.get("authorization_server"), addresses["token_endpoint"]),
        family=quirks.name_family(read_text(platform.get("product_family_code"))) or "unknown",
        name=_read_name(platform.get(f"{CANVAS_KEY}account_name")),
        scopes=read_texts(told.get("scopes_supported")),
        placements=dict(_read_placements(platform.get("messages_supported"))),
        variables=frozenset(read_texts(platform.get("variables"))),
        other_hosts=find_other_hosts(came_from, issuer, addresses),
        frame_origins=tuple(find_frames(came_from, issuer, account_host)),
    )


def _read_placements(value: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in value if isinstance(value, list) else ():
        message = read_object(one)
        kind = read_text(message.get("type"))
        if kind:
            yield kind, read_texts(message.get("placements"))


def _read_name(value: object) -> str | None:
    text = " ".join((read_text(value) or "").split())
    return "".join(c if c.isprintable() else "\ufffd" for c in text[:_LONGEST_NAME]) or None


def _read_host(value: object) -> str | None:
    """A host alone, as Canvas names a school's own."""
    text = read_text(value)
    try:
        address = read_address(f"https://{text}") if text else None
    except OutboundError:
        return None
    return address.host if address and address.target in ("", "/") else None
