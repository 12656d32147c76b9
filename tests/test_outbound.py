"""The one way out: what it reaches, what it refuses, and that it always ends in time."""

import gzip
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.lti.rough_server import RoughServer, cut_short, drip, hang, raw, reply, reset, wait_then
from tool.outbound import Outbound, OutboundError

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def server() -> Iterator[RoughServer]:
    rough = RoughServer()
    yield rough
    rough.stop()


@pytest.fixture(scope="module")
def outbound() -> Iterator[Outbound]:
    client = Outbound(allow_loopback_http=True, connect_seconds=0.5, total_seconds=5)
    yield client
    client.close()


@pytest.fixture(scope="module")
def strict() -> Iterator[Outbound]:
    """As in production."""
    client = Outbound(allow_loopback_http=False, connect_seconds=0.5, total_seconds=5)
    yield client
    client.close()


def failure(client: Outbound, url: str, **options: Any) -> OutboundError:
    with pytest.raises(OutboundError) as caught:
        client.request("GET", url, **options)
    return caught.value


def test_an_answer_comes_back_whole(server: RoughServer, outbound: Outbound) -> None:
    server.on("/x", reply(201, '{"a": "é"}', {"X-Kind": "test"}))

    answer = outbound.request("POST", server.url + "/x?q=1", headers={"Accept": "*/*"}, body=b"hello")

    assert (answer.status, answer.json(), answer.text()) == (201, {"a": "é"}, '{"a": "é"}')
    assert answer.headers["x-kind"] == answer.headers["X-KIND"] == "test"
    sent = server.received[0]
    assert (sent.method, sent.path, sent.body) == ("POST", "/x?q=1", b"hello")
    assert sent.headers["User-Agent"].startswith("Passback/")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b"9" * 5000])
def test_json_that_is_none_is_a_value_error_and_nothing_else(
    server: RoughServer, outbound: Outbound, body: bytes
) -> None:
    server.on("/x", reply(200, body))

    with pytest.raises(ValueError):  # noqa: PT011
        outbound.request("GET", server.url + "/x").json()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 404, 500, 304, 204])
def test_every_status_is_an_answer_and_no_redirect_is_followed(
    server: RoughServer, outbound: Outbound, status: int
) -> None:
    server.on("/x", reply(status, "", {"Location": server.url + "/elsewhere"}))

    assert outbound.request("POST", server.url + "/x", body=b"score").status == status
    assert server.requests_for("/elsewhere") == []


def test_connections_are_used_again(server: RoughServer, outbound: Outbound) -> None:
    server.on("/x", reply(200, "a" * 100_000))
    for _ in range(5):
        outbound.request("GET", server.url + "/x")

    assert server.connections == 1


def test_a_connection_closed_while_idle_is_replaced(server: RoughServer, outbound: Outbound) -> None:
    server.on("/x", reply(200, "ok"))
    outbound.request("GET", server.url + "/x")
    server.hang_up()
    time.sleep(0.05)

    assert outbound.request("GET", server.url + "/x").text() == "ok"
    assert server.connections == 2


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(hang, id="nothing comes"),
        pytest.param(drip(OK), id="one byte at a time, headers too"),
        pytest.param(drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 50, 0.01), id="continue, continue, continue"),
        pytest.param(drip(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + b"x" * 99, 0.02), id="a dripping body"),
    ],
)
def test_the_total_limit_is_real(server: RoughServer, outbound: Outbound, behaviour: Any) -> None:
    server.on("/x", behaviour)
    started = time.monotonic()
    failed = failure(outbound, server.url + "/x", total_seconds=0.3)

    assert failed.reason == "timeout"
    assert failed.outcome_unknown
    assert 0.25 < time.monotonic() - started < 1.5


def test_a_slow_answer_within_the_limit_is_fine(server: RoughServer, outbound: Outbound) -> None:
    server.on("/x", drip(OK, 0.001))

    assert outbound.request("GET", server.url + "/x").text() == "ok"


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        pytest.param(reset, "reset", id="the line is cut"),
        pytest.param(cut_short, "reset", id="half a body"),
        pytest.param(raw(b"SSH-2.0-OpenSSH\r\n\r\n"), "reset", id="another protocol"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000), "reset", id="a header without end"),
        pytest.param(reply(200, b"x" * 5000), "too_large", id="a large body"),
        pytest.param(reply(200, b"no gzip", {"Content-Encoding": "gzip"}), "reset", id="a false encoding"),
        pytest.param(
            reply(200, gzip.compress(b"0" * 10_000_000), {"Content-Encoding": "gzip"}), "too_large", id="a gzip bomb"
        ),
    ],
)
def test_a_broken_answer_leaves_the_outcome_unknown(
    server: RoughServer, outbound: Outbound, behaviour: Any, reason: str
) -> None:
    server.on("/x", behaviour)
    failed = failure(outbound, server.url + "/x", max_bytes=1000, total_seconds=3)

    assert failed.reason == reason
    assert failed.outcome_unknown
    assert server.url not in str(failed)


def test_an_endless_answer_is_not_only_refused_but_hung_up_on(server: RoughServer, outbound: Outbound) -> None:
    gone = Event()

    def pour(handler: Any) -> None:
        handler.close_connection = True
        with suppress(OSError):
            handler.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while not handler.server_side.is_stopping.is_set():
                handler.write(b"x" * 100_000)
            return
        gone.set()

    server.on("/x", pour)

    assert failure(outbound, server.url + "/x", max_bytes=1000).reason == "too_large"
    assert gone.wait(3)


@pytest.mark.parametrize(
    "trouble", [reply(200, b"x" * 500_000), cut_short, reset, hang], ids=["large", "cut", "reset", "hang"]
)
def test_trouble_does_not_use_up_connections(server: RoughServer, trouble: Any) -> None:
    server.on("/bad", trouble)
    server.on("/good", reply(200, "ok"))
    narrow = Outbound(allow_loopback_http=True, connections=1, total_seconds=5)
    for _ in range(3):
        failure(narrow, server.url + "/bad", max_bytes=1000, total_seconds=0.2)

    assert narrow.request("GET", server.url + "/good").text() == "ok"
    narrow.close()


def test_where_nobody_listens_nothing_was_sent(outbound: Outbound) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        failed = failure(outbound, f"http://127.0.0.1:{taken.getsockname()[1]}/")

    assert failed.reason == "connect"
    assert not failed.outcome_unknown


def test_waiting_for_a_free_connection_ends_too(server: RoughServer) -> None:
    server.on("/x", wait_then(0.5, reply(200, "ok")))
    narrow = Outbound(allow_loopback_http=True, connections=1, total_seconds=5)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(narrow.request, "GET", server.url + "/x")
        time.sleep(0.15)
        failed = failure(narrow, server.url + "/x", total_seconds=0.1)
        assert first.result().text() == "ok"
    narrow.close()

    assert failed.reason == "timeout"
    assert not failed.outcome_unknown


def test_neither_proxy_nor_netrc_of_the_environment_counts(
    server: RoughServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ada password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server.on("/x", reply(200, "ok"))
    client = Outbound(allow_loopback_http=True)
    answer = client.request("GET", server.url + "/x", headers={"Authorization": "Bearer mine"})
    client.close()

    assert answer.text() == "ok"
    assert server.received[0].headers["Authorization"] == "Bearer mine"
