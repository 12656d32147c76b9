"""Linking a class: those of the teacher as the SIS tells them, the question about a second road, the warning."""

from typing import Any

from flask import redirect, render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from tool.access import TEACHER, Visitor, opens, part
from tool.db import Database
from tool.errors import BadInput, NotThere
from tool.language import gettext
from tool.sis.linking.candidates import NOBODY, Candidate, Known, find_candidates, find_own_class
from tool.sis.linking.matches import read_learners
from tool.sis.linking.sections import Place, School, find_schools, find_sections, link_class, read_known
from tool.sis.oneroster.client import OneRoster
from tool.sis.plain import SisError
from tool.sis.remedies import tell
from tool.sis.screens.asking import open_client
from tool.sis.screens.room import ROOT, blueprint
from tool.sis.screens.setup import frame_of_course, read_road, setup_url
from tool.sis.showing.refusals import say_refusal
from tool.wake import Bell

OF_SCHOOL = f"{ROOT}/setup/schools/<int:connection_id>"


@opens(blueprint, OF_SCHOOL, to=TEACHER)
def setup_classes(visitor: Visitor, connection_id: int) -> str:
    """The teacher's classes in the SIS, asked for now."""
    with part(Database).reading() as connection:
        school = _find_school(connection, visitor, connection_id)
        known = read_known(connection, visitor.course_id, visitor.person_id)
        learners = read_learners(connection, visitor.course_id)
        linked = find_sections(connection, visitor.course_id)
        page = frame_of_course(connection, visitor)
    found, trouble = [], None
    try:
        found = find_candidates(_open(school), known, learners) if known != NOBODY else []
    except SisError as error:
        trouble = tell(error.code, {"sis": school.name})
    taken = {one.class_id for one in linked if one.connection_id == connection_id}
    return render_template(
        "sis/setup_classes.html",
        **page,
        sis=school.name,
        email=known.email,
        candidates=[_describe(number, one, taken) for number, one in enumerate(found, 1)],
        learners=len(learners),
        is_first=not linked,
        trouble=trouble,
        connection_id=connection_id,
    )


@opens(blueprint, OF_SCHOOL, to=TEACHER, methods=("POST",))
def setup_link(visitor: Visitor, connection_id: int) -> Response:
    """Link the chosen class, if the SIS says that it is the teacher's."""
    with part(Database).reading() as connection:
        school = _find_school(connection, visitor, connection_id)
        known = read_known(connection, visitor.course_id, visitor.person_id)
    class_id = request.form.get("class", "")
    if not class_id:
        raise BadInput(gettext("Choose a class first."), gettext("Go back and choose one. Nothing was changed."))
    lms_syncs = read_road()
    found = _find_own(school, known, class_id)
    if found is None:
        raise NotThere(
            gettext("This is not one of your classes in %(sis)s.", sis=school.name),
            gettext("Open the list again and choose from it."),
        )
    school_class, teacher_id = found
    place = Place(visitor.course_id, connection_id, visitor.member_id)
    section_id = link_class(part(Database), place, school_class, teacher_id=teacher_id, lms_syncs=lms_syncs)
    part(Bell).ring()
    return redirect(setup_url(visitor, section_id), 303)


def _find_school(connection: Connection, visitor: Visitor, connection_id: int) -> School:
    """A connection of the visitor's school that the visitor may use. Raises NotThere, BadInput."""
    for school in find_schools(connection, visitor.customer_id, visitor.person_id):
        if school.connection_id == connection_id:
            if school.refusal is not None:
                raise BadInput(*say_refusal(school.refusal, school.name, visitor.platform_name))
            return school
    raise NotThere(gettext("Your school has no such connection."), gettext("Open Set up again."))


def _open(school: School) -> OneRoster:
    client = open_client(school.connection_id)
    if client is None:  # removed, or switched off, since it was looked up
        raise SisError("permanent", "connection.off")
    return client


def _find_own(school: School, known: Known, class_id: str) -> Any:
    try:
        return find_own_class(_open(school), known, class_id)
    except SisError as error:
        told = tell(error.code, {"sis": school.name})
        raise BadInput(f"{told.happened} {gettext('Nothing was changed.')}", told.fix) from None


def _describe(number: int, one: Candidate, taken: set[str]) -> dict[str, Any]:
    return {
        "number": number,
        "class_id": one.found.sourced_id,
        "title": one.found.title,
        "term": one.found.term_title,
        "school": one.found.school_title,
        "students": one.students,
        "known": one.known,
        "is_told": one.is_told,
        "is_linked": one.found.sourced_id in taken,
    }
