"""People, classes, calendar and enrolments as OneRoster tells them, 1.2 and 1.1."""

from collections.abc import Mapping
from datetime import date

from tool.demo_sis.lists import Described
from tool.demo_sis.records import Enrolment, Person, SchoolClass, Session, as_iso
from tool.demo_sis.seed import COURSES, DISTRICT_ID, DISTRICT_NAME, SCHOOL_ID, SCHOOL_NAME
from tool.demo_sis.sis import Sis

PLACES = {
    "class": "classes",
    "org": "orgs",
    "user": "users",
    "academicSession": "academicSessions",
    "course": "courses",
    "category": "categories",
    "lineItem": "lineItems",
}
"""Where the standard keeps each type that is referred to."""
OF_GRADEBOOK = ("category", "lineItem")


def refer(sis: Sis, kind: str, sourced_id: str) -> Described:
    """A reference: href, sourcedId, type."""
    root = sis.gradebook_url if kind in OF_GRADEBOOK else sis.rostering_url
    return {"href": f"{root}/{PLACES[kind]}/{sourced_id}", "sourcedId": sourced_id, "type": kind}


def describe_session(sis: Sis, session: Session) -> Described:
    children = [one for one in sis.school.sessions.values() if one.parent_id == session.sourced_id]
    described = {
        **_begin(sis, session.sourced_id),
        "title": session.title,
        "type": session.type,
        "startDate": session.starts_on.isoformat(),
        "endDate": session.ends_on.isoformat(),
        "parent": session.parent_id and refer(sis, "academicSession", session.parent_id),
        "children": [refer(sis, "academicSession", one.sourced_id) for one in children],
        "schoolYear": str(_last_year(sis)),
    }
    return without_nothing(described)


def describe_class(sis: Sis, school_class: SchoolClass) -> Described:
    return {
        **_begin(sis, school_class.sourced_id, is_active=school_class.is_active),
        "title": school_class.title,
        "classCode": school_class.title.partition(" - ")[0].replace(" ", "-"),
        "classType": "scheduled",
        "grades": ["09"],
        "periods": [school_class.period],
        "course": refer(sis, "course", school_class.course_id),
        "school": refer(sis, "org", SCHOOL_ID),
        "terms": [refer(sis, "academicSession", one) for one in school_class.term_ids],
    }


def describe_person(sis: Sis, person: Person) -> Described:
    """1.1 has one role and a list of schools; 1.2 has a list of roles, each at a school."""
    school = refer(sis, "org", SCHOOL_ID)
    roles: Described = {"roles": [{"roleType": "primary", "role": person.role, "org": school}]}
    described = {
        **_begin(sis, person.sourced_id),
        "username": (person.email or person.sourced_id).partition("@")[0].lower(),
        "userIds": [{"type": kind, "identifier": identifier} for kind, identifier in person.other_ids],
        "enabledUser": "true",
        "givenName": person.given_name,
        "familyName": person.family_name,
        "identifier": person.identifier,
        "email": person.email,
        **({"role": person.role, "orgs": [school]} if sis.is_old else roles),
    }
    return without_nothing(described)


def describe_enrolment(sis: Sis, enrolment: Enrolment) -> Described:
    return {
        **_begin(sis, enrolment.sourced_id, is_active=enrolment.is_active),
        "user": refer(sis, "user", enrolment.person_id),
        "class": refer(sis, "class", enrolment.class_id),
        "school": refer(sis, "org", SCHOOL_ID),
        "role": enrolment.role,
        "primary": "true",
        "beginDate": enrolment.begins_on.isoformat(),
        "endDate": enrolment.ends_on.isoformat(),
    }


def describe_orgs(sis: Sis) -> list[Described]:
    district: Described = {
        **_begin(sis, DISTRICT_ID),
        "name": DISTRICT_NAME,
        "type": "district",
        "identifier": "D-1",
        "children": [refer(sis, "org", SCHOOL_ID)],
    }
    return [district, describe_school(sis)]


def describe_school(sis: Sis) -> Described:
    told: Described = {"name": SCHOOL_NAME, "type": "school", "identifier": "S-12"}
    return {**_begin(sis, SCHOOL_ID), **told, "parent": refer(sis, "org", DISTRICT_ID)}


def describe_courses(sis: Sis) -> list[Described]:
    return [
        {
            **_begin(sis, sourced_id),
            "title": title,
            "courseCode": sourced_id.removeprefix("course-").upper(),
            "grades": ["09"],
            "org": refer(sis, "org", SCHOOL_ID),
        }
        for sourced_id, title in COURSES.items()
    ]


def without_nothing(described: Mapping[str, object]) -> Described:
    """What there is nothing to say about is left out: the standard has no nulls."""
    return {name: value for name, value in described.items() if value not in (None, "", [])}


def _begin(sis: Sis, sourced_id: str, *, is_active: bool = True) -> Described:
    return {
        "sourcedId": sourced_id,
        "status": "active" if is_active else "tobedeleted",
        "dateLastModified": as_iso(sis.school.begun_at),
    }


def _last_year(sis: Sis) -> int:
    """A school year bears the name of the year it ends in."""
    years: list[date] = [one.ends_on for one in sis.school.sessions.values() if one.type == "schoolYear"]
    return years[0].year
