"""Checklist B19: whatever happens, the log holds ids and codes: no name, e-mail, answer, token or password; nor does a
page of refusal."""

import io
import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
import structlog

from tests.cast import ADA, BEN, CLEO, DIEGO, FRACTIONS, WARM_UP, Someone
from tests.desk import TOOL, Desk
from tests.guests import Guest
from tests.lti.recorded_platforms import moodle, moodle_reply
from tests.lti.rough_server import RoughServer, reply
from tests.operators import GRACE, PASSWORD
from tests.registration.office import REGISTRATIONS, TOKEN, make_office
from tests.rows import assignment_text, make_assignment, open_copy
from tests.scripted_browser import Page, ScriptedBrowser
from tests.stage import Stage, right_answers, wait_until
from tool import logs

NAME, EMAIL = "Zephyrine Quillfeather", "zephyrine@marked.example"
ANSWER = "marked-answer-of-hers"
WRONG_PASSWORD = "marked wrong password"
METRICS_TOKEN = "marked-metrics-token"


class Watcher:
    """Everything a story saw that must not be written down."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.secrets = {NAME, EMAIL, ANSWER, PASSWORD, WRONG_PASSWORD, METRICS_TOKEN, GRACE, "Quillfeather"}
        self.secrets |= {one.name for one in (ADA, BEN, CLEO, DIEGO)}
        self.browsers: list[ScriptedBrowser] = []
        self.refusals: list[Page] = []

    def browser(self) -> ScriptedBrowser:
        self.browsers.append(ScriptedBrowser())
        return self.browsers[-1]

    def launch(self, browser: ScriptedBrowser, someone: Someone, link: str, times: int = 1) -> Page:
        """A launch in which the LMS tells marked names; posted twice, it is refused the second time."""
        claims = {"name": NAME, "given_name": "Zephyrine", "family_name": "Quillfeather", "email": EMAIL}
        order = {"course": someone.course, "link": link, "person": someone.subject, "claims": claims}
        begun = self.stage.lms("POST", "/control/launch-form", **order)
        from_lms = {"Origin": self.stage.lms_url}
        form = browser.post(begun["login_url"], begun["fields"].items(), from_lms).form()
        self.secrets |= {value for name, value in form.fields if name in ("id_token", "state")}
        pages = [browser.submit(form, from_lms) for _ in range(times)]
        return pages[-1]

    def written(self) -> str:
        return self.stage.log() + self.stage.log("worker")

    def found(self) -> list[str]:
        """Secrets that the log holds; with the cookies, tokens and form marks of the story."""
        for browser in self.browsers:
            for jar in browser.cookies.values():
                self.secrets |= {value for value in jar.values() if value}
        with sqlite3.connect(self.stage.database_url.removeprefix("sqlite:///")) as connection:
            self.secrets |= {row[0] for row in connection.execute("SELECT token FROM kept_tokens")}
        assert len(self.secrets) > 20
        text = self.written()
        return sorted(one for one in self.secrets if one in text or urlencode({"": one})[1:] in text)


def test_b19_from_launch_to_gradebook_in_good_days_and_bad(own_stage: Stage) -> None:
    watcher = Watcher(own_stage)
    own_stage.stop()
    own_stage.start_tool("--no-sender", environment={"PASSBACK_METRICS_TOKEN": METRICS_TOKEN})
    own_stage.start_worker()
    hand_in_with_marked_words(watcher)
    send_into_every_mood(watcher)
    be_refused_at_every_door(watcher)
    look_in_as_the_operator(watcher)

    text = watcher.written()
    for event in (
        "passback.tried",
        "web.refused",
        "operator.signed_in",
        "operator.sign_in_refused",
        "operator.retried",
    ):
        assert f'"{event}"' in text, "what should be written down is"
    assert watcher.found() == []
    assert [one for page in watcher.refusals for one in watcher.secrets if one in page.text] == []
    assert "eyJ" not in text, "no token of any kind"
    assert "Bearer" not in text
    assert "@" not in text
    for line in text.splitlines():
        if not line.startswith(("Passback ", "Development: ")):
            json.loads(line)


def hand_in_with_marked_words(watcher: Watcher) -> None:
    browser = watcher.browser()
    work = watcher.launch(browser, BEN, WARM_UP)
    answers = [(name, ANSWER) for name, _ in right_answers("warm-up")]
    watcher.stage.hand_in(browser, work, answers, "confirmed")
    teacher = watcher.browser()
    watcher.launch(teacher, ADA, WARM_UP)


def send_into_every_mood(watcher: Watcher) -> None:
    """The LMS breaks down, is busy, loses an answer and refuses; its own words may name anybody."""
    stage = watcher.stage
    for mood, someone in (("error500", CLEO), ("busy429", DIEGO), ("lose_answer", BEN)):
        stage.set_mood(mood, for_requests=1)
        browser = watcher.browser()
        work = watcher.launch(browser, someone, FRACTIONS)
        stage.hand_in(browser, work, right_answers("fractions-quiz"))
        stage.wait_for_cell(someone, FRACTIONS)
    stage.set_mood("refuse", target="services")
    browser = watcher.browser()
    stage.hand_in(browser, watcher.launch(browser, CLEO, WARM_UP), right_answers("warm-up"))
    wait_until(lambda: '"needs_person"' in watcher.written(), 45)


def be_refused_at_every_door(watcher: Watcher) -> None:
    browser = watcher.browser()
    tool = watcher.stage.tool_url
    for page, status in (
        (watcher.launch(browser, DIEGO, FRACTIONS, times=2), 400),
        (browser.get(f"{tool}/lti/login?login_hint={NAME}&iss=https://unknown.example"), 400),
        (browser.get(f"{tool}/l/{ANSWER}/work"), 401),
        (browser.get(f"{tool}/{ANSWER}?{urlencode({'name': NAME})}"), 404),
    ):
        assert page.status == status
        watcher.refusals.append(page)
    assert browser.get(f"{tool}/lti/login?login_hint={NAME}&iss={EMAIL}").status == 400
    assert browser.get(f"{tool}/metrics", {"Authorization": f"Bearer {METRICS_TOKEN}"}).status == 200
    assert browser.get(f"{tool}/metrics", {"Authorization": f"Bearer {ANSWER}"}).status == 404


def look_in_as_the_operator(watcher: Watcher) -> None:
    stage, browser = watcher.stage, watcher.browser()
    stage.passback("operator", "add", GRACE, typed=PASSWORD)
    origin = {"Origin": stage.tool_url}
    for password in (WRONG_PASSWORD, PASSWORD):
        door = browser.get(f"{stage.tool_url}/admin/sign-in").form()
        watcher.secrets |= {value for name, value in door.fields if name == "csrf"}
        page = browser.submit(door.with_fields(("email", GRACE), ("password", password)), origin)
    assert page.status == 200
    listed = browser.get(f"{stage.tool_url}/admin/needs-person")
    retry = listed.form("/admin/needs-person/retry")
    watcher.secrets |= {value for name, value in retry.fields if name == "csrf"}
    stage.set_mood("fine")
    browser.submit(retry.with_fields(("all", "1")), origin)
    stage.wait_for_cell(CLEO, WARM_UP)


@contextmanager
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What this process would write to standard error."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr(logs, "PatientLines", lambda straight: straight)
    root = logging.getLogger()
    before, level = root.handlers, root.level
    root.handlers = []
    logs.configure_logs()
    try:
        yield stream
    finally:
        root.handlers, root.level = before, level
        structlog.reset_defaults()


def test_b19_an_exception_is_told_by_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(monkeypatch) as stream:
        try:
            raise ValueError(f"{NAME} typed {ANSWER}")
        except ValueError:
            structlog.get_logger().exception("something.crashed", passback_id=7)

    line = json.loads(stream.getvalue())
    assert (line["event"], line["error"], line["passback_id"]) == ("something.crashed", "ValueError", 7)
    assert "test_b19_an_exception_is_told_by_its_place" in line["places"][-1]
    assert NAME not in stream.getvalue()
    assert ANSWER not in stream.getvalue()


def test_b19_what_a_library_says_loses_what_it_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of waitress, urllib3 or the database driver; our lines and theirs look alike."""
    with listening(monkeypatch) as stream:
        library = logging.getLogger("some.library")
        library.info("not worth a line: %s", NAME)
        library.warning("Malformed header %r", NAME)
        library.warning(f"made up beforehand: {NAME}")
        try:
            raise OSError(f"cannot write to {EMAIL}")
        except OSError:
            library.exception("Exception while serving %s", f"/{ANSWER}")

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line.get("said") for line in lines] == ["Malformed header %r", None, "Exception while serving %s"]
    assert [line["level"] for line in lines] == ["warning", "warning", "error"]
    assert lines[2]["error"] == "OSError"
    for secret in (NAME, EMAIL, ANSWER):
        assert secret not in stream.getvalue()


@pytest.fixture
def server() -> Iterator[RoughServer]:
    rough = RoughServer()
    yield rough
    rough.stop()


def test_b19_a_registration_keeps_its_token_and_its_link_to_itself(
    monkeypatch: pytest.MonkeyPatch, migrated_sqlite: Path, server: RoughServer, tmp_path: Path
) -> None:
    """Done, refused by the LMS in words that name everything, and broken off."""
    database = open_copy(migrated_sqlite, tmp_path / "office.db")
    with listening(monkeypatch) as stream:
        office = make_office(database, server, tmp_path)
        named = json.dumps({"error": f"{NAME} {EMAIL} {TOKEN}", "client_id": ["eyJ"]})
        pages = []
        for answer in (reply(400, named), reply(200, named), reply(500, named), reply(200, "<html>" + NAME)):
            server.on(REGISTRATIONS, answer)
            office.secret = office.invite()
            pages.append((office.secret, office.register()))
        office.answer_like(moodle, moodle_reply)
        office.secret = office.invite()
        assert office.register().status_code == 200
        secrets = {office.secret, *(secret for secret, _ in pages), TOKEN, NAME, EMAIL, "Bearer", "eyJ"}
        office.parts.outbound.close()
    database.close()

    assert all(page.status_code == 400 for _, page in pages)
    assert [one for one in secrets if one in stream.getvalue()] == []
    assert [page for _, page in pages if TOKEN in page.text] == []
    assert '"level": "' in stream.getvalue(), "something was written, and this is it"


def test_b19_an_import_is_not_told_to_the_log(
    monkeypatch: pytest.MonkeyPatch, migrated_sqlite: Path, tmp_path: Path
) -> None:
    """A file that is taken in, one that is broken, one whose name is somebody's."""
    database = open_copy(migrated_sqlite, tmp_path / "library.db")
    make_assignment(database)
    with listening(monkeypatch) as stream:
        desk = Desk(database, tmp_path)
        ada = Guest(desk, ADA, name=NAME, email=EMAIL)
        files = {
            f"{NAME}.json": assignment_text(id="another", title=ANSWER),
            f"{EMAIL}.zip": f"PK{ANSWER}",
            "quiz.xml": f"<questestinterop><{ANSWER}></questestinterop>",
            "odd.json": json.dumps({ANSWER: NAME}),
        }
        for name, text in files.items():
            form = {"csrf": ada.csrf, "file": (io.BytesIO(text.encode()), name)}
            path = f"/l/{ada.launch_id}/library/import"
            answer = ada.browser.post(path, data=form, base_url=TOOL, headers={"Origin": TOOL})
            assert answer.status_code in (200, 400), answer.text
        structlog.get_logger().info("the.story.ends")
        desk.outbound.close()
    database.close()

    text = stream.getvalue()
    assert "the.story.ends" in text
    assert [one for one in (NAME, EMAIL, ANSWER, ada.csrf, ada.launch_id) if one in text] == []
