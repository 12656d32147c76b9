"""Sockets that keep the request's total time limit and open only to addresses that are allowed."""

import queue
import socket
import ssl
import threading
import time
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from tool.outbound.address import Address, refuse_address
from tool.outbound.errors import OutboundError


class Attempt(threading.local):
    """What the sockets must know of the request running in this thread; a pooled socket serves many threads."""

    address: Address
    ends_at = 0.0
    connect_seconds = 0.0
    allows_loopback = False
    was_sent = False

    def begin(self, address: Address, *, total_seconds: float, connect_seconds: float, allows_loopback: bool) -> None:
        """Start the clock of a new request."""
        self.address = address
        self.ends_at = time.monotonic() + total_seconds
        self.connect_seconds = connect_seconds
        self.allows_loopback = allows_loopback
        self.was_sent = False

    def remaining_seconds(self) -> float:
        """What is left of the total time. Raises TimeoutError when nothing is."""
        remaining = self.ends_at - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("total time limit")
        return remaining


attempt = Attempt()


class _LimitedSocket(socket.socket):
    """Every read and write may take only what is left of the request's total time.

    urllib3's own read limit starts anew with each byte, so an answer that drips would hold a sender for ever.
    """

    def recv_into(self, *args: Any) -> int:
        self.settimeout(attempt.remaining_seconds())
        return super().recv_into(*args)

    def sendall(self, *args: Any) -> None:
        attempt.was_sent = True
        self.settimeout(attempt.remaining_seconds())
        super().sendall(*args)


class _LimitedTlsSocket(ssl.SSLSocket):
    """The same for TLS, where sendall is made of many sends."""

    def recv_into(self, *args: Any) -> int:
        self.settimeout(attempt.remaining_seconds())
        return super().recv_into(*args)

    def send(self, *args: Any) -> int:
        attempt.was_sent = True
        self.settimeout(attempt.remaining_seconds())
        return super().send(*args)


def _resolve(host: str, port: int, seconds: float) -> list[tuple[socket.AddressFamily, tuple[Any, ...]]]:
    """Resolve beside the request, since the system's resolver knows no time limit of ours."""
    answers: queue.SimpleQueue[list[Any] | OSError | ValueError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, ValueError) as error:
            answers.put(error)

    threading.Thread(target=look_up, daemon=True, name="resolver").start()
    try:
        found = answers.get(timeout=seconds)
    except queue.Empty:
        raise OutboundError("timeout") from None
    if not isinstance(found, list):
        raise OutboundError("connect")
    return [(family, place) for family, _, _, _, place in found]


def _connect(host: str, port: int) -> socket.socket:
    """Open a socket to the first address of the host that is allowed and answers."""
    ends_at = time.monotonic() + min(attempt.connect_seconds, attempt.remaining_seconds())
    failure = OutboundError("connect")
    for family, place in _resolve(host.strip("[]"), port, ends_at - time.monotonic()):
        refusal = refuse_address(place[0], attempt.address, allows_loopback=attempt.allows_loopback)
        if refusal is not None:
            failure = refusal
            continue
        sock = _LimitedSocket(family, socket.SOCK_STREAM)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(max(ends_at - time.monotonic(), 0.001))
            sock.connect(place)
        except OSError as error:
            sock.close()
            failure = OutboundError("timeout" if isinstance(error, TimeoutError) else "connect")
        else:
            return sock
    raise failure


class _PlainConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self._dns_host, self.port)


class _TlsConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self._dns_host, self.port)


class PlainPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class TlsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


def make_tls_context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.sslsocket_class = _LimitedTlsSocket
    return context
