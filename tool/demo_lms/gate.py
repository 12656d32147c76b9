"""In front of everything: applies the mood to what the tool's server asks, and writes the journal."""

import json
from collections.abc import Iterable
from io import BytesIO
from time import perf_counter
from typing import TYPE_CHECKING, Any

from waitress.channel import ClientDisconnected
from werkzeug.wrappers import Request, Response

from tool.demo_lms.journal import Entry
from tool.demo_lms.manners.base import Refusal
from tool.demo_lms.moods import LONGEST_HANG_SECONDS, Mood
from tool.demo_lms.records import utc_now
from tool.demo_lms.replies import as_response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from tool.demo_lms.lms import Lms

LONGEST_BODY = 1_000_000
LONGEST_TEXT = 4_000
NOT_ENROLLED = "User not found in course or is not a student"


class AnswerDropped(ClientDisconnected, ConnectionError):  # type: ignore[misc]
    """Raised out of the application: waitress and werkzeug's server both close the connection without an answer."""


class Gate:
    def __init__(self, application: "WSGIApplication", lms: "Lms") -> None:
        self._application = application
        self._lms = lms

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        is_watched = request.path.startswith("/api/lti/") or request.path in ("/lti/token", "/lti/jwks")
        if not is_watched and request.path != "/lti/authorize":
            return self._application(environ, start_response)
        body = _keep_body(environ, request)
        arrived_at, began = utc_now(), perf_counter()
        mood, change = self._lms.moods.take(request.method, request.path)
        response = self._respond(environ, mood, body)
        if is_watched:
            is_score = request.path.endswith("/scores") and request.method == "POST"
            self._lms.journal.write(
                Entry(
                    time=arrived_at,
                    method=request.method,
                    path=request.path,
                    query=request.query_string.decode("latin-1"),
                    status=None if response is None else response.status_code,
                    mood=mood.name,
                    seconds=round(perf_counter() - began, 6),
                    body=_as_json(body) if is_score else None,
                    text=body[:LONGEST_TEXT].decode(errors="replace") if is_score else None,
                )
            )
        # Written before any waiting, so that a test sees the request while it hangs. What a slow LMS is asked
        # it has done by now: only the answer is late.
        waits_seconds = {"hang": LONGEST_HANG_SECONDS, "slow": mood.delay_seconds}
        self._lms.moods.wait(waits_seconds.get(mood.name, 0), change)
        if response is None:
            raise AnswerDropped("no answer, on purpose")
        return response(environ, start_response)

    def _respond(self, environ: "WSGIEnvironment", mood: Mood, body: bytes) -> Response | None:
        """None: no answer at all."""
        match mood.name:
            case "error500":
                return Response("<html><title>500</title><h1>Broken</h1></html>", 500, content_type="text/html")
            case "busy429":
                headers = {} if mood.retry_after is None else {"Retry-After": str(mood.retry_after)}
                return Response("429 Too Many Requests", 429, headers, content_type="text/plain")
            case "refuse":
                refusal = Refusal("not_gradable", NOT_ENROLLED, environ["REQUEST_METHOD"], environ["PATH_INFO"], body)
                return as_response(self._lms.manner.refuse(refusal))
            case "down" | "hang":
                return None
        response = Response.from_app(self._application, environ, buffered=True)
        return None if mood.name == "lose_answer" else response


def _keep_body(environ: "WSGIEnvironment", request: Request) -> bytes:
    """Reads the body for the journal and puts it back for the application."""
    body: bytes = environ["wsgi.input"].read(min(request.content_length or 0, LONGEST_BODY))
    environ["wsgi.input"] = BytesIO(body)
    return body


def _as_json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
