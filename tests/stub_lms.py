"""A small gradebook behind real HTTP on this machine: answers as Canvas does, or as a story tells it to."""

import json
import threading
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.witness import saw

Answer = tuple[int, Any] | None
"""Status and JSON body; None hangs up without a word."""


class StubLms:
    """Columns, scores, results and roster of one course. `next_answers` are given to the next scores instead of
    accepting, `next_column_answers` to whoever makes a column."""

    def __init__(self) -> None:
        self.journal: list[str] = []
        self.scores: list[dict[str, Any]] = []
        self.columns: list[dict[str, Any]] = []
        self.results: dict[str, dict[str, Any]] = {}
        self.next_answers: deque[Answer] = deque()
        self.next_column_answers: deque[Answer] = deque()
        self.wanted_columns: list[dict[str, Any]] = []
        self.roster_answer: Answer = (200, {"members": []})
        self.token_seconds = 3600
        self.refuses_tokens = False
        self.loses_column_answers = 0
        self.before_column: Callable[[], object] = lambda: None
        stub = self

        class Handler(_Handler):
            lms = stub

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def requests(self, beginning: str) -> int:
        return sum(line.startswith(beginning) for line in self.journal)

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        self.journal.append(f"{method} {path}")
        if path == "/token" and self.refuses_tokens:
            return 401, {"error": "invalid_client"}
        if path == "/token":
            return 200, {"access_token": f"token-{self.requests('POST /token')}", "expires_in": self.token_seconds}
        if path == "/columns":
            return self._make(json.loads(body)) if method == "POST" else (200, self.columns)
        if path == "/members":
            return self.roster_answer
        if path.endswith("/results"):
            return 200, list(self.results.values())
        if method == "GET":
            return 200, {"id": self.url + path, "label": "Fractions", "scoreMaximum": 10}
        return self._take(json.loads(body))

    def _make(self, wanted: dict[str, Any]) -> Answer:
        self.before_column()
        self.wanted_columns.append(wanted)
        if self.next_column_answers:
            return self.next_column_answers.popleft()
        self.columns.append(wanted | {"id": f"{self.url}/columns/{len(self.columns) + 1}"})
        if self.loses_column_answers:
            self.loses_column_answers -= 1
            return None
        return 201, self.columns[-1]

    def _take(self, score: dict[str, Any]) -> Answer:
        self.scores.append(score)
        if self.next_answers:
            return self.next_answers.popleft()
        self.hold(score["userId"], score["scoreGiven"], score["scoreMaximum"])
        return 200, {"resultUrl": f"{self.url}/results/1"}

    def hold(self, user_id: str, score: float, maximum: float) -> None:
        """What stands in the gradebook, by whoever's hand."""
        self.results[user_id] = {"userId": user_id, "resultScore": score, "resultMaximum": maximum}

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    lms: StubLms
    timeout = 5

    def _meet(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        saw(self.command, self.path, dict(self.headers.items()), body)
        answer = self.lms.answer(self.command, self.path.partition("?")[0], body)
        if answer is None:
            self.close_connection = True
            return
        raw = json.dumps(answer[1]).encode()
        head = f"HTTP/1.1 {answer[0]} Said\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n"
        self.wfile.write(head.encode() + raw)

    do_GET = do_POST = do_PUT = _meet  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Tests print nothing."""
