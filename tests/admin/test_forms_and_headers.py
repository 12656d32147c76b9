"""Forms count only from their own page, pages are framed by nobody and kept nowhere."""

from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.routing import Rule

from tests.desk import Desk
from tests.operators import GRACE, PASSWORD, Operator, at_work, hire, mark_of
from tests.rows import CLIENT, ISSUER, arrive
from tests.sis.school import connect_school
from tool.access import OPERATOR, TABLE
from tool.model.base import Base
from tool.registration.platforms import TrustedPlatforms

STRANGER = "https://evil.example"


@pytest.fixture
def grace(counter: Desk) -> Operator:
    """She looks after one platform, and after the school records of one customer of it."""
    paper = TrustedPlatforms(counter.database).known(ISSUER, CLIENT)
    assert paper
    assert connect_school(counter.database, arrive(counter.database, paper)) == 1
    return at_work(counter)


def everything(desk: Desk) -> dict[str, Any]:
    """All there is, but for when somebody was last seen."""
    with desk.database.reading() as connection:
        return {table.name: connection.execute(select(table)).all() for table in Base.metadata.sorted_tables}


def operator_paths(desk: Desk, method: str) -> list[str]:
    """Every page of the operator: of the platform and the school records there are, and of a kind of each."""
    rules = [rule for rule in desk.app.url_map.iter_rules() if TABLE.get(rule.endpoint) == OPERATOR]
    found = [path_of(rule) for rule in rules if method in (rule.methods or set())]
    assert found
    return found


def path_of(rule: Rule) -> str:
    made = {"<int:platform_id>": "1", "<preset_key>": "canvas", "<int:connection_id>": "1", "<vendor>": "generic"}
    path = rule.rule
    for name, value in made.items():
        path = path.replace(name, value)
    assert "<" not in path
    return path


def test_no_form_counts_without_the_mark_of_its_page(counter: Desk, grace: Operator) -> None:
    other = Operator(counter)
    other.sign_in()
    mark, foreign = mark_of(grace.get("/admin")), mark_of(other.get("/admin"))
    before = everything(counter)
    answers = {}
    for path in operator_paths(counter, "POST"):
        answers[f"{path} no mark"] = grace.post(path, one="1").status_code
        answers[f"{path} empty mark"] = grace.post(path, csrf="").status_code
        answers[f"{path} another session's"] = grace.post(path, csrf=foreign).status_code
        elsewhere = grace.post(path, {"Origin": STRANGER}, csrf=mark)
        answers[f"{path} from elsewhere"] = elsewhere.status_code
        answers[f"{path} from nowhere"] = grace.post(path, {"Origin": "null"}, csrf=mark).status_code
        assert elsewhere.headers["Cache-Control"] == "no-store"

    assert {case: status for case, status in answers.items() if status != 403} == {}
    assert everything(counter) == before
    assert grace.is_signed_in()


def test_looking_changes_nothing(counter: Desk, grace: Operator) -> None:
    before = everything(counter)
    pages = operator_paths(counter, "GET")
    for path in set(operator_paths(counter, "POST")) - set(pages):
        assert grace.get(path).status_code == 405
    for path in pages:
        # The platform of this story stands in config.json, and is changed and removed there.
        if path.endswith(("/edit", "/remove")):
            assert grace.get(path).status_code in (200, 404)
        else:
            grace.open(path)

    assert everything(counter) == before


def test_nobody_signs_a_strangers_browser_in(counter: Desk) -> None:
    """The form to sign in is bound to the browser that was given the page."""
    hire(counter.database)
    eve, ben = Operator(counter), Operator(counter)
    eves_mark = mark_of(eve.get("/admin/sign-in"))
    typed = {"email": GRACE, "password": PASSWORD}
    answers = [
        ben.post("/admin/sign-in", csrf=eves_mark, **typed),
        ben.post("/admin/sign-in", **typed),
    ]
    own_mark = mark_of(ben.get("/admin/sign-in"))
    answers += [
        ben.post("/admin/sign-in", csrf=eves_mark, **typed),
        ben.post("/admin/sign-in", {"Origin": STRANGER}, csrf=own_mark, **typed),
    ]

    assert [one.status_code for one in answers] == [400] * 4
    assert not ben.is_signed_in()
    assert ben.post("/admin/sign-in", csrf=own_mark, **typed).status_code == 303


def test_pages_are_framed_by_nobody_and_kept_nowhere(counter: Desk, grace: Operator) -> None:
    answers = [Operator(counter).get("/admin/sign-in"), Operator(counter).sign_in(password="wrong for sure")]
    answers += [grace.get(path) for path in operator_paths(counter, "GET")]
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_somebody_typed_is_text_on_the_page(counter: Desk) -> None:
    nasty = '"><script>alert(1)</script>@example.org'
    page = Operator(counter).sign_in(nasty, PASSWORD).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    "query",
    ["platform=-1", "platform=99999999999999999999", "platform=%00", "reason=%00", "page=0", "page=x", "retried=<b>"],
)
def test_odd_addresses_break_nothing(grace: Operator, query: str) -> None:
    for page in ("needs-person", "errands"):
        assert grace.get(f"/admin/{page}?{query}&kind=%00").status_code == 200


def test_a_proxys_word_counts_only_where_the_settings_name_it(counter: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else whoever makes up addresses could guess passwords without end."""
    monkeypatch.setattr("tool.admin.tries.MOST_OF_SOURCE", 2)
    hire(counter.database)
    trusting = Desk(counter.database, counter.folder, settings={"trusted_proxies": ["192.0.2.1"]})

    def guesses(desk: Desk) -> list[int]:
        answers = []
        for number in range(4):
            guesser = Operator(desk)
            mark = mark_of(guesser.get("/admin/sign-in"))
            said = {"X-Forwarded-For": f"203.0.113.1, 198.51.100.{number}"}
            typed = {"csrf": mark, "email": f"made-up-{number}@example.org", "password": "wrong for sure"}
            answers.append(guesser.post("/admin/sign-in", said, **typed).status_code)
        return answers

    assert guesses(counter) == [401, 401, 429, 429]
    assert guesses(trusting) == [401, 401, 401, 401]
    trusting.outbound.close()
