"""Where a person stands in a course."""

import pytest

from tool.lti.roles import Standing, standing

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"
SYSTEM = "http://purl.imsglobal.org/vocab/lis/v2/system/person"
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"

NOBODY = Standing(False, False, False, False)
TEACHER = Standing(True, False, False, False)
LEARNER = Standing(False, True, False, False)
MENTOR = Standing(False, False, True, False)


@pytest.mark.parametrize(
    ("roles", "stands"),
    [
        ([f"{MEMBERSHIP}#Learner"], LEARNER),
        ([f"{MEMBERSHIP}#Instructor"], TEACHER),
        ([f"{MEMBERSHIP}#Mentor"], MENTOR),
        ([f"{MEMBERSHIP}/Instructor#TeachingAssistant"], TEACHER),
        ([f"{MEMBERSHIP}/instructor#Grader"], TEACHER),
        ([f"{MEMBERSHIP}/Learner#NonCreditLearner"], LEARNER),
        ([f"{MEMBERSHIP}#Administrator", f"{MEMBERSHIP}#Instructor"], TEACHER),
        (["Instructor"], TEACHER),
        (["Learner"], LEARNER),
        (["TeachingAssistant"], TEACHER),
        (["Mentor"], MENTOR),
        ([f"{INSTITUTION}#Instructor"], NOBODY),
        ([f"{INSTITUTION}#Instructor", f"{MEMBERSHIP}#Learner"], LEARNER),
        ([f"{INSTITUTION}#Administrator"], NOBODY),
        (["http://purl.imsglobal.org/vocab/lis/v2/person#Administrator"], NOBODY),
        ([f"{SYSTEM}#Administrator"], NOBODY),
        ([f"{INSTITUTION}#Student"], NOBODY),
        ([f"{MEMBERSHIP}#ContentDeveloper"], NOBODY),
        (["urn:vendor:role:King"], NOBODY),
        (["https://vendor.example/Instructor"], NOBODY),
        (["SuperInstructor"], NOBODY),
        (["", "#", "/", "membership#Instructor"], NOBODY),
        ([], NOBODY),
        ([f"{MEMBERSHIP}#Learner", TEST_USER], Standing(False, True, False, True)),
    ],
)
def test_roles_of_the_course_decide(roles: list[str], stands: Standing) -> None:
    assert standing(roles) == stands


@pytest.mark.parametrize(
    ("roles", "is_gradable"),
    [
        (["Learner"], True),
        (["Instructor"], False),
        (["Learner", "Instructor"], False),
        (["Learner", "Mentor"], False),
        (["Learner", TEST_USER], False),
        (["Learner", f"{INSTITUTION}#Instructor"], True),
        ([], False),
    ],
)
def test_who_teaches_or_stands_in_is_not_graded(roles: list[str], is_gradable: bool) -> None:
    assert standing(roles).is_gradable is is_gradable
