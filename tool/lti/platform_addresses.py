"""Which addresses an LMS may name when it describes itself, and whether they fit together.

An address alone proves nothing: whoever holds an invitation may send us to a server that names somebody else's keys,
somebody else's token address, or a machine of our own network.
"""

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Final

from tool.lti import quirks
from tool.lti.errors import RegistrationRefused
from tool.outbound import Address, OutboundError, read_address
from tool.outbound.address import has_web_port, refuse_address

# What is believed of the LMS hangs on these: whose keys sign its launches, who gives out tokens.
TRUSTED: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
LONGEST_URL: Final = 2000

_PLAIN_ORIGIN: Final = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
# Brightspace gives its tokens from one address for all schools, for an audience that is yet another address.
_BRIGHTSPACE_TOKENS: Final = "auth.brightspace.com"
_BRIGHTSPACE_AUDIENCE: Final = "https://api.brightspace.com/auth/token"
# Hosted Canvas shows its pages under each school's own name.
_FRAMES_OF_ISSUER: Final[Mapping[str, str]] = {
    f"https://canvas.{kind}instructure.com": "https://*.instructure.com" for kind in ("", "beta.", "test.")
}


def require_address(url: object, name: str, *, allows_loopback: bool) -> Address:
    """A full https address that is not plainly a private one; in development also this machine's own, and by http.

    Raises RegistrationRefused. A host that is a name is judged again when it is connected to, by what it resolves to.
    """
    if not isinstance(url, str) or not url:
        raise RegistrationRefused("field.missing", about=name)
    try:
        address = read_address(url if url.isascii() and len(url) <= LONGEST_URL else "")
    except OutboundError:
        raise RegistrationRefused("field.no_address", about=name) from None
    if _is_refused_literal(address, allows_loopback=allows_loopback):
        raise RegistrationRefused("field.private", about=name)
    is_loopback = allows_loopback and address.host in ("localhost", "127.0.0.1", "[::1]")
    if address.scheme != "https" and not is_loopback:
        raise RegistrationRefused("field.not_https", about=name)
    if not (is_loopback or has_web_port(address)):
        raise RegistrationRefused("field.port", about=name)
    return address


def check_issuer(came_from: Address, issuer: str, addresses: Mapping[str, Address]) -> None:
    """The issuer is on the host that was asked. Hosted Canvas has one issuer for all schools: there it is enough that
    keys and tokens are on Canvas's own hosts, so that nobody can speak for it. Raises RegistrationRefused."""
    if _place(addresses["issuer"]) == _place(came_from):
        return
    if not all(quirks.serves_from(issuer, addresses[name].host) for name in TRUSTED):
        raise RegistrationRefused("issuer.other_host", about=addresses["issuer"].host)


def check_registration(came_from: Address, issuer: str, endpoint: Address, account_host: str | None) -> None:
    """The registration token goes to the host that was asked, or where a vendor's own host sends it.

    Raises RegistrationRefused.
    """
    if _place(endpoint) == _place(came_from) or quirks.serves_from(issuer, endpoint.host):
        return
    if not (quirks.serves_from(issuer, came_from.host) and endpoint.host == account_host):
        raise RegistrationRefused("registration.other_host", about=endpoint.host)


def choose_audience(server: object, tokens: Address) -> str | None:
    """For whom our signed requests for tokens are; None: for the token address. Raises RegistrationRefused.

    A made-up audience would turn our signature into a key to another LMS, so only the token address's own host is
    believed, and Brightspace's constant. Canvas names a mere host here, and wants its token address.
    """
    if tokens.host == _BRIGHTSPACE_TOKENS:
        return _BRIGHTSPACE_AUDIENCE
    if not isinstance(server, str) or "://" not in server:
        return None
    try:
        named = read_address(server if len(server) <= LONGEST_URL else "")
    except OutboundError:
        return None
    if _place(named) != _place(tokens):
        raise RegistrationRefused("audience.other_host", about=named.host)
    return server


def find_other_hosts(came_from: Address, issuer: str, addresses: Mapping[str, Address]) -> tuple[str, ...]:
    """Hosts behind this LMS that are neither its own nor its vendor's: a person should look at them first."""
    own = addresses["issuer"].host
    known = {own, _BRIGHTSPACE_TOKENS} if own.endswith(".brightspace.com") else {own}
    hosts = dict.fromkeys([came_from.host, *(addresses[name].host for name in TRUSTED)])
    return tuple(host for host in hosts if host not in known and not quirks.serves_from(issuer, host))


def find_frames(came_from: Address, issuer: str, account_host: str | None) -> Iterator[str]:
    """Who may show the page to confirm: where the configuration is from, and hosted Canvas under a school's name."""
    asked = origin_of(came_from)
    if asked:
        yield asked
    if issuer in _FRAMES_OF_ISSUER:
        yield _FRAMES_OF_ISSUER[issuer]
        yield from filter(_PLAIN_ORIGIN.fullmatch, [f"https://{account_host}"])


def origin_of(address: Address) -> str | None:
    """The origin, fit to stand in a header; None for a host that is not plainly written."""
    is_usual = address.port == (443 if address.scheme == "https" else 80)
    origin = f"{address.scheme}://{address.host}" + ("" if is_usual else f":{address.port}")
    return origin if _PLAIN_ORIGIN.fullmatch(origin) else None


def _is_refused_literal(address: Address, *, allows_loopback: bool) -> bool:
    text = address.host.strip("[]")
    try:
        ip_address(text)
    except ValueError:
        return False
    as_https = Address("https", address.host, address.port, address.target)
    return refuse_address(text, as_https, allows_loopback=allows_loopback) is not None


def _place(address: Address) -> tuple[str, int]:
    return address.host, address.port
