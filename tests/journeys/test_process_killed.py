"""Passback dies without last words between a hand-in and its grade's arrival; started again, it brings it home."""

from tests.cast import BEN, CLEO, FRACTIONS
from tests.scripted_browser import ScriptedBrowser
from tests.stage import Stage, right_answers, wait_until


def test_killed_before_the_score_is_sent(stage: Stage) -> None:
    browser = ScriptedBrowser()
    work = stage.arrive(browser, BEN, FRACTIONS)
    stage.set_mood("down")
    result = stage.hand_in(browser, work, right_answers("fractions-quiz"))
    assert "On its way to Demo LMS" in result.words

    stage.kill()
    stage.set_mood("fine")
    assert stage.cell(BEN, FRACTIONS) is None
    stage.start_tool()

    cell = stage.wait_for_cell(BEN, FRACTIONS)
    assert (cell["score"], cell["attempts"]) == (20, 1)
    wait_until(lambda: "In Demo LMS since" in browser.get(result.url).words, 20)  # and the launch goes on


def test_killed_before_the_lms_has_answered(stage: Stage) -> None:
    browser = ScriptedBrowser()
    work = stage.arrive(browser, CLEO, FRACTIONS)
    stage.set_mood("slow", delay_seconds=30)
    result = stage.hand_in(browser, work, right_answers("fractions-quiz"))
    stage.wait_for_cell(CLEO, FRACTIONS)  # it has arrived, and the answer is still on its way

    stage.kill()
    stage.set_mood("fine")
    stage.start_tool()

    # The dead sender's lease runs out first.
    wait_until(lambda: "In Demo LMS since" in browser.get(result.url).words, 45)
    first, second = [one["body"] for one in stage.scores_sent(CLEO)]
    assert first == second
    assert stage.wait_for_cell(CLEO, FRACTIONS)["attempts"] == 1
