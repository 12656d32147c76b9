"""Who is on this page, and what may they do: the route × visitor table and the one check behind it.

A route is opened with `opens(blueprint, path, to=…)`, which writes it into the table; a route outside the table fails
the tests. Pages of a launch have its id in their path and belong to whoever holds that launch's secret, which comes in
a cookie of its own. `presented_secret` is the only place that knows where the secret comes from.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, current_app, g, request
from sqlalchemy import select

from tool.clock import now
from tool.db import Database
from tool.errors import PassbackError
from tool.model.people import Course, Member, Person
from tool.model.platforms import Customer, Platform
from tool.model.work import Launch, Placement

ANYONE = frozenset({"anyone"})
LEARNER = frozenset({"learner"})
TEACHER = frozenset({"teacher"})
MEMBERS = LEARNER | TEACHER

TABLE: dict[str, frozenset[str]] = {}
"""Endpoint name → the visitors it opens to."""

COOKIE_PREFIX = "__Host-passback-"
LAUNCH_COOKIE_PREFIX = f"{COOKIE_PREFIX}launch-"

T = TypeVar("T")


class NotForYou(PassbackError):
    """The page exists, but not for this visitor."""

    def __init__(self, message: str, hint: str, status: int) -> None:
        super().__init__(message, hint)
        self.status = status


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody on a page of a launch."""

    launch_id: str
    member_id: int
    person_name: str | None
    is_teacher: bool
    is_learner: bool
    course_id: int
    course_title: str | None
    placement_id: int | None
    assignment_id: str | None
    platform_id: int
    platform_name: str
    frame_ancestors: str
    locale: str | None
    return_url: str | None
    csrf: str
    """Goes into every form of this launch's pages."""

    @property
    def kind(self) -> str:
        if self.is_teacher:
            return "teacher"
        return "learner" if self.is_learner else "other"


class FormSeal:
    """Makes the token that proves a form came from a page of that very launch."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def seal(self, launch_id: str, secret_digest: str) -> str:
        message = f"form:{launch_id}:{secret_digest}".encode()
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()


def part(kind: type[T]) -> T:
    """The application's one instance of a class, as `app.py` put it together."""
    instance = current_app.extensions["passback"][kind]
    if not isinstance(instance, kind):
        raise TypeError(f"no {kind.__name__} here")
    return instance


def opens(
    blueprint: Blueprint, path: str, *, to: frozenset[str], methods: tuple[str, ...] = ("GET",)
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Open a route to these visitors. A page of a launch gets its `Visitor` as first argument."""

    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        TABLE[f"{blueprint.name}.{view.__name__}"] = to

        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if to == ANYONE:
                return view(*args, **kwargs)
            visitor = _admit(kwargs.pop("launch_id"), to)
            if request.method == "POST":
                _check_form(visitor)
            return view(visitor, *args, **kwargs)

        blueprint.add_url_rule(path, view_func=guarded, methods=list(methods))
        return guarded

    return register


def launch_cookie_name(launch_id: str) -> str:
    return f"{LAUNCH_COOKIE_PREFIX}{launch_id}"


def digest(secret: str) -> str:
    """What is stored of a browser's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def presented_secret(launch_id: str) -> str | None:
    """The launch's secret, as this browser presents it: today a cookie of the launch's own."""
    return request.cookies.get(launch_cookie_name(launch_id))


def _admit(launch_id: str, to: frozenset[str]) -> Visitor:
    secret = presented_secret(launch_id)
    visitor = _read_visitor(launch_id, secret) if secret else None
    if visitor is None:
        g.frame_ancestors = _frame_of(launch_id)
        raise NotForYou(
            "This page belongs to a launch that has ended or was opened in another browser.",
            "Open the assignment again from your course.",
            status=401,
        )
    g.visitor = visitor
    if visitor.kind not in to:
        raise NotForYou(
            "This page is not for you." if visitor.is_learner else "There is nothing for your role on this page.",
            "Open the assignment again from your course.",
            status=403,
        )
    return visitor


_LAUNCHES = (
    select(
        Launch.secret_digest,
        Launch.member_id,
        Launch.is_teacher,
        Launch.is_learner,
        Launch.course_id,
        Launch.placement_id,
        Launch.frame_ancestors,
        Launch.locale,
        Launch.return_url,
        Person.name,
        Course.title,
        Placement.assignment_id,
        Platform.id.label("platform_id"),
        Platform.name.label("platform_name"),
    )
    .join(Member, Member.id == Launch.member_id)
    .join(Person, Person.id == Member.person_id)
    .join(Course, Course.id == Launch.course_id)
    .join(Customer, Customer.id == Course.customer_id)
    .join(Platform, Platform.id == Customer.platform_id)
    .outerjoin(Placement, Placement.id == Launch.placement_id)
)


def _read_visitor(launch_id: str, secret: str) -> Visitor | None:
    is_this = (Launch.id == launch_id, Launch.expires_at > now(), Platform.is_active)
    with part(Database).reading() as connection:
        row = connection.execute(_LAUNCHES.where(*is_this)).first()
    if row is None or not hmac.compare_digest(row.secret_digest, digest(secret)):
        return None
    return Visitor(
        launch_id=launch_id,
        member_id=row.member_id,
        person_name=row.name,
        is_teacher=row.is_teacher,
        is_learner=row.is_learner,
        course_id=row.course_id,
        course_title=row.title,
        placement_id=row.placement_id,
        assignment_id=row.assignment_id,
        platform_id=row.platform_id,
        platform_name=row.platform_name,
        frame_ancestors=row.frame_ancestors,
        locale=row.locale,
        return_url=row.return_url,
        csrf=part(FormSeal).seal(launch_id, row.secret_digest),
    )


def _frame_of(launch_id: str) -> str:
    """A launch that has ended says so inside its LMS: unframed, the page would be an empty box."""
    if not launch_id.isprintable():
        return ""
    with part(Database).reading() as connection:
        return connection.execute(select(Launch.frame_ancestors).where(Launch.id == launch_id)).scalar() or ""


def _check_form(visitor: Visitor) -> None:
    """A cookie with SameSite=None comes along with anybody's form, so the form has to prove where it comes from."""
    origin = request.headers.get("Origin")
    is_ours = origin is None or origin == current_app.config["TOOL_ORIGIN"]
    sent = request.form.get("csrf", "")
    if not is_ours or not hmac.compare_digest(sent.encode(), visitor.csrf.encode()):
        raise NotForYou(
            "This form was not sent from the page it belongs to.",
            "Open the assignment again from your course and repeat what you did.",
            status=403,
        )


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
