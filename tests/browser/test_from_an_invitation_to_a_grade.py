"""The Moodle and Schoology pages of docs/admin, walked in Chromium: an invited LMS admin registers by hand, a teacher
picks an assignment in the LMS, a student submits, and the invitation's page says that everything works."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, activity_url, answer_everything
from tests.browser.test_choosing_for_the_lms import ask_for_content
from tests.cast import BEN
from tests.conftest import opened
from tests.stage import Stage, wait_until

MADE = "Fractions quiz"


IDS = {
    "moodle": {"client_id": "aBcDeF123456789", "deployment_id": "3"},
    "schoology": {"client_id": "8409082949", "deployment_id": "8409082949-1527876651"},
}
"""As these LMSs form them."""


class UnknownLms(Stage):
    """Passback has not heard of the LMS, which plays the hosts of its kind."""

    program = "tests.presets_beside"

    def write_config(self, platforms: Any) -> None:  # noqa: ARG002
        super().write_config({})

    def start_tool(self, *options: str, environment: dict[str, str] | None = None) -> None:
        super().start_tool(*options, environment={**(environment or {}), "LMS_BESIDE": self.lms_url})


@pytest.fixture(params=["moodle", "schoology"])
def unknown(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[UnknownLms]:
    for stage in opened(UnknownLms(tmp_path, manner=request.param)):
        assert isinstance(stage, UnknownLms)
        yield stage


def register_by_hand(page: Page, stage: UnknownLms) -> None:
    ids = stage.lms("POST", "/control/ids", **IDS[stage.manner])
    page.goto(stage.passback("admin", "invite", "--approve").stdout.strip())
    page.get_by_role("link", name="Register by hand").click()
    page.get_by_role("link", name=re.compile(stage.manner, re.IGNORECASE)).click()
    if stage.manner == "moodle":
        page.get_by_label("Address of your LMS").fill(stage.lms_url)
    page.get_by_label("Client ID").fill(ids["client_id"])
    page.get_by_label("Deployment ID").fill(ids["deployment_id"])
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("Your LMS is registered.")).to_be_visible()


def test_registered_by_hand_picked_answered_and_in_the_gradebook(unknown: UnknownLms, browsers: Browsers) -> None:
    admin = browsers.open()
    register_by_hand(admin, unknown)

    teacher = browsers.open()
    picker = ask_for_content(unknown, teacher)
    picker.locator(".choice").filter(has_text=MADE).locator("input").check()
    picker.get_by_role("button", name=re.compile("^Add to")).click()
    expect(picker.get_by_role("heading", name=re.compile("^Added to"))).to_be_visible()
    [made] = unknown.lms("GET", "/control/contents")[-1]["placed"]

    student = browsers.open()
    student.goto(activity_url(unknown, BEN, made["link"]))
    work = student.frame_locator("iframe.tool")
    answer_everything(work)
    work.get_by_role("button", name="Submit").click()

    assert unknown.wait_for_cell(BEN, made["link"])["score"] == 20
    works = admin.get_by_text("Everything works: scores arrive.")

    def is_said() -> bool:
        """The outcome is written down a moment after the gradebook has the score."""
        admin.reload()
        return works.is_visible()

    wait_until(is_said, 40)
