"""A log that nobody reads, or that cannot be written, costs lines and no time."""

import io
import os
import subprocess
import sys
import time

from tool.log_lines import LINES_KEPT, PatientLines


def test_a_reader_that_sleeps_holds_nobody_up() -> None:
    reading, writing = os.pipe()
    lines = PatientLines(os.fdopen(writing, "w"))
    begun = time.monotonic()
    for number in range(LINES_KEPT + 5_000):
        lines.write(f"line {number} {'x' * 80}\n")

    assert time.monotonic() - begun < 5
    os.close(reading)


def test_lines_arrive_in_order() -> None:
    stream = io.StringIO()
    lines = PatientLines(stream)
    for number in range(1000):
        lines.write(f"{number}\n")
    lines.close()

    assert stream.getvalue().split() == [str(number) for number in range(1000)]


def test_what_was_lost_is_counted() -> None:
    reading, writing = os.pipe()
    lines = PatientLines(os.fdopen(writing, "w"))
    for number in range(LINES_KEPT + 5_000):
        lines.write(f"line {number} {'x' * 80}\n")
    read = b""
    ends_at = time.monotonic() + 10
    while b"lines_lost" not in read and time.monotonic() < ends_at:
        read += os.read(reading, 65_536)

    assert b'"event": "log.lines_lost"' in read
    lines.close()
    os.close(reading)


def test_its_thread_takes_no_signals() -> None:
    """A sender told to stop would else end at once, with scores on the wire."""
    script = (
        "import os, signal, sys, time\n"
        "from tool.log_lines import PatientLines\n"
        "PatientLines(sys.stderr)\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])\n"
        "os.kill(os.getpid(), signal.SIGTERM)\n"
        "time.sleep(0.3)\n"
        "print('waited for', signal.sigwait([signal.SIGTERM]).name)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=90)

    assert (ended.returncode, ended.stdout) == (0, "waited for SIGTERM\n"), ended.stderr
