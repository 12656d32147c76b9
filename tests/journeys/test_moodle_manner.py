"""An LMS that behaves like Moodle: an id_token good for a minute, a query in every column's address, whole seconds."""

import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.cast import AMARA, BEN, CLEO, DIEGO, FRACTIONS, WARM_UP
from tests.conftest import opened
from tests.scripted_browser import ScriptedBrowser
from tests.stage import ASSIGNMENTS, Stage, right_answers, wait_until
from tool.assessment.assignments import import_assignment
from tool.assessment.questions import read_assignment_file
from tool.db import Database


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    yield from opened(Stage(tmp_path_factory.mktemp("moodle"), manner="moodle"))


def test_an_auto_graded_hand_in_arrives_by_itself(stage: Stage) -> None:
    browser = ScriptedBrowser()
    result = stage.hand_in(browser, stage.arrive(browser, BEN, FRACTIONS), right_answers("fractions-quiz"))

    # Moodle's empty answer is understood as its yes.
    wait_until(lambda: "In Demo LMS since" in browser.get(result.url).words, 40)
    cell = stage.wait_for_cell(BEN, FRACTIONS)
    assert (cell["given"], cell["score"]) == (20, 20)
    [sent] = stage.scores_sent(BEN)
    # In Moodle the query belongs to the address, and the path ends before it.
    assert sent["path"].endswith("/scores")
    assert (sent["query"], sent["status"]) == ("type_id=1", 200)


def test_a_launch_with_an_id_token_of_one_minute(stage: Stage) -> None:
    browser = ScriptedBrowser()
    begun = stage.lms("POST", "/control/launch-form", course=CLEO.course, link=FRACTIONS, person=CLEO.subject)
    answer = browser.post(begun["login_url"], begun["fields"].items(), {"Origin": stage.lms_url}).form()

    work = browser.submit(answer, {"Origin": stage.lms_url})

    claims = _read_claims(dict(answer.fields)["id_token"])
    assert int(str(claims["exp"])) - int(str(claims["iat"])) == 60
    assert work.url.endswith("/work")


def test_a_link_without_a_column_gets_one(stage: Stage) -> None:
    assert stage.finish(DIEGO, WARM_UP, "warm-up")["score"] == 5

    [column] = stage.columns(WARM_UP)
    assert column["line_item_url"].endswith("?type_id=1")


def test_an_equal_timestamp_is_refused_and_ends_as_delivered(stage: Stage) -> None:
    browser = ScriptedBrowser()
    work = stage.arrive(browser, CLEO, FRACTIONS)
    stage.set_mood("lose_answer", for_requests=1)

    result = stage.hand_in(browser, work, right_answers("fractions-quiz"))

    wait_until(lambda: "In Demo LMS since" in browser.get(result.url).words, 40)
    kept, refused = stage.scores_sent(CLEO)
    assert (kept["status"], refused["status"]) == (None, 409)
    assert kept["body"]["timestamp"] == refused["body"]["timestamp"]
    assert stage.wait_for_cell(CLEO, FRACTIONS)["score"] == 20


def test_two_versions_in_a_row_differ_by_a_whole_second(stage: Stage) -> None:
    _import_warm_up(stage, half_of_ninety=45)
    time.sleep(1 - time.time() % 1)  # a second begins: both versions would fit into it
    assert stage.finish(AMARA, WARM_UP, "warm-up")["score"] == 5

    _import_warm_up(stage, half_of_ninety=44)

    wait_until(lambda: stage.wait_for_cell(AMARA, WARM_UP)["score"] == 3, 40)
    first, second = stage.scores_sent(AMARA)
    assert (first["status"], second["status"]) == (200, 200)
    times = [datetime.fromisoformat(one["body"]["timestamp"]).replace(microsecond=0) for one in (first, second)]
    assert times[0] < times[1]


def _read_claims(id_token: str) -> dict[str, object]:
    payload = id_token.split(".")[1]
    claims: dict[str, object] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def _import_warm_up(stage: Stage, *, half_of_ninety: int) -> None:
    """The warm-up with this key, set to send every change of an automatic grade by itself."""
    file = json.loads((ASSIGNMENTS / "warm-up.json").read_text())
    file["questions"][0]["answer"] = half_of_ninety
    database = Database(stage.database_url)
    import_assignment(database, read_assignment_file(json.dumps({**file, "updates": "automatic"})))
    database.close()
