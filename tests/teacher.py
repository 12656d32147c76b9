"""Ada at the Grade Passback screen, without a screen: what she presses, and what she reads."""

import re
from html import unescape
from typing import Any

from tests.cast import ADA, Someone
from tests.scripted_browser import Page, ScriptedBrowser
from tests.stage import Stage, wait_until


class Teacher:
    """Opens a link from the LMS and works on its Grade Passback screen."""

    def __init__(self, stage: Stage, link: str, someone: Someone = ADA, **extra: Any) -> None:
        self.stage = stage
        self.browser = ScriptedBrowser()
        landing = stage.arrive(self.browser, someone, link, **extra)
        assert landing.status == 200, landing.text[:500]
        self.base = landing.url.rsplit("/", 1)[0]
        self.csrf = ""
        self.look()

    def look(self, query: str = "") -> Page:
        page = self.browser.get(f"{self.base}/grades{query}")
        assert page.status == 200, page.text[:800]
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert found
        self.csrf = found.group(1)
        return page

    def press(self, path: str, *fields: tuple[str, str], expects: int = 200) -> Page:
        """Post a form of the screen."""
        origin = {"Origin": self.stage.tool_url}
        page = self.browser.post(f"{self.base}/{path}", [("csrf", self.csrf), *fields], origin)
        assert page.status == expects, (page.status, page.words[:500])
        return page

    def row(self, someone: Someone, query: str = "") -> str:
        """The words of a student's row."""
        words = self._row(someone, query)
        assert words is not None, f"{someone.name} is not on the screen"
        return words

    def _row(self, someone: Someone, query: str = "") -> str | None:
        text = self.look(query).text
        for piece in re.split(r'(?=id="student-\d+")', text)[1:]:
            words = " ".join(unescape(re.sub(r"<[^>]*>", " ", "<x " + piece)).split())
            if someone.name in words[:400]:
                return words[:1200]
        return None

    def member_id(self, someone: Someone) -> str:
        text = self.look().text
        for piece in re.split(r'(?=id="student-\d+")', text)[1:]:
            if someone.name in unescape(piece):
                found = re.match(r'id="student-(\d+)"', piece)
                assert found
                return found.group(1)
        raise AssertionError(f"{someone.name} is not on the screen")

    def wait_for(self, someone: Someone, words: str, seconds: float = 20) -> str:
        """Until the row is there (the roster is fetched behind the launch) and says so."""

        def look() -> str | None:
            row = self._row(someone)
            return row if row and words in row else None

        return wait_until(look, seconds)

    def send(self, *people: Someone, kind: str = "send") -> Page:
        chosen = [("student", self.member_id(one)) for one in people]
        return self.press("grades/send", ("kind", kind), *chosen)
