"""The one way out: what it reaches, what it refuses, and that it always ends in time."""

import gzip
import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from tests.lti.paper_lms import rsa_key
from tests.lti.rough_server import RoughServer, cut_short, drip, hang, raw, reply, reset, wait_then
from tool.outbound import Outbound, OutboundError, read_address

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def server() -> Iterator[RoughServer]:
    rough = RoughServer()
    yield rough
    rough.stop()


@pytest.fixture(scope="module")
def outbound() -> Iterator[Outbound]:
    client = Outbound(allow_loopback_http=True, connect_seconds=0.5, total_seconds=0.6)
    yield client
    client.close()


@pytest.fixture(scope="module")
def strict() -> Iterator[Outbound]:
    """As in production."""
    client = Outbound(allow_loopback_http=False, connect_seconds=0.5, total_seconds=0.6)
    yield client
    client.close()


def failure(client: Outbound, url: str, **options: Any) -> OutboundError:
    with pytest.raises(OutboundError) as caught:
        client.request("GET", url, **options)
    return caught.value


def test_an_answer_comes_back_whole(server: RoughServer, outbound: Outbound) -> None:
    server.on("/x", reply(201, '{"a": "é"}', {"X-Kind": "test"}))

    answer = outbound.request("POST", server.url + "/x?q=1", headers={"Accept": "*/*"}, body=b"hello")

    assert (answer.status, answer.json(), answer.text()) == (201, {"a": "é"}, '{"a": "é"}')
    assert answer.headers["x-kind"] == answer.headers["X-KIND"] == "test"
    sent = server.received[0]
    assert (sent.method, sent.path, sent.body) == ("POST", "/x?q=1", b"hello")
    assert sent.headers["User-Agent"].startswith("Passback/")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b"9" * 5000])
def test_json_that_is_none_is_a_value_error_and_nothing_else(
    server: RoughServer, outbound: Outbound, body: bytes
) -> None:
    server.on("/x", reply(200, body))

    with pytest.raises(ValueError):  # noqa: PT011
        outbound.request("GET", server.url + "/x").json()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 404, 500, 304, 204])
def test_every_status_is_an_answer_and_no_redirect_is_followed(
    server: RoughServer, outbound: Outbound, status: int
) -> None:
    server.on("/x", reply(status, "", {"Location": server.url + "/elsewhere"}))

    assert outbound.request("POST", server.url + "/x", body=b"score").status == status
    assert server.requests_for("/elsewhere") == []


def test_connections_are_used_again(server: RoughServer, outbound: Outbound) -> None:
    server.on("/x", reply(200, "a" * 100_000))
    for _ in range(5):
        outbound.request("GET", server.url + "/x")

    assert server.connections == 1


def test_a_connection_closed_while_idle_is_replaced(server: RoughServer, outbound: Outbound) -> None:
    server.on("/x", reply(200, "ok"))
    outbound.request("GET", server.url + "/x")
    server.hang_up()
    time.sleep(0.05)

    assert outbound.request("GET", server.url + "/x").text() == "ok"
    assert server.connections == 2


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(hang, id="nothing comes"),
        pytest.param(drip(OK), id="one byte at a time, headers too"),
        pytest.param(drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 50, 0.01), id="continue, continue, continue"),
        pytest.param(drip(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + b"x" * 99, 0.02), id="a dripping body"),
    ],
)
def test_the_total_limit_is_real(server: RoughServer, outbound: Outbound, behaviour: Any) -> None:
    server.on("/x", behaviour)
    started = time.monotonic()
    failed = failure(outbound, server.url + "/x", total_seconds=0.3)

    assert failed.reason == "timeout"
    assert failed.outcome_unknown
    assert 0.25 < time.monotonic() - started < 1.5


def test_a_slow_answer_within_the_limit_is_fine(server: RoughServer, outbound: Outbound) -> None:
    server.on("/x", drip(OK, 0.001))

    assert outbound.request("GET", server.url + "/x").text() == "ok"


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        pytest.param(reset, "reset", id="the line is cut"),
        pytest.param(cut_short, "reset", id="half a body"),
        pytest.param(raw(b"SSH-2.0-OpenSSH\r\n\r\n"), "reset", id="another protocol"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000), "reset", id="a header without end"),
        pytest.param(reply(200, b"x" * 5000), "too_large", id="a large body"),
        pytest.param(reply(200, b"no gzip", {"Content-Encoding": "gzip"}), "reset", id="a false encoding"),
        pytest.param(
            reply(200, gzip.compress(b"0" * 10_000_000), {"Content-Encoding": "gzip"}), "too_large", id="a gzip bomb"
        ),
    ],
)
def test_a_broken_answer_leaves_the_outcome_unknown(
    server: RoughServer, outbound: Outbound, behaviour: Any, reason: str
) -> None:
    server.on("/x", behaviour)
    failed = failure(outbound, server.url + "/x", max_bytes=1000, total_seconds=3)

    assert failed.reason == reason
    assert failed.outcome_unknown
    assert server.url not in str(failed)


def test_where_nobody_listens_nothing_was_sent(outbound: Outbound) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        failed = failure(outbound, f"http://127.0.0.1:{taken.getsockname()[1]}/")

    assert failed.reason == "connect"
    assert not failed.outcome_unknown


def test_waiting_for_a_free_connection_ends_too(server: RoughServer) -> None:
    server.on("/x", wait_then(0.5, reply(200, "ok")))
    narrow = Outbound(allow_loopback_http=True, connections=1, total_seconds=5)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(narrow.request, "GET", server.url + "/x")
        time.sleep(0.15)
        failed = failure(narrow, server.url + "/x", total_seconds=0.1)
        assert first.result().text() == "ok"
    narrow.close()

    assert failed.reason == "timeout"
    assert not failed.outcome_unknown


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
    "0.0.0.0",
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
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(1) or [])
    started = time.monotonic()

    assert failure(strict, "https://lms.example/", total_seconds=0.2).reason == "timeout"
    assert time.monotonic() - started < 0.9


def test_an_address_knows_its_origin() -> None:
    assert read_address("https://LMS.example/a?b=%2F").origin == "https://lms.example:443"
    assert read_address("https://lms.example:8443/a").port == 8443
    assert read_address("https://lms.example?x=1").target == "/?x=1"


def test_neither_proxy_nor_netrc_of_the_environment_counts(
    server: RoughServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ada password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server.on("/x", reply(200, "ok"))
    client = Outbound(allow_loopback_http=True)
    answer = client.request("GET", server.url + "/x", headers={"Authorization": "Bearer mine"})
    client.close()

    assert answer.text() == "ok"
    assert server.received[0].headers["Authorization"] == "Bearer mine"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine, signed by itself."""
    key, name = rsa_key("server"), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "rough")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def tls_server(certificate: tuple[Path, Path]) -> Iterator[RoughServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    rough = RoughServer(tls=context)
    yield rough
    rough.stop()


def test_an_unknown_certificate_is_refused_before_anything_is_sent(
    tls_server: RoughServer, outbound: Outbound
) -> None:
    failed = failure(outbound, tls_server.url + "/x", total_seconds=3)

    assert failed.reason == "tls"
    assert not failed.outcome_unknown
    assert tls_server.received == []


def test_the_total_limit_is_real_over_tls(
    tls_server: RoughServer, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    client = Outbound(allow_loopback_http=True)
    tls_server.on("/fine", reply(200, "x" * 100_000))
    tls_server.on("/drip", drip(OK))

    assert len(client.request("POST", tls_server.url + "/fine", body=b"y" * 100_000).body) == 100_000
    failed = failure(client, tls_server.url + "/drip", total_seconds=0.4)
    client.close()

    assert (failed.reason, failed.outcome_unknown) == ("timeout", True)
    assert len(tls_server.received[0].body) == 100_000


def test_a_handshake_that_never_ends_is_given_up(outbound: Outbound) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        failed = failure(outbound, f"https://127.0.0.1:{silent.getsockname()[1]}/")

    assert (failed.reason, failed.outcome_unknown) == ("timeout", False)
