"""An LMS admin with an invitation registers Passback; an operator approves; Ben hands in and his score comes home."""

from collections.abc import Iterator

import pytest

from tests.cast import BEN, CLEO, FRACTIONS
from tests.operators import GRACE, PASSWORD
from tests.scripted_browser import Page, ScriptedBrowser
from tests.stage import ASSIGNMENTS, Stage, right_answers
from tool.assessment.assignments import import_assignment
from tool.assessment.questions import read_assignment_file
from tool.db import Database
from tool.migrations.upgrading import upgrade


@pytest.fixture(params=["canvas", "moodle"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Both sides run, and know nothing of each other."""
    made = Stage(tmp_path_factory.mktemp(request.param), manner=request.param)
    try:
        made.start_lms()
        made.write_config({})
        database = Database(made.database_url)
        upgrade(database)
        for file in sorted(ASSIGNMENTS.glob("*.json")):
            import_assignment(database, read_assignment_file(file.read_text()))
        database.close()
        made.start_tool()
        yield made
    finally:
        made.close()


def invite(stage: Stage, *options: str) -> str:
    return stage.passback("admin", "invite", *options).stdout.strip()


def open_in_lms(stage: Stage, browser: ScriptedBrowser, link: str) -> Page:
    """The admin types the link into the LMS, which opens it in a frame."""
    url = stage.lms("POST", "/control/start-registration", url=link)["url"]
    return browser.get(url)


def press(stage: Stage, browser: ScriptedBrowser, page: Page) -> Page:
    return browser.submit(page.form(), {"Origin": stage.tool_url})


def approve_the_only_platform(stage: Stage) -> None:
    """Grace presses the button of the operator's page."""
    stage.passback("operator", "add", GRACE, typed=PASSWORD)
    grace, own = ScriptedBrowser(is_framed=False), {"Origin": stage.tool_url}
    door = grace.get(f"{stage.tool_url}/admin/sign-in").form("/admin/sign-in")
    grace.submit(door.with_fields(("email", GRACE), ("password", PASSWORD)), own)
    page = grace.get(f"{stage.tool_url}/admin/platforms/1")
    approved = grace.submit(page.form("/admin/platforms/1").with_fields(("do", "approve")), own)
    assert approved.status == 200, approved.words


def test_from_the_invitation_to_the_first_score(stage: Stage) -> None:
    admin, ben = ScriptedBrowser(), ScriptedBrowser()
    link = invite(stage, "--note", "Period 3")

    page = open_in_lms(stage, admin, link)
    assert page.status == 200
    assert f"frame-ancestors {stage.lms_url}" in page.headers["Content-Security-Policy"]
    done = press(stage, admin, page)

    assert "waits for an operator" in done.words
    assert "does not let Passback do" not in done.words
    early = stage.arrive(ben, BEN, FRACTIONS)
    assert early.status >= 400
    assert "approv" in early.words

    approve_the_only_platform(stage)
    work = stage.arrive(ben, BEN, FRACTIONS)
    assert "Fractions quiz" in work.text
    result = stage.hand_in(ben, work, right_answers("fractions-quiz"))

    assert "20 of 20" in result.words
    assert stage.wait_for_cell(BEN, FRACTIONS)["score"] == 20
    assert "It is approved here" in admin.get(link).words


def test_an_invitation_that_approves_needs_nobody_else(stage: Stage) -> None:
    admin, cleo = ScriptedBrowser(), ScriptedBrowser()
    link = invite(stage, "--approve")

    done = press(stage, admin, open_in_lms(stage, admin, link))

    assert "It is approved here" in done.words
    stage.hand_in(cleo, stage.arrive(cleo, CLEO, FRACTIONS), right_answers("fractions-quiz"))
    assert stage.wait_for_cell(CLEO, FRACTIONS)["score"] == 20
    secret = link.rpartition("/")[2]
    assert secret not in stage.log()
    assert "registration_token" not in stage.log()


def test_an_lms_that_sends_the_same_token_twice_is_refused_there_and_leaves_nothing_here(stage: Stage) -> None:
    admin = ScriptedBrowser()
    first = open_in_lms(stage, admin, invite(stage, "--approve"))
    second_link = invite(stage, "--approve")
    token = dict(first.form().fields)["registration_token"]
    assert "It is approved here" in press(stage, admin, first).words

    page = open_in_lms(stage, admin, second_link)
    form = page.form().with_fields(("registration_token", token))
    failed = admin.submit(form, {"Origin": stage.tool_url})

    assert failed.status == 400
    assert "The LMS refused the registration (401)" in failed.words
    rows = stage.passback("platform", "list").stdout
    assert rows.count(stage.lms_url) == 1
    assert "Register Passback with" in open_in_lms(stage, admin, second_link).words
