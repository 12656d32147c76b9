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
    if not parts.host or parts.auth is not None:
        raise OutboundError("refused_address")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return Address(parts.scheme, parts.host, port, parts.request_uri)


def refuse_address(text: str, address: Address, *, allows_loopback: bool) -> OutboundError | None:
    """Judge a resolved address: the name in the URL proves nothing, since its owner chooses what it resolves to."""
    resolved = _unwrap(ipaddress.ip_address(text))
    if resolved.is_loopback and allows_loopback:
        return None
    if address.scheme != "https":
        return OutboundError("refused_scheme")
    if not _is_public(resolved) or (address.port < 1024 and address.port != 443):
        return OutboundError("refused_address")
    return None


def _is_public(address: IPAddress) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _unwrap(address: IPAddress) -> IPAddress:
    """The IPv4 address inside an IPv6 form that a gateway would turn back into it."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        return address.ipv4_mapped or address.sixtofour or address
    return address
