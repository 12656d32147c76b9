"""Ada picks an assignment in her LMS; it becomes a graded link whose grades come home to the column it brought."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cast import ADA, BEN, CLEO
from tests.conftest import opened
from tests.rows import RIGHT_ANSWERS, assignment_text
from tests.scripted_browser import Page, ScriptedBrowser
from tests.stage import Stage

HALVES = [
    {"id": "half", "type": "numeric", "prompt": "What is 1/2?", "points": 7.5, "answer": "0.5"},
    {"id": "quarter", "type": "numeric", "prompt": "What is 1/4?", "points": 5, "answer": "0.25"},
]


@pytest.fixture(scope="module", params=["canvas", "moodle", "schoology"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    yield from opened(Stage(tmp_path_factory.mktemp(request.param), manner=request.param))


def pick(stage: Stage, *assignments: str, **asked: Any) -> Page:
    """Ada adds assignments from her course; the LMS's page at the end."""
    browser = ScriptedBrowser()
    order = {"course": ADA.course, "person": ADA.subject, "message_type": "LtiDeepLinkingRequest"}
    begun = stage.lms("POST", "/control/launch-form", **order, deep_linking=asked)
    from_lms, from_tool = {"Origin": stage.lms_url}, {"Origin": stage.tool_url}
    page = browser.post(begun["login_url"], begun["fields"].items(), from_lms)
    picker = browser.submit(page.form(), from_lms) if page.url.startswith(stage.lms_url) else page
    assert picker.status == 200, picker.words
    form = picker.form().with_fields(("do", "choose"))
    form.fields += [("assignment", one) for one in assignments]
    return browser.submit(browser.submit(form, from_tool).form(), from_tool)


def placed(stage: Stage) -> list[dict[str, Any]]:
    """What the LMS made of the latest answer."""
    answer = stage.lms("GET", "/control/contents")[-1]
    assert answer["refused"] is None, answer
    links: list[dict[str, Any]] = answer["placed"]
    return links


def test_a_picked_assignment_is_graded_into_the_column_it_brought(stage: Stage) -> None:
    assert "Added to" in pick(stage, "fractions-quiz").text

    [made] = placed(stage)
    cell = stage.finish(BEN, made["link"], "fractions-quiz")

    assert made["points"] == 20
    assert cell["score"] == 20
    assert len(stage.columns(made["link"])) == 1


def test_where_columns_are_not_taken_the_first_grade_makes_one(stage: Stage) -> None:
    pick(stage, "warm-up", accepts_line_item="no")

    [made] = placed(stage)
    assert made["points"] is None
    assert stage.finish(BEN, made["link"], "warm-up")["score"] == 5
    assert len(stage.columns(made["link"])) == 1


def test_several_become_several_links(stage: Stage) -> None:
    pick(stage, "fractions-quiz", "warm-up", accepts_several=True)

    first, second = placed(stage)
    assert stage.finish(CLEO, second["link"], "warm-up")["score"] == 5
    assert stage.cell(CLEO, first["link"]) is None


def test_points_the_column_cannot_hold_are_scaled_by_the_lms(stage: Stage) -> None:
    """12.5 points: Moodle's column is worth 13, and a full score of the tool fills it."""
    file = stage.folder / "halves.json"
    file.write_text(assignment_text(id="halves", title="Halves", questions=HALVES))
    stage.passback("assignment", "import", str(file))
    pick(stage, "halves")
    [made] = placed(stage)

    browser = ScriptedBrowser()
    right = [(name, values[0]) for name, values in RIGHT_ANSWERS.items()]
    stage.hand_in(browser, stage.arrive(browser, BEN, made["link"]), right)

    worth = 13 if stage.manner == "moodle" else 12.5
    assert made["points"] == worth
    assert stage.wait_for_cell(BEN, made["link"])["score"] == worth
    sent = stage.scores_sent(BEN)[-1]["body"]
    assert (sent["scoreGiven"], sent["scoreMaximum"]) == (12.5, 12.5)
