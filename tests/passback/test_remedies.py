"""From what an LMS really answers to what the teacher reads: what happened, why, who can mend it, and by which button.

Status and text stand here as these LMSs give them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from tool.lti.answers import explain_outbound
from tool.lti.errors import ServiceError
from tool.lti.quirks import classify, classify_column_refusal, classify_token_refusal, is_accepted
from tool.lti.service_texts import SERVICE_TEXTS
from tool.outbound import Answer, OutboundError
from tool.outbound.errors import Reason
from tool.passback.remedies import Remedy, explain_not_shown, find_remedy, find_roster_remedy, strikes_everybody
from tool.passback.remedies.families import BY_FAMILY, EVERYBODY_BY_FAMILY, NOT_SHOWN_BY_FAMILY
from tool.passback.remedies.finding import BY_REASON
from tool.passback.remedies.for_operator import UNKNOWN
from tool.passback.troubles import WHO

HTML = "<!DOCTYPE html><html>Please sign in</html>"
NAMES = {"platform": "Canvas", "student": "Ben"}

TEACHER, ADMIN, OPERATOR, NOBODY = "you", "admin", "operator", "nobody"

NOT_KNOWN = "does not know Ben as a student"
LOST = "no longer associated with this link"
OTHER_TOOL = "no longer associated with this tool"
POINTS = "points of the column do not allow"
NOT_UNDERSTOOD = "did not understand the score"


@dataclass(frozen=True)
class Read:
    """An entry as the teacher reads it."""

    happened: str
    why: str
    who: str
    fix: str
    button: str
    then: str


def read(remedy: Remedy) -> Read:
    happened, why, fix, then = (str(one) % NAMES for one in (remedy.happened, remedy.why, remedy.fix, remedy.then))
    return Read(happened, why, remedy.who, fix, remedy.button, then)


def answer(status: int, body: str = "", headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, headers or {}, body.encode())


def canvas(message: str, word: str = "unprocessable_entity") -> str:
    """How the LTI part of Canvas words an error."""
    return json.dumps({"errors": {"type": word, "message": message}})


def framework(message: str) -> str:
    """How the rest of Canvas does."""
    return json.dumps({"errors": [{"message": message}]})


def moodle(status: int, reason: str) -> str:
    return json.dumps({"status": status, "reason": reason, "request": {"method": "POST"}})


STALE = "Provided timestamp of 2026-03-02T10:00:00Z before last updated timestamp of 2026-03-02T11:00:00.000Z"
EXPIRED = "Invalid access token field/s: the JWT has expired"
NO_TOOL_HERE = "Access Token not linked to a Tool associated with this Context"
OTHER_LINK = "The specified LTI link ID is not associated with the line item."
CONCLUDED = "This course has concluded. AGS requests will no longer be accepted for this course."
USED_UP = "The maximum number of allowed attempts has been reached for this submission"
ZERO = "ScoreMaximum cannot be zero if line item's maximum is not zero"
CLOSED = "Cannot grade this submission at this time: the grading period is closed"
CHECKPOINTS = "Must provide a valid sub assignment tag"
ELSEWHERE = "Resource link id points to Tool not associated with this Context"
NOT_PUBLISHED = "cannot be changed at this time: This assignment is still unpublished"
NO_FILES = "Content items must be provided with submission type 'online_upload'"

CANVAS = [
    (400, framework("userId is missing"), NOT_UNDERSTOOD, OPERATOR, "again"),
    (400, canvas("Provided timestamp of soon not a valid timestamp"), NOT_UNDERSTOOD, OPERATOR, "again"),
    (400, canvas("Provided submitted_at timestamp of x in the future"), "clocks of", OPERATOR, "again"),
    (400, canvas(STALE), "same moment or a later one", NOBODY, "again"),
    (401, canvas("Missing access token"), "refused to let Passback in", ADMIN, "again"),
    (401, canvas("Invalid access token format"), "refused to let Passback in", ADMIN, "again"),
    (401, canvas("Invalid access token signature"), "refused to let Passback in", ADMIN, "again"),
    (401, canvas("Invalid access token field/s: the 'aud' is invalid"), "refused to let Passback in", ADMIN, "again"),
    (401, canvas("Access token expired"), "pass for an old one", OPERATOR, "again"),
    (401, canvas(EXPIRED), "pass for an old one", OPERATOR, "again"),
    (401, canvas("Unknown or inactive Developer Key"), "refuses Passback's key", ADMIN, "again"),
    (401, canvas("Invalid Developer Key"), "refuses Passback's key", ADMIN, "again"),
    (401, canvas("Insufficient permissions"), "does not let Passback send scores", ADMIN, "again"),
    (401, canvas("Insufficient scopes on access token"), "does not let Passback send scores", ADMIN, "again"),
    (401, canvas(NO_TOOL_HERE), OTHER_TOOL, TEACHER, "relink"),
    (401, "", "refused to let Passback in", ADMIN, "again"),
    (403, "403 Forbidden (Rate Limit Exceeded)", "asked for a pause", NOBODY, "again"),
    (403, canvas("blocked"), "forbids it", ADMIN, "again"),
    (404, framework("The specified resource does not exist."), LOST, TEACHER, "relink"),
    (404, "", LOST, TEACHER, "relink"),
    (404, canvas("Context is deleted or not found", "not_found"), "course no longer exists", TEACHER, "csv"),
    (412, canvas("Tool does not have permission to view line_item"), OTHER_TOOL, TEACHER, "relink"),
    (412, canvas(OTHER_LINK), OTHER_TOOL, TEACHER, "relink"),
    (422, canvas("This assignment is still unpublished"), "not published", TEACHER, "again"),
    (422, json.dumps({"errors": [{"field": "grade", "message": NOT_PUBLISHED}]}), "not published", TEACHER, "again"),
    (422, canvas("User not found in course or is not a student"), NOT_KNOWN, TEACHER, "refresh"),
    (422, canvas("Student must be enrolled in the course as a student"), NOT_KNOWN, TEACHER, "refresh"),
    (422, canvas(CONCLUDED), "course has ended", TEACHER, "csv"),
    (422, canvas(USED_UP), "no further attempt", TEACHER, "again"),
    (422, canvas("ScoreMaximum must be greater than or equal to 0"), POINTS, TEACHER, "again"),
    (422, canvas("ScoreMaximum not supplied when ScoreGiven present."), POINTS, TEACHER, "again"),
    (422, canvas(ZERO), POINTS, TEACHER, "again"),
    (422, canvas(CLOSED), "takes no grade for this assignment", TEACHER, "again"),
    (422, canvas(CHECKPOINTS), "this kind of assignment", TEACHER, "csv"),
    (422, canvas(ELSEWHERE), OTHER_TOOL, TEACHER, "relink"),
    (422, canvas("ScoreGiven must be greater than or equal to 0"), NOT_UNDERSTOOD, OPERATOR, "again"),
    (422, canvas(NO_FILES), NOT_UNDERSTOOD, OPERATOR, "again"),
    (429, "", "asked for a pause", NOBODY, "again"),
    (500, canvas("uploading to file service failed with 503: x"), "an error of its own", NOBODY, "again"),
    (502, HTML, "an error of its own", NOBODY, "again"),
    (503, HTML, "an error of its own", NOBODY, "again"),
    (504, canvas("failed to communicate with file service"), "an error of its own", NOBODY, "again"),
    (200, HTML, "cannot be read", NOBODY, "again"),
    (302, "", "sent Passback elsewhere", ADMIN, "again"),
]
MOODLE = [
    (400, "[]", "refused the score of Ben", TEACHER, "refresh"),
    (200, "[]", "refused the score of Ben", TEACHER, "refresh"),
    (400, moodle(400, 'Incorrect score received{"userId":"5"}'), "refused the score of Ben", TEACHER, "refresh"),
    (400, moodle(400, "No handler found for /x"), NOT_UNDERSTOOD, OPERATOR, "again"),
    (401, moodle(401, ""), "refused to let Passback in", ADMIN, "again"),
    (403, moodle(403, "Not allowed in context"), OTHER_TOOL, TEACHER, "relink"),
    (403, moodle(403, "Invalid LTI id supplied."), OTHER_TOOL, TEACHER, "relink"),
    (403, moodle(403, "Line item does not exist."), OTHER_TOOL, TEACHER, "relink"),
    (404, moodle(404, "Not Found: Grade item 7 doesn't exist."), LOST, TEACHER, "relink"),
    (404, moodle(404, "Line item does not exist"), LOST, TEACHER, "relink"),
    (404, moodle(404, "Not Found: Course 3 doesn't exist."), "course no longer exists", TEACHER, "csv"),
    (404, HTML, "cannot be read", NOBODY, "again"),
    (405, moodle(405, "GET requests are not allowed."), NOT_UNDERSTOOD, OPERATOR, "again"),
    (409, "[]", "same moment or a later one", NOBODY, "again"),
    (500, "[]", "could not store the score", TEACHER, "again"),
    (500, "", "could not store the score", TEACHER, "again"),
    (502, HTML, "an error of its own", NOBODY, "again"),
]
OTHERS = [
    ("brightspace", 403, "User in requested score is not enrolled in the org unit", NOT_KNOWN, TEACHER, "refresh"),
    ("brightspace", 404, "User in requested score does not exist", NOT_KNOWN, TEACHER, "refresh"),
    ("blackboard", 400, "User could not be found: 7", NOT_KNOWN, TEACHER, "refresh"),
    ("schoology", 404, "", LOST, TEACHER, "relink"),
    ("schoology", 410, "", LOST, TEACHER, "relink"),
    ("schoology", 409, "", "same moment or a later one", NOBODY, "again"),
    ("openedx", 404, "", LOST, TEACHER, "relink"),
    (
        "openedx",
        400,
        json.dumps({"error": "Score already exists for the provided timestamp."}),
        "same moment or a later one",
        NOBODY,
        "again",
    ),
    ("openedx", 400, json.dumps({"scoreMaximum": ["required"]}), NOT_UNDERSTOOD, OPERATOR, "again"),
    ("unknown", 408, "", "did not answer in time", NOBODY, "again"),
]
ANSWERS = [("canvas", *row) for row in CANVAS] + [("moodle", *row) for row in MOODLE] + OTHERS


@pytest.mark.parametrize(
    ("family", "status", "body", "happened", "who", "button"),
    [pytest.param(*row, id=f"{row[0]} {row[1]} {row[2][:70]}") for row in ANSWERS],
)
def test_every_known_refusal_is_explained(
    family: str, status: int, body: str, happened: str, who: str, button: str
) -> None:
    error = classify(family, answer(status, body))
    entry = read(find_remedy(error.reason, family))

    assert happened in entry.happened
    assert (entry.who, entry.button) == (who, button)
    assert entry.why
    assert entry.fix
    assert entry.then


def test_canvas_may_say_only_in_a_header_that_it_is_too_much() -> None:
    error = classify("canvas", answer(403, "", {"x-rate-limit-remaining": "0.0"}))

    assert "asked for a pause" in read(find_remedy(error.reason, "canvas")).happened


def test_the_missing_permission_is_named() -> None:
    error = classify("canvas", answer(401, canvas("Insufficient permissions")))

    assert "https://purl.imsglobal.org/spec/lti-ags/scope/score" in read(find_remedy(error.reason, "canvas")).why


@pytest.mark.parametrize(
    ("family", "status", "body", "happened", "who"),
    [
        ("canvas", 400, '{"error":"invalid_request","error_description":"JWS signature invalid."}', "key", ADMIN),
        ("canvas", 401, '{"error":"invalid_client","error_description":"unknown client"}', "key", ADMIN),
        ("canvas", 400, '{"error_description":"the \'iat\' must not be in the future"}', "clocks", OPERATOR),
        ("canvas", 400, '{"error_description":"the \'iat\' must be less than 300 seconds old"}', "clocks", OPERATOR),
        ("canvas", 400, '{"error":"invalid_scope"}', "does not let Passback send scores", ADMIN),
        ("moodle", 400, '{"error":"invalid_client"}', "refuses Passback's key", ADMIN),
        ("moodle", 400, '{"error":"Signature verification failed"}', "refuses Passback's key", ADMIN),
        ("moodle", 400, '"error" : ""kid" invalid, unable to lookup correct key"', "refuses Passback's key", ADMIN),
        ("moodle", 400, '{"error":"Cannot handle token with iat prior to 2026-03-02"}', "clocks", OPERATOR),
        ("moodle", 400, '{"error":"Expired token"}', "clocks", OPERATOR),
        ("moodle", 400, '{"error":"invalid_scope"}', "does not let Passback send scores", ADMIN),
        ("moodle", 404, HTML, "could not read Passback's public keys", ADMIN),
        ("unknown", 429, "", "asked for a pause", NOBODY),
        ("unknown", 503, "", "an error of its own", NOBODY),
        ("unknown", 200, HTML, "cannot be read", NOBODY),
    ],
)
def test_every_refused_token_is_explained(family: str, status: int, body: str, happened: str, who: str) -> None:
    error = classify_token_refusal(family, answer(status, body))
    entry = read(find_remedy(error.reason, family))

    assert happened in entry.happened
    assert entry.who == who


def test_a_refused_key_sends_both_sides_to_client_id_keys_and_clocks() -> None:
    entry = read(find_remedy("key_refused", "canvas"))

    assert "test the connection" in entry.fix
    assert all(word in entry.fix for word in ("client id", "key set address", "clocks"))


@pytest.mark.parametrize(
    ("reason", "happened"),
    [
        ("timeout", "did not answer in time"),
        ("connect", "could not be reached"),
        ("reset", "could not be reached"),
        ("tls", "certificate"),
        ("too_large", "more than Passback reads"),
        ("refused_address", "may not open"),
    ],
)
def test_no_answer_is_explained_too(reason: Reason, happened: str) -> None:
    error = explain_outbound(OutboundError(reason))

    assert happened in read(find_remedy(error.reason, "canvas")).happened


@pytest.mark.parametrize(
    ("family", "status", "body"),
    [
        ("schoology", 400, '{"message":"id is not allowed"}'),
        ("moodle", 400, "[]"),
        ("canvas", 404, framework("The specified resource does not exist.")),
        ("canvas", 422, canvas("scoreMaximum must be set")),
    ],
)
def test_a_refused_column_is_no_fault_of_a_student(family: str, status: int, body: str) -> None:
    error = classify_column_refusal(family, answer(status, body))
    entry = read(find_remedy(error.reason, family))

    assert "did not make a gradebook column" in entry.happened
    assert entry.button == "relink"


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (401, canvas("Insufficient permissions"), "scope_missing"),
        (403, "Rate Limit Exceeded", "rate_limited"),
        (412, "", "tool_not_in_course"),
        (503, "", "server_error"),
    ],
)
def test_a_column_that_is_refused_for_a_known_reason_says_that(status: int, body: str, reason: str) -> None:
    assert classify_column_refusal("canvas", answer(status, body)).reason == reason


def test_what_was_sent_is_not_repeated_to_anybody() -> None:
    said = moodle(400, 'Incorrect score received{"userId":"5","comment":"Ben was ill"}')
    excerpt = classify("moodle", answer(400, said)).excerpt

    assert "Incorrect score received" in excerpt
    assert "Ben was ill" not in excerpt


# Accepted, and the gradebook may show something else or nothing: no error, but not the end of the story.
@pytest.mark.parametrize(
    ("family", "status", "body", "why"),
    [
        ("canvas", 200, '{"resultUrl": "https://x"}', "not published"),
        ("moodle", 200, "", "“None” or “Text”"),
        ("openedx", 201, '{"userId": "5"}', "score of 0"),
        ("schoology", 200, "{}", "column is hidden"),
    ],
)
def test_a_score_that_was_accepted_and_is_not_shown_is_explained(family: str, status: int, body: str, why: str) -> None:
    assert is_accepted(family, answer(status, body))
    entry = read(explain_not_shown(family))

    assert "took the score of Ben, and shows nothing" in entry.happened
    assert why in entry.why
    assert (entry.who, entry.button) == (TEACHER, "refresh")


@pytest.mark.parametrize(
    ("tried", "not_known", "everybody"),
    [(0, 0, False), (1, 1, False), (2, 1, False), (2, 2, True), (28, 27, False), (28, 28, True)],
)
def test_a_class_that_nobody_knows_is_told_from_a_student_who_left(tried: int, not_known: int, everybody: bool) -> None:
    assert strikes_everybody(tried=tried, not_known=not_known) is everybody


@pytest.mark.parametrize("family", ["canvas", "schoology", "blackboard", "brightspace", "openedx", "unknown"])
def test_ids_that_do_not_fit_are_the_privacy_level(family: str) -> None:
    entry = read(find_remedy("not_enrolled", family, is_whole_class=True))

    assert "knows none of the students" in entry.happened
    assert "privacy level" in entry.why
    assert "privacy level" in entry.fix
    assert entry.who == ADMIN


def test_a_moodle_that_knows_nobody_has_roles_without_grades() -> None:
    entry = read(find_remedy("not_enrolled", "moodle", is_whole_class=True))

    assert "Graded roles" in entry.fix
    assert entry.who == ADMIN


def test_another_failure_of_the_whole_class_keeps_its_own_words() -> None:
    assert find_remedy("concluded", "canvas", is_whole_class=True) is find_remedy("concluded", "canvas")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("bad_request", "refused the request for it"),
        ("scope_missing", "spec/lti-nrps/scope/contextmembership.readonly"),
        ("course_gone", "no longer exists"),
        ("tool_not_in_course", "removed from the course"),
        ("key_refused", "switched off"),
        ("server_error", "maintained"),
        ("never_heard_of", "does not know yet"),
    ],
)
def test_a_class_list_that_cannot_be_read_is_explained(reason: str, words: str) -> None:
    entry = read(find_roster_remedy(reason))

    assert entry.happened == "The class list could not be read the last time."
    assert words in entry.why
    assert entry.button == "refresh"


@pytest.mark.parametrize("reason", sorted(SERVICE_TEXTS))
def test_every_reason_has_its_entry(reason: str) -> None:
    assert reason in BY_REASON, f"{reason} would be shown as unknown"
    assert ServiceError("later", reason).message


def test_an_unforeseen_reason_still_has_an_answer() -> None:
    assert find_remedy("never_heard_of", "canvas") is UNKNOWN
    assert find_remedy(None, "moodle") is UNKNOWN


ENTRIES = [
    *BY_REASON.values(),
    *BY_FAMILY.values(),
    *EVERYBODY_BY_FAMILY.values(),
    *NOT_SHOWN_BY_FAMILY.values(),
    UNKNOWN,
    find_remedy("not_enrolled", "unknown", is_whole_class=True),
    explain_not_shown("unknown"),
]


@pytest.mark.parametrize("remedy", ENTRIES, ids=lambda one: str(one.happened)[:50])
def test_every_entry_is_whole(remedy: Remedy) -> None:
    """And names no other field than platform and student."""
    entry = read(remedy)

    assert entry.who in WHO
    assert all(text.endswith(".") for text in (entry.happened, entry.why, entry.fix, entry.then))
