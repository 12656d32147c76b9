"""Pages are light, stand still while they come, and are there before any script is."""

import gzip
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import Browsers, activity_url
from tests.cast import ADA, BEN, CLASSMATES, CLEO, FRACTIONS, Someone
from tests.conftest import opened
from tests.stage import Stage

MOST_BYTES = 60_000
"""Of a first visit, compressed as the proxy does it: the page, its styles, scripts and pictures."""
PHONE, DESK = 360, 1280
COUNT_SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries())
    if (!entry.hadRecentInput) window.shifts.push([entry.value, ...entry.sources.map(one => one.node?.nodeName ?? "")]);
}).observe({ type: "layout-shift", buffered: true });
"""
TEACHERS = (
    *("overview", "grades", "history", "settings", "settings/key", "results", "grading", "library", "library/new"),
    *("library/import", "course/grades", "course/digest", "course/rollover", "preflight"),
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Where many have handed in."""
    for stage in opened(Stage(tmp_path_factory.mktemp("stage"))):
        for one in (CLEO, *CLASSMATES[:4]):
            stage.finish(one, FRACTIONS, "fractions-quiz")
        yield stage


class Scales:
    """What came over the wire from the tool."""

    def __init__(self, page: Page, origin: str) -> None:
        self.found: dict[str, int] = {}
        self.origin = origin
        page.on("response", self._weigh)

    def _weigh(self, answer: Response) -> None:
        if answer.url.startswith(self.origin) and answer.status == 200:
            self.found[answer.url] = len(gzip.compress(answer.body(), 6))


def come_in(stage: Stage, page: Page, someone: Someone) -> str:
    """In a window of its own; the address under which the launch's pages are."""
    page.goto(activity_url(stage, someone, FRACTIONS, window="1"))
    found = re.match(rf"{re.escape(stage.tool_url)}/l/[^/]+/", page.url)
    assert found, page.url
    return found[0]


def check_steady(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 100)))")
    shifts = page.evaluate("window.shifts")
    assert sum(one[0] for one in shifts) < 0.01, shifts


def check_first_visits(stage: Stage, browsers: Browsers, someone: Someone, paths: tuple[str, ...], width: int) -> None:
    """Each page as if nothing of it had ever been fetched."""
    entrance = browsers.open(viewport={"width": width, "height": 800})
    within = come_in(stage, entrance, someone)
    weights = {}
    for path in paths:
        page = entrance.context.new_page()
        page.add_init_script(COUNT_SHIFTS)
        page.route("**/*", lambda route: route.continue_())  # nothing comes from the cache, then
        scales = Scales(page, stage.tool_url)
        answer = page.goto(within + path)
        assert answer
        assert answer.status == 200, path
        expect(page.locator("main")).to_be_visible()
        check_steady(page)
        assert len(scales.found) > 2, "the page, and its styles"
        weights[path] = sum(scales.found.values())
        page.close()
    assert {path: weight for path, weight in weights.items() if weight > MOST_BYTES} == {}


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_teachers_pages_are_light_and_stand_still(stage: Stage, browsers: Browsers, width: int) -> None:
    check_first_visits(stage, browsers, ADA, TEACHERS, width)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_students_pages_are_light_and_stand_still(stage: Stage, browsers: Browsers, width: int) -> None:
    check_first_visits(stage, browsers, BEN, ("work",), width)
    check_first_visits(stage, browsers, CLEO, ("result",), width)


@pytest.mark.parametrize(("someone", "path"), [(BEN, "work"), (ADA, "grades"), (ADA, "overview")])
def test_it_is_there_before_any_script(stage: Stage, browsers: Browsers, someone: Someone, path: str) -> None:
    """A script that never comes keeps nobody waiting for the page."""
    page = browsers.open()
    within = come_in(stage, page, someone)
    browsers.expect_complaint("Failed to load resource")
    page.route("**/*.js*", lambda route: route.abort())
    page.goto(within + path)

    expect(page.locator("main")).to_be_visible()
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length === 1", timeout=5_000)
    assert page.locator("fieldset.question, table").first.is_visible()
