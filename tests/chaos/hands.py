"""Students who come from the LMS and hand in by HTTP, whatever happens to the web process: a process of its own.

`python -m tests.chaos.hands FOLDER` has every student of the plan's `by_hand` hand in each version, and writes each
hand-in that Passback acknowledged into FOLDER/handed.jsonl. What is not acknowledged is tried again, as a student
does who sees an error page.
"""

import re
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TextIO
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from urllib3.exceptions import HTTPError

from tests.chaos.feeder import write_line
from tests.chaos.wanted import Event, Plan, Student, right_or_wrong
from tests.chaos.world import LMS_KEY, launch_claims
from tests.scripted_browser import Page, ScriptedBrowser
from tool.settings import load_settings

HANDED = "handed.jsonl"
AGAIN_SECONDS = 0.3
AT_ONCE = 6


class NotYet(Exception):
    """The tool did not acknowledge it: the student comes again."""


class Hands:
    """Everybody's hands, and the keys of their LMSs."""

    def __init__(self, folder: Path, log: TextIO) -> None:
        self.plan = Plan.read(folder / "plan.json")
        settings = load_settings(folder / "config.json")
        self._tool_url = settings.base_url
        self._issuers = list(settings.platforms)
        self._key = load_pem_private_key((folder / "lms.pem").read_bytes(), None)
        self._log = log
        self._lock = threading.Lock()

    def hand_in(self, event: Event) -> None:
        """Until it is acknowledged."""
        while True:
            try:
                self._try(event)
            except (NotYet, HTTPError, OSError) as error:
                # For who wonders why a run does not end: it stands in the process's log.
                print(event.student.subject, event.version, repr(error)[:300], flush=True)
                time.sleep(AGAIN_SECONDS)
                continue
            with self._lock:
                write_line(self._log, event)
            return

    def _try(self, event: Event) -> None:
        browser = ScriptedBrowser(is_framed=False)
        page = self._launch(browser, event.student)
        if is_result(page):
            if attempt_of(page) >= event.version:
                return
            page = sound(browser.submit(page.form("/again"), {"Origin": self._tool_url}))
        if attempt_of(page) != event.version:
            raise NotYet(f"another attempt is open: {page.url}")
        answers = right_or_wrong(self.plan.score(event.student, event.version))
        form = page.form("/submit").with_fields(*answers.items(), ("Submit", "confirmed"))
        answer = browser.send("POST", form.action, urlencode(form.fields), {"Origin": self._tool_url})
        if answer.status != 303 or not location(answer).endswith("/result"):
            raise NotYet(f"{answer.status} {location(answer)}: {answer.words[:200]}")

    def _launch(self, browser: ScriptedBrowser, student: Student) -> Page:
        """Login, the LMS's word for the student, launch, and the page it leads to."""
        issuer = self._issuers[student.platform]
        claims = launch_claims(student, issuer)
        target = f"{self._tool_url}/lti/launch"
        login = {
            "iss": issuer,
            "client_id": claims["aud"],
            "login_hint": student.subject,
            "target_link_uri": target,
        }
        begun = sound(browser.send("POST", f"{self._tool_url}/lti/login", urlencode(login)))
        asked = dict(parse_qsl(urlsplit(location(begun)).query))
        now = int(time.time())
        told = {"iat": now, "exp": now + 300, "nonce": asked["nonce"], **claims}
        told = {name: target if name.endswith("/target_link_uri") else value for name, value in told.items()}
        token = jwt.encode(told, self._key, algorithm="RS256", headers={"kid": LMS_KEY})  # type: ignore[arg-type]
        posted = {"state": asked["state"], "id_token": token}
        return sound(browser.post(target, posted.items(), {"Origin": issuer}))


def sound(page: Page) -> Page:
    if page.status >= 400:
        raise NotYet(f"{page.status} {page.url}: {page.words[:200]}")
    return page


def location(page: Page) -> str:
    headers: Mapping[str, str] = {name.lower(): value for name, value in page.headers.items()}
    return urljoin(page.url, headers.get("location", ""))


def is_result(page: Page) -> bool:
    return page.url.endswith("/result")


def attempt_of(page: Page) -> int:
    """Which attempt a page shows; the first one is not named on it."""
    found = re.search(r"Attempt (\d+)</li>", page.text)
    return int(found[1]) if found else 1


def hand_in_all(folder: Path) -> None:
    """Version after version, a few students at a time."""
    with (folder / HANDED).open("a") as log, ThreadPoolExecutor(AT_ONCE) as threads:
        hands = Hands(folder, log)
        for version in range(1, hands.plan.versions + 1):
            list(threads.map(hands.hand_in, [Event(student, version) for student in hands.plan.by_hand]))


if __name__ == "__main__":
    hand_in_all(Path(sys.argv[1]))
