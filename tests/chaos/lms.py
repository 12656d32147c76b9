"""The rig's side of the stub platforms: starts their process, changes their weather, reads their books."""

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import urllib3

from tests.chaos.gradebook import Cell, Column, Entry

ROOT = Path(__file__).resolve().parents[2]


class Platforms:
    """The process of the stub platforms; ends with the block it is opened for, or with this process."""

    def __init__(self, count: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.platform", str(count)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        told = json.loads(self._process.stdout.readline())
        self.urls: list[str] = told["platforms"]
        self._control = f"http://127.0.0.1:{told['control']}"
        self._http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(30))

    @property
    def process_id(self) -> int:
        return self._process.pid

    def change(self, platform: int | None = None, **weather: Any) -> None:
        """Values of `calls.Weather` and of the tokens' lifetimes, for one platform or for all."""
        self._ask("POST", "/change", {"platform": platform, **weather})

    def journal(self) -> list[Entry]:
        """Every request, by the time it was decided."""
        return sorted((Entry(*one) for one in self._ask("GET", "/journal")), key=lambda entry: entry.ended_at)

    def gradebook(self) -> list[tuple[int, Column]]:
        """Every column with its platform."""
        found = []
        for told in self._ask("GET", "/gradebook"):
            cells = {user: Cell(**cell) for user, cell in told.pop("cells").items()}
            found.append((told.pop("platform"), Column(**told, cells=cells)))
        return found

    def counters(self) -> list[dict[str, int]]:
        counters: list[dict[str, int]] = self._ask("GET", "/counters")
        return counters

    def _ask(self, method: str, path: str, content: Any = None) -> Any:
        answer = self._http.request(method, self._control + path, json=content)
        assert answer.status == 200, (path, answer.status)
        return json.loads(answer.data)

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._http.clear()
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
