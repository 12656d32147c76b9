"""The pages a person sees, the program's door, and who is kept out."""

import re
import signal
import socket
import subprocess
import sys
from threading import Thread

import pytest

from tests.demo_lms.conftest import Story, read_whole_form
from tool.demo_lms.serving import NotLoopback, address_of, bind

BOOK = "/courses/course-math/gradebook"


def test_the_first_page_offers_people_and_activities(story: Story) -> None:
    page = story.client.get("/").get_data(as_text=True)

    for word in ("Demo LMS", "a pretend LMS for trying Passback", "Period 3 math", "Ben Carter", "Siobhan O&#39;Neill"):
        assert word in page
    assert "no gradebook column yet" in page


def test_choosing_a_person_opens_the_activity_as_that_person(story: Story) -> None:
    answer = story.client.get("/courses/course-math/open?as=cleo&link=link-essay", follow_redirects=True)

    page = answer.get_data(as_text=True)
    assert answer.request.path == "/courses/course-math/activities/link-essay"
    assert 'src="/courses/course-math/activities/link-essay/start?as=cleo"' in page
    assert "as Cleo Brown" in page


def test_the_frame_starts_the_login_by_post_or_get(story: Story) -> None:
    start = "/courses/course-math/activities/link-fractions/start?as=ben"

    by_post = read_whole_form(story.client.get(start))
    by_get = read_whole_form(story.client.get(f"{start}&login=get"))

    assert (by_post.action, by_post.method) == (f"{story.tool_url}/lti/login", "post")
    assert by_get.method == "get"
    assert "id_token" in story.client.post("/lti/authorize", data=story.authorization(by_post.fields)).get_data(True)


def test_a_window_leads_past_the_frame(story: Story) -> None:
    answer = story.client.get("/courses/course-math/activities/link-fractions?as=ben&window=1&login=get")

    assert answer.location == "/courses/course-math/activities/link-fractions/start?as=ben&login=get"


@pytest.mark.parametrize(
    "path",
    [
        "/courses/x/gradebook",
        "/courses/course-math/activities/x?as=ben",
        "/courses/course-math/activities/link-essay?as=dan",
    ],
)
def test_what_is_not_there_is_not_found(story: Story, path: str) -> None:
    assert story.client.get(path).status_code == 404


def test_the_gradebook_page_shows_scores_and_its_poll_the_same(story: Story) -> None:
    story.post_score("ben", 6.666)

    page = story.client.get(BOOK).get_data(as_text=True)
    polled = story.client.get(f"{BOOK}.json").get_json()

    assert re.search(r'Ben Carter, Fractions quiz: 6\.67\. Type a score">6\.67</a>', page)
    assert '<noscript><meta http-equiv="refresh"' in page
    assert polled["cells"]["1-ben"]["score"] == "6.67"
    assert polled["cells"]["1-cleo"] == {
        "score": "",
        "received_at": None,
        "received": "",
        "typed": False,
        "work": False,
    }
    assert polled["columns"] == [[1, "Fractions quiz", "20"], [2, "My number story", "10"]]


def test_a_teacher_types_a_score_in_the_gradebook(story: Story) -> None:
    answer = story.client.post(BOOK, data={"learner": "ben", "column": "1", "score": "17,5"})

    assert (answer.status_code, answer.location) == (303, BOOK)
    assert (story.cell()["score"], story.cell()["typed_by_hand"]) == (17.5, True)
    story.client.post(BOOK, data={"learner": "ben", "column": "1", "score": ""})
    assert story.cell()["score"] is None


def test_a_typed_score_that_is_no_number_is_explained(story: Story) -> None:
    answer = story.client.post(BOOK, data={"learner": "ben", "column": "1", "score": "A+"})

    assert answer.status_code == 400
    assert "“A+” is not a number" in answer.get_data(as_text=True)
    assert story.client.post(BOOK, data={"learner": "ada", "column": "1", "score": "3"}).status_code == 404
    assert story.cell() == {}


def test_the_mood_is_turned_by_a_button_and_seen_on_every_page(story: Story) -> None:
    answer = story.client.post("/moods", data={"mood": "slow", "delay_seconds": "0", "for_requests": "3", "target": ""})

    assert answer.status_code == 303
    assert "Mood: Slow" in story.client.get("/").get_data(as_text=True)
    assert "3 more requests" in story.client.get("/moods").get_data(as_text=True)
    assert story.client.post("/moods", data={"mood": "angry"}).status_code == 400


def test_the_mood_page_lists_the_last_requests(story: Story) -> None:
    story.post_score()

    page = story.client.get("/moods").get_data(as_text=True)

    assert "POST /api/lti/courses/course-math/line_items/1/scores" in page


def test_pages_of_other_sites_are_kept_out(story: Story) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site"}

    assert story.client.post("/control/reset", headers=elsewhere, json={}).status_code == 403
    assert story.client.get("/", base_url="http://rebound.example").status_code == 400
    launch = story.authorization(story.begin_launch())
    assert "id_token" in story.client.post("/lti/authorize", data=launch, headers=elsewhere).get_data(as_text=True)


def test_pages_hold_no_inline_script_or_style(story: Story) -> None:
    for path in ("/", BOOK, "/moods", "/courses/course-math/activities/link-essay?as=ben"):
        answer = story.client.get(path)
        page = answer.get_data(as_text=True)
        assert " style=" not in page
        assert not re.search(r"<script(?![^>]*\bsrc=)", page)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "lms.example"])  # noqa: S104
def test_only_this_machine_is_served(host: str) -> None:
    with pytest.raises(NotLoopback):
        bind(host, 0)


def test_a_free_port_is_found_and_named() -> None:
    with bind("localhost", 0) as listener:
        assert address_of(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_the_program_says_where_it_is_and_stops_when_told() -> None:
    command = [sys.executable, "-m", "tool.demo_lms", "--port", "0", "--manner", "moodle"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        watch = Thread(target=program.wait, kwargs={"timeout": 20}, daemon=True)
        line = program.stdout.readline()
        match = re.fullmatch(r"demo LMS on http://127\.0\.0\.1:(\d+)\n", line)
        assert match
        with socket.create_connection(("127.0.0.1", int(match[1])), timeout=5):
            program.send_signal(signal.SIGTERM)
            watch.start()
            watch.join(10)
        assert program.poll() == 0


def test_the_program_refuses_another_host() -> None:
    command = [sys.executable, "-m", "tool.demo_lms", "--host", "0.0.0.0"]  # noqa: S104
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)

    assert ended.returncode == 2
    assert "loopback" in ended.stderr
