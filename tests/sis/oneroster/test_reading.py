"""Reading what a SIS has: teachers, classes, students, periods, categories, columns, scores; patiently."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.sis.oneroster.conftest import with_profile
from tests.sis.oneroster.pretend_sis import GRADEBOOK, OLD, ROSTERING, PretendSis, Received, Reply, complain
from tool.outbound import Outbound
from tool.sis.oneroster.client import OneRoster
from tool.sis.plain import Access, Category, Enrolled, FoundLineItem, FoundResult, Period, SchoolClass, SisError

CLASS_PATH = f"{ROSTERING}/classes/class-2201"
STUDENTS_PATH = f"{CLASS_PATH}/students"
ENROLMENTS_PATH = f"{ROSTERING}/schools/school-12/classes/class-2201/enrollments"
CATEGORIES_PATH = f"{GRADEBOOK}/classes/class-2201/categories"
FRACTIONS: dict[str, Any] = {
    "sourcedId": "class-2201",
    "status": "active",
    "title": "Grade 6 maths",
    "course": {"href": "x", "sourcedId": "c", "type": "course"},
    "school": {"href": "x", "sourcedId": "school-12", "type": "org"},
    "terms": [{"href": "x", "sourcedId": "term-1", "type": "academicSession"}],
}
ADA = {"sourcedId": "t-1", "givenName": "Ada", "familyName": "Lovelace", "email": "Ada@school.example"}
BEN: dict[str, Any] = {
    "sourcedId": "stu-904",
    "status": "active",
    "enabledUser": "true",
    "givenName": "Ben",
    "familyName": "Brook",
    "username": "ben.brook",
    "userIds": [{"type": "LTI", "identifier": "lti-ben"}, {"type": "email", "identifier": "BEN@school.example"}],
    "identifier": "904",
    "userMasterIdentifier": "m-904",
    "email": "ben@school.example",
    "metadata": {"ic": {"legacySourceId": "s904"}},
}
Q2 = Period("gp-q2", "Quarter 2", date(2026, 10, 19), date(2026, 12, 19))
SCHOOL_CLASS = SchoolClass("class-2201", "Grade 6 maths", "school-12", ("term-1",))


def listed(name: str, *objects: Any, **headers: str) -> Reply:
    return Reply(200, {name: list(objects)}, {"X-Total-Count": str(len(objects))} | headers)


def period(sourced_id: str = "gp-q2", parent: str | None = None, **more: Any) -> dict[str, Any]:
    told = {"sourcedId": sourced_id, "title": "Quarter 2", "startDate": "2026-10-19", "endDate": "2026-12-19"}
    return told | ({"parent": {"sourcedId": parent}} if parent else {}) | more


# The teacher


def test_a_teacher_is_found_by_filter_whatever_the_capitals(sis: PretendSis, client: OneRoster) -> None:
    sis.on("GET", f"{ROSTERING}/teachers", listed("users", ADA))

    assert client.find_teacher_id(" ada@SCHOOL.example ") == "t-1"
    (asked,) = sis.asked("GET", f"{ROSTERING}/teachers")
    assert ("filter", "email='ada@SCHOOL.example'") in asked.query


@pytest.mark.parametrize("to_filter", [complain(400, "", "invalid_filter_field"), listed("users")])
def test_a_sis_without_filters_is_read_whole(sis: PretendSis, client: OneRoster, to_filter: Reply) -> None:
    other = ADA | {"sourcedId": "t-2", "email": "x@school.example"}

    def meet(asked: Received) -> Reply:
        return to_filter if dict(asked.query).get("filter") else listed("users", other, ADA)

    sis.on("GET", f"{ROSTERING}/teachers", meet)

    assert client.find_teacher_id("ada@school.example") == "t-1"


def test_an_ignored_filter_is_noticed_and_nothing_is_read_twice(sis: PretendSis, client: OneRoster) -> None:
    sis.on("GET", f"{ROSTERING}/teachers", listed("users", ADA))

    assert client.find_teacher_id("nobody@school.example") is None
    assert len(sis.asked("GET", f"{ROSTERING}/teachers")) == 1


def test_a_quote_in_an_address_is_never_put_into_a_filter(sis: PretendSis, client: OneRoster) -> None:
    sis.on("GET", f"{ROSTERING}/teachers", listed("users", ADA | {"email": "o'neil@school.example"}))

    assert client.find_teacher_id("o'neil@school.example") == "t-1"
    assert all("filter" not in dict(one.query) for one in sis.received)


def test_two_teachers_with_one_address_are_nobody(sis: PretendSis, client: OneRoster) -> None:
    sis.on("GET", f"{ROSTERING}/teachers", listed("users", ADA, ADA | {"sourcedId": "t-2"}))

    assert client.find_teacher_id("ada@school.example") is None
    assert client.find_teacher_id("  ") is None


def test_a_teacher_who_is_to_be_deleted_is_not_the_other_one(sis: PretendSis, client: OneRoster) -> None:
    gone = ADA | {"sourcedId": "t-2", "status": "tobedeleted"}
    sis.on("GET", f"{ROSTERING}/teachers", listed("users", gone, ADA))

    assert client.find_teacher_id("ada@school.example") == "t-1"


def test_a_wrong_address_of_the_service_is_said_and_not_read_around(sis: PretendSis, client: OneRoster) -> None:
    with pytest.raises(SisError) as caught:
        client.find_teacher_id("ada@school.example")

    assert (caught.value.kind, caught.value.code) == ("permanent", "sis.route")
    assert len(sis.asked("GET", f"{ROSTERING}/teachers")) == 1


# Classes


def test_the_teachers_classes_come_with_the_names_of_term_and_school(sis: PretendSis, client: OneRoster) -> None:
    gone = FRACTIONS | {"sourcedId": "class-9", "status": "tobedeleted"}
    sis.on("GET", f"{ROSTERING}/teachers", listed("users", ADA))
    sis.on("GET", f"{ROSTERING}/teachers/t-1/classes", listed("classes", FRACTIONS, gone))
    sis.on("GET", f"{ROSTERING}/academicSessions/term-1", Reply(200, {"academicSession": {"title": "Autumn"}}))
    sis.on("GET", f"{ROSTERING}/orgs/school-12", Reply(200, {"org": {"name": "Hill School"}}))

    assert client.find_classes_of_teacher("ada@school.example") == [
        replace(SCHOOL_CLASS, term_title="Autumn", school_title="Hill School")
    ]


def test_a_class_without_readable_names_is_a_class(sis: PretendSis, client: OneRoster) -> None:
    sis.on("GET", CLASS_PATH, Reply(200, {"class": FRACTIONS | {"status": "inactive"}}))
    sis.on("GET", f"{ROSTERING}/orgs/school-12", complain(403))

    assert client.find_class("class-2201") == replace(SCHOOL_CLASS, is_active=False)


def test_no_teacher_has_no_classes_and_no_class_is_none(sis: PretendSis, client: OneRoster) -> None:
    sis.on("GET", f"{ROSTERING}/teachers", listed("users"))

    assert client.find_classes_of_teacher("ada@school.example") == []
    assert client.find_class("class-1") is None


@pytest.mark.parametrize("reply", [complain(500), complain(403), Reply(404, "<html>?</html>"), Reply(200, "[]")])
def test_a_class_that_cannot_be_read_is_not_missing(sis: PretendSis, client: OneRoster, reply: Reply) -> None:
    sis.on("GET", CLASS_PATH, reply)
    with pytest.raises(SisError):
        client.find_class("class-2201")


# Students


def test_a_student_has_every_id_but_the_address(sis: PretendSis, client: OneRoster) -> None:
    sis.on("GET", STUDENTS_PATH, listed("users", BEN))

    assert client.read_students("class-2201") == [
        Enrolled("stu-904", "Ben Brook", "ben@school.example", ("lti-ben", "904", "m-904", "s904"))
    ]


def test_enrolments_tell_the_days(sis: PretendSis, client: OneRoster) -> None:
    def enrolled(user: str, begins: str | None, ends: str | None, **more: Any) -> dict[str, Any]:
        told = {"sourcedId": f"e-{user}-{begins}", "user": {"sourcedId": user}, "role": "student"}
        return told | {"beginDate": begins, "endDate": ends} | more

    sis.on("GET", CLASS_PATH, Reply(200, {"class": FRACTIONS}))
    sis.on("GET", STUDENTS_PATH, listed("users", BEN, *({"sourcedId": f"s{n}"} for n in range(4))))
    sis.on(
        "GET",
        ENROLMENTS_PATH,
        listed(
            "enrollments",
            enrolled("stu-904", "2026-08-17", "2027-06-05"),
            enrolled("s0", "2026-08-17", None),
            enrolled("s0", "2026-11-17", "2026-11-20"),
            enrolled("s1", "2026-08-17", "2026-09-01", status="tobedeleted"),
            enrolled("s2", "2026-08-17", "2026-09-01"),
            enrolled("s2", "2026-10-01", "2027-01-01"),
            enrolled("s3", "2026-08-17", "2026-09-01", role="teacher"),
        ),
    )
    found = {one.sourced_id: (one.begins_on, one.ends_on, one.is_active) for one in client.read_students("class-2201")}

    assert found == {
        "stu-904": (date(2026, 8, 17), date(2027, 6, 5), True),
        "s0": (date(2026, 8, 17), None, True),
        "s1": (None, None, False),
        "s2": (date(2026, 8, 17), date(2027, 1, 1), True),
        "s3": (None, None, True),
    }


@pytest.mark.parametrize("reply", [complain(403), complain(404), Reply(404, "<html>?</html>"), Reply(405, "")])
def test_without_enrolments_the_days_are_unknown(sis: PretendSis, client: OneRoster, reply: Reply) -> None:
    sis.on("GET", CLASS_PATH, Reply(200, {"class": FRACTIONS}))
    sis.on("GET", STUDENTS_PATH, listed("users", BEN))
    sis.on("GET", ENROLMENTS_PATH, reply)
    (ben,) = client.read_students("class-2201")

    assert (ben.begins_on, ben.ends_on, ben.is_active) == (None, None, True)


def test_half_a_roster_is_none(sis: PretendSis, client: OneRoster) -> None:
    sis.on("GET", CLASS_PATH, Reply(200, {"class": FRACTIONS}))
    sis.on("GET", STUDENTS_PATH, listed("users", BEN))
    sis.on("GET", ENROLMENTS_PATH, complain(503))
    with pytest.raises(SisError):
        client.read_students("class-2201")


@pytest.mark.parametrize(
    ("told", "active"),
    [
        ({"enabledUser": "false"}, False),
        ({"enabledUser": False}, False),
        ({"enabledUser": "True"}, True),
        ({"enabledUser": None}, True),
        ({"status": "toBeDeleted"}, False),
        ({"STATUS": "Active", "status": None}, True),
    ],
)
def test_who_is_active(sis: PretendSis, client: OneRoster, told: dict[str, Any], active: bool) -> None:
    sis.on("GET", STUDENTS_PATH, listed("users", BEN | told))

    assert [one.is_active for one in client.read_students("class-2201")] == [active]


@pytest.mark.parametrize(
    "body",
    [
        {"users": [BEN]},
        {"Users": [BEN]},
        {"students": [BEN]},
        {"data": [BEN], "count": 1},
        [BEN],
        {"users": BEN},
        {"user": BEN},
        BEN,
        {"users": [BEN, None, "nobody", {}, {"sourcedId": ""}, {"sourcedId": None}, {"sourcedId": "x" * 256}]},
        {"users": [{name.upper(): value for name, value in BEN.items()} | {"extra": {"a": [1]}}]},
        {"users": [BEN, BEN]},
    ],
)
def test_a_list_is_found_in_any_envelope(sis: PretendSis, client: OneRoster, body: Any) -> None:
    sis.on("GET", STUDENTS_PATH, Reply(200, body, {"X-Total-Count": "1"}))

    assert [(one.sourced_id, one.name) for one in client.read_students("class-2201")] == [("stu-904", "Ben Brook")]


def test_numbers_as_ids_and_missing_fields_are_read(sis: PretendSis, client: OneRoster) -> None:
    sis.on("GET", STUDENTS_PATH, listed("users", {"sourcedId": 904, "identifier": 7, "userIds": None, "email": " "}))

    assert client.read_students("class-2201") == [Enrolled("904", "904", None, ("7",))]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, "<html>Sign in</html>"),
        Reply(200, ""),
        Reply(200, "{"),
        Reply(200, "7"),
        Reply(200, "{}"),
        Reply(200, {"message": "no students today"}),
        Reply(200, {"users": "none"}),
        Reply(200, {"imsx_codeMajor": "failure", "users": []}),
    ],
)
def test_what_is_no_list_is_not_an_empty_class(sis: PretendSis, client: OneRoster, reply: Reply) -> None:
    sis.on("GET", STUDENTS_PATH, reply)
    with pytest.raises(SisError):
        client.read_students("class-2201")


@pytest.mark.parametrize(
    "reply", [Reply(200, {"users": []}), Reply(200, {"users": None}), Reply(200, "[]"), Reply(204)]
)
def test_an_empty_class_is_one(sis: PretendSis, client: OneRoster, reply: Reply) -> None:
    sis.on("GET", STUDENTS_PATH, reply)

    assert client.read_students("class-2201") == []


# Periods


def test_the_periods_of_the_classs_terms(sis: PretendSis, client: OneRoster) -> None:
    first = period("gp-q1", startDate="2026-08-17T00:00:00.000Z", endDate="2026-10-19")
    broken = period("gp-x", endDate="soon")
    sis.on(
        "GET",
        f"{ROSTERING}/terms/term-1/gradingPeriods",
        listed("academicSessions", period(), first, broken, period("gp-y", status="tobedeleted")),
    )

    assert client.read_periods(SCHOOL_CLASS) == [
        Period("gp-q1", "Quarter 2", date(2026, 8, 17), date(2026, 10, 19)),
        Q2,
    ]


@pytest.mark.parametrize("of_term", [complain(404), complain(403), Reply(404, "<html>?</html>"), listed("terms")])
@pytest.mark.parametrize(
    ("all_periods", "found"),
    [
        ([period(parent="term-1"), period("gp-z", parent="term-9")], ["gp-q2"]),
        ([period(), period("gp-z")], ["gp-q2", "gp-z"]),
        ([period("term-1", parent="year"), period("gp-z", parent="year")], ["term-1"]),
        ([period("gp-z", parent="term-9")], []),
    ],
)
def test_without_a_terms_list_they_are_picked_from_all(
    sis: PretendSis, client: OneRoster, of_term: Reply, all_periods: list[Any], found: list[str]
) -> None:
    sis.on("GET", f"{ROSTERING}/terms/term-1/gradingPeriods", of_term)
    sis.on("GET", f"{ROSTERING}/gradingPeriods", listed("academicSessions", *all_periods))

    assert [one.sourced_id for one in client.read_periods(SCHOOL_CLASS)] == found


# Categories


def test_the_categories_of_a_class(sis: PretendSis, client: OneRoster) -> None:
    sis.on(
        "GET",
        CATEGORIES_PATH,
        listed(
            "categories",
            {"sourcedId": "hw", "title": "Homework", "metadata": {"classId": "class-2201"}},
            {"sourcedId": "everybody", "title": "Tests"},
            {"sourcedId": "several", "title": "Quiz", "metadata": {"x": {"CLASSID": ["class-1", "class-2201"]}}},
            {"sourcedId": "another", "title": "Other", "metadata": {"classId": "class-1"}},
            {"sourcedId": "gone", "title": "Old", "status": "tobedeleted"},
        ),
    )

    assert client.read_categories("class-2201") == [
        Category("hw", "Homework"),
        Category("everybody", "Tests"),
        Category("several", "Quiz"),
    ]


def test_1_1_lists_all_categories_and_we_select(sis: PretendSis, old_access: Access, outbound: Outbound) -> None:
    mine = {"sourcedId": "hw", "title": "Homework", "metadata": {"section": 2201}}
    other = {"sourcedId": "x", "title": "X", "metadata": {"section": 1}}
    sis.on("GET", f"{OLD}/categories", listed("categories", mine, other))

    keyed = OneRoster(with_profile(old_access, category_class_key="section"), outbound)
    everybody = OneRoster(with_profile(old_access, category_class_key=None), outbound)
    assert [one.sourced_id for one in keyed.read_categories("2201")] == ["hw"]
    assert [one.sourced_id for one in everybody.read_categories("2201")] == ["hw", "x"]
    assert {one.path for one in sis.received} == {f"{OLD}/categories"}


@pytest.mark.parametrize("reply", [complain(404), Reply(404, "<html>?</html>"), Reply(405, "")])
def test_a_1_2_without_the_list_of_a_class_is_asked_for_all(sis: PretendSis, client: OneRoster, reply: Reply) -> None:
    sis.on("GET", CATEGORIES_PATH, reply)
    sis.on("GET", f"{GRADEBOOK}/categories", listed("categories", {"sourcedId": "hw", "title": "Homework"}))

    assert client.read_categories("class-2201") == [Category("hw", "Homework")]


def test_refused_categories_are_not_looked_for_elsewhere(sis: PretendSis, client: OneRoster) -> None:
    sis.on("GET", CATEGORIES_PATH, complain(403))
    with pytest.raises(SisError, match=r"auth\.scope"):
        client.read_categories("class-2201")


# The gradebook


def test_columns_are_read_back(sis: PretendSis, client: OneRoster) -> None:
    sis.on(
        "GET",
        f"{GRADEBOOK}/classes/class-2201/lineItems",
        listed(
            "lineitems",
            {"sourcedId": "li-1", "title": "Fractions", "dueDate": "2026-11-16T23:59:59.000Z", "status": "active"},
            {"sourcedId": "li-2", "title": "Decimals", "dueDate": "2026-11-16T16:59:59-07:00"},
            {"sourcedId": "li-3", "dueDate": "2026-11-16", "status": "tobedeleted"},
            {"sourcedId": "li-4", "title": "?", "dueDate": "tomorrow"},
        ),
    )
    due = datetime(2026, 11, 16, 23, 59, 59, tzinfo=UTC)

    assert client.read_line_items("class-2201") == [
        FoundLineItem("li-1", "Fractions", due, True),
        FoundLineItem("li-2", "Decimals", due, True),
        FoundLineItem("li-3", "", datetime(2026, 11, 16, tzinfo=UTC), False),
        FoundLineItem("li-4", "?", None, True),
    ]


def test_scores_are_read_back_exactly(sis: PretendSis, client: OneRoster) -> None:
    def told(sourced_id: str, score: str, **more: Any) -> str:
        return (
            f'{{"sourcedId": "{sourced_id}", "student": {{"sourcedId": "stu-904"}}, "scoreStatus": "Fully Graded",'
            f' "score": {score}}}'
        )

    scores = ["0.30000000000000000001", "17", '" 17.5 "', '"A"', "null", "NaN", "true", "1e400", '"Infinity"', "[]"]
    text = ", ".join(told(f"r-{number}", score) for number, score in enumerate(scores))
    nobody = '{"sourcedId": "r-x"}, {"sourcedId": "r-y", "student": "stu-9", "status": "tobedeleted"}'
    path = f"{GRADEBOOK}/classes/class-2201/lineItems/li-1/results"
    sis.on("GET", path, Reply(200, f'{{"results": [{text}, {nobody}]}}', {"X-Total-Count": "12"}))
    found = client.read_results("class-2201", "li-1")

    assert found[0] == FoundResult("r-0", "li-1", "stu-904", "fully graded", Decimal("0.30000000000000000001"))
    assert [one.score for one in found] == [
        *(Decimal("0.30000000000000000001"), Decimal(17), Decimal("17.5")),
        *([None] * 7),
    ]


def test_scores_of_a_lost_column(sis: PretendSis, client: OneRoster) -> None:
    with pytest.raises(SisError, match=r"item\.lost"):
        client.read_results("class-2201", "li-1")
