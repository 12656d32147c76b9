"""Checklist B, rows 9 and 29: whatever stands in a claim, a title, an answer or an LMS's own words is text, everywhere:
on every page, in the files, the mails, the headers and the log."""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from tests.cast import BEN, Someone
from tests.conformance.premises import CHOOSING, Premises
from tests.conformance.reading import Reader
from tests.desk import TOOL, Desk, launch_id
from tests.rows import assignment_text, count_rows, ended
from tool.assessment.questions import read_assignment_file, write_assignment_file
from tool.lti.vocabulary import SUBMISSION_REVIEW_REQUEST
from tool.model.passbacks import Attempt, Passback
from tool.model.people import Course, Person
from tool.model.platforms import Platform
from tool.model.work import Assignment, Launch, Placement, Submission
from tool.passback.digest import read_digest, write_digest
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.settling import settle

MARKUP = (
    "\"'><img src=x onerror=evil(9)><script>evil(9)</script><svg/onload=evil(9)></textarea></title></script>"
    "<a href=\"javascript:evil(9)\" style='x'>x</a><!--<iframe src=//evil.example>]]><base href=//evil.example/>"
)
TEMPLATE = (
    "{{ 7 * 191 }} {% set x = 1 %} ${7*191} #{7*191} <%= 7*191 %> %(score)s %s {0} {self} "
    "[link](javascript:evil(9)) ![p](//evil.example/p)"
)
DATABASE = "Robert'); DROP TABLE persons;-- \" OR ''='' /* ../../../etc/passwd ..\\..\\ %00 $(id) `id` |id ;id"
LINES = "first\r\nX-Evil: 1\r\nSet-Cookie: evil=1\r\n\r\n<script>evil(9)</script>\u2028second\x1b[31m\x07\u202efdp.exe"
POISONS = {"markup": MARKUP, "templates": TEMPLATE, "database and shell": DATABASE, "lines": LINES}
DRAWN = re.compile(r"(?:(?<=[/=])|(?<=launch-)|(?<=login-))[\w-]{20,}(?=[./;?=]|$)")
WALKERS = ["nobody", "learner", "teacher", "operator"]

# Every column that holds what somebody outside wrote, and is shown anywhere.
WRITTEN_OUTSIDE: dict[Any, tuple[str, ...]] = {
    Person: ("name", "given_name", "family_name", "sourced_id"),
    Course: ("title", "label"),
    Placement: ("title",),
    Platform: ("name",),
    Passback: ("override_reason",),
    Attempt: ("answer", "line_item_url"),
}
MOST_CHARACTERS = {"name": 200, "override_reason": 200, "answer": 500}


def on_a_line(text: str) -> str:
    """What an assignment takes: its titles are short, and everything in it is printable."""
    return "".join(one if one.isprintable() else " " for one in text)[:190]


def questions_of(text: str) -> list[dict[str, Any]]:
    choices = [{"id": "a", "text": text, "correct": True}, {"id": "b", "text": f"{text} too", "correct": False}]
    rubric = [{"id": "r", "title": text, "points": 1}]
    return [
        {"id": "half", "type": "numeric", "prompt": text, "points": 5, "answer": "0.5", "tolerance": "0"},
        {"id": "one", "type": "single_choice", "prompt": text, "points": 1, "choices": choices},
        {"id": "some", "type": "multiple_choice", "prompt": text, "points": 1, "choices": choices},
        {"id": "word", "type": "short_text", "prompt": text, "points": 1, "accept": ["yes"]},
        {"id": "essay", "type": "essay", "prompt": text, "points": 1, "rubric": rubric},
    ]


class Poisoned:
    """The premises after somebody wrote that wherever something can be written."""

    def __init__(self, premises: Premises, text: str) -> None:
        self.premises, database, self.text = premises, premises.desk.database, text
        mine = premises.ids
        reason = {"do": "set", "score": "3", "reason": text.replace("\r\n", " ")[:180], "csrf": premises.ada.csrf}
        path = f"/l/{premises.ada.launch_id}/grades/{mine['member_id']}/override"
        premises.ada.browser.post(path, data=reason, base_url=TOOL)
        settle(database, [self._refused(one) for one in claim(database, 1, holder="story", limit=50)])
        with database.writing() as connection:
            for table, columns in WRITTEN_OUTSIDE.items():
                values = {name: text[: MOST_CHARACTERS.get(name, 2000)] for name in columns}
                connection.execute(update(table).values(values))
            line = on_a_line(text)
            content = {"title": line, "instructions": line, "questions": questions_of(line)}
            connection.execute(update(Assignment).values(content))
            answers: dict[str, object] = {"half": text, "word": text, "essay": text, "one": text, "some": [text]}
            connection.execute(update(Submission).values(answers=answers))
            connection.execute(update(Launch).values(locale=text[:35]))
        premises.desk.parts.platforms.forget()

    def _refused(self, claimed: Any) -> Any:
        told = {"state_after": "due", "reason": "column_refused", "status": 400, "needs_person": True}
        return ended(claimed, "needs_person", answer=self.text[:500], **told)


@pytest.fixture(scope="module", params=list(POISONS.values()), ids=list(POISONS))
def poisoned(request: pytest.FixtureRequest, make_premises: Any) -> Iterator[Poisoned]:
    with make_premises() as premises:
        yield Poisoned(premises, request.param)


def told_headers(answer: TestResponse) -> list[tuple[str, str]]:
    """Without the ids and secrets that were drawn, which may have any word in them by chance."""
    return [(name, DRAWN.sub("…", value)) for name, value in answer.headers]


def flaws(answer: TestResponse) -> list[str]:
    """What of it came to life."""
    # A file is named by its title, in plain letters: see the story of files.
    told = [(name, value) for name, value in told_headers(answer) if name != "Content-Disposition"]
    found = [f"header {name}" for name, value in told if "evil" in f"{name}{value}".lower()]
    if answer.mimetype != "text/html":
        return found
    read = Reader(answer.text)
    found += [f"inline {one}" for one in read.inline]
    found += [f"asks {one}" for one in read.asked if "evil" in one or "javascript" in one]
    links = re.findall(r'<a\s[^>]*href="([^"]*)"', answer.text)
    found += [f"link {one}" for one in links if one and not re.match(r"(/(?!/)|\?|#|https://lms\.example/)", one)]
    return found + (["a template ran"] if re.search(r"(?<![\w-])1337(?![\w-])", answer.text) else [])


@pytest.mark.parametrize("visitor", WALKERS)
def test_b9_on_every_page_it_is_text(poisoned: Poisoned, visitor: str) -> None:
    wrong, shown = {}, 0
    for name, _, answer in poisoned.premises.pages(visitor):
        assert answer.status_code < 500, (name, answer.status_code)
        shown += answer.status_code == 200
        if found := flaws(answer):
            wrong[name] = found

    assert wrong == {}
    assert shown >= 2


SHOWN_ON = {
    "teacher": [
        *("passback.grades", "passback.history", "passback.rollover", "passback.course", "passback.overview"),
        *("library.shelf", "library.edit", "library.look", "library.choose", "library.unbound", "grading.queue"),
    ],
    "learner": ["assessment.result"],
    "operator": ["admin.all_platforms", "admin.needs_person"],
}


def test_b9_it_really_is_on_the_pages(poisoned: Poisoned) -> None:
    """Else the story above would prove nothing: the roster, the shelf, the student's work, the operator's list."""
    premises = poisoned.premises
    marker = {MARKUP: "evil(9)", TEMPLATE: "7*191", DATABASE: "DROP TABLE", LINES: "X-Evil"}[poisoned.text]
    for visitor, pages in SHOWN_ON.items():
        told: dict[str, str] = {}
        for _, rule, answer in premises.pages(visitor):
            told.setdefault(rule.endpoint, answer.text)
        for page in pages:
            assert marker in told[page].replace("&#39;", "'").replace("&amp;", "&"), page


def test_b9_the_forms_that_show_it_again_are_text_too(poisoned: Poisoned) -> None:
    """What was typed comes back with the refusal: editor, preview, search, key, settings, grading, the picker."""
    premises, text = poisoned.premises, poisoned.text
    everything = {"title": text, "instructions": text, "search": text, "find": text, "score": text, "reason": text}
    everything |= {"points-half": text, "comment-half": text, "assignment": text, "closes_at": text, "q": text}
    everything |= {"q1-prompt": text, "order": text, "question": text, "prompt": text, "id": text, "do": "preview"}
    wrong = {}
    for rule, method in premises.routes:
        if method == "POST" and "launch_id" in rule.arguments:
            for visitor in ("teacher", "learner"):
                guest = premises.guest_for(visitor, rule)
                form = everything | {"csrf": guest.csrf}
                answer = guest.ask(rule, "POST", premises.ids | {"launch_id": guest.launch_id}, form)
                assert answer.status_code < 500, rule.endpoint
                if found := flaws(answer):
                    wrong[rule.endpoint] = found

    assert wrong == {}


ODD = ["'; DELETE FROM launches; -- %_\\", "../../etc/passwd", "a" * 5000]


@pytest.mark.parametrize("odd", [*POISONS.values(), *ODD], ids=[*POISONS, "SQL", "a path", "length"])
def test_b29_what_is_looked_for_is_only_looked_for(premises: Premises, odd: str) -> None:
    """Searches, filters, orders and ids of the address, with SQL, markup, paths and wildcards in them."""
    names = [
        "find",
        "q",
        "status",
        "sort",
        "dir",
        "run",
        "open",
        "shape",
        "named",
        "done",
        "after",
        "assignment",
        "page",
    ]
    for visitor in ("teacher", "learner", "operator"):
        for rule, method in premises.routes:
            if method == "GET" and premises.is_open_to(visitor, rule):
                guest = premises.guest_for(visitor, rule)
                values = premises.ids | {"launch_id": guest.launch_id}
                answer = guest.ask(rule, "GET", values, query_string=dict.fromkeys(names, odd))
                assert answer.status_code < 500, rule.endpoint
                assert flaws(answer) == [], rule.endpoint
    assert len(premises.everything()["launches"]) > 8


@pytest.mark.parametrize(
    "path", ["../../config.json", "..%2f..%2fconfig.json", "%2e%2e/app.py", "/etc/passwd", "..\\x", "%00"]
)
def test_b29_no_path_leads_out_of_the_static_files(counter: Desk, path: str) -> None:
    answer = counter.browser().get(f"/static/{path}", base_url=TOOL, follow_redirects=True)

    assert answer.status_code == 404


def test_b29_files_go_under_a_plain_name(poisoned: Poisoned) -> None:
    told = {rule.endpoint: answer for _, rule, answer in poisoned.premises.pages("teacher")}

    for endpoint in ("library.export", "passback.scores_csv"):
        name = told[endpoint].headers["Content-Disposition"]
        assert re.fullmatch(r"attachment; filename=\"?[\w.-]+\"?(; filename\*=UTF-8''[\w.%-]+)?", name), name
        assert told[endpoint].mimetype in ("application/json", "text/csv")


FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("//evil")',
]
FORMULAS += ["＝1+1", "＋1", "－1", "＠x", '"=1+1', ",=1+1", "a\n=1+1"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_b9_no_cell_of_a_file_begins_a_formula(premises: Premises, formula: str) -> None:
    """Names, ids, reasons, the title, the LMS's own name; in both shapes."""
    with premises.desk.database.writing() as connection:
        for table, columns in WRITTEN_OUTSIDE.items():
            connection.execute(update(table).values(dict.fromkeys(columns, formula)))
        connection.execute(update(Assignment).values(title=formula))
    for query in ("", "?shape=canvas"):
        path = f"/l/{premises.ada.launch_id}/grades.csv{query}"
        text = premises.ada.browser.get(path, base_url=TOOL).data.decode()
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert {len(row) for row in rows} == {len(rows[0])}, "nothing breaks out of its cell"
        assert any(formula in cell for row in rows for cell in row)
        for cell in (cell for row in rows for cell in row):
            assert cell[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"}, cell


def test_b9_a_mail_is_plain_text_under_one_subject(poisoned: Poisoned) -> None:
    with poisoned.premises.desk.database.reading() as connection:
        subject, text = write_digest(read_digest(connection, 1))

    assert len(subject.splitlines()) == 1
    assert subject.startswith("Grades that need you: ")
    assert not [line for line in text.splitlines() if line.startswith(("X-Evil", "Set-Cookie"))]


def test_b29_the_log_has_one_line_for_one_thing(poisoned: Poisoned, capfd: pytest.CaptureFixture[str]) -> None:
    """And nothing of what was written: neither a name, nor a title, nor an answer."""
    for visitor in ("teacher", "learner", "operator"):
        for _ in poisoned.premises.pages(visitor):
            pass
    told = "".join(capfd.readouterr())

    for word in ("evil", "X-Evil", "DROP TABLE", "7*191", "\x1b[31m\x07"):
        assert word not in told


# Where a launch carries a text, and one into each of them.
CLAIMS: dict[str, Any] = {
    "name": lambda text: {"name": text, "given_name": text, "family_name": text},
    "e-mail": lambda text: {"email": text, "locale": text},
    "course": lambda text: {"context": {"id": BEN.course, "title": text, "label": text, "type": [text]}},
    "link": lambda text: {"resource_link": {"id": "link-1", "title": text, "description": text}},
    "ids": lambda text: {"context": {"id": text[:255]}, "resource_link": {"id": f"l{text}"[:255]}, "sub": text[:255]},
    "custom values": lambda text: {"custom": {"assignment": "fractions", "x": text, text: text, "due": text}},
    "the assignment": lambda text: {"custom": {"assignment": text}},
    "roles": lambda text: {"roles": [text, "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"]},
    "the platform": lambda text: {"tool_platform": dict.fromkeys(("name", "guid", "url", "product_family_code"), text)},
    "presentation": lambda text: {"launch_presentation": {"return_url": text, "locale": text, "document_target": text}},
    "SIS ids": lambda text: {"lis": {"person_sourcedid": text, "course_section_sourcedid": text}},
    "services": lambda text: {"ags": {"lineitem": text, "lineitems": text, "scope": [text]}, "nrps": {"x": text}},
    "a vendor's claim": lambda text: {f"https://evil.example/{text}": {text: [text]}},
    "a choice": lambda text: (
        CHOOSING | {"deep_linking": CHOOSING["deep_linking"] | {"title": text, "text": text, "data": text}}
    ),
    "a review": lambda text: {"message_type": SUBMISSION_REVIEW_REQUEST, "for_user": {"user_id": text, "name": text}},
}


@pytest.mark.parametrize("text", POISONS.values(), ids=POISONS)
@pytest.mark.parametrize("claims", CLAIMS.values(), ids=CLAIMS)
def test_b9_and_b29_in_a_claim_of_a_launch(counter: Desk, claims: Any, text: str, someone: Someone) -> None:
    """It comes in or is refused; either way it is text on the page, and no table is gone."""
    browser = counter.browser()
    before = count_rows(counter.database)
    launched = counter.launch(browser, someone, **claims(text))
    pages = [launched]
    assert launched.status_code in (303, 400), launched.status_code
    if launched.status_code == 303:
        assert re.fullmatch(r"/l/[\w-]+/[\w/.%?=&~;,:@!$'()*+-]+", launched.location), launched.location
        pages += [browser.get(launched.location, base_url=TOOL)]
        opened = launch_id(launched)
        for place in ("grades", "overview", "work", "course", "library", "course/rollover", "unbound", "choose"):
            pages.append(browser.get(f"/l/{opened}/{place}", base_url=TOOL))

    for page in pages:
        assert page.status_code < 500
        headers = {name: value for name, value in told_headers(page) if name != "Location"}
        assert "evil" not in str(headers).lower()
        assert [one for one in flaws(page) if "header Location" not in one] == []
    assert count_rows(counter.database).keys() == before.keys(), "every table is there"


@pytest.mark.parametrize("text", POISONS.values(), ids=POISONS)
def test_b9_what_an_lms_says_instead_of_a_launch(counter: Desk, text: str) -> None:
    """The error response of the authentication, and the words of a login that does not fit."""
    begun = counter.login(counter.browser())
    state = re.search(r"state=([^&]+)", begun.location)
    assert state
    for form in (
        {"error": text, "error_description": text, "state": state[1]},
        {"error": text},
        {"id_token": text, "state": text},
    ):
        page = counter.post(counter.browser(), form)
        assert page.status_code == 400
        assert flaws(page) == []
    for name in ("iss", "client_id", "login_hint", "target_link_uri", "lti_message_hint", "lti_deployment_id"):
        page = counter.login(counter.browser(), None, **{name: text})
        assert page.status_code in (302, 400)
        location = page.headers.pop("Location", "")
        assert "\n" not in location
        assert location.startswith("https://lms.example/auth?") or not location
        assert flaws(page) == []


def test_b9_a_file_takes_such_words_and_gives_them_back(counter: Desk) -> None:
    """They are a teacher's: nothing is cut out of them on the way."""
    line = on_a_line(MARKUP)
    text = assignment_text(questions=questions_of(line), title=line, instructions=MARKUP)

    file = json.loads(write_assignment_file(read_assignment_file(text)))

    assert (file["title"], file["instructions"]) == (line, MARKUP)
    assert [one["prompt"] for one in file["questions"]] == [line] * 5
