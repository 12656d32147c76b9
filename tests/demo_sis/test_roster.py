"""The school as OneRoster 1.2 tells it: people, classes, periods, lists in pages."""

from collections.abc import Callable

import pytest

from tests.demo_sis.conftest import BEN, CLEO, ISAAC, MATH, SCIENCE, SIS_URL, Story, said
from tool.demo_sis.sis import ROSTERING_12

EVERY_LIST = [
    "/academicSessions",
    "/terms",
    "/gradingPeriods",
    "/terms/term-s1/gradingPeriods",
    "/orgs",
    "/schools",
    "/courses",
    "/classes",
    f"/classes/{MATH}/students",
    f"/classes/{MATH}/teachers",
    f"/schools/school-12/classes/{MATH}/students",
    f"/schools/school-12/classes/{MATH}/enrollments",
    "/enrollments",
    "/users",
    "/teachers",
    "/students",
    "/teachers/TCH-010/classes",
    f"/students/{BEN}/classes",
    f"/users/{BEN}/classes",
]
EVERY_RECORD = [
    "/academicSessions/gp-q1",
    "/terms/term-s1",
    "/gradingPeriods/gp-q2",
    "/orgs/district-1",
    "/schools/school-12",
    "/courses/course-math-9",
    f"/classes/{MATH}",
    f"/users/{BEN}",
    f"/students/{CLEO}",
    "/teachers/TCH-010",
]


@pytest.mark.parametrize("path", EVERY_LIST)
def test_every_list_is_the_standards(story: Story, path: str) -> None:
    assert story.ids("roster", path)


@pytest.mark.parametrize("path", EVERY_RECORD)
def test_every_record_is_the_standards(story: Story, path: str) -> None:
    (record,) = story.get("roster", path).values()
    assert record["sourcedId"] == path.rpartition("/")[2]
    assert story.call("GET", ROSTERING_12 + path + "-x").status_code == 404


def test_a_teacher_is_found_by_email_and_then_the_classes(story: Story) -> None:
    (ada,) = story.get("roster", "/teachers?filter=email='ADA@school.example'")["users"]

    (taught,) = story.get("roster", f"/teachers/{ada['sourcedId']}/classes?filter=status='active'")["classes"]
    assert (taught["title"], taught["school"]["sourcedId"]) == ("MATH 9 - Period 3", "school-12")
    assert story.ids("roster", "/users?filter=email='nobody@school.example'") == []


def test_a_filter_joins_two_clauses(story: Story) -> None:
    assert story.ids("roster", "/students?filter=givenName='Ben' OR givenName='Cleo'") == [BEN, CLEO]
    assert story.ids("roster", "/students?filter=givenName~'e' AND familyName='Carter'") == [BEN]
    assert story.ids("roster", "/students?filter=userIds.identifier='SIS-00104'") == ["stu-2044"]


@pytest.mark.parametrize("text", ["email", "email=ada", "a='1' AND b='2' AND c='3'"])
def test_a_filter_that_makes_no_sense_is_refused(story: Story, text: str) -> None:
    assert story.call("GET", f"{ROSTERING_12}/users?filter={text}").status_code == 400


def test_some_sis_ignore_filters_and_some_refuse_them(tell: Callable[..., Story]) -> None:
    assert len(tell(filters="ignored").ids("roster", "/teachers?filter=email='ada@school.example'")) == 2
    assert tell(filters="refused").call("GET", f"{ROSTERING_12}/users?filter=email='x'").status_code == 400


def test_lists_come_in_pages_that_lead_on(tell: Callable[..., Story]) -> None:
    story = tell(page_size=5)
    path, seen = f"{ROSTERING_12}/classes/{MATH}/students?limit=10000", []
    for _ in range(3):
        answer = story.call("GET", path)
        assert answer.headers["X-Total-Count"] == "12"
        seen += [one["sourcedId"] for one in answer.get_json()["users"]]
        links = {rel: url for url, rel in (part.split("; rel=") for part in answer.headers["Link"].split(", "))}
        path = links.get('"next"', "").strip("<>").removeprefix(SIS_URL)

    assert (len(set(seen)), path) == (12, "")
    assert set(links) == {'"first"', '"last"', '"prev"'}
    assert story.ids("roster", f"/classes/{MATH}/students?limit=3&offset=10") == seen[10:]


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "offset=-1"])
def test_a_page_that_cannot_be_is_refused(story: Story, query: str) -> None:
    assert story.call("GET", f"{ROSTERING_12}/users?{query}").status_code == 400


def test_lists_are_sorted_and_cut_to_fields(story: Story) -> None:
    story.is_to_the_letter = False  # a cut record lacks what the schema requires
    found = story.get("roster", "/teachers?sort=givenName&orderBy=desc&fields=givenName,email")["users"]

    assert [one["givenName"] for one in found] == ["Grace", "Ada"]
    assert set(found[0]) == {"givenName", "email"}


def test_the_periods_lie_around_today(story: Story) -> None:
    story.order("reset", today="2026-11-20")

    first, second = story.get("roster", "/terms/term-s1/gradingPeriods")["academicSessions"]
    assert (first["endDate"], second["startDate"], second["endDate"]) == ("2026-11-06", "2026-11-06", "2027-01-15")
    assert first["parent"]["sourcedId"] == "term-s1"


def test_students_can_be_matched_in_every_way(story: Story) -> None:
    """By the id that the demo LMS tells, by another id, by e-mail, by hand, and not at all."""
    people = {one["givenName"]: one for one in story.get("roster", f"/classes/{MATH}/students")["users"]}

    assert people["Ben"]["sourcedId"] == "SIS-00100"
    assert (people["Cleo"]["sourcedId"], people["Cleo"]["email"]) == ("stu-2041", "Cleo@School.example")
    assert people["Amara"]["identifier"] == "SIS-00102"
    assert people["Fatima"]["userIds"] == [{"type": "LTI", "identifier": "SIS-00104"}]
    assert people["Hana"]["email"] == "hana.suzuki@old.example"
    assert "email" not in people["Diego"]
    assert "Isaac" not in people
    assert "Nia" in people


def test_a_class_names_whoever_is_enrolled_today(story: Story) -> None:
    story.order("enroll", **{"class": MATH, "student": ISAAC})
    story.order("enroll", **{"class": MATH, "student": BEN, "active": False})

    present = story.ids("roster", f"/classes/{MATH}/students")
    assert ISAAC in present
    assert BEN not in present
    assert story.ids("roster", f"/students/{BEN}/classes") == []
    every = story.get("roster", f"/schools/school-12/classes/{MATH}/enrollments")["enrollments"]
    assert [one["status"] for one in every if one["user"]["sourcedId"] == BEN] == ["tobedeleted"]


@pytest.mark.parametrize(
    "path",
    ["/classes/x/students", "/schools/x/classes/class-2201/students", "/terms/x/gradingPeriods", "/teachers/x/classes"],
)
def test_what_is_not_there_is_unknown(story: Story, path: str) -> None:
    if path.startswith(("/classes", "/schools", "/terms", "/teachers")):
        story.is_to_the_letter = False  # the file has no 404 for these lists
    answer = story.call("GET", ROSTERING_12 + path)

    assert answer.status_code == 404
    assert "not found" in said(answer)


def test_an_unknown_address_says_so_in_the_standards_words(story: Story) -> None:
    story.is_to_the_letter = False
    answer = story.call("GET", "/ims/oneroster/rostering/v1p2/nothing")

    assert (answer.status_code, "API route not found" in said(answer)) == (404, True)
    assert story.call("POST", f"{ROSTERING_12}/classes").status_code == 405
    assert story.ids("roster", f"/classes/{SCIENCE}/teachers") == ["TCH-011"]
