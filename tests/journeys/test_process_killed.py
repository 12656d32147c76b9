"""Passback dies without last words between a hand-in and its grade's arrival; started again, it brings it home."""

from tests.cast import BEN, CLEO, FRACTIONS
from tests.scripted_browser import ScriptedBrowser
from tests.stage import Stage, right_answers, wait_until


def test_killed_before_the_score_is_sent(own_stage: Stage) -> None:
    browser = ScriptedBrowser()
    work = own_stage.arrive(browser, BEN, FRACTIONS)
    own_stage.set_mood("down")
    result = own_stage.hand_in(browser, work, right_answers("fractions-quiz"))
    assert "On its way to Demo LMS" in result.words

    own_stage.kill()
    own_stage.set_mood("fine")
    assert own_stage.cell(BEN, FRACTIONS) is None
    own_stage.start_tool()

    cell = own_stage.wait_for_cell(BEN, FRACTIONS)
    assert (cell["score"], cell["attempts"]) == (20, 1)
    wait_until(lambda: "In Demo LMS since" in browser.get(result.url).words, 5)  # and the launch goes on


def test_killed_before_the_lms_has_answered(own_stage: Stage) -> None:
    browser = ScriptedBrowser()
    work = own_stage.arrive(browser, CLEO, FRACTIONS)
    own_stage.set_mood("slow", delay_seconds=30)
    result = own_stage.hand_in(browser, work, right_answers("fractions-quiz"))
    own_stage.wait_for_cell(CLEO, FRACTIONS)  # it has arrived, and the answer is still on its way

    own_stage.kill()
    own_stage.set_mood("fine")
    own_stage.start_tool()

    # The dead sender's lease runs out first.
    wait_until(lambda: "In Demo LMS since" in browser.get(result.url).words, 25)
    first, second = [one["body"] for one in own_stage.scores_sent(CLEO)]
    assert first == second
    assert own_stage.wait_for_cell(CLEO, FRACTIONS)["attempts"] == 1
