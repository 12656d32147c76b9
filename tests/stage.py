"""The stage for journeys: the demo LMS and Passback as processes of their own, over real sockets on this machine."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import urllib3

from tests.cast import Someone
from tests.scripted_browser import Page, ScriptedBrowser
from tool.assessment.assignments import import_assignment
from tool.assessment.questions import read_assignment_file
from tool.db import Database
from tool.migrations.upgrading import upgrade
from tool.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
ASSIGNMENTS = ROOT / "tool" / "demo_lms" / "assignments"
STARTS_WITHIN_SECONDS = 90

T = TypeVar("T")


class Stage:
    """Starts and ends the two sides, and asks the LMS what it holds."""

    program = "tool"
    """The module that is run as `passback`."""

    def __init__(self, folder: Path, database_url: str | None = None, manner: str = "canvas") -> None:
        self.folder = folder
        self.tool_port = free_port()
        self.tool_url = f"http://localhost:{self.tool_port}"
        self.database_url = database_url or f"sqlite:///{folder}/passback.db"
        self.manner = manner
        self.lms_url = ""
        self._lms: subprocess.Popen[str] | None = None
        self._tool: dict[str, subprocess.Popen[str]] = {}
        self._log_begins: dict[str, int] = {}
        self._http = urllib3.PoolManager(maxsize=16, retries=False, timeout=urllib3.Timeout(30))

    def open(self, *options: str) -> None:
        """Both sides ready, the demo's assignments in; `options` are those of `serve`."""
        self.start_lms()
        database = Database(Settings(database_url=self.database_url).database_url)
        upgrade(database)
        for file in sorted(ASSIGNMENTS.glob("*.json")):
            import_assignment(database, read_assignment_file(file.read_text()))
        database.close()
        self.start_tool(*options)

    def start_lms(self) -> None:
        command = [sys.executable, "-m", "tests.witnessed_lms", "--port", "0", "--tool", self.tool_url]
        self._lms = self._start("lms", [*command, "--manner", self.manner], {})
        self.lms_url = self._wait_for_line("lms", self._lms, r"demo LMS on (\S+)")
        self.write_config(self.lms("GET", "/control/platform.json"))

    def write_config(self, platforms: Any) -> None:
        config = {
            "base_url": self.tool_url,
            "database_url": self.database_url,
            "keys_dir": str(self.folder / "keys"),
            "platforms": platforms,
        }
        (self.folder / "config.json").write_text(json.dumps(config))

    def start_tool(self, *options: str, environment: dict[str, str] | None = None) -> None:
        command = [sys.executable, "-m", self.program, "serve", "--port", str(self.tool_port), *options]
        self._tool["serve"] = self._start("serve", command, environment or {})
        self._wait_for_line("serve", self._tool["serve"], r"Passback on (\S+)")

    def start_worker(self, name: str = "worker", environment: dict[str, str] | None = None) -> None:
        self._tool[name] = self._start(name, [sys.executable, "-m", "tool", "worker"], environment or {})
        self._wait_for_line(name, self._tool[name], r"Passback (sends)")

    def kill(self, name: str = "serve") -> None:
        """SIGKILL: no last words."""
        self._tool[name].kill()
        self._tool.pop(name).wait()

    def stop(self, name: str = "serve") -> int:
        """SIGTERM; the exit status."""
        process = self._tool.pop(name)
        process.terminate()
        return process.wait(timeout=15)

    def signal(self, number: signal.Signals, name: str = "serve") -> None:
        """Told, and not waited for."""
        self._tool[name].send_signal(number)

    def pause(self, name: str = "serve") -> None:
        self._tool[name].send_signal(signal.SIGSTOP)

    def resume(self, name: str = "serve") -> None:
        self._tool[name].send_signal(signal.SIGCONT)

    def wait_for_end(self, name: str = "serve", seconds: float = 15) -> int:
        """The exit status of a process that ends by itself."""
        return self._tool.pop(name).wait(timeout=seconds)

    def close(self) -> None:
        for process in [*self._tool.values(), *([self._lms] if self._lms else [])]:
            process.kill()
            process.wait()

    def passback(
        self, *arguments: str, check: bool = True, typed: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the command `passback` to its end; `typed` is what comes in from standard input."""
        command = [sys.executable, "-m", "tool", *arguments]
        environment = self._environment({})
        return subprocess.run(
            command, input=typed, env=environment, cwd=ROOT, check=check, text=True, capture_output=True, timeout=60
        )

    def lms(self, method: str, path: str, **content: Any) -> Any:
        """The demo LMS's control address."""
        answer = self._http.request(method, self.lms_url + path, json=content if method == "POST" else None)
        assert answer.status < 300, answer.data
        return answer.json() if answer.data else None

    def set_mood(self, mood: str, **details: Any) -> None:
        self.lms("POST", "/control/mood", mood=mood, **details)

    def cell(self, someone: Someone, link: str) -> dict[str, Any] | None:
        """What the LMS's gradebook holds for someone in the column of a link, if anything."""
        for column in self.columns(link):
            if someone.subject in column["scores"]:
                found: dict[str, Any] = column["scores"][someone.subject]
                return found
        return None

    def columns(self, link: str) -> list[dict[str, Any]]:
        return [one for one in self.lms("GET", "/control/gradebook") if one["resource_link_id"] == link]

    def wait_for_cell(self, someone: Someone, link: str, seconds: float = 45) -> dict[str, Any]:
        """The wait is longer than a dead process may keep the lease of a score (10 s) or of a token (25 s)."""
        return wait_until(lambda: self.cell(someone, link), seconds)

    def scores_sent(self, someone: Someone | None = None) -> list[dict[str, Any]]:
        """Every score request that reached the LMS, whatever it answered; of one person if named."""
        sent = [one for one in self.lms("GET", "/control/journal") if one["path"].endswith("/scores")]
        return [one for one in sent if someone is None or one["body"]["userId"] == someone.subject]

    def arrive(self, browser: ScriptedBrowser, someone: Someone, link: str, **extra: Any) -> Page:
        """Open a link from the LMS: login, the LMS's answer, launch; the page it ends on."""
        begun = self.lms(
            "POST", "/control/launch-form", course=someone.course, link=link, person=someone.subject, **extra
        )
        from_lms = {"Origin": self.lms_url}
        page = browser.post(begun["login_url"], begun["fields"].items(), from_lms)
        if page.status == 200 and page.url.startswith(self.lms_url):
            page = browser.submit(page.form(), from_lms)
        return page

    def hand_in(
        self, browser: ScriptedBrowser, page: Page, answers: list[tuple[str, str]], button: str = "submit"
    ) -> Page:
        """Answer and press Submit on the page of the work."""
        return browser.submit(page.form().with_fields(*answers, ("Submit", button)), {"Origin": self.tool_url})

    def finish(self, someone: Someone, link: str, assignment_id: str) -> dict[str, Any]:
        """Somebody opens a link in a browser of their own, does everything right, and the score arrives."""
        browser = ScriptedBrowser()
        self.hand_in(browser, self.arrive(browser, someone, link), right_answers(assignment_id))
        return self.wait_for_cell(someone, link)

    def log(self, name: str = "serve") -> str:
        return (self.folder / f"{name}.log").read_text()

    def _environment(self, extra: dict[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PASSBACK_")}
        return {**kept, "PASSBACK_CONFIG": str(self.folder / "config.json"), "PYTHONUNBUFFERED": "1", **extra}

    def _start(self, name: str, command: list[str], extra: dict[str, str]) -> "subprocess.Popen[str]":
        log = (self.folder / f"{name}.log").open("a")
        # A process started again writes on in the same file: only what follows is news of this one.
        self._log_begins[name] = len(self.log(name))
        with log:
            return subprocess.Popen(command, cwd=ROOT, env=self._environment(extra), stdout=log, stderr=log, text=True)

    def _wait_for_line(self, name: str, process: "subprocess.Popen[str]", pattern: str) -> str:
        def look() -> str | None:
            news = self.log(name)[self._log_begins[name] :]
            assert process.poll() is None, f"{name} ended: {news[-2000:]}"
            found = re.search(pattern, news)
            return found[1] if found else None

        return wait_until(look, STARTS_WITHIN_SECONDS)


def wait_until(look: Callable[[], T | None], seconds: float) -> T:
    """The first value that is something; the story fails when it does not come in time."""
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        found = look()
        if found:
            return found
        time.sleep(0.03)
    raise AssertionError(f"waited {seconds} s in vain")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def right_answers(assignment_id: str) -> list[tuple[str, str]]:
    """Form fields that earn everything an assignment of the demo gives by itself."""
    fields: list[tuple[str, str]] = []
    for question in json.loads((ASSIGNMENTS / f"{assignment_id}.json").read_text())["questions"]:
        name = question["id"]
        match question["type"]:
            case "single_choice" | "multiple_choice":
                fields += [(name, choice["id"]) for choice in question["choices"] if choice["correct"]]
            case "true_false":
                fields.append((name, "true" if question["correct"] else "false"))
            case "numeric":
                fields.append((name, str(question["answer"])))
            case "short_text":
                fields.append((name, question["accept"][0]))
            case "essay":
                fields.append((name, "Once there was a fraction."))
    return fields
