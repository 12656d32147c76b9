"""Ben is not content with what he handed in: he tries again, fills blanks, changes answers, as far as Ada lets him."""

from tests.cast import AMARA, BEN, CLEO, DIEGO, FATIMA, HANA, WARM_UP, Someone
from tests.grader import Grader
from tests.scripted_browser import Page, ScriptedBrowser
from tests.stage import Stage, right_answers, wait_until
from tests.teacher import Teacher

HALF, EVEN, SQUARE = "half-of-ninety", "even-plus-odd", "four-equal-sides"
RIGHT = right_answers("warm-up")
WRONG_HALF = [(HALF, "40"), (EVEN, "true"), (SQUARE, "square")]


def hand_in(stage: Stage, someone: Someone, answers: list[tuple[str, str]]) -> tuple[ScriptedBrowser, Page]:
    browser = ScriptedBrowser()
    return browser, stage.hand_in(browser, stage.arrive(browser, someone, WARM_UP), answers, "confirmed")


def press(stage: Stage, browser: ScriptedBrowser, page: Page, form: str, *fields: tuple[str, str]) -> Page:
    return browser.submit(page.form(form).with_fields(*fields), {"Origin": stage.tool_url})


def test_a_further_attempt_is_changed_since_sent(stage: Stage) -> None:
    Grader(stage, WARM_UP).set(attempts="2", counting_attempt="best")
    browser, first = hand_in(stage, BEN, WRONG_HALF)
    assert stage.wait_for_cell(BEN, WARM_UP)["score"] == 3

    again = press(stage, browser, first, "/again")
    assert "Attempt 2" in again.text
    second = stage.hand_in(browser, again, RIGHT)

    assert "5 of 5" in second.words
    assert "The best attempt counts." in second.words
    assert "3 of 5" in second.words
    assert "Start another attempt" not in second.words
    passback = Teacher(stage, WARM_UP)
    assert "a further attempt" in passback.wait_for(BEN, "Changed since sent")
    assert (stage.cell(BEN, WARM_UP) or {})["score"] == 3
    passback.send(BEN)
    wait_until(lambda: (stage.cell(BEN, WARM_UP) or {})["score"] == 5, 45)


def test_attempts_come_to_an_end(stage: Stage) -> None:
    Grader(stage, WARM_UP).set(attempts="2")
    browser, first = hand_in(stage, CLEO, RIGHT)
    again = press(stage, browser, first, "/again")
    stage.hand_in(browser, again, RIGHT)

    replayed = press(stage, browser, first, "/again")

    assert replayed.url.endswith("/result")
    assert "Attempt 2" in replayed.text


def test_a_page_of_the_first_attempt_does_not_write_into_the_second(stage: Stage) -> None:
    Grader(stage, WARM_UP).set(attempts="")
    browser = ScriptedBrowser()
    work = stage.arrive(browser, DIEGO, WARM_UP)
    first = stage.hand_in(browser, work, RIGHT)
    second = press(stage, browser, first, "/again")

    replayed = stage.hand_in(browser, work, WRONG_HALF)

    assert replayed.url.endswith("/result")
    assert "You have begun another attempt." in replayed.words
    assert ("half-of-ninety", "") in browser.get(second.url).form().fields


def test_blanks_are_filled_in_later_and_nothing_else(stage: Stage) -> None:
    Grader(stage, WARM_UP).set(unanswered="zero", may_change_after_submitting="blanks")
    browser, result = hand_in(stage, AMARA, [(HALF, "40"), (EVEN, "true")])
    assert stage.wait_for_cell(AMARA, WARM_UP)["score"] == 1
    assert "Fill in the blanks" in result.words
    page = browser.get(result.url.replace("/result", "/change"))
    assert page.text.count("disabled") == 2

    changed = press(stage, browser, page, "/change", (HALF, "45"), (SQUARE, "square"), ("Submit", "change"))

    assert "3 of 5" in changed.words  # the first answer stays wrong, whatever the form said
    assert "Fill in the blanks" not in changed.words
    row = Teacher(stage, WARM_UP).wait_for(AMARA, "Changed since sent")
    assert "blanks were filled in later" in row


def test_answers_are_changed_by_a_second_submit(stage: Stage) -> None:
    Grader(stage, WARM_UP).set(may_change_after_submitting="answers", after_submitting="answers")
    browser, result = hand_in(stage, FATIMA, WRONG_HALF)
    assert stage.wait_for_cell(FATIMA, WARM_UP)["score"] == 3
    page = browser.get(result.url.replace("/result", "/change"))
    assert (HALF, "40") in page.form().fields

    looked = press(stage, browser, page, "/change", *RIGHT, ("Submit", "look"))  # Enter in a text field
    assert "3 of 5" in browser.get(result.url).words
    assert (HALF, "45") in looked.form().fields

    changed = press(stage, browser, looked, "/change", ("Submit", "change"))
    assert "5 of 5" in changed.words
    assert "answers were edited after handing in" in Teacher(stage, WARM_UP).wait_for(FATIMA, "Changed since sent")


def test_without_the_setting_nothing_can_be_changed(stage: Stage) -> None:
    Grader(stage, WARM_UP).set()
    browser = ScriptedBrowser()
    work = stage.arrive(browser, HANA, WARM_UP)
    result = stage.hand_in(browser, work, WRONG_HALF)
    assert "Change answers" not in result.words

    forged = work.form().with_fields(*RIGHT, ("Submit", "change"))
    forged.action = forged.action.replace("/submit", "/change")
    answer = browser.submit(forged, {"Origin": stage.tool_url})

    assert answer.url.endswith("/result")
    assert "3 of 5" in answer.words
