"""A real HTTP server on loopback that can be as rough as an LMS on a bad day."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.witness import saw


@dataclass(frozen=True)
class Received:
    """A request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


Behaviour = Callable[["_Handler"], None]


@dataclass
class RoughServer:
    """Answers each path by its behaviours in turn; the last one stays."""

    tls: ssl.SSLContext | None = None
    received: list[Received] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._behaviours: dict[str, list[Behaviour]] = {}
        self._open: list[socket.socket] = []
        self.is_stopping = threading.Event()
        rough = self

        class Handler(_Handler):
            server_side = rough

        self._server = _QuietServer(("127.0.0.1", 0), Handler)
        if self.tls is not None:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.005})
        self._thread.start()

    @property
    def url(self) -> str:
        scheme = "http" if self.tls is None else "https"
        return f"{scheme}://127.0.0.1:{self._server.server_address[1]}"

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def on(self, path: str, *behaviours: Behaviour) -> None:
        """Say how requests for a path (without its query) are met."""
        self._behaviours[path] = list(behaviours)

    def behave(self, handler: "_Handler") -> None:
        waiting = self._behaviours.get(handler.path.partition("?")[0], [reply(404, "{}")])
        behaviour = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        behaviour(handler)

    def requests_for(self, path: str) -> list[Received]:
        return [one for one in self.received if one.path.partition("?")[0] == path]

    def greet(self, connection: socket.socket) -> None:
        self.connections += 1
        self._open.append(connection)

    def hang_up(self) -> None:
        """Close every connection, as a server does with those that were idle for long."""
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def stop(self) -> None:
        self.is_stopping.set()
        self._server.shutdown()
        self.hang_up()
        self._server.server_close()
        self._thread.join()


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_side: RoughServer
    timeout = 5

    def setup(self) -> None:
        super().setup()
        self.server_side.greet(self.connection)

    def _meet(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        saw(self.command, self.path, dict(self.headers.items()), body)
        self.server_side.received.append(Received(self.command, self.path, dict(self.headers.items()), body))
        self.server_side.behave(self)

    do_GET = do_POST = do_PUT = _meet  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Tests print nothing."""

    def write(self, raw: bytes) -> None:
        self.wfile.write(raw)
        self.wfile.flush()


def reply(status: int = 200, body: str | bytes = "", headers: Mapping[str, str] | None = None) -> Behaviour:
    """A well-formed answer. Header values go out as UTF-8, as Moodle writes them."""

    def behave(handler: _Handler) -> None:
        raw = body.encode() if isinstance(body, str) else body
        lines = [f"HTTP/1.1 {status} Said so", f"Content-Length: {len(raw)}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        handler.write("\r\n".join([*lines, "", ""]).encode() + raw)

    return behave


def drip(raw: bytes, seconds_each: float = 0.05) -> Behaviour:
    """The bytes one at a time, never fast enough to finish and never slow enough to look dead."""

    def behave(handler: _Handler) -> None:
        handler.close_connection = True
        for byte in raw:
            if handler.server_side.is_stopping.wait(seconds_each):
                return
            try:
                handler.write(bytes([byte]))
            except OSError:
                return

    return behave


def raw(text: bytes) -> Behaviour:
    """These bytes at once, whatever they are."""

    def behave(handler: _Handler) -> None:
        handler.close_connection = True
        with suppress(OSError):
            handler.write(text)

    return behave


def hang(handler: _Handler) -> None:
    """Take the request and say nothing."""
    handler.close_connection = True
    handler.server_side.is_stopping.wait(5)


def reset(handler: _Handler) -> None:
    """Take the request and cut the line."""
    handler.close_connection = True
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def cut_short(handler: _Handler) -> None:
    """Promise more bytes than come."""
    handler.close_connection = True
    handler.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")


def wait_then(seconds: float, behaviour: Behaviour) -> Behaviour:
    """Be slow, then answer."""

    def behave(handler: _Handler) -> None:
        time.sleep(seconds)
        behaviour(handler)

    return behave
