"""Which addresses may be reached: a URL taken apart, and a resolved address judged."""

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from tool.outbound.errors import OutboundError

_UNSAFE_IN_URL = re.compile(r"[\x00-\x20\x7f\\]")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# What Python's own list of addresses without a public owner leaves out, in some of its versions: the services of a
# cloud for its own machines (Oracle's, Azure's), and IPv6's old private range and its newer one for examples.
_NEVER_PUBLIC = tuple(
    ipaddress.ip_network(range_) for range_ in ("192.0.0.0/24", "168.63.129.16/32", "fec0::/10", "3fff::/20")
)

_HTTPS_PORT = 443
_FIRST_FREE_PORT = 1024

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Address:
    """A URL taken apart by the parser that also connects, so that a check and a connection never disagree."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"


@lru_cache(maxsize=512)
def read_address(url: str) -> Address:
    """Take a full http(s) URL apart; a URL with a user name, a backslash or a space is refused (OutboundError)."""
    try:
        parts = parse_url("" if _UNSAFE_IN_URL.search(url) else url)
    except (LocationParseError, ValueError):
        raise OutboundError("refused_address") from None
    if parts.scheme not in ("http", "https"):
        raise OutboundError("refused_scheme")
    # A port 0 would be read as none by some, and so as the usual one.
    if not parts.host or parts.auth is not None or parts.port == 0:
        raise OutboundError("refused_address")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return Address(parts.scheme, parts.host, port, parts.request_uri)


def refuse_address(text: str, address: Address, *, allows_loopback: bool) -> OutboundError | None:
    """Judge a resolved address: the name in the URL proves nothing, since its owner chooses what it resolves to."""
    found = ipaddress.ip_address(text)
    # The loopback behind a gateway's IPv6 form is the gateway's, not this machine's.
    if allows_loopback and _is_this_machine(found):
        return None
    resolved = _unwrap(found)
    if address.scheme != "https":
        return OutboundError("refused_scheme")
    if not _is_public(resolved) or not has_web_port(address):
        return OutboundError("refused_address")
    return None


def has_web_port(address: Address) -> bool:
    """Whether the port is none of another protocol, whose server might take a request for its own."""
    return address.port >= _FIRST_FREE_PORT or address.port == _HTTPS_PORT


def _is_this_machine(address: IPAddress) -> bool:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def _is_public(address: IPAddress) -> bool:
    if any(address in range_ for range_ in _NEVER_PUBLIC):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _unwrap(address: IPAddress) -> IPAddress:
    """The IPv4 address inside an IPv6 form that a gateway would turn back into it."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        return address.ipv4_mapped or address.sixtofour or address
    return address
