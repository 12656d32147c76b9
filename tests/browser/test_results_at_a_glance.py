"""Ada looks at how her class did: from the overview in the LMS's frame, on a phone, in the dark."""

from playwright.sync_api import expect

from tests.browser.conftest import Browsers, activity_url, check_width, check_with_axe
from tests.cast import ADA, AMARA, BEN, CLEO, DIEGO, ESSAY, FATIMA, FRACTIONS, HANA, Someone
from tests.scripted_browser import ScriptedBrowser
from tests.stage import Stage, right_answers

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
CLASS = (BEN, CLEO, AMARA, DIEGO, FATIMA, HANA)


def hand_in(stage: Stage, someone: Someone, link: str, answers: list[tuple[str, str]]) -> None:
    browser = ScriptedBrowser()
    page = stage.hand_in(browser, stage.arrive(browser, someone, link), answers, "confirmed")
    assert page.status == 200, page.text[:500]


def test_ada_sees_how_the_class_did(stage: Stage, browsers: Browsers) -> None:
    answers = right_answers("fractions-quiz")
    for left_out, someone in enumerate(CLASS):
        hand_in(stage, someone, FRACTIONS, answers[left_out:])
    framed = browsers.open(viewport=DESK)
    framed.goto(activity_url(stage, ADA, FRACTIONS))
    tool = framed.frame_locator("iframe.tool")
    tool.get_by_role("link", name="Results at a glance").click()
    expect(tool.get_by_role("table", name="How the scores spread").get_by_role("row")).to_have_count(11)
    first = tool.get_by_role("table", name="Questions").get_by_role("row").nth(1)
    expect(first).to_contain_text("17% 1 of 6")
    expect(first.get_by_role("rowheader")).to_contain_text("Question 1")

    page = browsers.open(viewport=PHONE, reduced_motion="reduce")
    page.goto(activity_url(stage, ADA, FRACTIONS, window="1"))
    page.get_by_role("link", name="Results at a glance").click()
    expect(page.get_by_role("table", name="Questions")).to_be_visible()
    check_width(page, PHONE["width"])
    widths = page.locator(".results--bands .bar-part").evaluate_all(
        "bars => bars.map(bar => bar.getBoundingClientRect().width)"
    )
    assert max(widths) > 40, "the bars are to be seen"
    assert min(widths) == 0
    page.get_by_role("link", name="What was chosen in question 1").click()
    expect(page.get_by_role("table", name="Question 1").get_by_text("Right answer")).to_be_in_viewport()

    browsers.listens = False  # axe asks for what the content policy forbids
    check_with_axe(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    check_with_axe(page, {"runOnly": ["color-contrast"]})


def test_an_essay_leads_from_the_results_to_its_grading(stage: Stage, browsers: Browsers) -> None:
    page = browsers.open(viewport=PHONE, reduced_motion="reduce")
    page.goto(activity_url(stage, ADA, ESSAY, window="1"))
    page.get_by_role("link", name="Results at a glance").click()
    expect(page.get_by_role("heading", name="Nothing handed in yet")).to_be_visible()

    hand_in(stage, AMARA, ESSAY, right_answers("my-number-story"))
    page.reload()
    check_width(page, PHONE["width"])
    page.get_by_role("link", name="1 answer waits").click()
    expect(page.get_by_label("Feedback for the student")).to_be_visible()
