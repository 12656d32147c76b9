"""An LMS's admin on a Friday: an invitation, a form filled in by hand, a tested connection, a first launch, and a page
that says “Everything works”."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, activity_url, check_width
from tests.browser.test_from_an_invitation_to_a_grade import UnknownLms, register_by_hand
from tests.cast import ADA, BEN, FRACTIONS
from tests.conftest import opened
from tests.scripted_browser import ScriptedBrowser
from tests.stage import right_answers, wait_until

PHONE_WIDTH = 360


@pytest.fixture
def unknown(tmp_path: Path) -> Iterator[UnknownLms]:
    """Passback has not heard of this Moodle."""
    for stage in opened(UnknownLms(tmp_path, manner="moodle")):
        assert isinstance(stage, UnknownLms)
        yield stage


def test_from_the_command_to_everything_works(unknown: UnknownLms, browsers: Browsers) -> None:
    admin = browsers.open(viewport={"width": 1280, "height": 900})
    register_by_hand(admin, unknown)
    expect_still_missing(admin, "No launch seen yet", "No score sent yet")

    admin.get_by_role("link", name="Test the connection").click()
    admin.get_by_role("button", name="Test the connection").click()
    expect(admin.get_by_role("status")).to_contain_text("Nothing is broken.")
    for name in ("Permission to send scores", "Our public keys"):
        step = admin.get_by_role("listitem").filter(has=admin.get_by_role("heading", name=name))
        expect(step).to_contain_text("Good")
    admin.get_by_role("link", name="Back").click()

    teacher = browsers.open()
    teacher.goto(activity_url(unknown, ADA, FRACTIONS))
    expect(teacher.frame_locator("iframe.tool").get_by_role("heading", level=1)).to_have_text("Fractions quiz")
    admin.reload()
    expect(admin.get_by_text("Opened from the LMS")).to_be_visible()
    expect_still_missing(admin, "No score sent yet")

    student = ScriptedBrowser()
    unknown.hand_in(student, unknown.arrive(student, BEN, FRACTIONS), right_answers("fractions-quiz"))
    assert unknown.wait_for_cell(BEN, FRACTIONS)["score"] == 20
    wait_until(lambda: works(admin), 20)  # the answer of the LMS is written down a moment after its gradebook
    expect_still_missing(admin)
    admin.set_viewport_size({"width": PHONE_WIDTH, "height": 740})
    check_width(admin, PHONE_WIDTH)


def works(page: Page) -> bool:
    page.reload()
    return page.get_by_text("Everything works: scores arrive.").is_visible()


def expect_still_missing(page: Page, *sentences: str) -> None:
    """These lines of the list ask for something, and no others."""
    asked = page.locator(".progress .status--ask")
    expect(asked).to_have_count(len(sentences))
    for sentence in sentences:
        expect(asked.filter(has_text=sentence)).to_be_visible()
