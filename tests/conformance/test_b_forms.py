"""Checklist B, rows 7, 13, 22 and 23: what a browser sends of its own accord, or somebody made up, has no effect."""

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import ADA, BEN
from tests.conformance.premises import Premises, unlike
from tests.desk import TOOL, Desk, hidden
from tests.guests import Guest
from tests.rows import make_assignment, open_copy
from tool.access import ANYONE, TABLE
from tool.model.passbacks import Passback
from tool.model.work import Grade, Submission
from tool.registration.keys import ensure_signing_key

STRANGER = "https://evil.example"
CROSS_SITE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
# Where another site's form is the very purpose: the LMS is that site. What counts there is signed.
OF_THE_LMS = {"launch.login", "launch.launch"}
REFUSED = {"admin.try_to_sign_in": {400}, "signing_up.register": {400}}


def bodies(right: str) -> dict[str, dict[str, Any]]:
    """How somebody else's page can have a form sent: name → what is sent."""
    form = {"csrf": right, "do": "set", "score": "5"}
    text = "&".join(f"{name}={value}" for name, value in form.items())
    return {
        "no mark, no Origin": {"data": {"do": "set"}},
        "empty mark": {"data": {"csrf": ""}},
        "made-up mark": {"data": {"csrf": "0" * 64}},
        "the right mark, another Origin": {"data": form, "headers": {"Origin": STRANGER}},
        "the right mark, Origin null": {"data": form, "headers": {"Origin": "null"}},
        "the right mark, our host as a prefix": {"data": form, "headers": {"Origin": f"{TOOL}.evil.example"}},
        "the right mark, our host without TLS": {"data": form, "headers": {"Origin": TOOL.replace("https", "http")}},
        "text/plain": {"data": text, "content_type": "text/plain"},
        "text/plain from another Origin": {"data": text, "content_type": "text/plain", "headers": {"Origin": STRANGER}},
        "JSON": {"json": form},
        "JSON as text/plain": {"data": '{"csrf": "' + right + '", "x": "="}', "content_type": "text/plain"},
        "the mark in the address": {"data": {}, "query_string": {"csrf": right}},
        "the mark as a file": {"data": {"csrf": (BytesIO(right.encode()), "csrf")}},
    }


def test_b13_no_form_of_another_site_does_anything(premises: Premises) -> None:
    """With the victim's cookies, which come along: every state-changing route, every way to send."""
    before, wrong = premises.everything(), []
    others = premises.cleo.csrf
    for rule, method in premises.routes:
        if method != "POST" or rule.endpoint in OF_THE_LMS:
            continue
        visitor = next((one for one in ("teacher", "learner", "operator") if one in TABLE[rule.endpoint]), "nobody")
        guest = premises.guest_for(visitor, rule)
        assert visitor != "nobody" or TABLE[rule.endpoint] == ANYONE
        cases = bodies(guest.csrf) | {"another launch's mark": {"data": {"csrf": others}}}
        for name, sent in cases.items():
            told = sent | {"headers": CROSS_SITE | sent.get("headers", {})}
            form = told.pop("data", None)
            answer = guest.ask(rule, "POST", premises.ids | {"launch_id": guest.launch_id}, form, **told)
            if answer.status_code not in REFUSED.get(rule.endpoint, {403}):
                wrong.append(f"{rule.endpoint}: {name}: {answer.status_code}")

    assert wrong == []
    assert unlike(before, premises.everything()) == {}


@pytest.mark.parametrize("visitor", ["nobody", "learner", "teacher", "operator"])
def test_b13_looking_changes_nothing(premises: Premises, visitor: str) -> None:
    """Every page, and every address of a form too."""
    wrong: dict[str, Any] = {}
    for name, answer in pages_and_what_they_changed(premises, visitor):
        if answer:
            wrong[name] = answer
    for rule, method in premises.routes:
        if method == "POST" and not any(one.rule == rule.rule and its == "GET" for one, its in premises.routes):
            guest = premises.guest_for("teacher", rule)
            status = guest.ask(rule, "GET", premises.ids | {"launch_id": guest.launch_id}).status_code
            # `/admin/platforms/new` is a page, and `deployment` no kind of platform.
            if status not in (404, 405):
                wrong[f"GET {rule.endpoint}"] = status

    assert wrong == {}


def pages_and_what_they_changed(premises: Premises, visitor: str) -> Iterator[tuple[str, dict[str, set[str]]]]:
    before = premises.everything()
    for name, _rule, answer in premises.pages(visitor):
        assert answer.status_code < 500, name
        after = premises.everything()
        yield name, unlike(before, after)
        before = after


@pytest.fixture
def desk(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Desk]:
    database = open_copy(migrated_sqlite, tmp_path / "forms.db")
    make_assignment(database)
    opened = Desk(database, tmp_path)
    ensure_signing_key(database, opened.parts.settings)
    yield opened
    opened.outbound.close()
    database.close()


def rows(desk: Desk, table: Any) -> list[Any]:
    with desk.database.reading() as connection:
        return list(connection.execute(select(table)))


def path_of(guest: Guest, page: str) -> str:
    return f"/l/{guest.launch_id}/{page}"


ROLE = "Instructor"
RAISED = {"role": ROLE, "roles": ROLE, "is_teacher": "1", "member_id": "1", "launch_id": "x", "kind": "teacher"}


def test_b7_a_student_s_browser_cannot_raise_the_role(desk: Desk) -> None:
    """In the address, in a form, in a cookie, in the cookie of the launch."""
    Guest(desk, ADA)
    ben = Guest(desk, BEN)
    for name, value in RAISED.items():
        ben.browser.set_cookie(name, value, domain="tool.example")
    teachers = [rule for rule in desk.app.url_map.iter_rules() if TABLE[rule.endpoint] == frozenset({"teacher"})]
    numbers = dict.fromkeys(("member_id", "placement_id", "submission_id", "section_id", "connection_id"), 1)
    ids: dict[str, Any] = numbers | {"assignment_id": "fractions", "question_id": "half"}
    wrong = []
    for rule in teachers:
        method = "POST" if "POST" in (rule.methods or set()) else "GET"
        form = RAISED | {"csrf": ben.csrf}
        answer = ben.ask(
            rule,
            method,
            ids | {"launch_id": ben.launch_id},
            form,
            "?" + "&".join(f"{n}={v}" for n, v in RAISED.items()),
        )
        if answer.status_code != 403:
            wrong.append(f"{rule.endpoint}: {answer.status_code}")

    assert wrong == []
    assert "What is 1/2?" in ben.browser.get(path_of(ben, "work?is_teacher=1"), base_url=TOOL).text


@pytest.mark.parametrize("spoil", ["other", "longer", "shorter", "teachers"])
def test_b7_a_changed_session_is_none(desk: Desk, spoil: str) -> None:
    ada, ben = Guest(desk, ADA), Guest(desk, BEN)
    (mine,) = [one for one in (ben.browser._cookies or {}).values() if ben.launch_id in one.key]
    (theirs,) = [one for one in (ada.browser._cookies or {}).values() if ada.launch_id in one.key]
    value = {
        "other": "A" + mine.value[1:] if mine.value[0] != "A" else "B" + mine.value[1:],
        "longer": mine.value + "x",
        "shorter": mine.value[:-1],
        "teachers": theirs.value,
    }[spoil]
    ben.browser.set_cookie(mine.key, value, domain="tool.example", secure=True, path="/")

    assert ben.browser.get(path_of(ben, "work"), base_url=TOOL).status_code == 401


FORGED = {
    "score": "10",
    "scoreGiven": "10",
    "scoreMaximum": "1",
    "maximum": "1",
    "earned": "10",
    "points": "100",
    "points-half": "5",
    "points-quarter": "5",
    "grade": "A",
    "gradingProgress": "FullyGraded",
    "activityProgress": "Completed",
    "submitted_at": "2001-01-01T00:00:00Z",
    "timestamp": "2001-01-01T00:00:00Z",
    "finished": "1",
    "attempt_number": "99",
    "member_id": "1",
    "submission_id": "1",
    "assignment_id": "other",
    "lineitem": "https://evil.example/",
    "answers": '{"half": "0.5"}',
    "question_id": "half",
}


def test_b22_the_score_comes_of_the_server_s_own_grading_only(desk: Desk) -> None:
    """A student posts everything a sample tool ever believed: in the form, in the address, as JSON."""
    ben = Guest(desk, BEN)
    page = ben.browser.get(path_of(ben, "work"), base_url=TOOL)
    form = FORGED | {"csrf": ben.csrf, "revision": hidden(page, "revision"), "half": "0.5", "quarter": "7"}
    submit = path_of(ben, "submit")
    ben.browser.post(submit, json=form, base_url=TOOL)
    assert not [row for row in rows(desk, Submission) if row.submitted_at], "JSON is no form"

    done = ben.browser.post(submit, data=form | {"Submit": "confirmed"}, query_string=FORGED, base_url=TOOL)

    assert done.status_code == 303
    (grade,), (work,), (passback,) = rows(desk, Grade), rows(desk, Submission), rows(desk, Passback)
    assert (grade.score, grade.maximum) == (Decimal(5), Decimal(10))
    assert (passback.score, passback.maximum) == (Decimal(5), Decimal(10))
    assert work.submitted_at.year > 2001
    assert (work.attempt_number, work.assignment_id) == (1, "fractions")
    assert set(work.answers) == {"half", "quarter"}


def test_b22_nobody_but_a_teacher_reaches_the_score_by_hand(desk: Desk) -> None:
    """A student's own launch at each address that sets a score."""
    ben = Guest(desk, BEN)
    with desk.database.reading() as connection:
        member_id = connection.execute(select(Passback.member_id)).scalar() or 1
    for page in ("override", "completion", "excused", "theirs", "again"):
        form = {"csrf": ben.csrf, "score": "10", "do": "set", "word": "complete"}
        answer = ben.browser.post(path_of(ben, f"grades/{member_id}/{page}"), data=form, base_url=TOOL)
        assert answer.status_code == 403

    assert rows(desk, Passback) == []


# Columns of every table that a form could try to write, and whatever else frameworks have been talked into.
EXTRA = {
    **{
        f"{name}": "1"
        for name in ("id", "owner_id", "customer_id", "course_id", "person_id", "platform_id", "is_active")
    },
    **dict.fromkeys(("is_own", "copied_from", "archived_at", "approved_at", "created_at", "expires_at"), "1"),
    **dict.fromkeys(("__class__", "__proto__[x]", "constructor[prototype]", "visitor", "self", "connection"), "1"),
    "override_by": "2",
    "acted_by": "2",
    "is_teacher": "1",
    "source": "file",
    "issuer": "https://evil.example",
}


def test_b23_fields_that_a_form_does_not_have_change_nothing(premises: Premises) -> None:
    """Each form twice, with the same refusal or effect: as it is, and with every column's name added."""
    of_a_teacher = {
        "score": "4",
        "reason": "why",
        "do": "set",
        "word": "",
        "excused": "no",
        "mode": "points",
        "out": "no",
    }
    differing = []
    for rule, method in premises.routes:
        visitor = next((one for one in ("teacher", "operator") if one in TABLE[rule.endpoint]), None)
        if method != "POST" or visitor is None or rule.endpoint in ("admin.sign_out", "library.work_on_new"):
            continue
        guest = premises.guest_for(visitor, rule)
        values = premises.ids | {"launch_id": guest.launch_id}
        told = []
        for extra in ({}, EXTRA):
            form = of_a_teacher | extra | {"csrf": guest.csrf}
            guest.ask(rule, "POST", values, form)
            told.append({name: guarded(found) for name, found in premises.everything().items()})
        if told[0] != told[1]:
            differing.append(rule.endpoint)

    assert differing == []


def guarded(found: list[Any]) -> list[tuple[Any, ...]]:
    """What no form may ever write: whose something is, and who did it."""
    names = [name for name in (found[0]._fields if found else ()) if name in OWNED]
    return sorted({tuple(str(getattr(row, name)) for name in names) for row in found})


OWNED = {
    *("owner_id", "customer_id", "course_id", "person_id", "platform_id", "is_active", "override_by", "acted_by"),
    *("is_teacher", "source", "issuer", "approved_at", "expires_at", "member_id", "placement_id"),
}
