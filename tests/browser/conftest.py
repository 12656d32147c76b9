"""Debian's Chromium, and a browser for each person of a story whose pages must not complain."""

import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    FrameLocator,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.browser.felt import SETTLED, felt
from tests.cast import Someone
from tests.conftest import CHROMIUM, opened
from tests.stage import Stage, right_answers, wait_until

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
PATIENCE_MS = 30_000

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here needs the browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"Chromium is not at {CHROMIUM}"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A story that fails tells what stood on its pages."""
    report = yield
    browsers = getattr(item, "funcargs", {}).get("browsers")
    if report.when == "call" and report.failed and isinstance(browsers, Browsers):
        report.sections.append(("Pages", "\n".join(browsers.read())))
    return report


@dataclass
class Browsers:
    """Opens browsers, each with cookies of its own, and writes down what their consoles say."""

    chromium: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    listens: bool = True

    def open(self, **options: Any) -> Page:
        """A new page in a new browser; `options` are Playwright's for a context."""
        return self.watch(self.chromium.new_context(**options)).new_page()

    def watch(self, context: BrowserContext) -> BrowserContext:
        context.set_default_timeout(PATIENCE_MS)
        context.on("console", self._listen)
        context.on("weberror", lambda fault: self.complaints.append(str(fault.error)))
        self.contexts.append(context)
        return context

    def expect_complaint(self, text: str) -> None:
        """A refused page is an error to the console as well."""
        self.expected.append(text)

    def read(self) -> Iterator[str]:
        """Every frame of every page: its address, and what one reads there."""
        for frame in (one for context in self.contexts for page in context.pages for one in page.frames):
            try:
                yield f"{frame.url}\n{frame.locator('body').inner_text(timeout=2_000)[:3_000]}"
            except Error as error:
                yield f"{frame.url}\ncannot be read: {error.message[:200]}"

    def check(self) -> None:
        for context in self.contexts:
            context.close()
        assert [one for one in self.complaints if not any(text in one for text in self.expected)] == []

    def _listen(self, message: ConsoleMessage) -> None:
        # Violations of the content policy arrive here too, as errors.
        if self.listens and message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} ({message.location.get('url')})")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One for the stories of a file; each has its own people or links."""
    yield from opened(Stage(tmp_path_factory.mktemp("stage")))


@pytest.fixture(scope="session")
def playwright_here() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright_here: Playwright) -> Iterator[Browser]:
    browser = playwright_here.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
    yield browser
    browser.close()


@pytest.fixture(scope="session", autouse=True)
def presses_are_felt() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for press in ("click", "check", "uncheck"):
            patch.setattr(Locator, press, felt(getattr(Locator, press)))
        yield


@pytest.fixture
def browsers(chromium: Browser) -> Iterator[Browsers]:
    made = Browsers(chromium)
    yield made
    made.check()


@contextmanager
def chromium_of_its_own(playwright: Playwright, folder: Path, profile: dict[str, Any]) -> Iterator[BrowserContext]:
    """A browser whose user changed these settings of the profile."""
    (folder / "Default").mkdir(parents=True)
    (folder / "Default" / "Preferences").write_text(json.dumps({"profile": profile}))
    context = playwright.chromium.launch_persistent_context(folder, executable_path=CHROMIUM, args=list(ARGUMENTS))
    yield context
    context.close()


@pytest.fixture
def strict_browser(playwright_here: Playwright, stage: Stage, tmp_path: Path) -> Iterator[BrowserContext]:
    """The user forbids Passback every cookie, partitioned ones too, while it stands in a page of the LMS."""
    forbidden = {f"{stage.tool_url},{stage.lms_url}": {"setting": 2}}
    profile = {"content_settings": {"exceptions": {"cookies": forbidden}}}
    with chromium_of_its_own(playwright_here, tmp_path / "strict", profile) as context:
        yield context


def check_width(page: Page, pixels: int) -> None:
    """Nothing is wider than a phone; on a busy machine a page may be asked while it, or its styles, still come."""
    width = "document.readyState === 'complete' ? document.documentElement.scrollWidth : Infinity"

    def fits() -> bool:
        try:
            return bool(page.evaluate(width) <= pixels)
        except Error:  # the page has just given way to the next one
            return False

    wait_until(fits, 40)


def activity_url(stage: Stage, someone: Someone, link: str, **query: str) -> str:
    """The LMS's page of an activity, with the tool in its frame; `window="1"` opens the tool without one."""
    more = "".join(f"&{name}={value}" for name, value in query.items())
    return f"{stage.lms_url}/courses/{someone.course}/activities/{link}?as={someone.subject}{more}"


def answer_everything(quiz: Page | FrameLocator) -> None:
    """The right answers into the fractions quiz."""
    for name, value in right_answers("fractions-quiz"):
        answer = quiz.locator(f"[name={name}]")
        if answer.first.get_attribute("type") == "text":
            answer.fill(value)
        else:
            quiz.locator(f"[name={name}][value={value}]").check()


def wait_until_saved(tool: FrameLocator) -> None:
    """Everything typed is saved. Work that was begun before says "Saved" until the scripts come and see what is new."""
    line = tool.locator("[data-save-state='']")
    line.evaluate(SETTLED)
    expect(line).to_have_attribute("data-state", "saved")
    expect(line).to_contain_text("Saved")


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus, and can be seen to have it."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            assert target.evaluate("element => element.matches(':focus-visible')")
            return
    raise AssertionError(f"Tab does not lead to {target}")


def check_with_axe(page: Page, options: dict[str, object] | None = None) -> None:
    found = Axe().run(page, options=options)
    assert found.violations_count == 0, found.generate_report()
