"""Which origins may show our pages in a frame: the platform's own, per launch."""

from urllib.parse import urlsplit

from tool.access import origin_of
from tool.lti.claims import LaunchClaims
from tool.lti.platform import PlatformFacts

# The school's own host differs from the issuer that all schools of the vendor share.
HOSTS_OF_FAMILY = {
    "canvas": ("https://*.instructure.com",),
    "schoology": ("https://*.schoology.com",),
    "blackboard": ("https://*.blackboard.com",),
}


def origins_of(platform: PlatformFacts) -> list[str]:
    """What is known before a launch."""
    named = [platform.issuer, platform.auth_login_url]
    return _unique([*(origin_of(url) for url in named), *HOSTS_OF_FAMILY.get(platform.family, ())])


def origins_of_launch(platform: PlatformFacts, claims: LaunchClaims) -> str:
    """The same and what the signed launch tells: a school's vanity host stands in its return and service addresses."""
    told = [claims.return_url, claims.ags.lineitems if claims.ags else None]
    return " ".join(_unique([*origins_of(platform), *(origin_of(url) for url in told if url)]))


def _unique(origins: list[str]) -> list[str]:
    # A header is built from these: nothing that is no plain origin gets in.
    plain = [one for one in origins if urlsplit(one).scheme in ("http", "https") and not set(one) & set(" ;,'\"\r\n")]
    return list(dict.fromkeys(plain))
