"""Where the one way out may lead, judged where the connection is opened."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.lti.rough_server import RoughServer
from tool.outbound import Outbound, OutboundError, read_address
from tool.outbound.address import refuse_address


@pytest.fixture
def server() -> Iterator[RoughServer]:
    rough = RoughServer()
    yield rough
    rough.stop()


@pytest.fixture(scope="module")
def outbound() -> Iterator[Outbound]:
    client = Outbound(allow_loopback_http=True, connect_seconds=0.5, total_seconds=5)
    yield client
    client.close()


@pytest.fixture(scope="module")
def strict() -> Iterator[Outbound]:
    """As in production."""
    client = Outbound(allow_loopback_http=False, connect_seconds=0.5, total_seconds=5)
    yield client
    client.close()


def failure(client: Outbound, url: str, **options: Any) -> OutboundError:
    with pytest.raises(OutboundError) as caught:
        client.request("GET", url, **options)
    return caught.value


def resolve_to(monkeypatch: pytest.MonkeyPatch, address: str) -> list[str]:
    """Let every name lead to one address, and note what was asked."""
    asked: list[str] = []
    family = socket.AF_INET6 if ":" in address else socket.AF_INET

    def look_up(host: str, port: int, **_: object) -> list[Any]:
        asked.append(host)
        place = (address, port) if family == socket.AF_INET else (address, port, 0, 0)
        return [(family, socket.SOCK_STREAM, 6, "", place)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


NEVER = [
    "127.0.0.1",
    "127.8.8.8",
    "::1",
    "0.0.0.0",  # noqa: S104
    "::",
    "169.254.169.254",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2002:a00:1::",
]


@pytest.mark.parametrize("address", NEVER)
def test_a_name_that_leads_inside_is_refused_where_it_leads(
    strict: Outbound, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    asked = resolve_to(monkeypatch, address)
    failed = failure(strict, "https://lms.example/token")

    assert failed.reason == "refused_address"
    assert not failed.outcome_unknown
    assert asked == ["lms.example"]


@pytest.mark.parametrize(
    "resolved",
    ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "2002:5db8:d822::", "::ffff:93.184.216.34"],
)
def test_public_addresses_are_let_out_in_every_form(resolved: str) -> None:
    assert refuse_address(resolved, read_address("https://lms.example/"), allows_loopback=False) is None


LOOPBACK = {"127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"}


@pytest.mark.parametrize("address", [one for one in NEVER if one not in LOOPBACK])
def test_in_development_only_loopback_is_let_in(
    outbound: Outbound, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    resolve_to(monkeypatch, address)

    assert failure(outbound, "https://lms.example/").reason == "refused_address"
    assert failure(outbound, "http://lms.example/").reason == "refused_scheme"


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "localhost", "[::ffff:127.0.0.1]"])
def test_loopback_in_any_spelling_is_refused_in_production(strict: Outbound, host: str) -> None:
    assert failure(strict, f"https://{host}:8443/").reason in ("refused_address", "connect")


def test_plain_http_is_refused_in_production(strict: Outbound, server: RoughServer) -> None:
    assert failure(strict, server.url + "/x").reason == "refused_scheme"
    assert server.connections == 0


@pytest.mark.parametrize("port", [22, 25, 80, 389])
def test_ports_of_other_protocols_are_refused(strict: Outbound, monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    resolve_to(monkeypatch, "93.184.216.34")

    assert failure(strict, f"https://lms.example:{port}/").reason == "refused_address"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "refused_scheme"),
        ("ftp://lms.example/", "refused_scheme"),
        ("gopher://lms.example/", "refused_scheme"),
        ("", "refused_scheme"),
        ("lms.example/token", "refused_scheme"),
        ("//lms.example/token", "refused_scheme"),
        ("https://", "refused_address"),
        ("https:///token", "refused_address"),
        ("https://user:secret@lms.example/", "refused_address"),
        ("https://lms.example@evil.example/", "refused_address"),
        ("https://lms.example:99999/", "refused_address"),
        ("https://[::1/", "refused_address"),
        ("https://evil.example\\@lms.example/", "refused_scheme"),
        ("https://lms.example/a b", "refused_scheme"),
        ("https://lms.example/\r\nX: y", "refused_scheme"),
    ],
)
def test_odd_addresses_are_refused_before_any_connection(strict: Outbound, url: str, reason: str) -> None:
    assert failure(strict, url).reason == reason


@pytest.mark.parametrize("url", ["https://" + "a" * 300 + ".example/", "https://\ud800.example/"])
def test_names_that_cannot_be_resolved_are_an_error_of_ours(strict: Outbound, url: str) -> None:
    assert failure(strict, url).reason in ("connect", "refused_address")


def test_a_resolver_that_hangs_does_not_hold_the_caller(strict: Outbound, monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_: object, **__: object) -> list[Any]:
        time.sleep(1)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    started = time.monotonic()

    assert failure(strict, "https://lms.example/", total_seconds=0.2).reason == "timeout"
    assert time.monotonic() - started < 0.9


def test_an_address_knows_its_origin() -> None:
    assert read_address("https://LMS.example/a?b=%2F").origin == "https://lms.example:443"
    assert read_address("https://lms.example:8443/a").port == 8443
    assert read_address("https://lms.example?x=1").target == "/?x=1"
