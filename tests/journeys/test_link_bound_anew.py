"""Ada gives the link of the fractions another assignment. Ben works on it from scratch, and what he got for the
fractions stands in the gradebook until she says otherwise."""

from typing import Any

from tests.cast import BEN, CLEO, FRACTIONS
from tests.scripted_browser import ScriptedBrowser
from tests.stage import Stage, right_answers, wait_until
from tests.teacher import Teacher

CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"
WARM_UP: dict[str, Any] = {"claims": {CUSTOM: {"assignment": "warm-up"}}}
HALF, EVEN, SQUARE = "half-of-ninety", "even-plus-odd", "four-equal-sides"
THREE_OF_FIVE = [(HALF, "40"), (EVEN, "true"), (SQUARE, "square")]


def test_each_assignment_keeps_its_work_and_no_grade_is_overwritten_unasked(stage: Stage) -> None:
    ben = ScriptedBrowser()
    fractions = stage.arrive(ben, BEN, FRACTIONS)
    stage.hand_in(ben, fractions, right_answers("fractions-quiz"))
    assert stage.wait_for_cell(BEN, FRACTIONS)["score"] == 20

    # Cleo still has a page of the fractions open when Ada comes in by the changed link.
    cleo = ScriptedBrowser()
    old_page = stage.arrive(cleo, CLEO, FRACTIONS)
    ada = Teacher(stage, FRACTIONS, **WARM_UP)
    assert "In progress this link had another assignment before" in ada.wait_for(BEN, "another assignment")

    refused = stage.hand_in(cleo, old_page, right_answers("fractions-quiz"))
    assert "This link has another assignment now." in refused.words
    stage.hand_in(cleo, stage.arrive(cleo, CLEO, FRACTIONS, **WARM_UP), right_answers("warm-up"))
    assert stage.wait_for_cell(CLEO, FRACTIONS)["score"] == 20  # 5 of 5, in a column of 20: nothing stood there

    work = stage.arrive(ben, BEN, FRACTIONS, **WARM_UP)
    assert "0 of 3 answered" in work.words
    assert "Attempt" not in work.words
    result = stage.hand_in(ben, work, THREE_OF_FIVE)
    assert "3 of 5 Not sent to Demo LMS yet" in result.words
    row = ada.wait_for(BEN, "Changed since sent")
    assert "the gradebook holds the score of another assignment" in row
    assert (stage.cell(BEN, FRACTIONS) or {})["score"] == 20

    ada.send(BEN)
    wait_until(lambda: (stage.cell(BEN, FRACTIONS) or {})["score"] == 12, 45)

    back = stage.arrive(ben, BEN, FRACTIONS)
    assert "20 of 20" in back.words
    row = Teacher(stage, FRACTIONS).wait_for(BEN, "Changed since sent")
    assert "the gradebook holds the score of another assignment" in row
    assert (stage.cell(BEN, FRACTIONS) or {})["score"] == 12
