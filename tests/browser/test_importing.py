"""Ada imports a Canvas quiz inside the LMS's frame, by hand."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Browsers, activity_url, check_with_axe
from tests.cast import ADA, FRACTIONS
from tests.library.canvas_quiz import every_type
from tests.stage import Stage


def test_ada_looks_at_a_quiz_and_adds_it(stage: Stage, browsers: Browsers, tmp_path: Path) -> None:
    quiz = tmp_path / "quiz.zip"
    quiz.write_bytes(every_type())
    page = browsers.open()
    page.goto(activity_url(stage, ADA, FRACTIONS))
    tool = page.frame_locator("iframe.tool")
    tool.get_by_role("link", name="Grade Passback").wait_for()
    frame = next(one for one in page.frames if "/l/" in one.url)
    before, _, rest = frame.url.partition("/l/")
    frame.goto(f"{before}/l/{rest.split('/')[0]}/library/import")

    tool.get_by_label("File").set_input_files(quiz)
    tool.get_by_role("button", name="Look at the file").click()
    expect(tool.get_by_text("Students would hand in a file; Passback takes no files.")).to_be_visible()
    check_with_axe(page)
    tool.get_by_role("button", name="Add to my library").click()

    expect(tool.get_by_role("link", name="Everything & more", exact=True)).to_be_visible()
    expect(tool.get_by_role("status")).to_contain_text("Added to your library.")
