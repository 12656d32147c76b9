"""A stream for log lines that never makes its writer wait: a full disk or a reader that sleeps costs lines, no time."""

import atexit
import queue
import signal
import threading
from typing import TextIO

LINES_KEPT = 10_000
LAST_WORDS_SECONDS = 1.0


class PatientLines:
    """What is written is put by; a thread of its own carries it to the stream. What finds no room is counted."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lines: queue.Queue[str | None] = queue.Queue(LINES_KEPT)
        self._lost = 0
        self._thread = threading.Thread(target=self._carry, name="log lines", daemon=True)
        # It takes no signals: one meant for the process would end it here, where nobody waits for it.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        self._thread.start()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        atexit.register(self.close)

    def write(self, text: str) -> int:
        try:
            self._lines.put_nowait(text)
        except queue.Full:
            self._lost += 1
        return len(text)

    def flush(self) -> None:
        """The thread flushes."""

    def close(self) -> None:
        """Wait a moment for what is put by; who ends a process does not wait for its logs for ever."""
        try:
            self._lines.put(None, timeout=LAST_WORDS_SECONDS)
        except queue.Full:
            return
        self._thread.join(LAST_WORDS_SECONDS)

    def _carry(self) -> None:
        while (text := self._lines.get()) is not None:
            lost, self._lost = self._lost, 0
            try:
                if lost:
                    self._stream.write(f'{{"event": "log.lines_lost", "lines": {lost}}}\n')
                self._stream.write(text)
                if self._lines.empty():
                    self._stream.flush()
            except (OSError, ValueError):
                self._lost += 1
