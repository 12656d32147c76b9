"""What somebody typed or pasted to register a platform by hand: trimmed, checked, and made into a `NewPlatform`.

People paste with blanks around, half of Schoology's deployment id, or Canvas's short number. It is told beside the
field, before anything is stored.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args
from urllib.parse import urlsplit

from tool.language import lazy_gettext
from tool.registration.new_platforms import NewPlatform, find_flaws
from tool.registration.presets import ANY_SITE, Preset
from tool.settings import Family

# Copied along from web pages, and seen by nobody.
BLANKS = " \t\r\n\v\f\u00a0\u200b\u200c\u200d\u2060\ufeff"
FIELDS = (
    *("name", "site", "issuer", "auth_login_url", "auth_token_url", "key_set_url", "auth_audience", "family"),
    *("client_id", "deployment_id"),
)
ADDRESSES = ("auth_login_url", "auth_token_url", "key_set_url")

CANVAS_CLIENT = re.compile(r"\d{14,20}")
CANVAS_DEPLOYMENT = re.compile(r"\d+:[0-9A-Za-z]+")
DIGITS = re.compile(r"\d+")

WORDS = {
    "missing": lazy_gettext("This is needed."),
    "too_long": lazy_gettext("This is too long."),
    "unreadable": lazy_gettext("This has characters that cannot be used. Type it by hand."),
    "no_address": lazy_gettext("This must be a full address, such as https://lms.example.org."),
    "not_https": lazy_gettext("This must begin with https://."),
    "canvas_client": lazy_gettext(
        "This is not Canvas’s long number. Take the one that stands above “Show Key”, such as 10000000000001."
    ),
    "canvas_deployment": lazy_gettext(
        "This is not whole. It is a number, a colon, and letters and digits, such as 42:8865aa05b4b79b64a91a86042e."
    ),
    "digits": lazy_gettext("This must be a number, as the LMS shows it."),
    "schoology_deployment": lazy_gettext(
        "This is not whole. It begins with the client id and a hyphen, such as 8409082949-1527876651."
    ),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields as they will be shown again, what is wrong with them (field → words), and, where nothing is, the
    platform."""

    values: Mapping[str, str]
    flaws: Mapping[str, object]
    issuer: str
    entry: NewPlatform = field(repr=False)


def read_typed(preset: Preset, form: Mapping[str, str], *, allows_loopback_http: bool) -> Typed:
    values = {name: form.get(name, "").strip(BLANKS) for name in FIELDS}
    if preset.asks_site:
        values["site"] = read_site(values["site"], keeps_path=preset.family == "moodle")
    told = _fill_in(preset, values)
    issuer = (values["issuer"] or preset.issuer) if preset.asks_issuer else told["issuer"]
    family: Family = preset.family
    if preset.asks_addresses and values["family"] in get_args(Family):
        family = values["family"]  # type: ignore[assignment] # looked up in the line above
    entry = NewPlatform(
        client_id=values["client_id"],
        auth_login_url=told["auth_login_url"],
        auth_token_url=told["auth_token_url"],
        key_set_url=told["key_set_url"],
        auth_audience=(values["auth_audience"] or None) if preset.asks_addresses else preset.auth_audience,
        name=values["name"] or None,
        family=family,
        deployment_ids=(values["deployment_id"],) if values["deployment_id"] else (),
    )
    flaws = _find_flaws(preset, issuer, entry, values, allows_loopback_http=allows_loopback_http)
    return Typed(values, {name: WORDS[code] for name, code in flaws.items()}, issuer, entry)


def read_site(text: str, *, keeps_path: bool) -> str:
    """The address of an LMS as its users know it: with or without https:// before it and pages behind it."""
    if not text:
        return ""
    full = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(full)
    except ValueError:
        return full
    path = parts.path.rstrip("/") if keeps_path else ""
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}{path}"


def find_flaw_of_deployment(family: str, client_id: str, deployment_id: str) -> str | None:
    """A code of `WORDS` for an id that cannot be this LMS's."""
    if family == "canvas" and not CANVAS_DEPLOYMENT.fullmatch(deployment_id):
        return "canvas_deployment"
    if family == "schoology" and not re.fullmatch(re.escape(client_id) + r"-\d+", deployment_id):
        return "schoology_deployment"
    return "digits" if family == "moodle" and not DIGITS.fullmatch(deployment_id) else None


def _fill_in(preset: Preset, values: Mapping[str, str]) -> dict[str, str]:
    """The preset's addresses with the school's own site in them; or those that were typed."""
    names = ("issuer", *ADDRESSES)
    if preset.asks_addresses:
        return {name: values[name] for name in names}
    if preset.asks_site and not values["site"]:
        return dict.fromkeys(names, "")
    return {name: str(getattr(preset, name)).replace(ANY_SITE, values["site"]) for name in names}


def _find_flaws(
    preset: Preset, issuer: str, entry: NewPlatform, values: Mapping[str, str], *, allows_loopback_http: bool
) -> dict[str, str]:
    flaws = find_flaws(issuer, entry, allows_loopback_http=allows_loopback_http)
    if preset.asks_site:
        # They are made from it: one complaint, where it was typed.
        of_site = [
            flaws.pop(name) for name in ("auth_login_url", "key_set_url", "issuer", "auth_token_url") if name in flaws
        ]
        flaws |= {"site": of_site[0]} if of_site else {}
    if "deployment_ids" in flaws:
        flaws["deployment_id"] = flaws.pop("deployment_ids")
    if entry.client_id and "client_id" not in flaws:
        if preset.family == "canvas" and not CANVAS_CLIENT.fullmatch(entry.client_id):
            flaws["client_id"] = "canvas_client"
        if preset.family == "schoology" and not DIGITS.fullmatch(entry.client_id):
            flaws["client_id"] = "digits"
    for deployment_id in entry.deployment_ids:
        flaw = find_flaw_of_deployment(preset.family, values["client_id"], deployment_id)
        if flaw and "deployment_id" not in flaws:
            flaws["deployment_id"] = flaw
    return flaws
