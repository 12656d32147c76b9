"""In front of everything: applies the mood to what a sender asks, and writes the journal."""

from collections.abc import Iterable
from io import BytesIO
from time import perf_counter
from typing import TYPE_CHECKING

from waitress.channel import ClientDisconnected
from werkzeug.wrappers import Request, Response

from tool.demo_sis.journal import Entry
from tool.demo_sis.moods import LONGEST_HANG_SECONDS, Mood
from tool.demo_sis.records import utc_now
from tool.demo_sis.refusals import Turned, answer_refusal
from tool.demo_sis.replies import read_json
from tool.demo_sis.sis import VENDOR_HEADER

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from tool.demo_sis.sis import Sis

LONGEST_BODY = 1_000_000
LONGEST_TEXT = 8_000
SIGN_IN_PAGE = "<!doctype html><html><title>Sign in</title><h1>Sign in to the district portal</h1></html>"
BROKEN_PAGE = "<html><title>500</title><h1>Server Error in '/' Application</h1></html>"
REFUSALS = {
    "refuse401": (401, "Invalid or expired token"),
    "forbid403": (403, "User does not teach section"),
    # PowerSchool says so with 403.
    "rate403": (403, "Rate limit exceeded"),
    "locked409": (409, "Assignment is locked"),
    "invalid422": (422, "validation exception"),
    "busy429": (429, "Too many requests"),
}
"""What a mood answers, unless it was told another text."""


class AnswerDropped(ClientDisconnected, ConnectionError):  # type: ignore[misc]
    """Raised out of the application: waitress and werkzeug's server both close the connection without an answer."""


class Gate:
    def __init__(self, application: "WSGIApplication", sis: "Sis") -> None:
        self._application = application
        self._sis = sis

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        if request.path != "/token" and not request.path.startswith("/ims/"):
            return self._application(environ, start_response)
        body = _keep_body(environ, request)
        arrived_at, began = utc_now(), perf_counter()
        mood, change = self._sis.moods.take(request.method, request.path)
        response = self._respond(environ, mood)
        is_told = request.method in ("PUT", "POST") and request.path != "/token"
        self._sis.journal.write(
            Entry(
                time=arrived_at,
                method=request.method,
                path=request.path,
                query=request.query_string.decode("latin-1"),
                status=None if response is None else response.status_code,
                mood=mood.name,
                seconds=round(perf_counter() - began, 6),
                authorization=request.headers.get("Authorization", "").partition(" ")[0],
                has_vendor_header=VENDOR_HEADER in request.headers,
                content_type=request.headers.get("Content-Type", ""),
                accept=request.headers.get("Accept", ""),
                body=_as_json(body) if is_told else None,
                text=body[:LONGEST_TEXT].decode(errors="replace") if is_told else None,
            )
        )
        # Written before any waiting, so that a test sees the request while it hangs. What a slow SIS is asked
        # it has done by now: only the answer is late.
        waits_seconds = {"hang": LONGEST_HANG_SECONDS, "slow": mood.delay_seconds}
        self._sis.moods.wait(waits_seconds.get(mood.name, 0), change)
        if response is None:
            raise AnswerDropped("no answer, on purpose")
        return response(environ, start_response)

    def _respond(self, environ: "WSGIEnvironment", mood: Mood) -> Response | None:
        """None: no answer at all."""
        if mood.name in REFUSALS:
            status, text = REFUSALS[mood.name]
            headers = {"Retry-After": str(mood.retry_after)} if status == 429 and mood.retry_after is not None else {}
            refusal = Turned(status, mood.text or text, headers=headers)
            return answer_refusal(refusal, is_wrapped=self._sis.settings.wraps_errors)
        match mood.name:
            case "error500":
                return Response(mood.text or BROKEN_PAGE, 500, content_type="text/html")
            case "html200":
                return Response(mood.text or SIGN_IN_PAGE, 200, content_type="text/html")
            case "down" | "hang":
                return None
        response = Response.from_app(self._application, environ, buffered=True)
        return None if mood.name == "lose_answer" else response


def _keep_body(environ: "WSGIEnvironment", request: Request) -> bytes:
    """Reads the body for the journal and puts it back for the application."""
    body: bytes = environ["wsgi.input"].read(min(request.content_length or 0, LONGEST_BODY))
    environ["wsgi.input"] = BytesIO(body)
    return body


def _as_json(body: bytes) -> object:
    try:
        return read_json(body)
    except ValueError:
        return None
