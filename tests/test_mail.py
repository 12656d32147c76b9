"""A digest goes to a real mail server of a few lines, as plain text."""

import socketserver
import threading
from collections.abc import Iterator

import pytest

from tool.mail import MailServer, send_mail


class Postman(socketserver.StreamRequestHandler):
    """Speaks just enough SMTP to take one message."""

    def handle(self) -> None:
        self._say("220 post office")
        is_letter = False
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            self.server.lines.append(line)  # type: ignore[attr-defined]
            if is_letter:
                is_letter = line != "."
                if not is_letter:
                    self._say("250 taken")
            elif line.upper() == "DATA":
                is_letter = True
                self._say("354 go on")
            elif line.upper() == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def post_office() -> Iterator[socketserver.TCPServer]:
    with socketserver.TCPServer(("127.0.0.1", 0), Postman) as server:
        server.lines = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_mail_arrives_as_it_was_written(post_office: socketserver.TCPServer) -> None:
    address = f"smtp://127.0.0.1:{post_office.server_address[1]}"

    send_mail(
        MailServer(address, "passback@school.example"), "ada@school.example", "Grades that need you", "Fractions: 1"
    )

    lines: list[str] = post_office.lines  # type: ignore[attr-defined]
    assert "Subject: Grades that need you" in lines
    assert "To: ada@school.example" in lines
    assert "Auto-Submitted: auto-generated" in lines
    assert "Fractions: 1" in lines


def test_a_password_is_never_shown() -> None:
    assert "secret" not in repr(MailServer("smtp://ada:secret@mail.example:587", "a@b"))
