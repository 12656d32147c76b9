"""An SIS that gives its own ids: it says which, and the sender has to use them from then on."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.demo_sis.conftest import COLUMN, MARK, Story
from tool.demo_sis.sis import GRADEBOOK_12


@pytest.fixture
def theirs(tell: Callable[..., Story]) -> Callable[..., Story]:
    def start(**settings: Any) -> Story:
        story = tell(ids="theirs", **settings)
        story.is_to_the_letter = False  # the official file has no body in the answer to a PUT
        return story

    return start


def allocated(answer: Any) -> str:
    (pair,) = answer.get_json()["sourcedIdPairs"]
    return str(pair["allocatedSourcedId"])


def test_the_answer_tells_the_id_and_a_repeat_finds_it(theirs: Callable[..., Story]) -> None:
    story = theirs()
    own = allocated(story.put_column())

    assert own != COLUMN
    assert allocated(story.put_column()) == own
    assert allocated(story.put_column(own, title="By its own id")) == own
    assert [one["sourced_id"] for one in story.columns().values()] == [own]
    assert story.call("GET", f"{GRADEBOOK_12}/lineItems/{COLUMN}").status_code == 404
    story.is_to_the_letter = True
    assert story.ids("book", "/lineItems") == [own]


def test_a_score_names_the_column_by_the_siss_id(theirs: Callable[..., Story]) -> None:
    story = theirs()
    own = allocated(story.put_column())

    assert story.put_mark().status_code == 404
    mark = allocated(story.put_mark(column=own))
    assert mark != MARK
    assert allocated(story.put_mark(column=own, score=18)) == mark
    assert allocated(story.put_mark(mark, column=own, score=19)) == mark
    assert (story.ids("book", "/results"), story.mark()["score"]) == ([mark], 19)


def test_the_id_may_be_left_out_of_the_body(theirs: Callable[..., Story]) -> None:
    story = theirs()
    item = story.line_item(sourcedId=None)

    assert story.call("PUT", f"{GRADEBOOK_12}/lineItems/{COLUMN}", {"lineItem": item}).status_code == 201


def test_it_may_hand_back_the_whole_object_or_nothing(theirs: Callable[..., Story]) -> None:
    whole = theirs(tells_ids="object").put_column().get_json()["lineItem"]
    assert whole["sourcedId"].startswith("li-")
    assert whole["title"] == "Fractions check 4"
    assert theirs(tells_ids="nothing").put_column().get_data() == b""


def test_one_that_remembers_nothing_makes_a_twin(theirs: Callable[..., Story]) -> None:
    story = theirs(remembers_ids=False)
    first, second = allocated(story.put_column()), allocated(story.put_column(title="Twin"))

    assert first != second
    assert set(story.columns()) == {"Fractions check 4", "Twin"}
