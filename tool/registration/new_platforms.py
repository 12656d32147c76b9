"""A platform that is to be taken in: its values, and what makes them usable. Nothing is asked or written here."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from tool.errors import BadInput
from tool.settings import Family, is_loopback_url, is_web_address

ISSUER_CHARACTERS, ID_CHARACTERS, NAME_CHARACTERS, ADDRESS_CHARACTERS = 500, 255, 200, 2000

# Issuers shared by every customer of a vendor: the family is known before the first launch says so.
FAMILY_BY_ISSUER_HOST: dict[str, Family] = {
    "canvas.instructure.com": "canvas",
    "canvas.beta.instructure.com": "canvas",
    "canvas.test.instructure.com": "canvas",
    "schoology.schoology.com": "schoology",
    "blackboard.com": "blackboard",
}


@dataclass(frozen=True, slots=True)
class NewPlatform:
    """One registration that is not known yet. Without deployment ids nobody can come in before one is added."""

    client_id: str
    auth_login_url: str
    auth_token_url: str
    key_set_url: str
    auth_audience: str | None = None
    name: str | None = None
    family: Family = "unknown"
    deployment_ids: tuple[str, ...] = ()


def find_flaws(issuer: str, entry: NewPlatform, *, allows_loopback_http: bool) -> dict[str, str]:
    """What is wrong with the values: name of the value → code of `FLAWS`; empty when all can be used."""
    return dict(_find_flaws(issuer, entry, allows_loopback_http=allows_loopback_http))


def require_storable(issuer: str, entry: NewPlatform) -> None:
    """Raises BadInput for what no row can hold, whoever sent it; the rule about https is the caller's."""
    for name, flaw in _find_flaws(issuer, entry, allows_loopback_http=True):
        if flaw != "not_https":
            raise BadInput(f"{name}: {FLAWS[flaw]}")


FLAWS = {
    "missing": "is missing",
    "too_long": "is too long",
    "unreadable": "has characters that cannot be used",
    "no_address": "must be a full address that begins with https://",
    "not_https": "must begin with https://",
}


def name_of(issuer: str) -> str:
    """What a platform is called until somebody names it."""
    try:
        return urlsplit(issuer).hostname or issuer[:NAME_CHARACTERS]
    except ValueError:
        return issuer[:NAME_CHARACTERS]


def family_of(issuer: str) -> Family:
    """Known from the issuer alone where a vendor has one for all its customers."""
    return FAMILY_BY_ISSUER_HOST.get(name_of(issuer), "unknown")


def _find_flaws(issuer: str, entry: NewPlatform, *, allows_loopback_http: bool) -> Iterator[tuple[str, str]]:
    texts = [("issuer", issuer, ISSUER_CHARACTERS), ("client_id", entry.client_id, ID_CHARACTERS)]
    texts += [("deployment_ids", one, ID_CHARACTERS) for one in entry.deployment_ids]
    for name, text, most in texts:
        if flaw := _flaw_of_text(text, most):
            yield name, flaw
    if entry.name is not None and (flaw := _flaw_of_text(entry.name, NAME_CHARACTERS)):
        yield "name", flaw
    if entry.auth_audience is not None and (flaw := _flaw_of_text(entry.auth_audience, ADDRESS_CHARACTERS)):
        yield "auth_audience", flaw
    for name in ("auth_login_url", "auth_token_url", "key_set_url"):
        if flaw := _flaw_of_address(getattr(entry, name), allows_loopback_http=allows_loopback_http):
            yield name, flaw


def _flaw_of_text(text: str, most: int) -> str | None:
    if not text:
        return "missing"
    if len(text) > most:
        return "too_long"
    return None if text.isprintable() else "unreadable"


def _flaw_of_address(url: str, *, allows_loopback_http: bool) -> str | None:
    if flaw := _flaw_of_text(url, ADDRESS_CHARACTERS):
        return flaw
    try:
        is_address = is_web_address(url) and urlsplit(url).port != 0
    except ValueError:
        is_address = False
    if not is_address:
        return "no_address"
    is_fine = url.startswith("https://") or (allows_loopback_http and is_loopback_url(url))
    return None if is_fine else "not_https"
