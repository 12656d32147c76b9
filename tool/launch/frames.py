"""Which origins may show our pages in a frame: the platform's own, per launch."""

import re
from collections.abc import Iterable
from functools import lru_cache

from tool.access import origin_of
from tool.lti.claims import LaunchClaims
from tool.lti.platform import PlatformFacts

PLAIN_ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
# The school's own host differs from the issuer that all schools of the vendor share.
HOSTS_OF_FAMILY = {
    "canvas": ("https://*.instructure.com",),
    "schoology": ("https://*.schoology.com",),
    "blackboard": ("https://*.blackboard.com",),
}


def origins_of(platform: PlatformFacts) -> tuple[str, ...]:
    """What is known before a launch."""
    return _origins_of(platform.issuer, platform.auth_login_url, platform.family)


@lru_cache(maxsize=512)
def _origins_of(issuer: str, auth_login_url: str, family: str) -> tuple[str, ...]:
    """Asked at every login and every launch, and the same each time."""
    return tuple(_unique([*_origins([issuer, auth_login_url]), *HOSTS_OF_FAMILY.get(family, ())]))


def origins_of_launch(platform: PlatformFacts, claims: LaunchClaims) -> str:
    """The same and what the signed launch tells: a school's vanity host stands in its return and service addresses."""
    told = [claims.return_url, claims.ags.lineitems if claims.ags else None]
    return " ".join(_unique([*origins_of(platform), *_origins(told)]))


def _origins(urls: Iterable[str | None]) -> list[str]:
    """A header is built from these: what is no plain origin (a user name, another alphabet, an asterisk) stays out."""
    found = []
    for url in urls:
        try:
            origin = origin_of(url or "").lower()
        except ValueError:
            continue
        if PLAIN_ORIGIN.fullmatch(origin):
            found.append(origin)
    return found


def _unique(origins: list[str]) -> list[str]:
    return list(dict.fromkeys(origins))
