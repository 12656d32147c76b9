"""Open edX's own LTI code on the other side (tests/openedx): what Passback sends stands in its gradebook."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.cast import ADA, BEN, CLEO, Someone
from tests.conftest import opened
from tests.scripted_browser import Page, ScriptedBrowser
from tests.stage import ROOT, Stage, right_answers, wait_until
from tool.clock import now
from tool.db import Database
from tool.model.passbacks import Attempt, Passback
from tool.model.people import Member, Person

VENV = os.environ.get("PASSBACK_OPENEDX_VENV")
PLATFORM = ROOT / "tests" / "openedx" / "platform.py"

pytestmark = pytest.mark.skipif(
    not VENV, reason="PASSBACK_OPENEDX_VENV names no environment (tests/openedx/README.md says how to make one)"
)


class OpenEdxStage(Stage):
    """The stage with Open edX's platform in place of the demo LMS."""

    def start_lms(self) -> None:
        command = [str(Path(str(VENV)) / "bin" / "python"), str(PLATFORM), "--port", "0", "--tool", self.tool_url]
        keys = ["--jwks", f"{self.tool_url}/.well-known/jwks.json", "--data", str(self.folder / "openedx")]
        self._lms = self._start("lms", [*command, *keys], {})
        self.lms_url = self._wait_for_line("lms", self._lms, r"Open edX platform ready on (\S+)")
        self.write_config(self.lms("GET", "/control/platform.json"))

    def open_link(self, browser: ScriptedBrowser, someone: Someone, assignment_id: str, role: str = "student") -> Page:
        """A click on the course's link of an assignment."""
        query = f"user={someone.subject}&role={role}&custom_assignment={assignment_id}"
        page = browser.get(f"{self.lms_url}/launch?{query}")
        return browser.submit(page.form(), {"Origin": self.lms_url}) if page.url.startswith(self.lms_url) else page

    def line_items(self, assignment_id: str) -> list[dict[str, Any]]:
        every = self.lms("GET", "/control/gradebook")["line_items"]
        return [one for one in every if one["link"] == assignment_id]

    def wait_for_score(self, someone: Someone, assignment_id: str) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            scores = [score for item in self.line_items(assignment_id) for score in item["scores"]]
            return next((one for one in scores if one["user_id"] == someone.subject), None)

        return wait_until(look, 45)

    def wait_until_shown(self, someone: Someone, assignment_id: str) -> None:
        """Not only accepted: Open edX publishes a moment after it stores."""
        wait_until(lambda: self.wait_for_score(someone, assignment_id)["course_grade"] == 1.0, 30)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    yield from opened(OpenEdxStage(tmp_path_factory.mktemp("openedx")))


def test_a_hand_in_makes_the_line_item_and_brings_the_score(stage: OpenEdxStage) -> None:
    browser = ScriptedBrowser()
    work = stage.open_link(browser, BEN, "fractions-quiz")
    assert "Which fraction is equal" in work.words
    assert stage.line_items("fractions-quiz") == []

    result = stage.hand_in(browser, work, right_answers("fractions-quiz"))

    score = stage.wait_for_score(BEN, "fractions-quiz")
    assert (score["score_given"], score["score_maximum"]) == (20, 20)
    assert (score["activity_progress"], score["grading_progress"]) == ("Completed", "FullyGraded")
    wait_until(
        lambda: stage.wait_for_score(BEN, "fractions-quiz")["course_grade"] == 1.0, 10
    )  # not only accepted: shown
    [item] = stage.line_items("fractions-quiz")
    assert (item["label"], item["score_maximum"]) == ("Fractions quiz", 20)
    assert item["resource_link_id"].startswith("block-v1:")
    wait_until(lambda: "In Open edX since" in browser.get(result.url).words, 20)


def test_a_second_student_finds_the_same_line_item(stage: OpenEdxStage) -> None:
    for someone in (BEN, CLEO):
        browser = ScriptedBrowser()
        stage.hand_in(browser, stage.open_link(browser, someone, "warm-up"), right_answers("warm-up"))
        stage.wait_until_shown(someone, "warm-up")
    assert len(stage.line_items("warm-up")) == 1


def test_a_score_sent_twice_ends_as_delivered(stage: OpenEdxStage) -> None:
    browser = ScriptedBrowser()
    result = stage.hand_in(browser, stage.open_link(browser, CLEO, "fractions-quiz"), right_answers("fractions-quiz"))
    first = stage.wait_for_score(CLEO, "fractions-quiz")
    wait_until(lambda: "In Open edX since" in browser.get(result.url).words, 20)
    database = Database(stage.database_url)

    passback_id = _forget_the_answer(database, CLEO)

    def outcomes() -> list[tuple[str, object]]:
        columns = select(Attempt.outcome, Attempt.timestamp).where(Attempt.passback_id == passback_id)
        with database.reading() as connection:
            return [(row.outcome, row.timestamp) for row in connection.execute(columns.order_by(Attempt.id))]

    wait_until(lambda: len(outcomes()) == 2, 40)
    [kept, refused] = outcomes()
    database.close()
    assert kept == refused  # both delivered, with one timestamp
    assert kept[0] == "delivered"
    assert stage.wait_for_score(CLEO, "fractions-quiz") == first
    assert "In Open edX since" in browser.get(result.url).words


def test_a_teacher_arrives_too(stage: OpenEdxStage) -> None:
    assert stage.open_link(ScriptedBrowser(), ADA, "fractions-quiz", role="instructor").status == 200


def _forget_the_answer(database: Database, someone: Someone) -> int:
    """The ledger as a lost answer leaves it: the score stands in the LMS, and nobody here knows."""
    latest = (
        select(Passback.id)
        .join(Member, Member.id == Passback.member_id)
        .join(Person, Person.id == Member.person_id)
        .where(Person.subject == someone.subject)
        .order_by(Passback.id.desc())
        .limit(1)
    )
    with database.writing() as connection:
        passback_id = connection.execute(latest).scalar_one()
        connection.execute(
            update(Passback)
            .where(Passback.id == passback_id)
            .values(state="due", confirmed_version=0, confirmed_score=None, tries=1, next_try_at=now())
        )
    return int(passback_id)
