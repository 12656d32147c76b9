"""Next term: a copied course is new in everything but what it teaches. And links that a teacher made by hand."""

from typing import Any

import pytest

from tests.demo_lms.conftest import LINE_ITEM, LMS_URL, Story
from tests.demo_lms.picking import LTI, answer, ask, new_columns, quiz

AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
CONTEXT_HISTORY, LINK_HISTORY = "context_id_history", "resource_link_id_history"


def copy(story: Story, course: str = "course-math", people: str = "same") -> tuple[str, dict[str, str]]:
    """The new course, and the new name of each link."""
    copied = story.order("copy-course", course=course, people=people)
    return copied["course"], copied["links"]


def launch_of(story: Story, course: str, link: str, person: str = "ada") -> dict[str, Any]:
    return story.launch(course=course, link=link, person=person)


def columns_of(story: Story, course: str) -> list[dict[str, Any]]:
    return [column for column in story.gradebook() if column["course_id"] == course]


def test_a_copy_has_new_names_and_the_same_content(story: Story) -> None:
    answer(story, ask(story), quiz())
    story.post_score("ben", 15)

    course, links = copy(story)

    assert course != "course-math"
    assert len(set(links) | set(links.values())) == 2 * 4
    launched = launch_of(story, course, links["link-fractions"], "ben")
    assert launched[f"{LTI}context"]["id"] == course
    assert launched[f"{LTI}context"]["title"] == "Period 3 math (copy)"
    assert launched[f"{LTI}resource_link"] == {
        "id": links["link-fractions"],
        "title": "Fractions quiz",
        "description": "",
    }
    assert launched[f"{LTI}custom"]["assignment"] == "fractions-quiz"
    picked = next(
        new for old, new in links.items() if not old.startswith(("link-fractions", "link-essay", "link-warm"))
    )
    assert launch_of(story, course, picked)[f"{LTI}target_link_uri"] == quiz()["url"]


def test_the_columns_of_a_copy_are_its_own_and_empty(story: Story) -> None:
    story.post_score("ben", 15)
    last_term = story.column_url()

    course, links = copy(story)

    fresh = columns_of(story, course)
    assert [(column["label"], column["maximum"]) for column in fresh] == [
        ("Fractions quiz", 20),
        ("My number story", 10),
    ]
    assert {column["resource_link_id"] for column in fresh} == {links["link-fractions"], links["link-essay"]}
    assert [column["scores"] for column in fresh] == [{}, {}]
    named = launch_of(story, course, links["link-fractions"])[AGS]["lineitem"]
    assert named == fresh[0]["line_item_url"] != last_term
    story.post_score("ben", 10, url=named)
    assert story.cell("ben", last_term)["score"] == 15
    assert "lineitem" not in launch_of(story, course, links["link-warmup"])[AGS]


@pytest.mark.parametrize(("manner", "named"), [("moodle", ("q", "t")), ("canvas", ("", "")), ("schoology", ("", ""))])
def test_what_a_tool_called_its_column_survives_in_some(tell: Any, manner: str, named: tuple[str, str]) -> None:
    story = tell(manner)
    answer(story, ask(story), quiz(lineItem={"scoreMaximum": 9, "resourceId": "q", "tag": "t"}))
    (before,) = new_columns(story)

    course, _ = copy(story)

    after = next(column for column in columns_of(story, course) if column["maximum"] == 9)
    assert (before["resource_id"], before["tag"]) == ("q", "t")
    assert (after["resource_id"], after["tag"]) == named


@pytest.mark.parametrize(("manner", "is_copied"), [("moodle", True), ("canvas", False), ("openedx", False)])
def test_only_moodle_copies_columns_that_the_tool_made(tell: Any, manner: str, is_copied: bool) -> None:
    story = tell(manner)
    body = {"label": "Extra", "scoreMaximum": 5, "resourceLinkId": "link-warmup"}
    story.call("POST", f"{LMS_URL}/api/lti/courses/course-math/line_items", json=body, content_type=LINE_ITEM)

    course, links = copy(story)

    extras = [column["resource_link_id"] for column in columns_of(story, course) if column["label"] == "Extra"]
    assert extras == ([links["link-warmup"]] if is_copied else [])


@pytest.mark.parametrize(
    ("manner", "context", "link"),
    [
        ("canvas", True, "$ResourceLink.id.history"),
        ("moodle", True, "$ResourceLink.id.history"),
        ("schoology", True, True),
        ("openedx", "$Context.id.history", "$ResourceLink.id.history"),
    ],
)
def test_a_launch_tells_where_it_was_copied_from(tell: Any, manner: str, context: Any, link: Any) -> None:
    """Where the LMS has the variable; otherwise its name stands there."""
    story = tell(manner)
    spring, spring_links = copy(story)
    autumn, autumn_links = copy(story, spring)
    spring_link = spring_links["link-fractions"]

    first = launch_of(story, "course-math", "link-fractions")[f"{LTI}custom"]
    last = launch_of(story, autumn, autumn_links[spring_link])[f"{LTI}custom"]

    assert first[CONTEXT_HISTORY] == ("" if context is True else context)
    assert last[CONTEXT_HISTORY] == (f"{spring},course-math" if context is True else context)
    assert last[LINK_HISTORY] == (f"{spring_link},link-fractions" if link is True else link)


def test_schoology_remembers_five(tell: Any) -> None:
    story = tell("schoology")
    course, link = "course-math", "link-fractions"
    for _ in range(7):
        course, links = copy(story, course)
        link = links[link]

    custom = launch_of(story, course, link)[f"{LTI}custom"]

    assert len(custom[CONTEXT_HISTORY].split(",")) == len(custom[LINK_HISTORY].split(",")) == 5
    assert "course-math" not in custom[CONTEXT_HISTORY]


def test_new_learners_sit_in_the_copy_with_the_same_teacher(story: Story) -> None:
    course, links = copy(story, people="new")

    members = story.call("GET", f"{LMS_URL}/api/lti/courses/{course}/names_and_roles").get_json()["members"]

    assert [member["user_id"] for member in members] == ["ada", "noor", "pavel", "rosa", "sefo", "wen"]
    order = {"course": course, "link": links["link-fractions"], "person": "ben"}
    assert story.client.post("/control/launch-form", json=order).status_code == 400
    wrong = story.client.post("/control/copy-course", json={"course": "course-math", "people": "none"})
    assert wrong.status_code == 400


def test_a_copy_may_still_name_last_terms_column(story: Story) -> None:
    course, links = copy(story)
    story.order("settings", copies_name_old_columns=True)

    endpoint = launch_of(story, course, links["link-fractions"])[AGS]

    assert endpoint["lineitem"] == story.column_url()
    assert course in endpoint["lineitems"]
    assert launch_of(story, "course-math", "link-fractions")[AGS]["lineitem"] == story.column_url()


def test_due_dates_go_along_and_extensions_do_not(tell: Any) -> None:
    story = tell("canvas")
    date = {"course": "course-math", "link": "link-fractions"}
    story.order("due-date", **date, due_at="2026-03-02T12:00:00Z")
    story.order("due-date", **date, due_at="2026-03-09T12:00:00Z", person="ben")

    course, links = copy(story)

    told = launch_of(story, course, links["link-fractions"], "ben")[f"{LTI}custom"]["due_at"]
    assert told == "2026-03-02T12:00:00.000Z"


def test_the_teacher_copies_a_course_by_a_button(story: Story) -> None:
    page = story.client.post("/courses/course-math/copy", data={"people": "new"}, follow_redirects=True)

    words = page.get_data(as_text=True)
    assert "Period 3 math (copy)" in words
    assert "itself a copy" in words
    assert "Noor Aziz" in story.client.get("/").get_data(as_text=True)
    assert story.client.get(f"{page.request.path}/gradebook").status_code == 200
    story.order("reset")
    assert story.client.get(page.request.path).status_code == 404


def test_a_column_made_after_a_reset_has_a_new_number(story: Story) -> None:
    course, _ = copy(story)
    copied = {column["line_item_url"].rpartition("/")[2] for column in columns_of(story, course)}
    story.order("reset")

    again, _ = copy(story)

    assert copied.isdisjoint({column["line_item_url"].rpartition("/")[2] for column in columns_of(story, again)})


def test_a_link_made_by_hand_knows_no_assignment(tell: Any) -> None:
    for manner in ("canvas", "schoology", "moodle"):
        story = tell(manner)
        made = story.order("add-link", course="course-math", title="Extra work", points=10)

        launched = story.launch(link=made["link"])

        assert "assignment" not in launched[f"{LTI}custom"]
        assert launched[AGS]["lineitem"] == made["line_item_url"]
        assert launched[f"{LTI}resource_link"]["title"] == "Extra work"


def test_the_teacher_adds_a_link_by_hand_on_the_page(story: Story) -> None:
    links = "/courses/course-math/links"
    for title, points in (("Extra work", "7,5"), ("Reading", "")):
        assert story.client.post(links, data={"title": title, "points": points}).status_code == 303

    refused = [story.client.post(links, data=data) for data in ({"title": " "}, {"title": "X", "points": "many"})]

    assert [page.status_code for page in refused] == [400, 400]
    assert "“many” is not a number" in refused[1].get_data(as_text=True)
    page = story.client.get("/courses/course-math").get_data(as_text=True)
    assert "7.5 points · made by hand" in page
    assert "no gradebook column yet · made by hand" in page
    assert [column["label"] for column in columns_of(story, "course-math")][-1] == "Extra work"
    assert story.client.post("/control/add-link", json={"course": "course-math"}).status_code == 400


def test_an_unknown_kind_of_message_can_be_launched(story: Story) -> None:
    by_order = story.launch(message_type="LtiSomethingElse")
    story.order("settings", message_type="LtiSomethingElse")
    form = story.client.get("/courses/course-math/activities/link-fractions/start?as=ben")
    by_page = story.follow(form)

    assert by_order[f"{LTI}message_type"] == by_page[f"{LTI}message_type"] == "LtiSomethingElse"
    assert f"{LTI}for_user" not in by_order


@pytest.mark.parametrize("order", [{"grading": "sometimes"}, {"accepts_line_item": "perhaps"}])
def test_settings_that_make_no_sense_are_refused(story: Story, order: dict[str, str]) -> None:
    assert story.client.post("/control/settings", json=order).status_code == 400
