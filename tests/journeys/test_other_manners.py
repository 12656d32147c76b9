"""The main road again, with LMSs that behave like Schoology and like Open edX."""

from collections.abc import Iterator

import pytest

from tests.cast import BEN, CLEO, FRACTIONS, WARM_UP
from tests.conftest import opened
from tests.scripted_browser import ScriptedBrowser
from tests.stage import Stage, right_answers, wait_until


@pytest.fixture(scope="module", params=["schoology", "openedx"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    yield from opened(Stage(tmp_path_factory.mktemp(request.param), manner=request.param))


def test_an_auto_graded_hand_in_arrives_by_itself(stage: Stage) -> None:
    browser = ScriptedBrowser()
    result = stage.hand_in(browser, stage.arrive(browser, BEN, FRACTIONS), right_answers("fractions-quiz"))

    wait_until(lambda: "In Demo LMS since" in browser.get(result.url).words, 40)
    assert stage.wait_for_cell(BEN, FRACTIONS)["score"] == 20
    [sent] = stage.scores_sent(BEN)
    assert sent["status"] == (201 if stage.manner == "openedx" else 200)


def test_a_link_without_a_column_gets_one(stage: Stage) -> None:
    assert stage.finish(CLEO, WARM_UP, "warm-up")["score"] == 5
    assert len(stage.columns(WARM_UP)) == 1
