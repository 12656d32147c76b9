"""How the LMS misbehaves: in the same process, and over a real socket where a connection is at stake."""

import http.client
import json
import time
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from waitress.server import create_server

from tests.demo_lms.conftest import SCORE, Story
from tool.demo_lms.gate import AnswerDropped


def set_mood(story: Story, mood: str, **more: object) -> None:
    assert story.order("mood", mood=mood, **more)["mood"] == mood


def test_broken_answers_500_and_keeps_nothing(story: Story) -> None:
    set_mood(story, "error500")

    assert story.post_score().status_code == 500
    assert story.cell() == {}
    assert story.call("GET", story.column_url()).status_code == 200


def test_too_busy_says_when_to_come_back(story: Story) -> None:
    set_mood(story, "busy429", retry_after=7)
    answer = story.post_score()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")

    set_mood(story, "busy429", retry_after=None)
    assert "Retry-After" not in story.post_score().headers


@pytest.mark.parametrize(("manner", "status"), [("canvas", 422), ("moodle", 400), ("schoology", 403), ("openedx", 403)])
def test_refusing_is_the_manners_not_enrolled(tell: Any, manner: str, status: int) -> None:
    story = tell(manner)
    set_mood(story, "refuse")

    assert story.post_score("ben").status_code == status
    assert story.cell("ben") == {}


def test_a_mood_lasts_for_so_many_requests(story: Story) -> None:
    set_mood(story, "error500", for_requests=2)

    assert [story.post_score().status_code for _ in range(4)] == [500, 500, 200, 200]
    assert story.client.get("/control/mood").get_json()["mood"] == "fine"


def test_a_mood_concerns_what_it_is_aimed_at(story: Story) -> None:
    url = story.column_url()
    set_mood(story, "error500", target="services")
    assert story.call_without_token("GET", url).status_code == 500
    assert story.ask_token().status_code == 500
    assert story.client.get("/lti/jwks").status_code == 200

    set_mood(story, "error500", target="all")
    assert story.client.get("/lti/jwks").status_code == 500
    assert story.client.get("/").status_code == 200


def test_losing_answers_keeps_the_score(story: Story) -> None:
    set_mood(story, "lose_answer", for_requests=1)

    with pytest.raises(AnswerDropped):
        story.post_score(given=15)

    assert story.cell()["score"] == 15
    assert story.post_score(given=16).status_code == 200


def test_down_keeps_nothing_and_shuts_every_service_but_not_the_pages(story: Story) -> None:
    set_mood(story, "down")

    with pytest.raises(AnswerDropped):
        story.ask_token()
    with pytest.raises(AnswerDropped):
        story.call_without_token("GET", story.column_url())
    assert story.client.get("/courses/course-math/gradebook").status_code == 200
    assert "id_token" in story.client.post("/lti/authorize", data=story.authorization(story.begin_launch())).get_data(
        as_text=True
    )


def test_slow_does_it_at_once_and_answers_late(story: Story) -> None:
    story.token  # noqa: B018
    set_mood(story, "slow", delay_seconds=0.4)
    seen: list[float] = []
    began = time.monotonic()
    waiting = Thread(target=lambda: seen.append(story.post_score().status_code))
    waiting.start()
    time.sleep(0.2)

    assert story.app.test_client().get("/control/gradebook").get_json()[0]["scores"]["ben"]["score"] == 15
    assert seen == []
    waiting.join()
    assert seen == [200]
    assert time.monotonic() - began >= 0.4


@pytest.mark.parametrize(
    "order", [{"mood": "angry"}, {}, {"mood": "slow", "delay_seconds": "long"}, {"mood": "fine", "target": "x"}]
)
def test_an_unknown_mood_changes_nothing(story: Story, order: dict[str, object]) -> None:
    assert story.client.post("/control/mood", json=order).status_code == 400
    assert story.client.get("/control/mood").get_json()["mood"] == "fine"


class RealStory:
    """The same LMS on a real socket, behind waitress as it is served."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.path = story.column_url().removeprefix("http://127.0.0.1:9000")
        self.token = story.token
        self.server = create_server(story.app, host="127.0.0.1", port=0, threads=8)
        self.thread = Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        self.server.asyncore.loop(timeout=0.05, map=self.server._map)

    def post_score(self) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.effective_port, timeout=10)
        body = {
            "userId": "ben",
            "scoreGiven": 15,
            "scoreMaximum": 20,
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "timestamp": "2026-03-02T10:00:00Z",
        }
        headers = {"Content-Type": SCORE, "Authorization": f"Bearer {self.token}"}
        try:
            connection.request("POST", f"{self.path}/scores", json.dumps(body), headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def close(self) -> None:
        self.server.task_dispatcher.shutdown()
        self.server.asyncore.close_all(self.server._map, ignore_all=True)
        self.thread.join()


@pytest.fixture
def real(story: Story) -> Iterator[RealStory]:
    started = RealStory(story)
    yield started
    started.close()


@pytest.mark.parametrize(("mood", "kept"), [("lose_answer", True), ("down", False)])
def test_the_connection_is_closed_without_a_byte(real: RealStory, mood: str, kept: bool) -> None:
    assert real.post_score() == 200
    real.story.order("reset")
    set_mood(real.story, mood)

    with pytest.raises(http.client.RemoteDisconnected):
        real.post_score()

    assert bool(real.story.cell()) is False if not kept else real.story.cell()["score"] == 15


def test_hanging_ends_when_the_mood_changes(real: RealStory) -> None:
    set_mood(real.story, "hang")
    ends: list[str] = []

    def wait() -> None:
        try:
            real.post_score()
        except http.client.RemoteDisconnected:
            ends.append("no answer")

    waiting = Thread(target=wait)
    waiting.start()
    waiting.join(0.3)
    assert waiting.is_alive()
    assert real.story.journal()[-1]["mood"] == "hang"

    set_mood(real.story, "fine")
    waiting.join(5)
    assert ends == ["no answer"]
    assert real.story.cell() == {}
