"""Whether the registered addresses are such that Passback would ever connect to them."""

from ipaddress import ip_address

from tool.language import gettext
from tool.lti.platform import PlatformFacts
from tool.outbound import OutboundError, read_address
from tool.outbound.address import refuse_address
from tool.registration.checks.steps import Step, bad, good, look
from tool.settings import is_loopback_url


def check_addresses(facts: PlatformFacts, *, allows_loopback: bool) -> Step:
    """By their text alone; what a name resolves to shows when it is asked."""
    named = {
        gettext("login"): facts.auth_login_url,
        gettext("access token"): facts.auth_token_url,
        gettext("public keys"): facts.key_set_url,
    }
    wrong = [f"{name}: {url}" for name, url in named.items() if url and not _is_allowed(url, allows_loopback)]
    if wrong:
        return bad(
            "addresses",
            gettext("Passback does not connect to: %(addresses)s", addresses=" · ".join(wrong)),
            gettext(
                "Each address begins with https:// and is one that the internet can reach. Correct the registration."
            ),
        )
    if any(url and is_loopback_url(url) for url in named.values()):
        return look(
            "addresses",
            gettext("They lie on this machine itself, which only a development installation allows."),
            gettext("That is right for trying out. A real LMS has https addresses of its own."),
        )
    return good("addresses", gettext("All of them begin with https:// and may be reached."))


def _is_allowed(url: str, allows_loopback: bool) -> bool:
    if is_loopback_url(url):
        return allows_loopback
    try:
        address = read_address(url)
    except OutboundError:
        return False
    try:
        literal = str(ip_address(address.host.strip("[]")))
    except ValueError:
        return address.scheme == "https"
    return refuse_address(literal, address, allows_loopback=allows_loopback) is None
