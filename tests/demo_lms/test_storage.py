"""Platform storage: what a login and the page around the tool say of it. What its script does is seen in Chromium."""

import pytest

from tests.demo_lms.conftest import Story

ACTIVITY = "/courses/course-math/activities/link-fractions?as=ben"
CONTENT = "/courses/course-math/add"


def test_it_is_offered_only_where_it_is_set(story: Story) -> None:
    assert "lti_storage_target" not in story.begin_launch()
    assert "storage.js" not in story.client.get(ACTIVITY).text
    assert story.client.get("/storage").status_code == 404


@pytest.mark.parametrize("page", [ACTIVITY, CONTENT])
def test_the_page_around_the_tool_keeps_it(story: Story, page: str) -> None:
    story.order("settings", storage="kept")

    assert story.begin_launch()["lti_storage_target"] == "_parent"
    assert f'data-how="kept" data-tool-origin="{story.tool_url}"' in story.client.get(page).text


def test_a_frame_beside_the_tool_keeps_it(story: Story) -> None:
    story.order("settings", storage="kept", storage_beside=True)

    name = story.begin_launch()["lti_storage_target"]
    around = story.client.get(ACTIVITY).text

    assert f'name="{name}"' in around
    assert "storage.js" not in around
    assert 'data-how="kept"' in story.client.get("/storage").text


def test_an_answer_from_elsewhere_has_a_frame_without_an_origin(story: Story) -> None:
    story.order("settings", storage="other_origin")

    assert 'name="elsewhere" title="Answers from elsewhere" sandbox="allow-scripts"' in story.client.get(ACTIVITY).text
    assert "elsewhere.js" in story.client.get("/storage/elsewhere").text


def test_an_unknown_way_is_refused(story: Story) -> None:
    assert story.client.post("/control/settings", json={"storage": "sometimes"}).status_code == 400
