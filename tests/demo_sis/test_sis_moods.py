"""How the SIS misbehaves: in the same process, and over a real socket where a connection is at stake."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from threading import Event, Thread

import pytest
from waitress.server import create_server

from tests.demo_sis.conftest import COLUMN, JSON, MARK, Story, said
from tool.demo_sis.gate import AnswerDropped
from tool.demo_sis.sis import GRADEBOOK_12, ROSTERING_12

ORDINARY = {"refuse401": 401, "forbid403": 403, "rate403": 403, "locked409": 409, "invalid422": 422, "busy429": 429}


def set_mood(story: Story, mood: str, **more: object) -> None:
    assert story.order("mood", mood=mood, **more)["mood"] == mood


@pytest.mark.parametrize("mood", ORDINARY)
def test_refusing_answers_in_the_standards_words_and_keeps_nothing(story: Story, mood: str) -> None:
    story.sign_in()
    set_mood(story, mood)
    answer = story.put_column()

    assert answer.status_code == ORDINARY[mood]
    assert said(answer)
    assert story.columns() == {}


def test_a_refusal_says_what_a_test_wants(story: Story) -> None:
    set_mood(story, "invalid422", target="writes", text="Category Quiz not found in OneRoster")

    assert said(story.put_column()) == "Category Quiz not found in OneRoster"


def test_some_put_the_error_in_an_envelope(tell: Callable[..., Story]) -> None:
    story = tell(wraps_errors=True)
    story.is_to_the_letter = False

    answer = story.put_column(title="")
    assert "name is empty" in answer.get_json()["imsx_StatusInfo"]["imsx_description"]


def test_too_busy_says_when_to_come_back(story: Story) -> None:
    set_mood(story, "busy429", retry_after=7, target="writes")
    assert story.put_column().headers["Retry-After"] == "7"

    set_mood(story, "busy429", retry_after=None, target="writes")
    assert "Retry-After" not in story.put_column().headers


def test_web_pages_come_in_place_of_answers(story: Story) -> None:
    story.sign_in()
    story.is_to_the_letter = False
    for mood, status in (("error500", 500), ("html200", 200)):
        set_mood(story, mood)
        answer = story.put_column()
        assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert story.columns() == {}


def test_a_mood_lasts_for_so_many_requests_after_so_many_good_ones(story: Story) -> None:
    set_mood(story, "invalid422", after_requests=1, for_requests=2, target="writes")

    assert [story.put_column().status_code for _ in range(4)] == [201, 422, 422, 201]
    assert story.look("mood")["mood"] == "fine"


@pytest.mark.parametrize(
    ("target", "concerned"),
    [
        ("token", {"token"}),
        ("rostering", {"roster"}),
        ("gradebook", {"read", "column", "mark"}),
        ("writes", {"column", "mark"}),
        ("line_items", {"column"}),
        ("results", {"mark"}),
        ("all", {"token", "roster", "read", "column", "mark"}),
    ],
)
@pytest.mark.parametrize("version", ["1.2", "1.1"])
def test_a_mood_concerns_what_it_is_aimed_at(
    tell: Callable[..., Story], target: str, concerned: set[str], version: str
) -> None:
    story = tell(version=version)
    story.sign_in()
    set_mood(story, "busy429", target=target)
    answers = {
        "token": story.ask_token(),
        "roster": story.call("GET", story.roots["roster"] + "/users"),
        "read": story.call("GET", story.roots["book"] + "/lineItems"),
        "column": story.put_column(),
        "mark": story.put_mark(),
    }

    assert {name for name, answer in answers.items() if answer.status_code == 429} == concerned
    assert story.client.get("/").status_code == 200


def test_losing_answers_keeps_what_was_sent(story: Story) -> None:
    set_mood(story, "lose_answer", for_requests=1, target="writes")

    with pytest.raises(AnswerDropped):
        story.put_column()
    assert list(story.columns()) == ["Fractions check 4"]
    assert story.put_column().status_code == 201


def test_the_journal_has_every_request_and_no_secret(story: Story) -> None:
    story.put_column()
    set_mood(story, "down")
    with pytest.raises(AnswerDropped):
        story.put_mark()

    token, put, lost = story.look("journal")
    assert (token["path"], token["authorization"], token["text"]) == ("/token", "Basic", None)
    assert (put["method"], put["path"], put["status"]) == ("PUT", f"{GRADEBOOK_12}/lineItems/{COLUMN}", 201)
    assert put["body"]["lineItem"]["resultValueMax"] == 20
    assert json.loads(put["text"]) == put["body"]
    assert (put["content_type"], put["authorization"]) == (JSON, "Bearer")
    assert (lost["path"], lost["status"], lost["mood"]) == (f"{GRADEBOOK_12}/results/{MARK}", None, "down")
    held = json.dumps(story.look("journal"))
    assert story.headers is not None
    assert story.headers["Authorization"].partition(" ")[2] not in held
    assert "demo-sis-secret" not in held


@pytest.mark.parametrize(
    "order", [{"mood": "angry"}, {}, {"mood": "slow", "delay_seconds": "long"}, {"mood": "fine", "target": "x"}]
)
def test_an_unknown_mood_changes_nothing(story: Story, order: dict[str, object]) -> None:
    assert story.client.post("/control/mood", json=order).status_code == 400
    assert story.look("mood")["mood"] == "fine"


class RealStory:
    """The same SIS on a real socket, behind waitress as it is served."""

    def __init__(self, story: Story) -> None:
        story.sign_in()
        self.story = story
        self.server = create_server(story.app, host="127.0.0.1", port=0, threads=8)
        self.is_over = Event()
        self.thread = Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        while not self.is_over.is_set():
            self.server.asyncore.loop(timeout=0.05, map=self.server._map, count=1)

    def put_column(self) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.effective_port, timeout=10)
        body = json.dumps({"lineItem": self.story.line_item()})
        headers = {"Content-Type": JSON, **(self.story.headers or {})}
        try:
            connection.request("PUT", f"{GRADEBOOK_12}/lineItems/{COLUMN}", body, headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def close(self) -> None:
        self.is_over.set()
        self.thread.join()
        self.server.task_dispatcher.shutdown()
        self.server.asyncore.close_all(self.server._map, ignore_all=True)


@pytest.fixture
def real(story: Story) -> Iterator[RealStory]:
    started = RealStory(story)
    yield started
    started.close()


@pytest.mark.parametrize(("mood", "kept"), [("lose_answer", 1), ("down", 0)])
def test_the_connection_is_closed_without_a_byte(real: RealStory, mood: str, kept: int) -> None:
    set_mood(real.story, mood)
    with pytest.raises(http.client.RemoteDisconnected):
        real.put_column()

    assert len(real.story.columns()) == kept
    set_mood(real.story, "fine")
    assert real.put_column() == 201


def test_slow_does_it_at_once_and_answers_late(real: RealStory) -> None:
    set_mood(real.story, "slow", delay_seconds=0.3)
    began = time.monotonic()

    assert real.put_column() == 201
    assert time.monotonic() - began >= 0.3


def test_hanging_ends_when_the_mood_changes(real: RealStory) -> None:
    set_mood(real.story, "hang")
    ends: list[str] = []

    def wait() -> None:
        try:
            real.put_column()
        except http.client.RemoteDisconnected:
            ends.append("no answer")

    waiting = Thread(target=wait)
    waiting.start()
    waiting.join(0.3)
    assert waiting.is_alive()

    set_mood(real.story, "fine")
    waiting.join(5)
    assert ends == ["no answer"]
    assert real.story.columns() == {}
    assert real.story.call("GET", f"{ROSTERING_12}/users").status_code == 200
