"""Students who come from the LMS, a few at a time: the load of the launch figures, the same for every tool."""

import http.client
import queue
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.bench.key_set import KEY_ID
from tests.chaos.wanted import Student
from tests.chaos.world import launch_claims
from tests.lti.paper_lms import CLAIM, NRPS

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
AT_ONCE = 8

T = TypeVar("T")
Cookies = dict[str, str]


@dataclass(frozen=True, slots=True)
class Door:
    """Where a tool takes logins and launches."""

    host: str
    port: int
    login: str
    launch: str
    tries_cookies: bool = False
    """A page comes before the login, whose script repeats the request (PyLTI1p3's `enable_check_cookies`)."""

    @property
    def launch_url(self) -> str:
        return f"http://{self.host}:{self.port}{self.launch}"


@dataclass(frozen=True, slots=True)
class Begun:
    """A login that the tool answered."""

    student: Student
    state: str
    nonce: str
    cookies: Cookies


@dataclass(frozen=True, slots=True)
class Landed:
    """How a launch ended."""

    is_right: bool
    seconds: float
    location: str
    cookies: Cookies


class Visitors:
    """Browsers of the students of one platform, in front of one tool."""

    def __init__(self, door: Door, issuer: str, pem: Path) -> None:
        self._door = door
        self._issuer = issuer
        key = load_pem_private_key(pem.read_bytes(), None)
        assert isinstance(key, RSAPrivateKey)
        self._key = key
        self._idle: queue.LifoQueue[http.client.HTTPConnection] = queue.LifoQueue()

    def begin(self, student: Student) -> Begun:
        """The login: the tool sends the browser on to the LMS."""
        claims = launch_claims(student, self._issuer)
        asked = {
            "iss": self._issuer,
            "client_id": claims["aud"],
            "login_hint": student.subject,
            "target_link_uri": self._door.launch_url,
            "lti_message_hint": student.link,
            "lti_deployment_id": claims[CLAIM + "deployment_id"],
        }
        status, headers = self._post(self._door.login, asked, {})
        if self._door.tries_cookies:
            assert status == 200, status
            status, headers = self._get(f"{self._door.login}?{urlencode({**asked, 'lti1p3_new_window': '1'})}")
        assert status in (302, 303), (status, self._door.login)
        location = next(value for name, value in headers if name.lower() == "location")
        told = dict(parse_qsl(urlsplit(location).query))
        return Begun(student, told["state"], told["nonce"], _cookies(headers))

    def land(self, begun: Begun) -> Landed:
        """The launch: the LMS's word for the student is posted to the tool."""
        token = jwt.encode(self._claims(begun), self._key, algorithm="RS256", headers={"kid": KEY_ID})
        began_at = time.perf_counter()
        status, headers = self._post(
            self._door.launch, {"state": begun.state, "id_token": token}, {"Cookie": _write(begun.cookies)}
        )
        seconds = time.perf_counter() - began_at
        location = next((value for name, value in headers if name.lower() == "location"), "")
        return Landed(status in (200, 302, 303), seconds, location, begun.cookies | _cookies(headers))

    def launch(self, student: Student) -> Landed:
        return self.land(self.begin(student))

    def post(self, path: str, form: str) -> int:
        """The status of what a page of the tool posts."""
        return self._ask("POST", path, form, FORM)[0]

    def _claims(self, begun: Begun) -> dict[str, Any]:
        """As full as a launch of a big LMS."""
        student, present = begun.student, int(time.time())
        course = f"{self._issuer}/courses/{student.course}"
        return {
            **launch_claims(student, self._issuer),
            "iat": present,
            "exp": present + 300,
            "nonce": begun.nonce,
            "azp": launch_claims(student, self._issuer)["aud"],
            "given_name": "Student",
            "family_name": f"Number {student.number}",
            "email": f"student-{student.number}@school.example",
            "locale": "en-US",
            CLAIM + "target_link_uri": self._door.launch_url,
            CLAIM + "tool_platform": {"guid": "bench", "name": "Bench High", "product_family_code": "canvas"},
            CLAIM + "launch_presentation": {"document_target": "iframe", "return_url": course, "locale": "en-US"},
            CLAIM + "lis": {"person_sourcedid": f"sis-{student.number}", "course_offering_sourcedid": student.course},
            NRPS: {"context_memberships_url": f"{course}/names_and_roles", "service_versions": ["2.0"]},
        }

    def _post(self, path: str, fields: dict[str, str], headers: dict[str, str]) -> tuple[int, list[tuple[str, str]]]:
        return self._ask("POST", path, urlencode(fields), FORM | headers)

    def _get(self, path: str) -> tuple[int, list[tuple[str, str]]]:
        return self._ask("GET", path, None, {})

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, list[tuple[str, str]]]:
        connection = self._connection()
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        self._idle.put(connection)
        return answer.status, answer.getheaders()

    def _connection(self) -> http.client.HTTPConnection:
        """One that is idle, or another one: they are kept open, as a proxy keeps them."""
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return http.client.HTTPConnection(self._door.host, self._door.port, timeout=60)

    def close(self) -> None:
        while not self._idle.empty():
            self._idle.get_nowait().close()


def all_of(do: Callable[[T], Any], ones: Sequence[T], *, at_once: int) -> list[Any]:
    """Do it for each, so many at a time; what came of each."""
    with ThreadPoolExecutor(at_once) as threads:
        return list(threads.map(do, ones))


def _cookies(headers: list[tuple[str, str]]) -> Cookies:
    pairs = [value.partition(";")[0].partition("=") for name, value in headers if name.lower() == "set-cookie"]
    return {name: value for name, _, value in pairs if value}


def _write(cookies: Cookies) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())
