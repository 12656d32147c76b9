"""Who is on this page, and what may they do: the route × visitor table and the one check behind it.

A route is opened with `opens(blueprint, path, to=…)`, which writes it into the table; a route outside the table fails
the tests. Pages of a launch have its id in their path and belong to whoever holds that launch's secret, which comes in
a cookie of its own; where a browser keeps none, a token beside the id takes its place (`page_tokens`).
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, current_app, g, request
from sqlalchemy import bindparam, exists, or_, select

from tool.clock import now
from tool.db import Database
from tool.errors import PassbackError
from tool.errors import marked as _
from tool.model.people import Course, Member, Person
from tool.model.platforms import Customer, Deployment, Platform
from tool.model.work import Launch, Placement
from tool.page_tokens import PageSeal, take_apart

ANYONE = frozenset({"anyone"})
LEARNER = frozenset({"learner"})
TEACHER = frozenset({"teacher"})
MEMBERS = LEARNER | TEACHER
# Not of a launch: who looks after the installation, and the systems that watch it. The room `admin` admits both.
OPERATOR = frozenset({"operator"})
MONITOR = frozenset({"monitor"})

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
    person_id: int
    customer_id: int
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
    """Makes the token that proves a form came from a page of that very launch, or of that operator's session."""

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


def _admit(place: str, to: frozenset[str]) -> Visitor:
    launch_id, token = take_apart(place)
    secret = request.cookies.get(launch_cookie_name(launch_id), "")
    visitor = _read_visitor(launch_id, secret, token) if secret or token else None
    if visitor is None:
        g.frame_ancestors = _frame_of(launch_id)
        raise NotForYou(
            _("This page belongs to a launch that has ended or was opened in another browser."),
            _("Open the assignment again from your course."),
            status=401,
        )
    g.visitor = visitor
    if visitor.kind not in to:
        raise NotForYou(
            _("This page is not for you.") if visitor.is_learner else _("There is nothing for your role on this page."),
            _("Open the assignment again from your course."),
            status=403,
        )
    return visitor


# Built once: every page asks this, and building it would cost more than running it.
_VISITOR = (
    select(
        Launch.secret_digest,
        Launch.carries_token,
        Launch.member_id,
        Launch.is_teacher,
        Launch.is_learner,
        Launch.course_id,
        Launch.placement_id,
        Launch.frame_ancestors,
        Launch.locale,
        Launch.return_url,
        Member.person_id,
        Course.customer_id,
        Person.name.label("person_name"),
        Course.title.label("course_title"),
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
    .where(
        Launch.id == bindparam("launch_id"),
        Launch.expires_at > bindparam("at", type_=Launch.expires_at.type),
        Platform.is_active,
        Customer.closed_at.is_(None),
        Course.ended_at.is_(None),
        # Deployments that were joined share their people: one that is left is enough.
        exists().where(
            Deployment.platform_id == Platform.id, Deployment.customer_id == Customer.id, Deployment.is_active
        ),
        # Who the roster says has left is out. Who never was on one (an administrator of the LMS, Canvas's test student)
        # is not put out by it.
        or_(Member.left_at.is_(None), Member.on_roster_at.is_(None)),
    )
)


def _read_visitor(launch_id: str, secret: str, token: str) -> Visitor | None:
    with part(Database).reading() as connection:
        row = connection.execute(_VISITOR, {"launch_id": launch_id, "at": now()}).first()
    if row is None or row.carries_token != bool(token):
        return None
    is_theirs = hmac.compare_digest(row.secret_digest, digest(secret))
    if not (part(PageSeal).carry_on(token, launch_id, row.secret_digest) if token else is_theirs):
        return None
    facts = {name: value for name, value in row._mapping.items() if name not in ("secret_digest", "carries_token")}
    return Visitor(launch_id=launch_id, csrf=part(FormSeal).seal(launch_id, row.secret_digest), **facts)


def _frame_of(launch_id: str) -> str:
    """A launch that has ended says so inside its LMS: unframed, the page would be an empty box."""
    if not launch_id.isprintable():
        return ""
    with part(Database).reading() as connection:
        return connection.execute(select(Launch.frame_ancestors).where(Launch.id == launch_id)).scalar() or ""


def _check_form(visitor: Visitor) -> None:
    """A cookie with SameSite=None comes along with anybody's form, so the form has to prove where it comes from."""
    if not is_own_form(visitor.csrf):
        raise NotForYou(
            _("This form was not sent from the page it belongs to."),
            _("Open the assignment again from your course and repeat what you did."),
            status=403,
        )


def is_own_form(mark: str) -> bool:
    """Whether the posted form carries the mark of its page, and comes from our own origin."""
    origin = request.headers.get("Origin")
    is_ours = origin is None or origin == current_app.config["TOOL_ORIGIN"]
    sent = request.form.get("csrf", "")
    return is_ours and hmac.compare_digest(sent.encode(), mark.encode())


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
