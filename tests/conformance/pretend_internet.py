"""An internet of one LMS: its name, its public address, its certificate; and what lies inside, which nobody may reach.

Only the resolver's answers and the last step of the wire are played. The way out, its rules and TLS are the real ones.
"""

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from tests.lti.paper_lms import make_facts, rsa_key
from tests.lti.rough_server import RoughServer, reply
from tool.lti.platform import PlatformFacts
from tool.outbound import Outbound

LMS = "lms.school.example"
LMS_URL = f"https://{LMS}"
LMS_ADDRESS = "93.184.216.34"
# So that the next request has to look its name up again.
CLOSES = {"Connection": "close"}


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """For the LMS's name, signed by itself."""
    key, name = rsa_key("server"), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, LMS)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(LMS)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption_algorithm=plain)
    )
    return certificate, private


@dataclass
class Inside:
    """A socket of this machine that listens on all its addresses, of both kinds, and counts who knocked."""

    listening: socket.socket
    knocks: int = 0

    @property
    def port(self) -> int:
        return int(self.listening.getsockname()[1])

    def count(self) -> int:
        """A connection is in the queue as soon as the other side has it: nobody has to be waited for."""
        while True:
            try:
                self.listening.accept()[0].close()
            except BlockingIOError:
                return self.knocks
            self.knocks += 1


@contextmanager
def listening_inside() -> Iterator[Inside]:
    with closing(socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True, backlog=64)) as listening:
        listening.setblocking(False)
        yield Inside(listening)


@dataclass
class Internet:
    """`names`: what each name resolves to, one answer after the other; the last one stays. `reached`: every address
    that anything in this process tried to connect to."""

    lms: RoughServer
    inside: Inside
    names: dict[str, list[list[str]]] = field(default_factory=lambda: {LMS: [[LMS_ADDRESS]]})
    reached: list[str] = field(default_factory=list)
    allows_loopback: bool = False

    def __post_init__(self) -> None:
        self.outbound = Outbound(
            allow_loopback_http=self.allows_loopback, connections=1, connect_seconds=2, total_seconds=5
        )

    def look_up(self, host: str, port: int, *_: object, **__: object) -> list[Any]:
        turns = self.names.get(host.lower())
        if turns is None:
            return _read_numbers(host, port)
        found = turns.pop(0) if len(turns) > 1 else turns[0]
        return [one for address in found for one in _read_numbers(address, port)]

    def connect(self, sock: socket.socket, place: tuple[Any, ...]) -> None:
        self.reached.append(place[0])
        # Nothing but the LMS and this machine is really there: a try elsewhere is noted, and fails.
        if place[0] == LMS_ADDRESS:
            _really_connect(sock, ("127.0.0.1", self.lms.port))
        elif place[1] == self.inside.port:
            _really_connect(sock, place)
        else:
            raise ConnectionRefusedError

    def facts(self, **changes: Any) -> PlatformFacts:
        """The LMS as it is registered."""
        told = {"auth_login_url": f"{LMS_URL}/auth", "auth_token_url": f"{LMS_URL}/token", "issuer": LMS_URL}
        return make_facts(**(told | changes))

    def nobody_came_in(self) -> bool:
        return self.inside.count() == 0 and set(self.reached) <= {LMS_ADDRESS}


_plain_look_up = socket.getaddrinfo
_plain_connect = socket.socket.connect


def _really_connect(sock: socket.socket, place: tuple[Any, ...]) -> None:
    _plain_connect(sock, place)


def _read_numbers(host: str, port: int) -> list[Any]:
    """As the system reads numbers in all their spellings; no name is asked of anybody."""
    return _plain_look_up(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)


@contextmanager
def pretend_internet(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, *, allows_loopback: bool = False
) -> Iterator[Internet]:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    lms = RoughServer(tls=context)
    lms.on("/", reply(200, "[]"))
    try:
        with listening_inside() as inside:
            net = Internet(lms, inside, allows_loopback=allows_loopback)
            monkeypatch.setattr(socket, "getaddrinfo", net.look_up)
            monkeypatch.setattr(socket.socket, "connect", lambda sock, place: net.connect(sock, place))  # noqa: PLW0108 - a bound method would not get the socket
            yield net
            net.outbound.close()
    finally:
        lms.stop()
