"""Ada at the grading and settings pages, without a screen."""

import re

from tests.cast import ADA, Someone
from tests.scripted_browser import Page, ScriptedBrowser
from tests.stage import Stage

PLAIN_SETTINGS = {
    "automatic_passback": "on",
    "unanswered": "hold",
    "updates": "manual",
    "attempts": "1",
    "counting_attempt": "first",
    "after_submitting": "score",
    "may_change_after_submitting": "nothing",
    "due_at": "",
    "closes_at": "",
}


class Grader:
    """Opens a link from the LMS, and goes to the pages behind the tabs."""

    def __init__(self, stage: Stage, link: str, someone: Someone = ADA) -> None:
        self.stage = stage
        self.browser = ScriptedBrowser()
        landing = stage.arrive(self.browser, someone, link)
        assert landing.status == 200, landing.text[:500]
        self.base = landing.url.rsplit("/", 1)[0]

    def look(self, path: str, *, expects: int = 200) -> Page:
        page = self.browser.get(f"{self.base}/{path}")
        assert page.status == expects, (page.status, page.words[:500])
        return page

    def press(self, page: Page, form: str, *fields: tuple[str, str], expects: int = 200) -> Page:
        """Fill in a form of the page and send it."""
        filled = page.form(form).with_fields(*fields)
        answer = self.browser.submit(filled, {"Origin": self.stage.tool_url})
        assert answer.status == expects, (answer.status, answer.words[:500])
        return answer

    def set(self, **choices: str) -> Page:
        """Plain settings but for these."""
        wanted = PLAIN_SETTINGS | choices
        return self.press(self.look("settings"), "/settings", *wanted.items())

    def open_work(self, someone: Someone) -> Page:
        """Somebody's newest work, from the list of students."""
        found = re.findall(r'href="[^"]*/(grading/submission/\d+)">([^<]*)<', self.look("grading").text)
        paths = [path for path, name in found if name == someone.name.replace("'", "&#39;")]
        assert paths, f"{someone.name} is not on the list"
        return self.look(paths[-1])

    def give(self, someone: Someone, number: int, points: str, *fields: tuple[str, str]) -> Page:
        """Points for one question, on the page of the whole work."""
        page = self.open_work(someone)
        return self.press(page, page.url.rsplit("/", 1)[1], (f"points-{number}", points), *fields)
