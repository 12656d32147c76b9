"""The LMS is down, hangs, is too busy or loses its answers: the student never notices, the grade arrives, and once."""

import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.cast import AMARA, BEN, CLEO, DIEGO, FATIMA, FRACTIONS, HANA
from tests.scripted_browser import Page, ScriptedBrowser
from tests.stage import Stage, right_answers, wait_until

AT_ONCE_SECONDS = 1.0
"""Handing in takes less than a tenth of this on an idle machine, so a busy one has room. A page that waited for the
LMS would be far beyond it: the hanging LMS says nothing for a minute, and Passback itself gives it twenty seconds."""


@pytest.fixture(autouse=True)
def in_a_good_mood_afterwards(stage: Stage) -> Iterator[None]:
    yield
    stage.set_mood("fine")


def test_the_lms_is_down_when_a_student_hands_in(stage: Stage) -> None:
    browser = ScriptedBrowser()
    work = stage.arrive(browser, BEN, FRACTIONS)
    stage.set_mood("down")

    result = stage.hand_in(browser, work, right_answers("fractions-quiz"))

    assert "20 of 20" in result.words
    assert "On its way to Demo LMS" in result.words
    wait_until(lambda: _failed_calls(stage), 20)
    assert "On its way to Demo LMS" in browser.get(result.url).words
    assert stage.cell(BEN, FRACTIONS) is None

    stage.set_mood("fine")

    assert stage.wait_for_cell(BEN, FRACTIONS)["score"] == 20
    wait_until(lambda: "In Demo LMS since" in browser.get(result.url).words, 20)


def test_the_lms_hangs_when_a_student_hands_in(stage: Stage) -> None:
    browser = ScriptedBrowser()
    work = stage.arrive(browser, CLEO, FRACTIONS)
    stage.set_mood("hang", target="all")

    result, seconds = _hand_in_by_the_clock(stage, browser, work)

    assert "20 of 20" in result.words
    assert seconds < AT_ONCE_SECONDS

    stage.set_mood("fine")

    assert stage.wait_for_cell(CLEO, FRACTIONS)["score"] == 20


def test_a_student_hands_in_while_the_lms_hangs_over_another_ones_score(stage: Stage) -> None:
    first, second = ScriptedBrowser(), ScriptedBrowser()
    work_of_first, work_of_second = stage.arrive(first, AMARA, FRACTIONS), stage.arrive(second, DIEGO, FRACTIONS)
    stage.set_mood("hang", for_requests=1)
    stage.hand_in(first, work_of_first, right_answers("fractions-quiz"))
    wait_until(lambda: stage.lms("GET", "/control/mood")["mood"] == "fine", 20)  # her score is what hangs now

    _, seconds = _hand_in_by_the_clock(stage, second, work_of_second)

    assert seconds < AT_ONCE_SECONDS
    assert stage.wait_for_cell(DIEGO, FRACTIONS, 5)["score"] == 20  # nor does one that hangs hold up the others
    assert stage.cell(AMARA, FRACTIONS) is None
    stage.set_mood("fine")
    assert stage.wait_for_cell(AMARA, FRACTIONS)["score"] == 20


def test_an_answer_that_is_lost_makes_one_result_and_uses_up_one_attempt(stage: Stage) -> None:
    browser = ScriptedBrowser()
    work = stage.arrive(browser, FATIMA, FRACTIONS)
    stage.set_mood("lose_answer", for_requests=1)

    result = stage.hand_in(browser, work, right_answers("fractions-quiz"))

    wait_until(lambda: "In Demo LMS since" in browser.get(result.url).words, 40)
    first, second = [one["body"] for one in stage.scores_sent(FATIMA)]
    assert first == second  # the timestamp too: it is the same version, sent again
    cell = stage.wait_for_cell(FATIMA, FRACTIONS)
    assert (cell["score"], cell["attempts"]) == (20, 1)
    assert len([one for one in stage.columns(FRACTIONS) if FATIMA.subject in one["scores"]]) == 1


def test_a_busy_lms_is_asked_again_when_it_said(stage: Stage) -> None:
    asked_seconds = 6
    browser = ScriptedBrowser()
    work = stage.arrive(browser, HANA, FRACTIONS)
    stage.set_mood("busy429", for_requests=1, retry_after=asked_seconds)

    stage.hand_in(browser, work, right_answers("fractions-quiz"))

    assert stage.wait_for_cell(HANA, FRACTIONS, 4 * asked_seconds)["score"] == 20
    first, second = [datetime.fromisoformat(one["time"]) for one in stage.scores_sent(HANA)]
    # Without the header a busy LMS is asked again after at most five seconds.
    assert (second - first).total_seconds() >= asked_seconds


def _hand_in_by_the_clock(stage: Stage, browser: ScriptedBrowser, work: Page) -> tuple[Page, float]:
    began = time.monotonic()
    result = stage.hand_in(browser, work, right_answers("fractions-quiz"))
    return result, time.monotonic() - began


def _failed_calls(stage: Stage) -> list[object]:
    return [one for one in stage.lms("GET", "/control/journal") if one["mood"] == "down"]
