"""PostgreSQL under several processes: one serves the pages, others send."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cast import ADA, BEN, CLASSMATES, CLEO, FRACTIONS, WARM_UP, Someone
from tests.conftest import opened
from tests.scripted_browser import ScriptedBrowser
from tests.stage import Stage, right_answers, wait_until


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Iterator[Stage]:
    """The pages only; a story starts the workers it needs."""
    yield from opened(Stage(tmp_path_factory.mktemp("postgres"), postgres_url), "--no-sender")


def test_one_process_takes_the_hand_in_and_another_sends_the_score(stage: Stage) -> None:
    browser = ScriptedBrowser()
    result = stage.hand_in(browser, stage.arrive(browser, BEN, FRACTIONS), right_answers("fractions-quiz"))
    assert "20 of 20 On its way to Demo LMS" in result.words
    assert stage.scores_sent(BEN) == []

    stage.start_worker()

    cell = stage.wait_for_cell(BEN, FRACTIONS)
    assert (cell["score"], cell["attempts"]) == (20, 1)
    wait_until(lambda: "In Demo LMS since" in browser.get(result.url).words, 20)
    assert "Ben Carter 20 of 20 20" in stage.arrive(ScriptedBrowser(), ADA, FRACTIONS).words


def test_two_senders_make_one_column_and_send_each_score_once(stage: Stage) -> None:
    stage.start_worker("second")

    def finish(someone: Someone) -> None:
        browser = ScriptedBrowser()
        stage.hand_in(browser, stage.arrive(browser, someone, WARM_UP), right_answers("warm-up"))

    with ThreadPoolExecutor(len(CLASSMATES)) as hands:
        list(hands.map(finish, CLASSMATES))

    assert [stage.wait_for_cell(someone, WARM_UP)["score"] for someone in CLASSMATES] == [5] * len(CLASSMATES)
    assert len(stage.columns(WARM_UP)) == 1
    assert [len(stage.scores_sent(someone)) for someone in CLASSMATES] == [1] * len(CLASSMATES)


def test_a_sender_that_is_killed_leaves_its_work_to_the_other(stage: Stage) -> None:
    stage.kill("worker")

    assert stage.finish(CLEO, FRACTIONS, "fractions-quiz")["score"] == 20
    assert stage.stop("second") == 0
