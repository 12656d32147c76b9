"""The stub platform itself: what it answers, that it keeps its plan, and that it is never what a run waits for."""

import base64
import json
import os
import select
import socket
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import urllib3
from urllib3.exceptions import HTTPError

from tests.chaos import faults
from tests.chaos.bucket import Bucket
from tests.chaos.calls import CLIENT_ID
from tests.chaos.faults import choose_fault
from tests.chaos.lms import Platforms
from tests.chaos.tokens import ASSERTION_TYPE

EARLIER, LATER = "2026-03-02T12:00:00.000Z", "2026-03-02T12:00:05.000Z"


class Client:
    """A tool of a few lines, for one platform."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(2), maxsize=20)
        self.token = ""

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> urllib3.BaseHTTPResponse:
        told = {"Authorization": f"Bearer {self.token}", **headers}
        return self._http.request(method, self.url + path, body=body, headers=told, redirect=False)

    def sign_in(self, **changes: str) -> int:
        at = int(time.time())
        claims = {"iss": CLIENT_ID, "sub": CLIENT_ID, "aud": f"{self.url}/token", "iat": at, "exp": at + 60}
        header = {"alg": "RS256", "kid": "key-1"}
        assertion = f"{part(header)}.{part(claims | {'jti': os.urandom(8).hex()} | changes)}.signature"
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
            "scope": "scores",
        }
        answer = self.ask("POST", "/token", urlencode(form).encode())
        if answer.status == 200:
            self.token = answer.json()["access_token"]
        return answer.status

    def make_column(self) -> str:
        wanted = {"label": "Quiz", "scoreMaximum": 10, "resourceId": "quiz", "resourceLinkId": "link-1"}
        column: str = self.ask("POST", "/courses/c-1/line_items", json.dumps(wanted).encode()).json()["id"]
        return urlsplit(column).path

    def score(self, column: str, points: float, timestamp: str, user: str = "ben") -> Any:
        return self.ask("POST", f"{column}/scores", score_message(points, timestamp, user))


def part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def score_message(points: float, timestamp: str, user: str = "ben") -> bytes:
    progress = {"activityProgress": "Completed", "gradingProgress": "FullyGraded"}
    score = {"userId": user, "scoreGiven": points, "scoreMaximum": 10, "timestamp": timestamp, **progress}
    return json.dumps(score).encode()


@pytest.fixture
def platforms() -> Iterator[Platforms]:
    with Platforms(2) as opened:
        yield opened


@pytest.fixture
def client(platforms: Platforms) -> Client:
    made = Client(platforms.urls[0])
    assert made.sign_in() == 200
    return made


def test_a_score_stands_in_the_gradebook_and_in_the_journal(platforms: Platforms, client: Client) -> None:
    column = client.make_column()

    assert "resultUrl" in client.score(column, 8, EARLIER).json()

    [(platform, held)] = platforms.gradebook()
    assert (platform, held.link, held.cells["ben"].score) == (0, "link-1", "8")
    assert [one.kind for one in platforms.journal()] == ["token", "column_made", "score"]
    assert client.ask("GET", f"{column}/results?user_id=ben").json()[0]["resultScore"] == 8
    found = client.ask("GET", "/courses/c-1/line_items?resource_id=quiz").json()
    assert [one["resourceLinkId"] for one in found] == ["link-1"]


def test_nobody_gets_in_without_a_token_that_is_good(platforms: Platforms, client: Client) -> None:
    assert client.sign_in(iss="somebody-else") == 400
    assert client.sign_in(aud="https://elsewhere.example/token") == 400
    column = client.make_column()
    platforms.change(true_seconds=0.2)
    assert client.score(column, 8, EARLIER).status == 401  # a change of lifetimes ends all tokens

    client.sign_in()
    assert client.score(column, 8, EARLIER).status == 200
    time.sleep(0.25)
    assert client.score(column, 9, LATER).status == 401


@pytest.mark.parametrize(
    ("manner", "older", "equal"), [("accepting", 200, 200), ("canvas", 400, 200), ("moodle", 409, 409)]
)
def test_the_manners(platforms: Platforms, client: Client, manner: str, older: int, equal: int) -> None:
    platforms.change(manner=manner)
    column = client.make_column()
    assert client.score(column, 8, LATER).status == 200

    assert client.score(column, 7, LATER).status == equal
    assert client.score(column, 6, EARLIER).status == older


def meet(client: Client, column: str, user: str) -> str:
    """How a score ends, as its sender sees it."""
    try:
        answer = client.score(column, 8, EARLIER, user)
    except HTTPError as error:
        return type(error).__name__
    return f"{answer.status} {answer.headers.get('Retry-After', '')[:1]} {answer.data[:9]!r}"


def test_a_seed_brings_the_same_faults_again(platforms: Platforms) -> None:
    endings = []
    for url in platforms.urls:
        client = Client(url)
        client.sign_in()
        column = client.make_column()
        platforms.change(seed=5, fault_share=0.7, hang_seconds=0.05)
        endings.append([meet(client, column, f"student-{number}") for number in range(40)])
        platforms.change(fault_share=0.0)
    journal = platforms.journal()
    per_platform = [[one.fault for one in journal if one.platform == number] for number in (0, 1)]

    assert len(set(endings[0])) >= 5
    assert endings[0] != endings[1]  # another platform, another plan
    assert per_platform[0][2:] == planned(platform=0)
    assert per_platform[1][2:] == planned(platform=1)


def planned(platform: int) -> list[str | None]:
    keys = [f"{platform}:score:1:student-{number}:1" for number in range(40)]
    return [choose_fault(5, 0.7, faults.ALL, key) for key in keys]


def test_the_plan_has_its_share_of_every_fault() -> None:
    drawn = Counter(choose_fault(1, 0.3, faults.ALL, str(number)) for number in range(20_000))

    assert 0.28 < 1 - drawn[None] / 20_000 < 0.32
    assert set(faults.ALL) <= set(drawn)


def test_what_is_lost_before_storing_and_what_after(platforms: Platforms, client: Client) -> None:
    column = client.make_column()
    platforms.change(seed=5, fault_share=1.0, hang_seconds=0.05)
    for number in range(30):
        meet(client, column, f"student-{number}")

    journal = [one for one in platforms.journal() if one.kind == "score"]
    assert {one.fault for one in journal if one.stored} <= set(faults.STORING)
    assert {one.fault for one in journal if not one.stored}.isdisjoint(faults.STORING)
    [(_, held)] = platforms.gradebook()
    assert held.cells.keys() == {one.user for one in journal if one.stored} != set()


def test_one_hangs_and_the_other_does_not(platforms: Platforms) -> None:
    hanging, fine = (Client(url) for url in platforms.urls)
    platforms.change(0, is_hanging=True)

    with pytest.raises(HTTPError):
        hanging.sign_in()
    assert fine.sign_in() == 200
    platforms.change(is_down=True)
    assert fine.sign_in() == 503


def test_an_answer_that_drips_arrives(platforms: Platforms, client: Client) -> None:
    column = client.make_column()
    platforms.change(seed=drip_seed(), fault_share=1.0)
    began_at = time.monotonic()

    assert "resultUrl" in client.score(column, 8, EARLIER).json()
    assert time.monotonic() - began_at > 0.2


def drip_seed() -> int:
    """Of the score of Ben, the first in column 1 of platform 0, an answer drips."""
    return next(seed for seed in range(1000) if choose_fault(seed, 1.0, faults.ALL, "0:score:1:ben:1") == "drip")


def test_latency_and_what_is_in_flight(platforms: Platforms, client: Client) -> None:
    platforms.change(latency_seconds=0.1)
    began_at = time.monotonic()
    client.make_column()

    assert 0.1 <= time.monotonic() - began_at < 1
    assert platforms.counters()[0]["most_in_flight"] == 1


def test_canvas_never_refuses_ten_at_a_time_and_refuses_twenty() -> None:
    assert refused(at_once=10) == 0
    assert refused(at_once=20) > 0


def refused(at_once: int, seconds: float = 0.1) -> int:
    """So many calls at a time for a minute, each of them as long."""
    bucket, at, refusals = Bucket(), 0.0, 0
    while at < 60:
        admitted = [bucket.admit(at) for _ in range(at_once)]
        at += seconds
        for _ in range(sum(admitted)):
            bucket.settle(at, seconds)
        refusals += at_once - sum(admitted)
    return refusals


def test_a_full_bucket_says_so(platforms: Platforms, client: Client) -> None:
    column = client.make_column()
    platforms.change(has_bucket=True, latency_seconds=0.3)
    raw = raw_score(client, column)
    sockets = [connect(client) for _ in range(14)]
    for sock in sockets:
        sock.sendall(raw)
    answers = [sock.recv(4096) for sock in sockets]
    for sock in sockets:
        sock.close()

    # Twelve fill it; a little has leaked before the thirteenth comes.
    refused = [b"403 " in answer and b"X-Rate-Limit-Remaining: 0.0" in answer for answer in answers]
    taken = [b"200 " in answer and b"X-Rate-Limit-Remaining: " in answer for answer in answers]
    assert (sum(refused), sum(taken)) in ((1, 13), (2, 12))


def test_five_thousand_scores_cost_less_than_a_second_of_processor_time(platforms: Platforms, client: Client) -> None:
    column = client.make_column()
    raw = raw_score(client, column)
    with connect(client) as sock:
        sock.sendall(raw)
        size = len(sock.recv(4096))
    sockets = [connect(client) for _ in range(8)]
    before = processor_seconds(platforms.process_id)
    for _ in range(125):
        for sock in sockets:
            sock.sendall(raw * 5)
        for sock in sockets:
            receive(sock, 5 * size)
    spent = processor_seconds(platforms.process_id) - before
    for sock in sockets:
        sock.close()

    print(f"{5000 / spent:.0f} scores in a second of processor time")
    assert platforms.counters()[0]["requests"] == 5003
    assert spent < 1


def connect(client: Client) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", urlsplit(client.url).port or 0))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def raw_score(client: Client, column: str) -> bytes:
    body = score_message(8, EARLIER)
    head = (
        f"POST {column}/scores HTTP/1.1\r\nAuthorization: Bearer {client.token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def receive(sock: socket.socket, size: int) -> None:
    while size > 0:
        select.select([sock], [], [], 5)
        size -= len(sock.recv(size))


def processor_seconds(process_id: int) -> float:
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
