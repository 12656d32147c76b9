from tests.demo_lms.conftest import Story


def test_a_score_lands_in_the_gradebook(story: Story) -> None:
    answer = story.post_score("ben", 15)

    assert answer.status_code == 200
    assert answer.get_json()["resultUrl"].endswith("/results?user_id=ben")
    assert story.cell("ben")["score"] == 15
