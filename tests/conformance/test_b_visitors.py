"""Checklist B, rows 20 and 21: every route × every visitor, and every id that is somebody else's.

The rule of a route stands beside it (`opens(…, to=…)`, `opens_to_operators`): the stories are made of the app's own
routes and of nothing else, so a new route is in them at once, and one without a rule fails.
"""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.cast import ADA, BEN
from tests.conformance.premises import Premises, unlike, without_marks
from tests.desk import TOOL, Desk
from tests.guests import Guest
from tests.rows import make_assignment
from tool.access import ANYONE, MONITOR, OPERATOR, TABLE
from tool.db import Database

ROOT = Path(__file__).resolve().parents[2]
IDS = {"placement_id", "member_id", "submission_id", "run_id", "assignment_id", "section_id"}
NEVER_AN_ID = 10**30
# What any of the teacher's forms may ask for.
A_FULL_FORM = {
    "score": "5",
    "reason": "because",
    "do": "set",
    "to": "complete",
    "excused": "1",
    "word": "complete",
    "points-half": "1",
}
VISITORS = [
    "nobody",
    "learner",
    "teacher",
    "other",
    "another course's learner",
    "another course's teacher",
    "another customer's teacher",
    "operator",
]


def test_b20_every_route_stands_in_the_table(premises: Premises) -> None:
    assert {rule.endpoint for rule, _ in premises.routes} == set(TABLE)


@pytest.mark.parametrize("visitor", VISITORS)
def test_b20_each_visitor_is_met_as_the_table_says(premises: Premises, visitor: str) -> None:
    """With ids that are there, in the paths of the launch they belong to; the own launch's for who has one of it."""
    guest = premises.guests[visitor]
    before, wrong = premises.everything(), []
    for rule, method in premises.routes:
        if (visitor, rule.endpoint) == ("operator", "admin.sign_out"):
            continue  # the only one that is good once: see the stories of signing in
        opens_to = TABLE[rule.endpoint]
        is_open = opens_to == ANYONE or visitor in opens_to
        host = premises.ben if "learner" in opens_to and visitor != "teacher" else premises.ada
        own = guest.launch_id if visitor in ("learner", "teacher", "other") else host.launch_id
        status = guest.visit(rule, method, premises.ids | {"launch_id": own})
        expected = refusal(opens_to, visitor)
        # The pages of an invitation are its holder's: their forms want their own mark.
        is_welcome = status < 500 and (status not in (401, 403) or "secret" in rule.arguments)
        if not (is_welcome if is_open else status == expected):
            wrong.append(f"{method} {rule.endpoint}: {status}")

    assert wrong == []
    if visitor not in ("teacher", "learner", "operator"):
        assert unlike(before, premises.everything()) == {}, "whoever may do nothing has done nothing"


def refusal(opens_to: frozenset[str], visitor: str) -> int:
    """How those are turned away for whom a page is not: an operator's page leads to its door, numbers are not there."""
    if opens_to in (OPERATOR, MONITOR):
        return 303 if opens_to == OPERATOR else 404
    return 403 if visitor in ("learner", "teacher", "other") else 401


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_b20_no_route_knows_another_method(premises: Premises, method: str) -> None:
    asked = [(rule, premises.ada.ask(rule, method, premises.ids | {"launch_id": "x"})) for rule, _ in premises.routes]

    assert {rule.endpoint: answer.status_code for rule, answer in asked if answer.status_code != 405} == {}


@pytest.mark.parametrize("who", ["learner", "teacher"])
@pytest.mark.parametrize("link", ["the course itself", "a link without an assignment"])
def test_b20_a_launch_without_an_assignment_breaks_nothing(premises: Premises, who: str, link: str) -> None:
    changes: dict[str, Any] = {"custom": None, "resource_link": {"id": f"new-{who}"}}
    if link == "the course itself":
        changes = {"resource_link": {"id": BEN.course}}
    guest = Guest(premises.desk, ADA if who == "teacher" else BEN, **changes)
    broken = []
    for rule, method in premises.pages_of_launches:
        if who in TABLE[rule.endpoint]:
            status = guest.visit(rule, method, premises.ids | {"launch_id": guest.launch_id})
            if status >= 500:
                broken.append(f"{method} {rule.endpoint}: {status}")

    assert broken == []


@pytest.mark.parametrize("visitor", ["another course's teacher", "another customer's teacher"])
def test_b21_a_teachers_own_launch_opens_nothing_of_another_course(premises: Premises, visitor: str) -> None:
    """The ids in a path are anybody's to type."""
    eve = premises.guests[visitor]
    before, wrong = premises.everything(), []
    for rule, method in premises.pages_of_launches:
        if rule.arguments & IDS and "teacher" in TABLE[rule.endpoint]:
            status = eve.visit(rule, method, premises.ids | {"launch_id": eve.launch_id}, **A_FULL_FORM)
            if status not in (400, 404):
                wrong.append(f"{method} {rule.endpoint}: {status}")

    assert wrong == []
    assert premises.everything() == before


# Every name under which a query or a form brings an id: who uses it, where, and what goes with it.
ANSWERS = {"half": "0.5", "quarter": "0.25", "Submit": "confirmed"}
ID_FIELDS: list[tuple[str, str, str, str, str, dict[str, str]]] = [
    ("teacher", "GET", "passback.history", "run", "run_id", {}),
    ("teacher", "GET", "passback.grades", "open", "member_id", {}),
    ("teacher", "GET", "passback.progress", "open", "member_id", {}),
    ("teacher", "POST", "passback.show_preview", "student", "member_id", {"kind": "send_again"}),
    ("teacher", "POST", "passback.send", "student", "member_id", {"kind": "send_again"}),
    ("teacher", "GET", "grading.question", "after", "submission_id", {}),
    ("teacher", "POST", "grading.save_question", "submission", "submission_id", {"points-half": "5"}),
    ("teacher", "POST", "grading.save_question", "after", "submission_id", {"submission": "0"}),
    ("teacher", "GET", "library.choose", "assignment", "assignment_id", {}),
    ("teacher", "POST", "library.choose_these", "assignment", "assignment_id", {"do": "choose"}),
    ("teacher", "POST", "library.bind", "assignment", "assignment_id", {}),
    ("teacher", "POST", "library.bind", "seen", "assignment_id", {"assignment": "no-such"}),
    ("teacher", "POST", "settings.save", "revision", "assignment_id", {}),
    ("teacher", "POST", "settings.save_key", "revision", "assignment_id", {"Save": "confirmed"}),
    ("teacher", "POST", "library.work_on_new", "id", "assignment_id", {"do": "save"}),
    ("teacher", "GET", "sis.sync", "section", "section_id", {}),
    ("teacher", "GET", "sis.progress", "section", "section_id", {}),
    ("teacher", "GET", "sis.history", "run", "sis_run_id", {}),
    ("teacher", "POST", "sis.start", "item", "placement_id", {"kind": "selected"}),
    ("learner", "POST", "assessment.save", "revision", "submission_id", ANSWERS),
    ("learner", "POST", "assessment.save", "revision", "submission_of_another_assignment", ANSWERS),
    ("learner", "POST", "assessment.hand_in", "revision", "submission_id", ANSWERS),
    ("learner", "POST", "assessment.hand_in_change", "revision", "submission_id", ANSWERS | {"Submit": "change"}),
]
WRITTEN = {"revision": "0.{}.abc"}
MISSING: dict[str, Any] = {
    "placement_id": 2_000_001,
    "member_id": 2_000_001,
    "submission_id": 2_000_001,
    "submission_of_another_assignment": 2_000_001,
    "run_id": 2_000_001,
    "connection_id": 2_000_001,
    "section_id": 2_000_001,
    "sis_run_id": 2_000_001,
    "assignment_id": "a-00000000000000000000",
    "question_id": "not-a-question",
    "subject": "nobody",
}
NOTHINGS = {"platform_id": 2_000_001, "preset_key": "no-such", "connection_id": 2_000_001, "vendor": "no-such"}
OWNERS = ["of_eves_course", "of_another_customer"]


def seen(page: str, typed: str) -> str:
    """A page without its marks, without the reference of a refusal, and without the id as it was typed."""
    return re.sub(r"\b[0-9a-f]{8}\b", "", without_marks(page)).replace(typed, "")


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("case", ID_FIELDS, ids=lambda case: f"{case[2]} {case[3]} {case[4]}")
def test_b21_a_foreign_id_in_a_form_is_a_missing_one(
    premises: Premises, owner: str, case: tuple[str, str, str, str, str, dict[str, str]]
) -> None:
    visitor, method, endpoint, name, kind, beside = case
    rule = next(one for one, its in premises.routes if one.endpoint == endpoint and its == method)
    guest, before = premises.guest_for(visitor, rule), premises.everything()

    def ask(value: object) -> tuple[int, str, str]:
        written = WRITTEN.get(name, "{}").format(value)
        query = f"?{name}={written}" if method == "GET" else ""
        form = beside | {name: written, "csrf": guest.csrf}
        answer = guest.ask(rule, method, premises.ids | {"launch_id": guest.launch_id}, form, query)
        typed = f"{name}={value}"
        return answer.status_code, seen(answer.headers.get("Location", ""), typed), seen(answer.text, typed)

    foreign, missing = ask(getattr(premises, owner)[kind]), ask(MISSING[kind])

    assert foreign == missing
    assert foreign[0] < 500
    # Before anything is sent, what the LMS holds is asked for anew: the teacher's own link's, whoever was ticked.
    assert set(unlike(before, premises.everything())) <= ({"errands"} if "preview" in endpoint else set())


@pytest.mark.parametrize("owner", OWNERS)
def test_b21_a_foreign_id_in_a_path_is_a_missing_one(premises: Premises, owner: str) -> None:
    """The same refusal, word for word."""
    before, wrong = premises.everything(), []
    for rule, method in premises.pages_of_launches:
        theirs = getattr(premises, owner)
        for name in sorted(one for one in rule.arguments & set(theirs) if theirs[one] != premises.ids[one]):
            guest = premises.guest_for("teacher", rule)
            told = []
            for value in (theirs[name], MISSING[name]):
                form = A_FULL_FORM | {"csrf": guest.csrf}
                values = premises.ids | {"launch_id": guest.launch_id, name: value}
                answer = guest.ask(rule, method, values, form)
                told.append((answer.status_code, seen(answer.text, f"/{value}")))
            is_refused = told[0][0] == 404 or rule.endpoint == "grading.review"
            if told[0] != told[1] or not is_refused:
                wrong.append((method, rule.endpoint, name, told[0][0], told[1][0]))

    assert wrong == []
    assert unlike(before, premises.everything()) == {}


def test_b21_a_launch_of_somebody_else_is_as_good_as_none(premises: Premises) -> None:
    for rule, method in premises.pages_of_launches:
        told = []
        for launch_id in (premises.ben.launch_id, "nobodys"):
            answer = premises.cleo.ask(rule, method, premises.ids | {"launch_id": launch_id}, {"csrf": "x"})
            told.append((answer.status_code, seen(answer.text, f"/{launch_id}")))
        assert told[0] == told[1], rule.endpoint
        assert told[0][0] == 401


def test_b21_an_operator_s_ids_that_are_not_there(premises: Premises) -> None:
    grace, before = premises.guests["operator"], premises.everything()
    fields = {"one": "2000001", "chosen": "2000001", "platform": "2000001", "deployment_id": "no", "joins": "2000001"}
    for rule, method in premises.routes:
        if TABLE[rule.endpoint] == OPERATOR and rule.endpoint != "admin.sign_out":
            form = fields | {"csrf": grace.csrf, "do": "join"}
            values = premises.ids | NOTHINGS
            answer = grace.ask(rule, method, values, form, "?platform=2000001&deployment_id=no&kind=no&page=2000001")
            if rule.arguments:
                assert answer.status_code == 404, rule.endpoint
            assert answer.status_code < 500

    changed = unlike(before, premises.everything())
    # On a slow machine the story lasts longer than a session goes without being written down as seen.
    assert changed in ({}, {"operator_sessions": {"seen_at"}})


# What else a page reads of its query or form: words, choices, texts, marks, and ids that other stories ask for.
NO_IDS = {
    *("above", "approves", "archived", "checked", "client_id", "closed", "confirmed", "csrf", "days", "dir", "do"),
    *("done", "email", "ended", "excused", "family", "find", "host", "is_chosen", "kind", "mode", "name", "named"),
    *("note", "offer", "openid_configuration", "out", "page", "panel", "password", "q", "reason", "registration_token"),
    *("retried", "rule", "said", "save", "score", "search", "shape", "sort", "state", "status", "submit", "to", "word"),
    *("all", "error", "error_description", "id_token"),
    # The version of a static file.
    "v",
    # Sealed by us, for this launch alone: see the stories of the picker and of importing.
    *("choice", "found", "waiting"),
    # Of the school's records: words, and ids of the SIS that are looked for among those of the section alone.
    *("category", "class", "column", "disable", "keep", "nightly", "road", "sis_category", "sis_student", "sure"),
    *("for_sis", "syncs", "undo"),
    # An operator's, of the whole installation.
    *("customer", "teacher_email", "chosen", "deployment_id", "joins", "one", "platform", "reason"),
}
READ = re.compile(r"request\.(?:args|form|values|files)(?:\.get(?:list)?\(|\[)\s*\"([\w-]+)\"")


def test_b21_no_field_is_read_that_these_stories_do_not_know() -> None:
    """A new one is looked at: an id goes into `ID_FIELDS`, anything else into `NO_IDS`."""
    sources = [path.read_text() for path in ROOT.glob("tool/**/*.py") if not {"demo_lms", "demo_sis"} & set(path.parts)]
    read = {name.lower() for source in sources for name in READ.findall(source)}

    assert read - NO_IDS - {case[3] for case in ID_FIELDS} == {"file"}


def test_b21_numbers_beyond_every_id_are_not_found(database: Database, tmp_path: Path) -> None:
    """PostgreSQL's integers end, and so do SQLite's: that is no trouble with the database."""
    make_assignment(database)
    desk = Desk(database, tmp_path)
    ada = Guest(desk, ADA)
    wrong = []
    for rule in desk.app.url_map.iter_rules():
        if rule.arguments & IDS:
            parts = rule.rule.replace("<launch_id>", ada.launch_id).split("/")
            path = "/".join(str(NEVER_AN_ID) if part.startswith("<int") else part for part in parts)
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                form = A_FULL_FORM | {"csrf": ada.csrf}
                status = ada.browser.open(path, method=method, data=form, base_url=TOOL).status_code
                if not 400 <= status < 500:
                    wrong.append(f"{method} {rule.endpoint}: {status}")
    desk.outbound.close()

    assert wrong == []


@pytest.mark.parametrize("odd", [str(NEVER_AN_ID), "-1", "²", "9" * 5000, "1e9", "\0", "1;--", "' OR 1=1 --"])
def test_b21_what_is_no_number_at_all_breaks_no_form(database: Database, tmp_path: Path, odd: str) -> None:
    make_assignment(database)
    desk = Desk(database, tmp_path)
    guests = {"teacher": Guest(desk, ADA), "learner": Guest(desk, BEN)}
    rules = {rule.endpoint: rule for rule in desk.app.url_map.iter_rules()}
    broken = []
    for visitor, method, endpoint, name, _, beside in ID_FIELDS:
        guest = guests[visitor]
        told: dict[str, Any] = {"query_string": {name: odd}} if method == "GET" else {}
        values = {"launch_id": guest.launch_id, "question_id": "half", "section_id": 1}
        answer = guest.ask(rules[endpoint], method, values, beside | {name: odd, "csrf": guest.csrf}, **told)
        if answer.status_code >= 500:
            broken.append(f"{endpoint} {name}")
    desk.outbound.close()

    assert broken == []
