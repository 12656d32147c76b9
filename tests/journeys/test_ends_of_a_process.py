"""A process that is told to end, or dies in the middle of a teacher's send."""

import time

from tests.cast import BEN, CLEO, FRACTIONS, WARM_UP
from tests.scripted_browser import ScriptedBrowser
from tests.stage import Stage, right_answers
from tests.teacher import Teacher


def test_it_ends_in_time_whoever_hangs(own_stage: Stage) -> None:
    """Ben's score is on the wire and the LMS does not answer: a restart does not wait for it, and it arrives."""
    browser = ScriptedBrowser()
    work = own_stage.arrive(browser, BEN, FRACTIONS)
    own_stage.set_mood("hang")
    own_stage.hand_in(browser, work, right_answers("fractions-quiz"))
    time.sleep(1)

    begun = time.monotonic()
    assert own_stage.stop() == 0
    assert time.monotonic() - begun < 10
    own_stage.set_mood("fine")
    own_stage.start_tool()

    assert own_stage.wait_for_cell(BEN, FRACTIONS)["score"] == 20


def test_it_dies_in_the_middle_of_a_teachers_send(own_stage: Stage) -> None:
    """The run is written and not committed: started again, it is prepared again, and each goes once."""
    for someone in (BEN, CLEO):
        browser = ScriptedBrowser()
        work = own_stage.arrive(browser, someone, WARM_UP)
        own_stage.hand_in(browser, work, right_answers("warm-up")[1:], "confirmed")
    ada = Teacher(own_stage, WARM_UP)
    assert own_stage.stop() == 0
    own_stage.start_tool(environment={"PASSBACK_FAIL_AT": "run.wished"})

    ada.send(BEN, CLEO)
    assert own_stage.wait_for_end() == -9
    assert own_stage.cell(BEN, WARM_UP) is None
    own_stage.start_tool()

    for someone in (BEN, CLEO):
        own_stage.wait_for_cell(someone, WARM_UP)
        ada.wait_for(someone, "Successful")
    assert [len(own_stage.scores_sent(someone)) for someone in (BEN, CLEO)] == [1, 1]
