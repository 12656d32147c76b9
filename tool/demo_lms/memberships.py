"""The members of a course [NRPS §2.4]."""

from flask import Blueprint, Response, request

from tool.demo_lms.lms import MEMBERS_SCOPE, Lms
from tool.demo_lms.paging import cut_page, with_links
from tool.demo_lms.reception import admit, check_accept, find_course
from tool.demo_lms.records import Person
from tool.demo_lms.replies import as_json

MEMBER_LIST = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

memberships = Blueprint("memberships", __name__)


@memberships.get("/api/lti/courses/<course_id>/names_and_roles")
def list_members(course_id: str) -> Response:
    lms = admit(MEMBERS_SCOPE)
    course = find_course(course_id)
    check_accept(MEMBER_LIST)
    people = [person for person in course.people.values() if _is_listed(lms, person)]
    page = cut_page(lms, people, lms.manner.members_a_page)
    container = {
        "id": f"{lms.base_url}{request.path}",
        "context": {"id": course.course_id, "label": course.label, "title": course.title},
        "members": [_describe(lms, person) for person in page.items],
    }
    return with_links(as_json(container, content_type=MEMBER_LIST), page.links, lms.manner.member_link_header)


def _is_listed(lms: Lms, person: Person) -> bool:
    if person.role == "test_student" and not lms.manner.shows_test_student_in_roster:
        return False
    role = request.args.get("role")
    return role is None or role in lms.manner.roster_roles(person.role)


def _describe(lms: Lms, person: Person) -> dict[str, object]:
    member: dict[str, object] = {
        "user_id": person.sub,
        "status": "Active",
        "roles": lms.manner.roster_roles(person.role),
    }
    if not lms.settings.shares_names:
        return member
    names = {"name": person.name, "given_name": person.given_name, "family_name": person.family_name}
    return {**member, **names, "email": person.email, "lis_person_sourcedid": person.sourced_id}
