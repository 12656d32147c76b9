"""A student works, saves, comes back, and hands in: once, and never more than was meant."""

import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from tests.cast import ADA, AMARA, BEN, CLEO, DIEGO, FATIMA, FRACTIONS, HANA, ISAAC, WARM_UP
from tests.scripted_browser import Fields, Form, Page, ScriptedBrowser
from tests.stage import Stage, right_answers, wait_until

RIGHT = right_answers("fractions-quiz")
SUM, BOOKS = "two-thirds-plus-one-sixth", "three-eighths-of-two-hundred"


def test_unanswered_questions_are_asked_about_and_then_held(stage: Stage) -> None:
    browser = ScriptedBrowser()
    answers = [pair for pair in RIGHT if pair[0] not in (SUM, BOOKS)]

    asked = stage.hand_in(browser, stage.arrive(browser, BEN, FRACTIONS), answers)

    assert "2 questions are unanswered: 5 6 Nothing has been submitted yet." in asked.words
    assert browser.get(asked.url.replace("/submit", "/result")).url.endswith("/work")  # it is still open

    result = stage.hand_in(browser, asked, answers, button="confirmed")

    assert "14 of 20" in result.words
    assert "Not sent to Demo LMS yet" in result.words
    stage.finish(BEN, WARM_UP, "warm-up")  # what was to be sent before that has been sent by now
    assert stage.cell(BEN, FRACTIONS) is None
    overview = stage.arrive(ScriptedBrowser(), ADA, FRACTIONS)
    assert "Ben Carter 14 of 20 – Not yet sent not sent automatically: questions 5, 6 are unanswered" in overview.words


def test_blanks_filled_in_after_the_question_go_by_themselves(stage: Stage) -> None:
    browser = ScriptedBrowser()
    answers = [pair for pair in RIGHT if pair[0] != SUM]
    asked = stage.hand_in(browser, stage.arrive(browser, HANA, FRACTIONS), answers)
    assert "1 question is unanswered: 5 " in asked.words

    stage.hand_in(browser, asked, [(SUM, "5/6")], button="confirmed")

    assert stage.wait_for_cell(HANA, FRACTIONS)["score"] == 20


def test_a_double_click_and_a_replayed_form_are_one_submission(stage: Stage) -> None:
    browser = ScriptedBrowser()
    work = stage.arrive(browser, CLEO, FRACTIONS)
    with ThreadPoolExecutor(4) as clicks:
        pages = list(clicks.map(lambda _: stage.hand_in(browser, work, RIGHT), range(4)))
    [result_url] = {page.url for page in pages}

    replayed = stage.hand_in(browser, work, [(BOOKS, "74")])

    assert replayed.url == result_url
    assert "20 of 20" in replayed.words
    wait_until(lambda: "In Demo LMS since" in browser.get(result_url).words, 30)
    assert len(stage.scores_sent(CLEO)) == 1
    assert stage.wait_for_cell(CLEO, FRACTIONS)["attempts"] == 1


def test_the_older_of_two_tabs_overwrites_nothing(stage: Stage) -> None:
    browser = ScriptedBrowser()
    older = stage.arrive(browser, AMARA, FRACTIONS)
    newer = browser.get(older.url)
    _save(stage, browser, newer, [(SUM, "5/6")])

    refused = _save(stage, browser, older, [(SUM, "3/9")])
    refused_hand_in = stage.hand_in(browser, older, [(SUM, "3/9")], button="confirmed")

    for page in (refused, refused_hand_in):
        assert page.status == 400
        assert "Newer answers were saved in another window. Reload the page to go on" in page.words
    assert (SUM, "5/6") in browser.get(older.url).form().fields  # saved, not overwritten, and not handed in


def test_the_older_tab_goes_on_after_a_reload(stage: Stage) -> None:
    browser = ScriptedBrowser()
    older = stage.arrive(browser, ISAAC, FRACTIONS)
    _save(stage, browser, browser.get(older.url), [(SUM, "5/6")])

    saved = _save(stage, browser, browser.get(older.url), [(BOOKS, "75")])

    assert "Saved." in saved.words
    assert {(SUM, "5/6"), (BOOKS, "75")} <= set(browser.get(older.url).form().fields)


def test_saved_answers_are_there_after_a_reload_and_after_a_new_launch(stage: Stage) -> None:
    browser = ScriptedBrowser()
    work = stage.arrive(browser, DIEGO, FRACTIONS)

    saved = _save(stage, browser, work, RIGHT)

    assert "8 of 8 answered" in saved.words
    assert set(RIGHT) <= set(browser.get(work.url).form().fields)
    assert set(RIGHT) <= set(stage.arrive(ScriptedBrowser(), DIEGO, FRACTIONS).form().fields)


def test_the_page_saves_by_itself_and_is_told_how_it_went(stage: Stage) -> None:
    browser = ScriptedBrowser()
    work = stage.arrive(browser, FATIMA, FRACTIONS)
    older_mark = work.form().fields

    status, told = _autosave(stage, browser, work.form().with_fields((SUM, "5/6")))

    assert status == 200
    assert told["answered"] == 1
    assert told["saved_at"]
    assert str(told["saved_text"]).startswith("Saved ")

    next_form = work.form().with_fields((SUM, "5/6"), (BOOKS, "75"), ("revision", str(told["revision"])))
    assert _autosave(stage, browser, next_form)[1]["answered"] == 2

    other_tab = browser.get(work.url)
    _save(stage, browser, other_tab, [(BOOKS, "76")])
    status, told = _autosave(stage, browser, Form(next_form.action, "post", [*older_mark, (BOOKS, "77")]))
    assert (status, "Newer answers were saved in another window" in str(told["message"])) == (409, True)

    stage.hand_in(browser, browser.get(work.url), RIGHT)
    status, told = _autosave(stage, browser, next_form)
    assert (status, "handed in already" in str(told["message"])) == (409, True)


def _save(stage: Stage, browser: ScriptedBrowser, page: Page, answers: Fields) -> Page:
    """Press Save."""
    form = page.form().with_fields(*answers, ("Save", "save"))
    return browser.post(form.action.replace("/submit", "/save"), form.fields, {"Origin": stage.tool_url})


def _autosave(stage: Stage, browser: ScriptedBrowser, form: Form) -> tuple[int, dict[str, object]]:
    """What the page's script does: the status and the JSON it is told."""
    headers = {"Origin": stage.tool_url, "X-Passback-Autosave": "1"}
    page = browser.send("POST", form.action.replace("/submit", "/save"), urlencode(form.fields), headers)
    told: dict[str, object] = json.loads(page.text)
    return page.status, told
