"""With its first score the LMS asks for our key set: somebody is there before anything is sent."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import CommandLine
from tests.stage import free_port
from tool.cli import serving
from tool.parts import Parts


def test_the_door_is_open_before_the_sender_begins(
    tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, knocked = free_port(), []

    @contextmanager
    def knocking(_parts: Parts) -> Iterator[Callable[[], bool]]:
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            knocked.append(port)
        yield lambda: True

    def leave(_app: object, sockets: dict[int, Any], **_told: object) -> None:
        for one in list(sockets.values()):
            one.close()

    monkeypatch.setattr(serving, "working", knocking)
    monkeypatch.setattr(serving, "serve_pages", leave)
    result = CommandLine(tmp_path, migrated_sqlite).run("serve", "--port", str(port))

    assert result.exit_code == 0, (result.output, result.exception)
    assert knocked == [port]
