"""Makes the pictures of the documentation from the running product: `make pictures`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext, ViewportSize, sync_playwright

from tests.cast import ADA, BEN, CLEO, FRACTIONS, Someone
from tests.conftest import CHROMIUM
from tests.scripted_browser import ScriptedBrowser
from tests.stage import Stage, right_answers

SIZE: ViewportSize = {"width": 1100, "height": 760}


def make_pictures(folder: Path) -> None:
    """docs/gradebook.png, docs/student.png, docs/teacher.png"""
    with tempfile.TemporaryDirectory() as scratch:
        stage = Stage(Path(scratch))
        try:
            stage.open()
            _play(stage)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                context = browser.new_context(viewport=SIZE, device_scale_factor=1.5)
                _shoot(context, f"{stage.lms_url}/courses/course-math/gradebook", folder / "gradebook.png")
                _shoot(context, _activity(stage, BEN), folder / "student.png")
                _shoot_screen(context, _activity(stage, ADA), folder / "teacher.png")
                browser.close()
        finally:
            stage.close()


def _play(stage: Stage) -> None:
    """Ben gets everything right, Cleo misses a question; both scores arrive."""
    answers = right_answers("fractions-quiz")
    for someone, given in ((BEN, answers), (CLEO, answers[1:])):
        browser = ScriptedBrowser()
        work = stage.arrive(browser, someone, FRACTIONS)
        stage.hand_in(browser, work, given, "confirmed")
    stage.wait_for_cell(BEN, FRACTIONS)


def _shoot_screen(context: BrowserContext, address: str, file: Path) -> None:
    """The Grade Passback screen, inside the LMS."""
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    page.frame_locator("iframe").get_by_role("link", name="Grade Passback").click()
    page.wait_for_timeout(1500)
    page.screenshot(path=file)
    page.close()


def _activity(stage: Stage, someone: Someone) -> str:
    return f"{stage.lms_url}/courses/{someone.course}/activities/{FRACTIONS}?as={someone.subject}"


def _shoot(context: BrowserContext, address: str, file: Path) -> None:
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(700)
    page.screenshot(path=file)
    page.close()


if __name__ == "__main__":
    make_pictures(Path(sys.argv[1]))
