"""The roster: whole or not at all, each member once."""

import pytest

from tests.lti.rough_server import reply
from tests.lti.service_desk import ServiceDesk, reply_json
from tool.lti.errors import ServiceError
from tool.lti.memberships import MemberFacts, read_members
from tool.lti.roles import standing
from tool.lti.vocabulary import SCOPE_MEMBERSHIPS

BEN = {
    "user_id": "ben",
    "roles": ["Learner"],
    "status": "Active",
    "name": "Ben B.",
    "given_name": "Ben",
    "family_name": "B.",
    "email": "ben@school.example",
    "lis_person_sourcedid": "",
}
CLEO = {"user_id": "cleo", "roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"], "status": "Inactive"}
ADA = {"user_id": "ada", "roles": ["Instructor"]}


def read(desk: ServiceDesk) -> list[MemberFacts]:
    return read_members(desk.connector(), desk.server.url + "/members?rlid=7")


def test_a_roster_of_three_pages_is_read_whole_and_each_member_once(desk: ServiceDesk) -> None:
    desk.server.on(
        "/members",
        reply_json({"members": [BEN]}, 200, {"Link": "</members?Cursor=WyJB&amp;x=1>; rel=“next”"}),
        reply_json({"members": [BEN, CLEO]}, 200, {"Link": '</members?p=3>; rel="next"'}),
        reply_json({"members": [ADA]}),
    )
    ben, cleo, ada = read(desk)

    assert ben == MemberFacts("ben", ("Learner",), "Active", "Ben B.", "Ben", "B.", "ben@school.example", None)
    assert (cleo.status, cleo.name) == ("Inactive", None)
    assert standing(ada.roles).is_teacher
    assert [one.path for one in desk.server.received][1] == "/members?Cursor=WyJB&x=1"
    assert desk.tokens.asked[0] == frozenset({SCOPE_MEMBERSHIPS})
    assert desk.server.received[0].headers["Accept"] == "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


def test_five_thousand_members_are_fine(desk: ServiceDesk) -> None:
    desk.server.on("/members", reply_json({"members": [{"user_id": number} for number in range(5000)]}))

    assert len(read(desk)) == 5000


def test_an_empty_course_is_fine(desk: ServiceDesk) -> None:
    desk.server.on("/members", reply_json({"id": "x", "members": []}))

    assert read(desk) == []


def test_odd_members_are_left_out_and_odd_fields_are_absent(desk: ServiceDesk) -> None:
    odd: list[object] = [None, 7, [], {}, {"user_id": None}, {"user_id": {}}]
    desk.server.on("/members", reply_json({"members": [*odd, {"user_id": 5, "roles": "Learner", "name": 7}]}))
    (only,) = read(desk)

    assert (only.subject, only.roles, only.status, only.name) == ("5", (), "Active", None)


@pytest.mark.parametrize("body", ["[]", "{}", '{"members": {}}', "", "x", "<html>"])
def test_a_roster_that_is_none_is_an_error(desk: ServiceDesk, body: str) -> None:
    """A roster read as empty would look like a course everybody left."""
    desk.server.on("/members", reply(200, body))

    with pytest.raises(ServiceError) as caught:
        read(desk)

    assert (caught.value.kind, caught.value.reason) == ("later", "unreadable")


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (404, "{}", "needs_person course_gone"),
        (403, "{}", "needs_person forbidden"),
        (403, "Rate Limit Exceeded", "throttled rate_limited"),
        (401, "", "sign_in_again token_refused"),
        (400, '{"errors":{"message":"Tool does not have access to rlid"}}', "needs_person bad_request"),
    ],
)
def test_a_refusal_is_understood(desk: ServiceDesk, status: int, body: str, outcome: str) -> None:
    desk.server.on("/members", reply(status, body))

    with pytest.raises(ServiceError) as caught:
        read(desk)

    assert f"{caught.value.kind} {caught.value.reason}" == outcome


def test_a_list_that_is_refused_for_a_link_is_asked_for_without_it(desk: ServiceDesk) -> None:
    """Schoology refuses the link in the address; Canvas one that is not the tool's any more."""
    desk.server.on(
        "/members", reply(400, '{"errors":{"message":"rlid does not exist"}}'), reply_json({"members": [BEN]})
    )
    found = read_members(desk.connector("canvas"), desk.server.url + "/members?limit=50&rlid=7")

    assert [one.subject for one in found] == ["ben"]
    assert [one.path for one in desk.server.received] == ["/members?limit=50&rlid=7", "/members?limit=50"]


def test_it_is_asked_only_once_more(desk: ServiceDesk) -> None:
    desk.server.on("/members", reply(400, "[]"))

    with pytest.raises(ServiceError) as caught:
        read_members(desk.connector("moodle"), desk.server.url + "/members?rlid=7")

    assert caught.value.reason == "bad_request"
    assert len(desk.server.received) == 2


@pytest.mark.parametrize(("path", "status"), [("/members", 400), ("/members?role=x", 404), ("/members?rlid=7", 403)])
def test_what_has_nothing_to_do_with_the_link_is_not_asked_again(desk: ServiceDesk, path: str, status: int) -> None:
    desk.server.on("/members", reply(status, "{}"))

    with pytest.raises(ServiceError):
        read_members(desk.connector(), desk.server.url + path)

    assert len(desk.server.received) == 1
