"""A student launches, answers and hands in; the grade stands in the LMS's gradebook."""

from tests.cast import BEN, ESSAY, FRACTIONS, WARM_UP
from tests.scripted_browser import ScriptedBrowser
from tests.stage import Stage, right_answers, wait_until


def test_an_auto_graded_hand_in_arrives_by_itself(stage: Stage) -> None:
    browser = ScriptedBrowser()
    work = stage.arrive(browser, BEN, FRACTIONS)
    assert work.status == 200
    assert "Fractions quiz" in work.text

    result = stage.hand_in(browser, work, right_answers("fractions-quiz"))

    assert "20 of 20" in result.words
    cell = stage.wait_for_cell(BEN, FRACTIONS)
    assert (cell["score"], cell["attempts"]) == (20, 1)
    wait_until(lambda: "In Demo LMS since" in browser.get(result.url).words, 20)


def test_a_link_without_a_column_gets_one(stage: Stage) -> None:
    browser = ScriptedBrowser()
    stage.hand_in(browser, stage.arrive(browser, BEN, WARM_UP), right_answers("warm-up"))

    assert stage.wait_for_cell(BEN, WARM_UP)["score"] == 5
    assert len(stage.columns(WARM_UP)) == 1


def test_an_essay_waits_for_the_teacher(stage: Stage) -> None:
    browser = ScriptedBrowser()
    result = stage.hand_in(browser, stage.arrive(browser, BEN, ESSAY), right_answers("my-number-story"))

    assert "Your teacher will grade question" in result.words
    assert stage.cell(BEN, ESSAY) is None
