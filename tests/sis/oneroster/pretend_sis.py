"""A real HTTP server on loopback that answers as it is told, and looks at every request as the standard does."""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.sis.oracle import check_request

ROSTERING, GRADEBOOK, OLD = "/ims/oneroster/rostering/v1p2", "/ims/oneroster/gradebook/v1p2", "/ims/oneroster/v1p1"
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Received:
    """A request as it arrived; `path` without its query."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """`body` as it goes out; anything but bytes and text is written as JSON."""

    status: int = 200
    body: Any = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Behaviour = Reply | Callable[[Received], Reply]


def complain(status: int, description: str = "", minor: str = "", headers: Mapping[str, str] | None = None) -> Reply:
    """A refusal as the standard writes it."""
    body: dict[str, Any] = {"imsx_codeMajor": "failure", "imsx_severity": "error", "imsx_description": description}
    if minor:
        fields = [{"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": minor}]
        body["imsx_CodeMinor"] = {"imsx_codeMinorField": fields}
    return Reply(status, body, headers or {})


GRANTED = Reply(200, {"access_token": "token-1", "token_type": "bearer", "expires_in": 3600})
STORED = Reply(201)


class PretendSis:
    """Each path is answered by its replies in turn; the last one stays. What nobody spoke of is an unknown object."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.flaws: list[str] = []
        self._behaviours: dict[tuple[str, str], list[Behaviour]] = {("POST", "/token"): [GRANTED]}
        self._lock = threading.Lock()
        owner = self

        class Answering(_Answering):
            sis = owner

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.005})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def on(self, method: str, path: str, *behaviours: Behaviour) -> None:
        with self._lock:
            self._behaviours[method, path] = list(behaviours)

    def asked(self, method: str, path: str) -> list[Received]:
        return [one for one in self.received if (one.method, one.path) == (method, path)]

    def meet(self, asked: Received, target: str) -> Reply:
        with self._lock:
            self.received.append(asked)
            try:
                check_request(asked.method, target, asked.headers, asked.body)
            except AssertionError as flaw:
                self.flaws.append(str(flaw))
            waiting = self._behaviours.get((asked.method, asked.path), [complain(404, "", "unknownobject")])
            behaviour = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return behaviour if isinstance(behaviour, Reply) else behaviour(asked)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    sis: PretendSis
    timeout = 5

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        query = tuple(parse_qsl(parts.query, keep_blank_values=True))
        asked = Received(self.command, parts.path, query, dict(self.headers.items()), body)
        reply = self.sis.meet(asked, self.path)
        text = reply.body if isinstance(reply.body, bytes | str) else json.dumps(reply.body)
        raw = text.encode() if isinstance(text, str) else text
        headers = {"Content-Type": JSON, "Content-Length": str(len(raw))} | dict(reply.headers)
        lines = [f"HTTP/1.1 {reply.status} Said so", *(f"{name}: {value}" for name, value in headers.items())]
        with suppress(OSError):
            self.wfile.write("\r\n".join([*lines, "", ""]).encode() + raw)

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Tests print nothing."""
