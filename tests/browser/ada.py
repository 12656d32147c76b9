"""Ada's Grade Passback screen in a real browser: what she presses and what she reads."""

from dataclasses import dataclass

from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser.conftest import Browsers, activity_url
from tests.cast import ADA, FRACTIONS, Someone
from tests.scripted_browser import ScriptedBrowser
from tests.stage import Stage, right_answers, wait_until
from tests.teacher import Teacher


@dataclass
class Screen:
    """In the LMS's frame, or in a window of its own."""

    tool: Page | FrameLocator

    def row(self, someone: Someone) -> Locator:
        return self.tool.locator("tr[id^=student-]").filter(has_text=someone.name)

    def press(self, name: str, within: Locator | None = None) -> None:
        (within or self.tool).get_by_role("button", name=name, exact=within is None).click()

    def press_in_menu(self, name: str) -> None:
        button = self.tool.get_by_role("button", name=name, exact=True)
        self.tool.locator("details.menu summary").click()
        try:
            expect(button).to_be_visible(timeout=2_000)
        except AssertionError:  # the page came anew just then
            self.tool.locator("details.menu summary").click()
        button.click()

    def choose(self, *people: Someone) -> None:
        """These and nobody else, whoever was ticked before."""
        everyone = self.tool.get_by_label("Choose all")
        everyone.check()
        everyone.uncheck()
        for one in people:
            self.tool.get_by_role("checkbox", name=one.name).check()

    def send(self, *people: Someone) -> None:
        self.choose(*people)
        self.press("Send 1 grade" if len(people) == 1 else f"Send {len(people)} grades")

    def override(self, someone: Someone, score: str, reason: str = "") -> None:
        self.row(someone).get_by_role("link", name="Change").click()
        self.tool.get_by_label("Send", exact=True).fill(score)
        self.tool.get_by_label("Why").fill(reason)
        self.press("Save for the next send")


def open_screen(stage: Stage, browsers: Browsers, link: str = FRACTIONS) -> Screen:
    """In the LMS's page, as Ada finds it."""
    page = browsers.open()
    page.goto(activity_url(stage, ADA, link))
    tool = page.frame_locator("iframe.tool")
    tool.get_by_role("link", name="Grade Passback").click()
    expect(tool.get_by_role("table", name="Students and their scores")).to_be_visible()
    return Screen(tool)


def finish(stage: Stage, *people: Someone, link: str = FRACTIONS, assignment: str = "fractions-quiz") -> Teacher:
    """They do everything right, and the LMS has it; Ada, for what needs no screen."""
    for one in people:
        stage.finish(one, link, assignment)
    ada = Teacher(stage, link)
    for one in people:
        ada.wait_for(one, "Successful")
    return ada


def hand_in_with_blanks(stage: Stage, link: str, assignment: str, *people: Someone) -> None:
    """Their scores are held until Ada sends them."""
    for one in people:
        browser = ScriptedBrowser()
        answers = right_answers(assignment)[1:]
        stage.hand_in(browser, stage.arrive(browser, one, link), answers, "confirmed")


def type_grade(stage: Stage, someone: Someone, score: int, link: str = FRACTIONS) -> None:
    """A grade edited by hand in the LMS."""
    column = stage.columns(link)[0]["line_item_url"]
    stage.lms(
        "POST", "/control/type-grade", course=someone.course, line_item_url=column, user=someone.subject, score=score
    )


def score_in_lms(stage: Stage, someone: Someone, link: str = FRACTIONS) -> float | None:
    """What the LMS's gradebook holds; None for an empty cell."""
    score: float | None = (stage.cell(someone, link) or {"score": None})["score"]
    return score


def wait_for_score(stage: Stage, someone: Someone, score: float | None, link: str = FRACTIONS) -> None:
    """Until the LMS's gradebook holds just that; None for an empty cell."""
    wait_until(lambda: score_in_lms(stage, someone, link) == score, 45)
