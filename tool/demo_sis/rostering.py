"""The rostering addresses: calendar, classes, people, enrolments. Read-only."""

from collections.abc import Iterable

from flask import Blueprint, Response

from tool.demo_sis.lists import Described, answer_list
from tool.demo_sis.reception import admit
from tool.demo_sis.records import SchoolClass
from tool.demo_sis.refusals import Turned
from tool.demo_sis.replies import as_json
from tool.demo_sis.roster_words import (
    describe_class,
    describe_courses,
    describe_enrolment,
    describe_orgs,
    describe_person,
    describe_school,
    describe_session,
)
from tool.demo_sis.seed import SCHOOL_ID
from tool.demo_sis.settings import ROSTER, ROSTER_CORE
from tool.demo_sis.sis import Sis

rostering = Blueprint("rostering", __name__)

SESSIONS = {
    "academicSessions": ("schoolYear", "semester", "gradingPeriod"),
    "terms": ("semester",),
    "gradingPeriods": ("gradingPeriod",),
}
PEOPLE = {"users": ("teacher", "student"), "teachers": ("teacher",), "students": ("student",)}


@rostering.get("/<any(academicSessions, terms, gradingPeriods):kind>")
def list_sessions(kind: str) -> Response:
    sis = admit(ROSTER, ROSTER_CORE)
    return answer_list(sis, "academicSessions", _describe_sessions(sis, kind))


@rostering.get("/<any(academicSessions, terms, gradingPeriods):kind>/<sourced_id>")
def read_session(kind: str, sourced_id: str) -> Response:
    sis = admit(ROSTER, ROSTER_CORE)
    return _answer_one("academicSession", _describe_sessions(sis, kind), sourced_id)


@rostering.get("/terms/<term_id>/gradingPeriods")
def list_periods_of_term(term_id: str) -> Response:
    sis = admit(ROSTER)
    if term_id not in sis.school.sessions:
        raise Turned(404, f"Term {term_id} not found")
    found = [one for one in sis.school.sessions.values() if one.parent_id == term_id and one.type == "gradingPeriod"]
    return answer_list(sis, "academicSessions", [describe_session(sis, one) for one in found])


@rostering.get("/<any(orgs, schools):kind>")
def list_orgs(kind: str) -> Response:
    sis = admit(ROSTER, ROSTER_CORE)
    return answer_list(sis, "orgs", describe_orgs(sis) if kind == "orgs" else [describe_school(sis)])


@rostering.get("/<any(orgs, schools):kind>/<sourced_id>")
def read_org(kind: str, sourced_id: str) -> Response:
    sis = admit(ROSTER, ROSTER_CORE)
    return _answer_one("org", describe_orgs(sis) if kind == "orgs" else [describe_school(sis)], sourced_id)


@rostering.get("/courses")
def list_courses() -> Response:
    sis = admit(ROSTER, ROSTER_CORE)
    return answer_list(sis, "courses", describe_courses(sis))


@rostering.get("/courses/<sourced_id>")
def read_course(sourced_id: str) -> Response:
    return _answer_one("course", describe_courses(admit(ROSTER, ROSTER_CORE)), sourced_id)


@rostering.get("/classes")
def list_classes() -> Response:
    sis = admit(ROSTER, ROSTER_CORE)
    return answer_list(sis, "classes", [describe_class(sis, one) for one in sis.school.classes.values()])


@rostering.get("/classes/<class_id>")
def read_class(class_id: str) -> Response:
    sis = admit(ROSTER, ROSTER_CORE)
    return as_json({"class": describe_class(sis, find_class(sis, class_id))})


@rostering.get("/classes/<class_id>/<any(students, teachers):kind>")
@rostering.get("/schools/<school_id>/classes/<class_id>/<any(students, teachers):kind>")
def list_people_of_class(class_id: str, kind: str, school_id: str = SCHOOL_ID) -> Response:
    """Whoever is enrolled today: an SIS names no student who comes next week or has left."""
    sis = admit(ROSTER)
    _check_school(school_id)
    find_class(sis, class_id)
    people = sis.school.people_of(class_id, PEOPLE[kind][0], sis.local_day())
    return answer_list(sis, "users", [describe_person(sis, one) for one in people])


@rostering.get("/enrollments")
def list_enrolments() -> Response:
    sis = admit(ROSTER, ROSTER_CORE)
    return answer_list(sis, "enrollments", [describe_enrolment(sis, one) for one in sis.school.enrolments.values()])


@rostering.get("/schools/<school_id>/classes/<class_id>/enrollments")
def list_enrolments_of_class(school_id: str, class_id: str) -> Response:
    sis = admit(ROSTER)
    _check_school(school_id)
    find_class(sis, class_id)
    found = sis.school.enrolments_of(class_id)
    return answer_list(sis, "enrollments", [describe_enrolment(sis, one) for one in found])


@rostering.get("/<any(users, teachers, students):kind>")
def list_people(kind: str) -> Response:
    sis = admit(ROSTER, ROSTER_CORE)
    return answer_list(sis, "users", _describe_people(sis, kind))


@rostering.get("/<any(users, teachers, students):kind>/<sourced_id>")
def read_person(kind: str, sourced_id: str) -> Response:
    sis = admit(ROSTER, ROSTER_CORE)
    return _answer_one("user", _describe_people(sis, kind), sourced_id)


@rostering.get("/<any(users, teachers, students):kind>/<person_id>/classes")
def list_classes_of_person(kind: str, person_id: str) -> Response:
    sis = admit(ROSTER)
    person = sis.school.people.get(person_id)
    if person is None or person.role not in PEOPLE[kind]:
        raise Turned(404, f"User {person_id} not found")
    found = sis.school.classes_of(person_id, person.role, sis.local_day())
    return answer_list(sis, "classes", [describe_class(sis, one) for one in found])


def find_class(sis: Sis, class_id: str) -> SchoolClass:
    """Raises Turned."""
    found = sis.school.classes.get(class_id)
    if found is None:
        raise Turned(404, f"Gradebook section not found: class {class_id}")
    return found


def _check_school(school_id: str) -> None:
    if school_id != SCHOOL_ID:
        raise Turned(404, f"School {school_id} not found")


def _describe_sessions(sis: Sis, kind: str) -> list[Described]:
    return [describe_session(sis, one) for one in sis.school.sessions.values() if one.type in SESSIONS[kind]]


def _describe_people(sis: Sis, kind: str) -> list[Described]:
    return [describe_person(sis, one) for one in sis.school.people.values() if one.role in PEOPLE[kind]]


def _answer_one(name: str, described: Iterable[Described], sourced_id: str) -> Response:
    for one in described:
        if one["sourcedId"] == sourced_id:
            return as_json({name: one})
    raise Turned(404, f"{name} {sourced_id} not found")
