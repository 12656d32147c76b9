"""What an operator typed into the form of a connection: trimmed, checked, and made into a `NewConnection`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, get_args
from zoneinfo import ZoneInfo

from tool.errors import BadInput
from tool.language import lazy_gettext
from tool.outbound import OutboundError, read_address
from tool.sis.connecting.connections import NewConnection
from tool.sis.plain import Auth, Profile, Version
from tool.sis.vendors import profile_of

TEXTS = ("name", "rostering_url", "gradebook_url", "resources_url", "token_url", "client_id", "secret", "vendor_header")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "version": get_args(Version),
    "auth": get_args(Auth),
    "signature_method": ("HMAC-SHA1", "HMAC-SHA256"),
    "teachers": ("all", "listed"),
}
ADDRESSES = ("rostering_url", "gradebook_url", "resources_url", "token_url")
SECRETS = ("secret", "vendor_header")
LOOPBACK = ("localhost", "127.0.0.1", "[::1]", "::1")
LONGEST = 2000
EMAIL = re.compile(r"[^@\s,;]{1,100}@[^@\s,;]{1,200}")
WORDS = {
    "missing": lazy_gettext("This is needed."),
    "too_long": lazy_gettext("This is too long."),
    "unreadable": lazy_gettext("This has characters that cannot be used. Type it by hand."),
    "no_address": lazy_gettext("This must be a full address, such as https://sis.example.org/ims/oneroster."),
    "not_https": lazy_gettext("This must begin with https://."),
    "zone": lazy_gettext("This is no time zone. It looks like America/Denver."),
    "hour": lazy_gettext("This must be an hour from 0 to 23."),
    "day": lazy_gettext("This must be a day, such as 2027-06-30."),
    "emails": lazy_gettext("Type one e-mail address in a line."),
    "number": lazy_gettext("This must be a number of 1 or more."),
    "rate": lazy_gettext("This must be a number from 0.1 to 50."),
    "choice": lazy_gettext("Choose one of the list."),
}
# What an operator may have otherwise than the vendor's preset.
PROFILE_WORDS: Mapping[str, tuple[str, ...]] = {
    "ids": ("ours", "theirs"),
    "exempt": ("exempt", "skip", "zero_and_exempt"),
    "period_rule": ("strict", "warn"),
}
PROFILE_TICKS = (
    *("whole_points", "sends_grading_period", "allows_above_maximum", "sends_flags", "past_due_zero", "needs_email"),
)


@dataclass(frozen=True, slots=True)
class TypedConnection:
    """The fields as they will be shown again (secrets never), what is wrong with them (field → words), and, where
    nothing is, the connection."""

    values: Mapping[str, Any]
    flaws: Mapping[str, object]
    new: NewConnection | None = field(repr=False, default=None)


def read_connection(
    vendor: str, form: Mapping[str, str], *, stored: Mapping[str, object] | None, allows_loopback_http: bool
) -> TypedConnection:
    """`stored`: what the connection's profile has so far; then a secret is stored too, and an empty field keeps it."""
    values: dict[str, Any] = {name: form.get(name, "").strip() for name in TEXTS}
    values |= {name: form.get(name, "").strip() for name in (*CHOICES, "time_zone", "nightly_hour")}
    values |= {name: form.get(name, "").strip() for name in ("secret_expires_on", "teacher_emails", "title_limit")}
    values |= {name: form.get(name, "").strip() for name in (*PROFILE_WORDS, "requests_per_second")}
    values |= {name: name in form for name in (*PROFILE_TICKS, "sync_by_default", "lms_syncs")}
    codes = _find_flaws(values, has_secret=stored is not None, allows_loopback_http=allows_loopback_http)
    shown = {name: value for name, value in values.items() if name not in SECRETS}
    flaws: dict[str, object] = {name: WORDS[code] for name, code in codes.items()}
    if flaws:
        return TypedConnection(shown, flaws)
    try:
        return TypedConnection(shown, {}, _make(vendor, values, stored or {}))
    except BadInput as refusal:
        return TypedConnection(shown, {"name": refusal.message})


def _find_flaws(values: Mapping[str, Any], *, has_secret: bool, allows_loopback_http: bool) -> dict[str, str]:
    flaws: dict[str, str] = {}
    needed = ["name", "rostering_url", "gradebook_url", *([] if has_secret else ["secret"])]
    needed += ["token_url"] if values["auth"] == "oauth2" else []
    needed += ["client_id"] if values["auth"] != "bearer" else []
    for name in TEXTS:
        text = values[name]
        if not text and name in needed:
            flaws[name] = "missing"
        elif len(text) > (200 if name == "name" else LONGEST):
            flaws[name] = "too_long"
        elif not text.isprintable():
            flaws[name] = "unreadable"
        elif text and name in ADDRESSES:
            flaw = _find_flaw_of_address(text, allows_loopback_http=allows_loopback_http)
            flaws |= {name: flaw} if flaw else {}
    known_words = {**CHOICES, **PROFILE_WORDS}
    flaws |= {name: "choice" for name, known in known_words.items() if values[name] not in known}
    return flaws | _find_other_flaws(values)


def _find_flaw_of_address(text: str, *, allows_loopback_http: bool) -> str | None:
    try:
        address = read_address(text)
    except OutboundError:
        return "no_address"
    if address.scheme == "https":
        return None
    return None if allows_loopback_http and address.host in LOOPBACK else "not_https"


def _find_other_flaws(values: Mapping[str, Any]) -> dict[str, str]:
    flaws: dict[str, str] = {}
    if _read_zone(values["time_zone"]) is None:
        flaws["time_zone"] = "zone"
    if not (values["nightly_hour"].isdecimal() and values["nightly_hour"].isascii() and _hour(values) < 24):
        flaws["nightly_hour"] = "hour"
    day = values["secret_expires_on"]
    flaws |= {"secret_expires_on": "day"} if day and _read_day(day) is None else {}
    if not all(EMAIL.fullmatch(one) for one in read_lines(values["teacher_emails"])):
        flaws["teacher_emails"] = "emails"
    limit = values["title_limit"]
    if limit and not (limit.isascii() and limit.isdecimal() and 0 < int(limit[:6]) < 10_000):
        flaws["title_limit"] = "number"
    if _read_rate(values["requests_per_second"]) is None:
        flaws["requests_per_second"] = "rate"
    return flaws


def _make(vendor: str, values: Mapping[str, Any], stored: Mapping[str, object]) -> NewConnection:
    asked: dict[str, object] = {name: values[name] for name in (*PROFILE_WORDS, *PROFILE_TICKS)}
    asked["title_limit"] = int(values["title_limit"]) if values["title_limit"] else None
    asked["requests_per_second"] = _read_rate(values["requests_per_second"])
    usual = profile_of(vendor, {})
    differs = {name: value for name, value in stored.items() if name not in asked}
    differs |= {name: value for name, value in asked.items() if getattr(usual, name) != value}
    profile_of(vendor, differs)
    same = ("name", "version", "auth", "rostering_url", "gradebook_url", "secret", "vendor_header", "signature_method")
    maybe = ("resources_url", "token_url", "client_id")
    given: dict[str, Any] = {name: values[name] for name in (*same, "time_zone", "teachers")}
    given |= {name: values[name] or None for name in maybe}
    return NewConnection(
        vendor=vendor,
        **given,
        sync_by_default=values["sync_by_default"],
        lms_syncs=values["lms_syncs"],
        secret_expires_on=_read_day(values["secret_expires_on"]),
        nightly_hour=_hour(values),
        profile=differs,
        teacher_emails=tuple(one.lower() for one in read_lines(values["teacher_emails"])),
    )


def shown_profile(profile: Profile) -> dict[str, Any]:
    """The profile's fields as the form shows them."""
    names = {one.name for one in fields(Profile)} & {*PROFILE_WORDS, *PROFILE_TICKS, "title_limit"}
    return {name: getattr(profile, name) for name in names} | {
        "requests_per_second": f"{profile.requests_per_second:g}"
    }


def read_lines(text: str) -> list[str]:
    """E-mail addresses, one in a line or separated by commas."""
    return [one.strip() for one in re.split(r"[\n,;]", text) if one.strip()]


def _read_zone(text: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(text) if text else None
    except (ValueError, OSError, KeyError):
        return None


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _hour(values: Mapping[str, Any]) -> int:
    return int(values["nightly_hour"][:3])


def _read_rate(text: str) -> float | None:
    try:
        rate = float(text)
    except ValueError:
        return None
    return rate if 0.1 <= rate <= 50 else None
