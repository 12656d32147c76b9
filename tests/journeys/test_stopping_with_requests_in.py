"""A web process that is told to stop answers whom it has let in, lets nobody else in, and ends."""

import signal
import socket
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest

from tests.cast import BEN, FRACTIONS
from tests.scripted_browser import ScriptedBrowser
from tests.stage import Stage, right_answers, wait_until

FORM = b"iss=nobody&login_hint=ben&target_link_uri=nowhere"


class SlowPost:
    """A form that is sent in two halves."""

    def __init__(self, stage: Stage) -> None:
        self.socket = socket.create_connection(("127.0.0.1", stage.tool_port), timeout=20)
        head = f"POST /lti/login HTTP/1.1\r\nHost: localhost:{stage.tool_port}\r\n"
        kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(FORM)}\r\n\r\n"
        self.socket.sendall((head + kind).encode() + FORM[:10])

    def sends_the_rest(self) -> bytes:
        """The whole answer, until the other side hangs up."""
        self.socket.sendall(FORM[10:])
        with closing(self.socket):
            return b"".join(iter(lambda: self.socket.recv(65536), b""))


def is_shut(stage: Stage) -> bool:
    try:
        socket.create_connection(("127.0.0.1", stage.tool_port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


@contextmanager
def database_held(stage: Stage) -> Iterator[None]:
    """Nobody else writes meanwhile: a hand-in takes as long as this does."""
    with closing(sqlite3.connect(stage.folder / "passback.db", isolation_level=None, timeout=10)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")


def tell_to_stop(stage: Stage, number: signal.Signals = signal.SIGTERM) -> None:
    stage.signal(number)
    wait_until(lambda: is_shut(stage), 5)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_form_that_is_still_coming_is_answered_whole(own_stage: Stage, number: signal.Signals) -> None:
    post = SlowPost(own_stage)
    time.sleep(0.3)
    tell_to_stop(own_stage, number)

    head, _, page = post.sends_the_rest().partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 400 ")
    assert page.rstrip().endswith(b"</html>")
    assert own_stage.wait_for_end(seconds=10) == 0


def test_a_hand_in_that_waits_for_the_database_is_saved_and_answered(own_stage: Stage) -> None:
    browser = ScriptedBrowser()
    work = own_stage.arrive(browser, BEN, FRACTIONS)
    with ThreadPoolExecutor(1) as beside:
        with database_held(own_stage):
            handing_in = beside.submit(own_stage.hand_in, browser, work, right_answers("fractions-quiz"))
            time.sleep(1)
            own_stage.signal(signal.SIGTERM)
            time.sleep(1)
            assert not handing_in.done()
        page = handing_in.result(15)

    assert page.status in (200, 302, 303)
    assert own_stage.wait_for_end(seconds=10) == 0
    own_stage.start_tool()
    assert own_stage.wait_for_cell(BEN, FRACTIONS)["score"] == 20


def test_one_who_never_ends_is_not_waited_for(own_stage: Stage) -> None:
    with closing(SlowPost(own_stage).socket):
        time.sleep(0.3)
        begun = time.monotonic()
        tell_to_stop(own_stage)

        assert own_stage.wait_for_end(seconds=12) == 0
    assert time.monotonic() - begun < 10
    assert '"requests": 1' in own_stage.log()


def test_a_second_signal_ends_it_at_once(own_stage: Stage) -> None:
    with closing(SlowPost(own_stage).socket):
        time.sleep(0.3)
        tell_to_stop(own_stage)
        begun = time.monotonic()
        own_stage.signal(signal.SIGTERM)

        assert own_stage.wait_for_end(seconds=5) == 128 + signal.SIGTERM
    assert time.monotonic() - begun < 2
