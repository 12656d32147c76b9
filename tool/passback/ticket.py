"""*Copy for the help desk*: what a vendor asks for, in one text — who we are there, where it failed, what was tried.

It holds no token and nothing personal: addresses lose their query, and the student's names and e-mail addresses are
taken out of what the LMS said. The user's id stays, without which nobody finds the score in the LMS's own log.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, select

from tool.model.people import Course, Member, Person
from tool.model.platforms import Customer, Deployment, Platform
from tool.model.work import Placement
from tool.passback.students import Link, Student

_EMAIL = re.compile(r"[^\s@\"<>]+@[^\s@\"<>]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the score belongs, by the LMS's own names for it."""

    issuer: str
    client_id: str
    deployment_ids: tuple[str, ...]
    context_id: str
    resource_link_id: str
    personal: tuple[str, ...]
    """What must not stand in the ticket: the student's names and their parts, and the SIS's id."""


def read_place(connection: Connection, placement_id: int, member_id: int) -> Place:
    """The ids of a placement at its LMS, and what of the member is personal."""
    row = connection.execute(
        select(
            Platform.issuer,
            Platform.client_id,
            Customer.id.label("customer_id"),
            Course.context_id,
            Placement.resource_link_id,
            Person.name,
            Person.given_name,
            Person.family_name,
            Person.sourced_id,
        )
        .select_from(Placement)
        .join(Course, Course.id == Placement.course_id)
        .join(Customer, Customer.id == Course.customer_id)
        .join(Platform, Platform.id == Customer.platform_id)
        .join(Member, Member.id == member_id)
        .join(Person, Person.id == Member.person_id)
        .where(Placement.id == placement_id)
    ).one()
    deployments = connection.execute(
        select(Deployment.deployment_id).where(Deployment.customer_id == row.customer_id).order_by(Deployment.id)
    ).scalars()
    names = f"{row.name or ''} {row.given_name or ''} {row.family_name or ''}".split()
    return Place(
        issuer=row.issuer,
        client_id=row.client_id,
        deployment_ids=tuple(deployments),
        context_id=row.context_id,
        resource_link_id=row.resource_link_id,
        personal=tuple(part for part in (*names, row.sourced_id or "") if len(part) > 1),
    )


def write_ticket(link: Link, student: Student, place: Place, attempts: Sequence[Any], *, key_set_url: str) -> str:
    """The text; `attempts` are the row's latest, newest first. In English: it goes to a vendor."""
    row = student.row
    column = row.own_line_item_url or link.line_item_url
    lines = [
        "LTI AGS score passback",
        f"platform: {link.platform_name} ({link.family})  issuer: {place.issuer}  client id: {place.client_id}",
        f"deployment: {', '.join(place.deployment_ids) or '-'}  key set of the tool: {key_set_url}",
        f"context: {place.context_id}  resource link: {place.resource_link_id}",
        f"line item: {_address(column)}",
        f"user id: {row.subject}",
        f"Passback's ids: course {link.course_id}, placement {link.placement_id}, passback {row.id}",
        f"reason: {row.failure or 'accepted, not shown'}  failed tries in a row: {row.tries}  "
        f"since: {_time(row.first_failed_at)}  next try: {_time(row.next_try_at)}",
        "tried, newest first:",
        *[_line(attempt) for attempt in attempts],
    ]
    if attempts:
        lines.append(f"last answer: {_without(attempts[0].answer or '-', place.personal)}")
    return _EMAIL.sub("…", "\n".join(lines))


def _line(attempt: Any) -> str:
    what = f"{attempt.score} of {attempt.maximum}" if attempt.score is not None else "an empty score"
    ending = " ".join(str(part) for part in (attempt.status or "no status", attempt.outcome, attempt.reason) if part)
    sent = f"POST {_address(attempt.line_item_url, '/scores')} ({attempt.trigger})"
    return f"- {_time(attempt.started_at)} {sent}: {what}, timestamp {_time(attempt.timestamp)}, {ending}"


def _address(url: str | None, ending: str = "") -> str:
    """Host and path; a query may carry a secret."""
    if url is None:
        return "-"
    parts = urlsplit(url)
    return f"{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}{ending}{'?…' if parts.query else ''}"


def _without(text: str, personal: Sequence[str]) -> str:
    for part in personal:
        text = re.sub(re.escape(part), "…", text, flags=re.IGNORECASE)
    return text


def _time(moment: datetime | None) -> str:
    return moment.isoformat(timespec="milliseconds") if moment else "-"
