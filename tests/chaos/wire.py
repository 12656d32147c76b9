"""HTTP for the stub platform: a few lines on asyncio, fast, and able to break off, stay silent or drip on purpose."""

import asyncio
import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, cast
from urllib.parse import parse_qsl, unquote

Way = Literal["plain", "reset", "silent", "drip"]


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """By their names in lower case."""
    body: bytes
    arrived_at: float
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, and how it goes out: `plain`; `reset` breaks the connection off instead; `silent` does so after
    `seconds` without a word; `drip` writes one byte every `seconds`."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    way: Way = "plain"
    seconds: float = 0.0


class Desk(Protocol):
    """Who answers. `begin` is called when a request has arrived and says how many seconds to take over it; `answer`
    after that time; `end` when the connection is free again."""

    def begin(self, request: Request, /) -> float: ...

    def answer(self, request: Request, /) -> Reply: ...

    def end(self) -> None: ...


class Exchange(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._loop = asyncio.get_running_loop()
        self._buffer = b""
        self._is_busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        # Each byte on its own way at once, or the kernel would gather what is to drip.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._go_on()

    def _go_on(self) -> None:
        if self._is_busy:
            return
        request, self._buffer = take_request(self._buffer)
        if request is None:
            return
        self._is_busy = True
        seconds = self._desk.begin(request)
        if seconds > 0:
            self._loop.call_later(seconds, self._answer, request)
        else:
            self._answer(request)

    def _answer(self, request: Request) -> None:
        # Also for a client that is gone: an LMS does what it was asked, whoever still listens.
        reply = self._desk.answer(request)
        if reply.way == "reset":
            self._break_off()
        elif reply.way == "silent":
            self._loop.call_later(reply.seconds, self._break_off)
        elif reply.way == "drip":
            self._drip(write_reply(reply), reply.seconds)
        else:
            self._transport.write(write_reply(reply))
            self._finish()

    def _drip(self, text: bytes, seconds: float) -> None:
        if not text or self._transport.is_closing():
            self._finish()
            return
        self._transport.write(text[:1])
        self._loop.call_later(seconds, self._drip, text[1:], seconds)

    def _break_off(self) -> None:
        """A reset, not a farewell: what a crashed server or a firewall does."""
        sock = self._transport.get_extra_info("socket")
        if not self._transport.is_closing():
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()
        self._finish()

    def _finish(self) -> None:
        self._desk.end()
        self._is_busy = False
        if not self._transport.is_closing():
            self._go_on()


def take_request(buffer: bytes) -> tuple[Request | None, bytes]:
    """The first whole request of a buffer and what is left; None while it is not whole."""
    head, mark, rest = buffer.partition(b"\r\n\r\n")
    if not mark:
        return None, buffer
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    length = int(headers.get("content-length", "0"))
    if len(rest) < length:
        return None, buffer
    method, target, _ = first.split(" ", 2)
    path, _, query = target.partition("?")
    request = Request(method, unquote(path), dict(parse_qsl(query)), headers, rest[:length], time.time())
    return request, rest[length:]


def write_reply(reply: Reply) -> bytes:
    extra = "".join(f"{name}: {value}\r\n" for name, value in reply.headers)
    head = (
        f"HTTP/1.1 {reply.status} Said\r\nContent-Type: {reply.content_type}\r\n"
        f"Content-Length: {len(reply.body)}\r\n{extra}\r\n"
    )
    return head.encode("latin-1") + reply.body
