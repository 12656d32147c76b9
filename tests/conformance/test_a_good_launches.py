"""Checklist A61–A88: launches that have to work, as instructor and as student, whatever an LMS leaves out or adds."""

import re
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.cast import ADA, BEN, Someone
from tests.conformance.verdicts import assert_came_in
from tests.desk import TOOL, Desk, cookies_set, launch_id
from tests.lti.paper_lms import INSTRUCTOR, LEARNER
from tests.rows import hand_in
from tool.course.arrivals import Arrival
from tool.lti.roles import standing
from tool.lti.vocabulary import TEST_USER_ROLE
from tool.model.passbacks import Passback
from tool.model.people import Course, Member
from tool.model.work import Launch

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"
ADAS_PAGE, BENS_PAGE = "/overview", "/work"
NOTHING_FOR_YOU = "There is nothing for your role on this page."
NAMELESS: dict[str, Any] = {"name": None, "given_name": None, "family_name": None, "email": None}
FULL = {"name": "B. Carter", "given_name": "Ben", "family_name": "Carter", "email": "b.carter@school.example"}

GOOD: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    # What is told besides the usual, and the roles of a teacher and of a student.
    ("plain", FULL, {}),
    ("several roles", FULL, {"extra": [f"{INSTITUTION}#Faculty", f"{MEMBERSHIP}#Member", "urn:vendor:King"]}),
    ("a short role", FULL, {"roles": (["Instructor"], ["Learner"])}),
    ("an unknown role", FULL, {"roles": (["urn:nobody:knows"], ["urn:nobody:knows"])}),
    ("no role", FULL, {"roles": ([], [])}),
    ("only an e-mail address", NAMELESS | {"email": "b.carter@school.example"}, {}),
    ("only names", FULL | {"email": None}, {}),
    ("no personal data", NAMELESS, {}),
    ("an e-mail address and no context", NAMELESS | {"email": "b.carter@school.example", "context": None}, {}),
]
ROWS = [
    pytest.param(someone, told, roles, id=f"A{61 + number} {what}, {word}")
    for number, (someone, word, what, told, roles) in enumerate(
        (someone, word, what, told, roles)
        for what, told, roles in GOOD
        for someone, word in ((ADA, "instructor"), (BEN, "student"))
    )
]


def see(desk: Desk, someone: Someone, **changes: Any) -> tuple[TestResponse, TestResponse]:
    """A launch that is taken, and the page it leads to."""
    browser = desk.browser()
    launched = desk.launch(browser, someone, **changes)
    assert_came_in(desk, launched, someone.subject)
    return launched, browser.get(launched.location, base_url=TOOL)


def launch_row(desk: Desk, launched: TestResponse) -> Any:
    with desk.database.reading() as connection:
        return connection.execute(select(Launch).where(Launch.id == launch_id(launched))).one()


def member_row(desk: Desk, launched: TestResponse) -> Any:
    with desk.database.reading() as connection:
        query = select(Member).join(Launch, Launch.member_id == Member.id)
        return connection.execute(query.where(Launch.id == launch_id(launched))).one()


@pytest.mark.parametrize(("someone", "told", "roles"), ROWS)
def test_a61_a_good_launch_is_taken(
    counter: Desk, someone: Someone, told: dict[str, Any], roles: dict[str, Any]
) -> None:
    own = [INSTRUCTOR if someone is ADA else LEARNER]
    said = roles["roles"][someone is BEN] if "roles" in roles else own + roles.get("extra", [])

    launched, page = see(counter, someone, **(told | {"roles": said}))

    has_role = said not in ([], ["urn:nobody:knows"])
    assert page.status_code == (200 if has_role else 403)
    assert "Fractions" in page.text if has_role else NOTHING_FOR_YOU in page.text
    assert launched.location.endswith(ADAS_PAGE if has_role and someone is ADA else BENS_PAGE)


def test_a61_the_rows_are_eighteen() -> None:
    """Nine kinds of launches, each as instructor and as student: A61–A78."""
    assert [str(row.id).partition(" ")[0] for row in ROWS] == [f"A{number}" for number in range(61, 79)]


@pytest.mark.parametrize("sub_role", ["TeachingAssistant", "Grader", "PrimaryInstructor", "teachingassistantsection"])
def test_a79_a_sub_role_counts_as_its_principal_role(counter: Desk, sub_role: str) -> None:
    launched, page = see(counter, ADA, roles=[f"{MEMBERSHIP}/Instructor#{sub_role}"])

    assert (page.status_code, launched.location.endswith(ADAS_PAGE)) == (200, True)
    assert launch_row(counter, launched).is_teacher


@pytest.mark.parametrize("role", ["Instructor", "Faculty", "Administrator"])
def test_a80_a_role_in_the_institution_makes_no_teacher_of_this_course(counter: Desk, role: str) -> None:
    launched, page = see(counter, ADA, roles=[f"{INSTITUTION}#{role}"])

    assert (page.status_code, NOTHING_FOR_YOU in page.text) == (403, True)
    assert not launch_row(counter, launched).is_teacher
    _, page = see(counter, BEN, roles=[f"{INSTITUTION}#{role}", LEARNER])
    assert page.status_code == 200
    assert 'name="half"' in page.text, "a student's page, whatever they are elsewhere"


def test_a81_a_mentor_sees_no_work_and_changes_nothing(desk: Desk) -> None:
    """At most a view of the student they look after; Passback has none, so there is nothing for them."""
    see(desk, BEN)
    parent = Someone("parent", "Pat Carter", BEN.course)
    mentor = {"roles": [f"{MEMBERSHIP}#Mentor"], "role_scope_mentor": [BEN.subject]}

    launched, page = see(desk, parent, **mentor)

    assert (page.status_code, NOTHING_FOR_YOU in page.text) == (403, True)
    row = launch_row(desk, launched)
    assert (row.is_teacher, row.is_learner) == (False, False)
    assert not member_row(desk, launched).is_gradable


def test_a82_an_unknown_role_alone_is_the_least_privilege(counter: Desk) -> None:
    launched, page = see(counter, ADA, roles=["https://vendor.example/roles/Instructor", "SuperInstructor"])

    assert page.status_code == 403
    row, member = launch_row(counter, launched), member_row(counter, launched)
    assert (row.is_teacher, row.is_learner, member.is_gradable) == (False, False, False)


@pytest.mark.parametrize("roles", [[INSTRUCTOR, LEARNER], [LEARNER, INSTRUCTOR]])
def test_a83_who_is_both_is_a_teacher_and_is_not_graded(counter: Desk, roles: list[str]) -> None:
    launched, page = see(counter, ADA, roles=roles)

    assert (page.status_code, launched.location.endswith(ADAS_PAGE)) == (200, True)
    row, member = launch_row(counter, launched), member_row(counter, launched)
    assert (row.is_teacher, row.is_learner, member.is_gradable) == (True, False, False)


def test_a84_the_test_student_works_and_never_sends_a_grade(desk: Desk) -> None:
    """Canvas's student view: it learns, and has no place in the gradebook for us."""
    launched, page = see(desk, BEN, roles=[LEARNER, TEST_USER_ROLE])
    assert (page.status_code, 'name="half"' in page.text) == (200, True)
    row = launch_row(desk, launched)

    hand_in(desk.database, Arrival(row.course_id, row.member_id, standing([LEARNER]), row.placement_id, "fractions"))

    with desk.database.reading() as connection:
        sent = connection.execute(select(Passback.state, Passback.reason)).one()
    assert sent == ("skipped", "not_a_learner")


@pytest.mark.parametrize(
    "context",
    [
        pytest.param({"id": "c-bare"}, id="neither"),
        pytest.param({"id": "c-bare", "title": "", "label": None}, id="both empty"),
        pytest.param({"id": "c-bare", "label": "M1"}, id="a label alone"),
    ],
)
def test_a85_a_course_may_have_no_title_and_no_label(counter: Desk, someone: Someone, context: dict[str, Any]) -> None:
    _, page = see(counter, someone, context=context)

    assert page.status_code == 200
    assert not re.search(r"[>\s]None[<\s]*<", page.text), "a title that is not there is not called None"
    assert "Fractions" in page.text


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("\u202eCarter \u2066Ben\u2069\u200f", id="right-to-left marks"),
        pytest.param("אדה לאבלייס", id="right-to-left letters"),
        pytest.param("Ben 🎓👩‍🚀🇺🇸 Carter", id="emoji"),
        pytest.param("x" * 1000, id="1,000 characters"),
        pytest.param("<b>Ben</b> & 'co' \"{{7*7}}\"", id="markup"),
        pytest.param("\0Ben\ud800", id="what no database holds"),
    ],
)
def test_a86_any_name_is_taken_and_shown_harmlessly(desk: Desk, name: str) -> None:
    see(desk, BEN, name=name)
    launched, page = see(desk, ADA)

    assert page.status_code == 200
    assert launched.location.endswith(ADAS_PAGE)
    grades = page_of(desk, ADA, "grades")
    assert grades.status_code == 200
    assert "<b>Ben" not in grades.text
    assert "49</" not in grades.text, "nor is it a template"


def page_of(desk: Desk, someone: Someone, path: str) -> TestResponse:
    browser = desk.browser()
    launched = desk.launch(browser, someone)
    return browser.get(f"/l/{launch_id(launched)}/{path}", base_url=TOOL)


def test_a87_the_way_back_is_kept_and_shown_and_errors_are_our_own_page(counter: Desk, someone: Someone) -> None:
    """`lti_errormsg` and its like belong to the platform's page: what they say is never shown by ours."""
    back = "https://lms.example/courses/2?lti_errormsg=%3Cscript%3E&lti_errorlog=x"
    browser = counter.browser()
    launched = counter.launch(browser, someone, launch_presentation={"return_url": back, "document_target": "iframe"})
    assert_came_in(counter, launched, someone.subject)
    assert launch_row(counter, launched).return_url == back

    closed = "/choose" if someone is ADA else ADAS_PAGE
    refused = browser.get(f"/l/{launch_id(launched)}{closed}", base_url=TOOL)
    assert refused.status_code in (400, 403)
    assert 'href="https://lms.example/courses/2?lti_errormsg=%3Cscript%3E&amp;lti_errorlog=x"' in refused.text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "/relative", 7])
def test_a87_a_way_back_that_is_none_is_left_out(counter: Desk, someone: Someone, url: Any) -> None:
    launched, page = see(counter, someone, launch_presentation={"return_url": url})

    assert page.status_code == 200
    assert "javascript:alert" not in page.text
    assert launch_row(counter, launched).return_url is None


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"locale": "de-CH"}, "de-CH"),
        ({"locale": "en", "launch_presentation": {"locale": "fr_FR"}}, "fr_FR"),
        ({"locale": "tlh"}, "tlh"),
        ({"locale": "x" * 300}, None),
        ({"locale": 7}, None),
        ({"locale": "../../etc/passwd"}, "../../etc/passwd"),
    ],
)
def test_a88_the_language_is_taken_where_it_is_one(
    counter: Desk, someone: Someone, told: dict[str, Any], kept: str | None
) -> None:
    """The page of the launch says it; a language nobody has translated is English."""
    launched, page = see(counter, someone, **told)

    assert launch_row(counter, launched).locale == kept
    assert (page.status_code, '<html lang="en' in page.text) == (200, True)


def test_a78_without_a_context_two_links_are_not_mixed_up(desk: Desk) -> None:
    """Without a course the link stands for it: nobody of another link is seen in it."""
    for link in ("link-1", "link-2"):
        launched, _ = see(desk, BEN, context=None, resource_link={"id": link, "title": "Fractions"})
        assert cookies_set(launched)

    with desk.database.reading() as connection:
        assert len(connection.execute(select(Course.id)).all()) == 2
