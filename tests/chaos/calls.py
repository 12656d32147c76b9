"""One request to a stub platform: what it is about, and its answer, good or bad."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import Any

from tests.chaos import faults
from tests.chaos.gradebook import Column, Gradebook, Manner, read_time, refuses, store
from tests.chaos.tokens import Tokens
from tests.chaos.wire import Reply, Request

CLIENT_ID = "chaos-client"
HTML = b"<!doctype html><title>Sign in</title><p>Something went wrong."
DRIP_SECONDS, ENDLESS_DRIP_SECONDS, ENDLESS_DRIP_BYTES = 0.004, 0.1, 1000

_RATE_LIMITED = Reply(
    403, b"403 Forbidden (Rate Limit Exceeded)", "text/plain", headers=(("X-Rate-Limit-Remaining", "0.0"),)
)
FIXED_REPLIES = {
    "500": Reply(500, b'{"errors": [{"message": "An error occurred."}]}'),
    "502_html": Reply(502, HTML, "text/html"),
    "200_html": Reply(200, HTML, "text/html"),
    "bad_json": Reply(200, b'{"resultUrl": "http://'),
    "reset_before": Reply(way="reset"),
    "429_seconds": Reply(429, headers=(("Retry-After", "1"),)),
    "503_seconds": Reply(503, headers=(("Retry-After", "1"),)),
    "outage": Reply(503, b"Service Unavailable", "text/plain"),
    "403_rate_limit": _RATE_LIMITED,
    "bucket": _RATE_LIMITED,
}


@dataclass(slots=True)
class Weather:
    """How a platform behaves just now; every value may be changed at its control address."""

    seed: int = 0
    fault_share: float = 0.0
    latency_seconds: float = 0.0
    column_seconds: float = 0.0
    """Making a column takes so much longer."""
    manner: Manner = "accepting"
    is_down: bool = False
    """Every request is answered 503."""
    is_hanging: bool = False
    """No request is answered."""
    hang_seconds: float = 2.0
    silence_seconds: float = 30.0
    """Longer than any client waits."""
    has_bucket: bool = False
    loses_column_answers: int = 0
    """So many columns are made without a word about it."""


class Holdings:
    """What a platform has: its weather, its gradebook, its tokens."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.weather = Weather()
        self.gradebook = Gradebook()
        self.tokens = Tokens(CLIENT_ID, f"{url}/token")


class Call:
    """One request to a platform: what it is about, and its answer."""

    def __init__(self, platform: Holdings, request: Request) -> None:
        self.platform = platform
        self.request = request
        self.is_stored = False
        self.column: int | None = None
        self.score: dict[str, Any] = {}
        self.kind, self._do = self._route()

    def _route(self) -> tuple[str, Callable[[], Reply]]:
        match (self.request.method, self.request.path.strip("/").split("/")):
            case ("POST", ["token"]):
                return "token", self._give_token
            case ("GET", ["courses", course, "line_items"]):
                return "column_list", lambda: self._list_columns(course)
            case ("POST", ["courses", course, "line_items"]):
                return "column_made", lambda: self._make_column(course)
            case (method, ["line_items", number, *rest]) if number.isdigit():
                return self._route_of_column(method, int(number), rest)
        return "unknown", lambda: _refusal(404, "no such address")

    def _route_of_column(self, method: str, number: int, rest: list[str]) -> tuple[str, Callable[[], Reply]]:
        self.column = number
        match (method, rest):
            case ("GET", []):
                return "column_read", lambda: self._with_column(lambda column: _json(200, self._describe(column)))
            case ("POST", ["scores"]):
                self.score = read_score(self.request.body)
                return "score", lambda: self._with_column(self._take_score)
            case ("GET", ["results"]):
                return "results", lambda: self._with_column(self._list_results)
        return "unknown", lambda: _refusal(404, "no such address")

    def answer(self, fault: str | None) -> Reply:
        if fault is None:
            return self._answer_well()
        if fault in faults.STORING:
            reply = self._answer_well()
            return reply if reply.status >= 300 else _spoil(reply, fault)
        return self._answer_badly(fault)

    def _answer_well(self) -> Reply:
        if self.kind != "token" and not self.platform.tokens.accepts(self.request.headers.get("authorization", "")):
            return _refusal(401, "Invalid access token")
        return self._do()

    def _answer_badly(self, fault: str) -> Reply:
        if fault in FIXED_REPLIES:
            return FIXED_REPLIES[fault]
        match fault:
            case "401":
                return _refusal(401, "Invalid access token")
            case "redirect":
                return Reply(302, HTML, "text/html", (("Location", f"{self.platform.url}/elsewhere"),))
            case "429_date" | "503_date":
                return Reply(int(fault[:3]), headers=(("Retry-After", formatdate(time.time() + 1, usegmt=True)),))
            case "hang":
                return Reply(way="silent", seconds=self.platform.weather.hang_seconds)
            case "silence" | "hanging":
                return Reply(way="silent", seconds=self.platform.weather.silence_seconds)
        raise ValueError(fault)

    def _give_token(self) -> Reply:
        return _json(*self.platform.tokens.answer(self.request.body))

    def _list_columns(self, course: str) -> Reply:
        found = self.platform.gradebook.find(course, self.request.query)
        return _json(200, [self._describe(column) for column in found])

    def _make_column(self, course: str) -> Reply:
        wanted = json.loads(self.request.body)
        column = self.platform.gradebook.make(course, wanted)
        self.column, self.is_stored = column.number, True
        if self.platform.weather.loses_column_answers > 0:
            self.platform.weather.loses_column_answers -= 1
            return Reply(way="reset")
        return _json(201, self._describe(column))

    def _with_column(self, do: Callable[[Column], Reply]) -> Reply:
        column = self.platform.gradebook.columns.get(self.column or 0)
        return do(column) if column else _refusal(404, "no such line item")

    def _describe(self, column: Column) -> dict[str, Any]:
        told = {"resourceId": column.resource_id, "tag": column.tag, "resourceLinkId": column.link}
        return {
            "id": f"{self.platform.url}/line_items/{column.number}",
            "label": column.label,
            "scoreMaximum": column.maximum,
            **{name: value for name, value in told.items() if value is not None},
        }

    def _take_score(self, column: Column) -> Reply:
        if not self.score:
            return _refusal(400, "not a score")
        manner, user = self.platform.weather.manner, self.score["userId"]
        if refuses(manner, column.cells.get(user), self.score["timestamp"]):
            if manner == "moodle":
                return Reply(409, b"[]")
            return _refusal(400, "Unable to create result: before last updated timestamp")
        store(column, self.score, time.time())
        self.is_stored = True
        if manner == "moodle":
            return Reply(200, b"", "text/html")
        return _json(200, {"resultUrl": f"{self.platform.url}/line_items/{column.number}/results/{user}"})

    def _list_results(self, column: Column) -> Reply:
        query = self.request.query
        wanted = {query["user_id"]} & column.cells.keys() if "user_id" in query else column.cells.keys()
        users = sorted(wanted)
        size, page = int(query.get("limit", len(users) or 1)), int(query.get("page", 0))
        shown = users[page * size : (page + 1) * size]
        results = [
            {"userId": user, "resultScore": float(cell.score), "resultMaximum": float(cell.maximum)}
            for user, cell in ((user, column.cells[user]) for user in shown)
        ]
        following = f"{self.platform.url}/line_items/{column.number}/results?limit={size}&page={page + 1}"
        has_more = (page + 1) * size < len(users)
        return _json(200, results, (("Link", f'<{following}>; rel="next"'),) if has_more else ())


def read_score(body: bytes) -> dict[str, Any]:
    """The score message with its numbers as they were written; empty when it is none that a gradebook can take."""
    try:
        score = json.loads(body, parse_float=str, parse_int=str)
        float(score["scoreGiven"]), float(score["scoreMaximum"]), read_time(score["timestamp"])
        is_final = score["activityProgress"] == "Completed" and score["gradingProgress"] == "FullyGraded"
    except (KeyError, TypeError, ValueError):
        return {}
    return score if is_final and score.get("userId") else {}


def _json(status: int, content: Any, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    return Reply(status, json.dumps(content).encode(), headers=headers)


def _refusal(status: int, message: str) -> Reply:
    return _json(status, {"errors": {"message": message}})


def _spoil(reply: Reply, fault: str) -> Reply:
    """What was done is done; the answer is lost, or takes its time."""
    if fault == "drip":
        return replace(reply, way="drip", seconds=DRIP_SECONDS)
    if fault == "endless_drip":
        return replace(reply, body=reply.body.ljust(ENDLESS_DRIP_BYTES), way="drip", seconds=ENDLESS_DRIP_SECONDS)
    return Reply(way="reset")
