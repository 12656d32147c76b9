"""The one way out over TLS: certificates are checked and the total limit holds there too."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from tests.lti.paper_lms import rsa_key
from tests.lti.rough_server import RoughServer, drip, reply
from tool.outbound import Outbound, OutboundError

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture(scope="module")
def outbound() -> Iterator[Outbound]:
    client = Outbound(allow_loopback_http=True, connect_seconds=0.5, total_seconds=5)
    yield client
    client.close()


def failure(client: Outbound, url: str, **options: Any) -> OutboundError:
    with pytest.raises(OutboundError) as caught:
        client.request("GET", url, **options)
    return caught.value


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
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def tls_server(certificate: tuple[Path, Path]) -> Iterator[RoughServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    rough = RoughServer(tls=context)
    yield rough
    rough.stop()


def test_an_unknown_certificate_is_refused_before_anything_is_sent(tls_server: RoughServer, outbound: Outbound) -> None:
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
