"""What answers mean: a table, for every row of which a teacher or an operator reads another page."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from urllib3 import HTTPHeaderDict

from tests.sis.oneroster.pretend_sis import Reply, complain
from tool.outbound import Answer, OutboundError
from tool.sis.oneroster.answers import About, Root, classify, explain_outbound
from tool.sis.plain import Profile, SisError
from tool.sis.remedies import find_remedy

GENERIC = Profile("generic", "OneRoster")
POWERSCHOOL = Profile("powerschool", "PowerSchool")
CAMPUS = Profile("infinite_campus", "Infinite Campus", vendor_header="x-vendor-authorization")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PAGE = Reply(200, "<html><body>Please sign in</body></html>", {"Content-Type": "text/html"})


def answered(reply: Reply) -> Answer:
    text = reply.body if isinstance(reply.body, bytes | str) else json.dumps(reply.body)
    return Answer(reply.status, HTTPHeaderDict(dict(reply.headers)), text.encode() if isinstance(text, str) else text)


def judged(
    reply: Reply, profile: Profile = GENERIC, about: About = "line_item", root: Root | None = None, **more: Any
) -> SisError:
    error = classify(answered(reply), profile, about=about, root=root, **more)
    assert find_remedy(error.code) is not find_remedy("no such code"), error.code
    return error


@pytest.mark.parametrize(
    ("status", "words", "about", "code"),
    [
        (422, "A category is required, assign one and sync again", "line_item", "category.none"),
        (422, "lineItem.category must not be null", "line_item", "category.none"),
        (400, "Category not found in OneRoster. Available: Homework, Tests", "line_item", "category.unknown"),
        (409, "teacher category id 12 is another's", "line_item", "category.teacher"),
        (422, "Cannot find due date", "line_item", "due.missing"),
        (422, "Due date must not be before the date the work was assigned", "line_item", "due.before_assigned"),
        (400, "Assignment dates error", "line_item", "due.before_assigned"),
        (422, "Invalid due date", "line_item", "due.outside_period"),
        (409, "Due date outside any grading period", "line_item", "due.outside_period"),
        (400, "Could not determine class or grading period", "line_item", "due.outside_period"),
        (422, "The grading window is not open for this task", "result", "period.closed"),
        (409, "Assignment is locked", "line_item", "period.closed"),
        (423, "", "line_item", "period.closed"),
        (400, "Name must be shorter than 30 characters", "line_item", "title.long"),
        (409, "Name must be unique", "line_item", "title.duplicate"),
        (409, "multiple matches for name and due date", "line_item", "title.duplicate"),
        (409, "Assignment already exists", "line_item", "title.duplicate"),
        (422, "title is blank", "line_item", "title.empty"),
        (422, "Total points must be a whole number", "line_item", "points.fraction"),
        (422, "resultValueMax must be greater than 0", "line_item", "points.none"),
        (409, "actual score grade scale id", "result", "score.not_numeric"),
        (422, "Score must be numeric", "result", "score.not_numeric"),
        (422, "unable to process score", "result", "score.range"),
        (422, "Score is above the maximum", "result", "score.range"),
        (409, "score entry point required", "result", "score.entry_point"),
        (422, "Exempt is not supported", "result", "score.exempt"),
        (409, "student id 7", "result", "student.not_in_class"),
        (422, "Student does not belong to this class", "result", "student.not_in_class"),
        (422, "Gradebook section not found", "line_item", "class.unlinked"),
        (403, "User does not teach section", "line_item", "class.not_teacher"),
        (412, "update is missing a record", "result", "item.lost"),
        (412, "", "result", "item.lost"),
        (400, "Invalid assignment id", "result", "item.lost"),
        (400, "gradebook number does not match", "result", "item.lost"),
        (400, "Assignment cannot be created", "line_item", "item.manual_twin"),
        (422, "Grade is frozen", "result", "grades_frozen"),
        (422, "User cannot be exchanged", "result", "privacy.email"),
        (422, "", "line_item", "sis.validation"),
        (400, "validation exception", "result", "sis.validation"),
        (409, "PUT for OneRoster error", "line_item", "sis.validation"),
    ],
)
def test_a_refusal_in_words(status: int, words: str, about: About, code: str) -> None:
    error = judged(complain(status, words), about=about)

    assert (error.kind, error.code, error.status) == ("permanent", code, status)
    assert words in error.excerpt


@pytest.mark.parametrize(
    ("reply", "about", "kind", "code"),
    [
        (complain(401), "reading", "sign_in_again", "auth.expired"),
        (complain(401), "line_item", "sign_in_again", "auth.expired"),
        (complain(403, "Forbidden"), "line_item", "permanent", "auth.scope"),
        (complain(403, "You exceeded your quota"), "result", "throttled", "rate"),
        (complain(429), "result", "throttled", "rate"),
        (complain(503, "", "server_busy"), "result", "throttled", "rate"),
        (complain(503), "result", "later", "sis.internal"),
        (complain(500), "result", "later", "sis.internal"),
        (Reply(502, "<html>Bad gateway</html>"), "result", "later", "sis.internal"),
        (Reply(504, ""), "result", "later", "timeout"),
        (Reply(408, ""), "reading", "later", "timeout"),
        (Reply(405, ""), "line_item", "permanent", "sis.route"),
        (Reply(501, ""), "line_item", "permanent", "sis.route"),
        (Reply(302, "", {"Location": "https://sso.example/"}), "reading", "permanent", "sis.route"),
        (PAGE, "reading", "later", "sis.route"),
        (Reply(200, "pardon?"), "reading", "later", "sis.internal"),
        # what is unknown at a 404: a thing, or the address
        (complain(404, "", "unknownobject"), "result", "permanent", "item.lost"),
        (complain(404, "Unknown student", "unknownobject"), "result", "permanent", "student.not_in_class"),
        (complain(404, "Unknown category", "unknownobject"), "line_item", "permanent", "category.unknown"),
        (complain(404, "Unknown class", "unknownobject"), "line_item", "permanent", "class.unlinked"),
        (complain(404, "", "unknownobject"), "reading", "permanent", "class.unlinked"),
        (Reply(404, ""), "result", "permanent", "item.lost"),
        (Reply(410, ""), "result", "permanent", "item.lost"),
        (Reply(404, "<html>404 Not Found</html>"), "result", "permanent", "sis.route"),
        (Reply(404, {"message": "no Route matched with those values"}), "reading", "permanent", "sis.route"),
        (Reply(404, {"Message": "No HTTP resource was found that matches"}), "result", "permanent", "sis.route"),
        (Reply(404, "Cannot PUT /ims/oneroster/v1p1/lineItems/9"), "line_item", "permanent", "sis.route"),
        # the truth inside
        (complain(400, "", "unauthorisedrequest"), "reading", "sign_in_again", "auth.expired"),
        (complain(400, "", "forbidden"), "line_item", "permanent", "auth.scope"),
        (complain(200, "", "server_busy"), "result", "throttled", "rate"),
        (complain(200, "Category not found"), "line_item", "permanent", "category.unknown"),
        (complain(500, "Category not found", "invaliddata"), "line_item", "permanent", "category.unknown"),
        (Reply(200, {"imsx_codeMajor": "unsupported"}), "line_item", "permanent", "sis.route"),
        # tokens
        (Reply(401, {"error": "invalid_client"}), "token", "sign_in_again", "auth.expired"),
        (Reply(400, {"error": "invalid_client"}), "token", "sign_in_again", "auth.expired"),
        (Reply(403, ""), "token", "sign_in_again", "auth.expired"),
        (Reply(400, {"error": "invalid_scope"}), "token", "permanent", "auth.scope"),
        (Reply(404, ""), "token", "permanent", "sis.route"),
        (Reply(405, ""), "token", "permanent", "sis.route"),
        (PAGE, "token", "later", "sis.route"),
        (Reply(200, {"token": 1}), "token", "later", "sis.internal"),
        (Reply(429, ""), "token", "throttled", "rate"),
        (Reply(500, ""), "token", "later", "sis.internal"),
    ],
)
def test_an_answer_and_what_to_do(reply: Reply, about: About, kind: str, code: str) -> None:
    error = judged(reply, about=about)

    assert (error.kind, error.code) == (kind, code)


@pytest.mark.parametrize(
    ("reply", "profile", "about", "root", "kind", "code"),
    [
        # Infinite Campus: the gradebook alone refuses a token that was just granted
        (complain(401), CAMPUS, "line_item", None, "sign_in_again", "auth.vendor"),
        (complain(401), CAMPUS, "reading", "gradebook", "sign_in_again", "auth.vendor"),
        (complain(401), CAMPUS, "reading", "rostering", "sign_in_again", "auth.expired"),
        (complain(401), CAMPUS, "token", None, "sign_in_again", "auth.expired"),
        # PowerSchool: 403 to whoever is too fast
        (complain(403), POWERSCHOOL, "result", None, "throttled", "rate"),
        (complain(403, "Insufficient scope"), POWERSCHOOL, "result", None, "permanent", "auth.scope"),
        (complain(403, "User does not teach section"), POWERSCHOOL, "result", None, "permanent", "class.not_teacher"),
        (complain(403), POWERSCHOOL, "token", None, "sign_in_again", "auth.expired"),
        (complain(403), GENERIC, "result", None, "permanent", "auth.scope"),
    ],
)
def test_the_oddities_of_vendors(
    reply: Reply, profile: Profile, about: About, root: Root | None, kind: str, code: str
) -> None:
    error = judged(reply, profile, about, root)

    assert (error.kind, error.code) == (kind, code)


@pytest.mark.parametrize(
    "body",
    [
        {"imsx_StatusInfo": {"imsx_codeMajor": "failure", "imsx_description": "Category not found"}},
        {"IMSX_CODEMAJOR": "Failure", "IMSX_DESCRIPTION": "CATEGORY NOT FOUND"},
        {"imsx_statusInfo": {"imsx_CodeMajor": "failure", "imsx_Description": "Category not found"}},
        {"errors": [{"message": "Category not found"}, {"code": 7}]},
        {"errors": ["Category not found"]},
        {"error": {"detail": "Category not found"}},
        "Category not found",
        ["Category not found"],
        "<html><head><style>.name{}</style></head><body><h1>Category</h1> <p>not found</p></body></html>",
    ],
)
def test_complaints_come_in_any_form(body: Any) -> None:
    assert judged(Reply(400, body)).code == "category.unknown"


def test_an_unknown_object_is_known_in_any_envelope() -> None:
    field = {"imsx_codeMinorFieldName": "x", "imsx_codeMinorFieldValue": "UnknownObject"}
    body = {"imsx_StatusInfo": {"imsx_CodeMinor": {"imsx_codeMinorField": [field]}}}

    assert judged(Reply(422, body), about="result").code == "item.lost"


def test_a_list_that_has_no_id_in_its_address_is_not_an_unknown_object() -> None:
    assert judged(Reply(404, ""), about="reading", names_object=False).code == "sis.route"


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("status", "told", "retry_at"),
    [
        (429, "120", NOON + timedelta(minutes=2)),
        (503, "Fri, 20 Nov 2026 12:05:00 GMT", NOON + timedelta(minutes=5)),
        (429, "Fri, 20 Nov 2026 11:00:00 GMT", NOON),
        (429, "99999999999", NOON + timedelta(days=1)),
        (429, "soon", None),
        (429, "", None),
        (422, "120", None),
    ],
)
def test_when_to_try_again_is_told_in_both_forms(status: int, told: str, retry_at: datetime | None) -> None:
    assert judged(Reply(status, "", {"Retry-After": told})).retry_at == retry_at


def test_the_excerpt_is_cut_and_has_no_secret() -> None:
    secrets = ["s3cret/+&=", "dmVuZG9y", 'quo"ted']
    body = (
        'id s3cret/+&= and s3cret%2F%2B%26%3D or s3cret/%2B%26%3D, s3cret/+&amp;=; quo\\"ted dmVuZG9y '
        'Bearer abc.def-ghi "access_token": "tok-9" eyJhbGciOi.eyJzdWIi.c2ln \x00\x1b[0m end ' + "x" * 5000
    )
    excerpt = judged(Reply(422, body), secrets=secrets).excerpt

    assert len(excerpt) == 2000
    assert "end xxx" in excerpt
    for hidden in ("s3cret", "dmVuZG9y", "abc.def", "tok-9", "eyJ", "ted", "\x00", "\x1b"):
        assert hidden not in excerpt


@pytest.mark.parametrize(
    ("reason", "kind", "code"),
    [
        ("timeout", "later", "timeout"),
        ("connect", "later", "sis.internal"),
        ("tls", "later", "sis.internal"),
        ("reset", "later", "sis.internal"),
        ("too_large", "later", "sis.internal"),
        ("refused_address", "permanent", "sis.route"),
        ("refused_scheme", "permanent", "sis.route"),
    ],
)
def test_no_answer_means_something_too(reason: Any, kind: str, code: str) -> None:
    error = explain_outbound(OutboundError(reason))

    assert (error.kind, error.code, error.status) == (kind, code, None)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null", b"7", b'{"a": NaN}', b"9" * 9000])
@pytest.mark.parametrize("status", [200, 400, 404, 500])
def test_nonsense_is_an_error_like_any_other(status: int, body: bytes) -> None:
    assert judged(Reply(status, body)).code in ("sis.internal", "sis.validation", "item.lost")
