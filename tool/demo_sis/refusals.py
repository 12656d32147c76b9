"""How the SIS says no: a status and the standard's error body (imsx_StatusInfo)."""

from collections.abc import Mapping

from flask import Response

from tool.demo_sis.replies import as_json

CODES = {
    400: "invaliddata",
    401: "unauthorisedrequest",
    403: "forbidden",
    404: "unknownobject",
    405: "invaliddata",
    409: "invaliddata",
    422: "invaliddata",
    429: "server_busy",
    500: "internal_server_error",
}


class Turned(Exception):
    """The request ends here. `code`: a word of imsx_codeMinor; without one the usual of the status."""

    def __init__(self, status: int, text: str, code: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.code = code or CODES[status]
        self.headers = headers or {}


def answer_refusal(turned: Turned, *, is_wrapped: bool) -> Response:
    described: dict[str, object] = {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_description": turned.text,
        "imsx_CodeMinor": {
            "imsx_codeMinorField": [
                {"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": turned.code}
            ]
        },
    }
    response = as_json({"imsx_StatusInfo": described} if is_wrapped else described, turned.status)
    response.headers.update(turned.headers)
    return response
