"""A mail server of a few lines, over a real socket: it keeps every letter, and turns away whom it is told to."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from tool.mail import MailServer


@dataclass
class Letter:
    """What one sender handed over: to whom the envelope goes, and the lines inside."""

    recipients: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def message(self) -> EmailMessage:
        written = "".join(f"{line}\n" for line in self.lines)
        return message_from_bytes(written.encode(), policy=policy.default)

    @property
    def whole(self) -> str:
        """Everything in it that somebody could read: the headers decoded, and the text."""
        message = self.message
        return "\n".join([*(f"{name}: {value}" for name, value in message.items()), message.get_content()])


class PostOffice(socketserver.ThreadingTCPServer):
    """`letters` in the order in which they came; `refuses` are addresses it does not know."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Counter)
        self.letters: list[Letter] = []
        self.refuses: set[str] = set()
        self.is_busy = False

    @property
    def server(self) -> MailServer:
        return MailServer(self.url, "passback@school.example")

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def written_to(self) -> list[list[str]]:
        return [letter.recipients for letter in self.letters]


class _Counter(socketserver.StreamRequestHandler):
    """Speaks just enough SMTP to take letters."""

    server: PostOffice

    def handle(self) -> None:
        self._say("421 come back later" if self.server.is_busy else "220 post office")
        letter = Letter()
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            word = line.upper()
            if word.startswith("RCPT TO:"):
                self._take_recipient(letter, line[8:].strip().strip("<>"))
            elif word == "DATA":
                self._say("354 go on")
                letter.lines = self._take_lines()
                self.server.letters.append(letter)
                letter = Letter()
                self._say("250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _take_recipient(self, letter: Letter, address: str) -> None:
        if address in self.server.refuses:
            self._say("550 nobody of that name")
            return
        letter.recipients.append(address)
        self._say("250 fine")

    def _take_lines(self) -> list[str]:
        lines: list[str] = []
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            if line == ".":
                break
            lines.append(line.removeprefix(".") if line.startswith("..") else line)
        return lines

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    """The office is open until the end of the block."""
    with PostOffice() as office:
        thread = threading.Thread(target=office.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield office
        finally:
            office.shutdown()
            thread.join()
