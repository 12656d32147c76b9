"""The frame in the LMS is as high as the page in it: one scroll bar, and none inside."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, activity_url
from tests.cast import ADA, BEN, FRACTIONS, Someone
from tests.stage import Stage, wait_until

INSIDE = "document.documentElement.scrollHeight - document.documentElement.clientHeight"


def heights(page: Page) -> tuple[float, int]:
    """Of the frame, and by how much the page inside is higher."""
    box = page.locator("iframe.tool").bounding_box()
    frame = page.frame("tool")
    assert box
    assert frame
    return box["height"], int(frame.evaluate(INSIDE))


@pytest.mark.parametrize("someone", [BEN, ADA], ids=lambda one: one.subject)
@pytest.mark.parametrize("width", [360, 1280])
def test_the_frame_follows_its_content(stage: Stage, browsers: Browsers, someone: Someone, width: int) -> None:
    page = browsers.open(viewport={"width": width, "height": 800})
    page.goto(activity_url(stage, someone, FRACTIONS))
    tool = page.frame_locator("iframe.tool")
    expect(tool.locator("main")).to_be_visible()

    wait_until(lambda: heights(page)[1] <= 1, 20)


def test_it_shrinks_again(stage: Stage, browsers: Browsers) -> None:
    page = browsers.open(viewport={"width": 1280, "height": 800})
    page.goto(activity_url(stage, BEN, FRACTIONS))
    tool = page.frame_locator("iframe.tool")
    expect(tool.locator("fieldset.question").first).to_be_visible()
    wait_until(lambda: heights(page)[1] <= 1, 20)
    high = heights(page)[0]

    frame = page.frame("tool")
    assert frame
    frame.evaluate("document.querySelectorAll('fieldset.question').forEach((one, n) => { if (n) one.remove() })")

    wait_until(lambda: heights(page)[0] < high - 300, 20)
