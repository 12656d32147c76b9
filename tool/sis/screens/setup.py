"""Set up: how far the course is, its linked classes, and what is decided about one of them as a whole."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from tool.access import TEACHER, Visitor, opens, part
from tool.db import Database
from tool.errors import BadInput
from tool.language import gettext
from tool.sis.linking.acting import Actor
from tool.sis.linking.sections import School, ask_for_reading, find_schools, find_sections, may_sync, say_road, unlink
from tool.sis.screens.room import ROOT, Section, blueprint, find_section, frame, read_sections
from tool.sis.showing.describing import reason
from tool.sis.showing.refusals import say_refusal
from tool.sis.showing.setting_up import ClassView, describe_class, list_steps, read_class_view
from tool.wake import Bell

OF_CLASS = f"{ROOT}/setup/<int:section_id>"


@opens(blueprint, f"{ROOT}/setup", to=TEACHER)
def setup(visitor: Visitor) -> str:
    """Link, match, associate: what is done, and the next step."""
    with part(Database).reading() as connection:
        views = [read_class_view(connection, one) for one in find_sections(connection, visitor.course_id)]
        schools = find_schools(connection, visitor.customer_id, visitor.person_id)
        page = frame_of_course(connection, visitor)
    steps = list_steps(views)
    return render_template(
        "sis/setup.html",
        **page,
        steps=steps,
        done=sum(step.is_done for step in steps),
        following=_find_following(visitor, views),
        classes=[describe_class(one) | _say_reading(one.linked.read_failure, one.linked.sis_name) for one in views],
        schools=[_describe_school(visitor, one) for one in schools],
        is_waiting=any(one.linked.is_being_read for one in views),
    )


@opens(blueprint, f"{OF_CLASS}/refresh", to=TEACHER, methods=("POST",))
def setup_refresh(visitor: Visitor, section_id: int) -> Response:
    """Read the class from the SIS again, in the background."""
    with part(Database).writing() as connection:
        section = find_section(connection, visitor, section_id)
        ask_for_reading(connection, section.id)
    part(Bell).ring()
    return redirect(setup_url(visitor, section_id), 303)


@opens(blueprint, f"{OF_CLASS}/unlink", to=TEACHER, methods=("POST",))
def setup_unlink(visitor: Visitor, section_id: int) -> Response:
    """Nothing goes there any more; nothing is removed."""
    with part(Database).writing() as connection:
        section = find_section(connection, visitor, section_id)
        unlink(connection, Actor(visitor.member_id, section.id))
    return redirect(setup_url(visitor), 303)


@opens(blueprint, f"{OF_CLASS}/road", to=TEACHER, methods=("POST",))
def setup_road(visitor: Visitor, section_id: int) -> Response:
    """Whether the LMS itself sends this class's grades to the SIS."""
    with part(Database).writing() as connection:
        section = find_section(connection, visitor, section_id)
        insist(connection, visitor, section)
        say_road(connection, Actor(visitor.member_id, section.id), lms_syncs=read_road())
    return redirect(setup_url(visitor, section_id), 303)


def frame_of_course(connection: Connection, visitor: Visitor) -> dict[str, Any]:
    """What stands around a page that is about no class in particular; the tabs lead to the first one."""
    sections = read_sections(connection, visitor)
    page = frame(connection, visitor, "setup", sections[0] if sections else None)
    return page | ({"section": None} if len(sections) > 1 else {})


def setup_url(visitor: Visitor, section_id: int | None = None) -> str:
    """The page, at one of its classes."""
    anchor = f"class-{section_id}" if section_id is not None else None
    return url_for("sis.setup", launch_id=visitor.launch_id, _anchor=anchor)


def read_road() -> bool:
    """The answer to “does the LMS already send there?”; it has to be given. Raises BadInput."""
    said = request.form.get("road", "")
    if said not in ("yes", "no"):
        raise BadInput(
            gettext("Say first whether your LMS already sends these grades."),
            gettext("Go back and choose yes or no. Nothing was changed."),
        )
    return said == "yes"


def insist(connection: Connection, visitor: Visitor, section: Section) -> None:
    """Raises BadInput where the visitor is not among those who may set this up; a connection that rests may be."""
    refusal = may_sync(connection, section.connection_id, visitor.person_id)
    if refusal in ("gone", "no_email", "not_listed"):
        raise BadInput(*say_refusal(refusal, section.sis_name, visitor.platform_name))


def _find_following(visitor: Visitor, views: Sequence[ClassView]) -> dict[str, str] | None:
    """The next step as one button, once there is a class and it was read."""
    going = [one for one in views if not one.linked.is_off and one.linked.read_at is not None]
    steps = (
        ("sis.setup_students", gettext("Match students"), [one for one in going if not one.is_matched]),
        ("sis.setup_categories", gettext("Associate categories"), [one for one in going if not one.is_associated]),
    )
    for endpoint, text, left in steps:
        if left:
            url = url_for(endpoint, launch_id=visitor.launch_id, section_id=left[0].linked.id)
            return {"text": f"{text}: {left[0].linked.class_title}" if len(views) > 1 else text, "url": url}
    return None


def _describe_school(visitor: Visitor, school: School) -> dict[str, Any]:
    title, text = ("", "")
    if school.refusal is not None:
        title, text = say_refusal(school.refusal, school.name, visitor.platform_name)
    url = url_for("sis.setup_classes", launch_id=visitor.launch_id, connection_id=school.connection_id)
    return {"name": school.name, "title": title, "text": text, "url": url}


def _say_reading(failure: str | None, sis: str) -> dict[str, Any]:
    return {"trouble": reason(failure, {"sis": sis})}
