"""Courses are copied from term to term: where a copied link came from, and what could be its assignment.

The copy has new ids of everything. Its origin is looked for once, when the link is first opened or still has no
assignment; what the LMS does not say is never guessed, only suggested to the teacher.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from tool.course.seen_link import LTI_ASSIGNMENT_PARAMETER, MOST_REMEMBERED, SeenLink
from tool.db import Database
from tool.lti.connector import Connector
from tool.lti.line_items import LineItemFacts, read_line_items
from tool.model.people import Course
from tool.model.work import Assignment, Placement


def find_origin(connection: Connection, link: SeenLink) -> dict[str, object]:
    """What a copied link has from its origin: `assignment_id` and `copied_from`; nothing when that is not certain.

    Looked for when a link is seen for the first time, and as long as it has no assignment and names none. Who names one
    that is not theirs does not get another instead.
    """
    known, is_naming = link.known, bool(link.claims.custom_value(LTI_ASSIGNMENT_PARAMETER))
    is_settled = known.placement is not None and (is_naming or known.placement["assignment_id"] is not None)
    if is_settled or (is_naming and known.assignment_id is None):
        return {}
    found = _find(connection, link)
    return {} if found is None else {"assignment_id": found.assignment_id, "copied_from": found.id}


def suggest(connection: Connection, placement_id: int) -> tuple[str, str] | None:
    """For the teacher who chooses: (id, title) of the assignment that a link of this very title opened in the course
    this one was copied from. None when there is no such link, or links of that title opened several."""
    here = connection.execute(
        select(Placement.title, Course.customer_id, Course.earlier_contexts)
        .join(Course, Course.id == Placement.course_id)
        .where(Placement.id == placement_id)
    ).first()
    if here is None or not _plain(here.title) or not here.earlier_contexts:
        return None
    contexts = here.earlier_contexts.split(",")
    rows = connection.execute(
        select(Course.context_id, Placement.title, Assignment.id, Assignment.title.label("assignment_title"))
        .join(Placement, Placement.course_id == Course.id)
        .join(Assignment, Assignment.id == Placement.assignment_id)
        .where(Course.customer_id == here.customer_id, Course.context_id.in_(contexts))
        .where(Assignment.archived_at.is_(None), _is_theirs(here.customer_id))
    ).all()
    alike = [row for row in rows if _plain(row.title) == _plain(here.title)]
    for context_id in contexts:
        meant = {row.id: row.assignment_title for row in alike if row.context_id == context_id}
        if meant:
            return next(iter(meant.items())) if len(meant) == 1 else None
    return None


def find_copied_column(
    database: Database, connector: Connector, placement_id: int, *, line_items_url: str, assignment_id: str
) -> LineItemFacts | None:
    """The column that was copied along with a link, known by the assignment's tag and by the name we gave it in the
    course of before; None unless there is exactly one. Moodle copies the columns that we made. Raises ServiceError.

    The name ends with the link it was made for: one made for a link that is in this course too is that link's own.
    """
    with database.reading() as connection:
        course_id = select(Placement.course_id).where(Placement.id == placement_id).scalar_subquery()
        here = select(Placement.id, Placement.resource_link_id).where(Placement.course_id == course_id)
        links = {row.id: row.resource_link_id for row in connection.execute(here)}
    ours = {f"{assignment_id}:{link}" for link in links.values()}
    found = [
        item
        for item in read_line_items(connector, line_items_url)
        if item.tag == assignment_id
        and (item.resource_id or "").startswith(f"{assignment_id}:")
        and item.resource_id not in ours
        and item.resource_link_id in (None, links[placement_id])
    ]
    return found[0] if len(found) == 1 else None


def _find(connection: Connection, link: SeenLink) -> Any:
    """By the link's own history, newest first; where the LMS tells the course's history too, only in those courses, or
    in this one. A link that names its assignment needs no more than the course's history to be sure of its origin. One
    that does not is never bound by that alone: any link of the earlier course could be meant."""
    contexts = link.claims.context_history[:MOST_REMEMBERED]
    links = link.claims.link_history[:MOST_REMEMBERED]
    named = link.known.assignment_id
    candidates = _candidates(connection, link, contexts, links) if links or (contexts and named) else ()
    if named is None:
        return _newest(candidates, links, "resource_link_id")
    earlier = [one for one in candidates if one.course_id != link.course_id]
    return _newest(candidates, links, "resource_link_id") or _newest(earlier, contexts, "context_id")


def _candidates(connection: Connection, link: SeenLink, contexts: Sequence[str], links: Sequence[str]) -> Sequence[Any]:
    """Bound links of the customer, in the courses of the history if there is one: those with the assignment that is
    named, and where not both are told, with one of these ids."""
    named = link.known.assignment_id
    wanted = [Placement.assignment_id == named] if named else []
    if not (named and contexts):
        wanted.append(Placement.resource_link_id.in_(links))
    if contexts:
        wanted.append(Course.context_id.in_([*contexts, link.context_id]))
    return connection.execute(
        select(
            Placement.id,
            Placement.assignment_id,
            Placement.resource_link_id,
            Placement.course_id,
            Course.context_id,
        )
        .join(Course, Course.id == Placement.course_id)
        .join(Assignment, Assignment.id == Placement.assignment_id)
        .where(Course.customer_id == link.customer_id, _is_theirs(link.customer_id), *wanted)
        .order_by(Placement.id)
    ).all()


def _newest(candidates: Sequence[Any], history: Sequence[str], name: str) -> Any:
    """The candidate with the newest id of a history; None where several with that id have different assignments."""
    for one in history:
        meant = [candidate for candidate in candidates if getattr(candidate, name) == one]
        if meant:
            return meant[0] if len({candidate.assignment_id for candidate in meant}) == 1 else None
    return None


def _is_theirs(customer_id: int) -> ColumnElement[bool]:
    return or_(Assignment.customer_id == customer_id, Assignment.customer_id.is_(None))


def _plain(title: str | None) -> str:
    return " ".join((title or "").split()).casefold()
