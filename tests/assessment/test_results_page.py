"""How a class did: what Ada reads on the page is what stands in the rows."""

import re
from dataclasses import dataclass
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.assessment.stories import ESSAY, HALF, change, mark, return_work, try_again
from tests.cast import ADA, BEN, CLASSMATES, CLEO, TEST_STUDENT, Someone
from tests.passback.classroom import words_of
from tests.rows import arrive, hand_in, make_assignment, make_platform
from tests.web import Desk
from tool.assessment.teacher.results import Counting, Spread, count_results
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.model.people import Member
from tool.model.work import Grade

COLOUR: dict[str, Any] = {
    "id": "colour",
    "type": "single_choice",
    "prompt": "Which **colour** is <the> sky?",
    "points": 4,
    "choices": [
        {"id": "r", "text": "Red", "correct": False},
        {"id": "b", "text": "Blue", "correct": True},
        {"id": "g", "text": "Green", "correct": False},
    ],
}
PRIMES: dict[str, Any] = {
    "id": "primes",
    "type": "multiple_choice",
    "prompt": "Which are prime?",
    "points": 4,
    "scoring": "partial",
    "choices": [
        {"id": "2", "text": "Two", "correct": True},
        {"id": "3", "text": "Three", "correct": True},
        {"id": "4", "text": "Four", "correct": False},
    ],
}
ROUND: dict[str, Any] = {
    "id": "round",
    "type": "true_false",
    "prompt": "The earth is round.",
    "points": 2,
    "correct": True,
}
RIGHT: dict[str, object] = {"colour": "b", "primes": ["2", "3"], "round": True}
WRONG: dict[str, object] = {"colour": "r", "primes": ["4"], "round": False}


@dataclass
class Room:
    """Ada's class, and what she reads of it."""

    database: Database
    folder: Path

    def __post_init__(self) -> None:
        self.platform = make_platform(self.database)
        self.ada = Desk(self.database, self.folder, arrive(self.database, self.platform, ADA))

    def hands_in(self, someone: Someone, answers: dict[str, object]) -> Arrival:
        place = arrive(self.database, self.platform, someone)
        hand_in(self.database, place, answers)
        return place

    def page(self, **headers: str) -> str:
        answer = self.ada.client.get(f"/l/{self.ada.launch_id}/results", headers=headers)
        assert answer.status_code == 200, answer.text[:500]
        return answer.text

    def words(self) -> str:
        return words_of(self.page())

    def scores(self) -> list[Decimal]:
        with self.database.reading() as connection:
            return sorted(connection.execute(select(Grade.score)).scalars())

    def rows(self, kind: str) -> list[str]:
        """The words of each row of the tables of a kind, without their heads."""
        tables = re.findall(rf'<table class="results results--{kind}".*?</table>', self.page(), re.DOTALL)
        bodies = [table.split("<tbody", 1)[1] for table in tables]
        rows = [row for body in bodies for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)]
        return [" ".join(unescape(re.sub(r"<[^>]*>", " ", row)).split()) for row in rows]

    def facts(self) -> dict[str, str]:
        found = re.findall(r"<div><dt>(.*?)</dt><dd>(.*?)</dd></div>", self.page(), re.DOTALL)
        return {words_of(name): words_of(value) for name, value in found}


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Room:
    make_assignment(database, questions=[COLOUR, PRIMES, ROUND])
    return Room(database, tmp_path)


def test_before_the_first_hand_in_the_page_says_what_will_be_here(room: Room) -> None:
    arrive(room.database, room.platform, BEN)

    words = room.words()
    assert "Nothing handed in yet" in words
    assert "After the first hand-in you see here how the class did" in words
    assert "<table" not in room.page()


def test_of_one_student_there_is_no_percentage(room: Room) -> None:
    arrive(room.database, room.platform, CLEO)
    room.hands_in(BEN, RIGHT)

    assert room.facts() == {"Handed in": "1 of 2 students", "Score": "10 of 10 points"}
    assert "%" not in room.words()
    assert "1 of 1" in room.rows("questions")[0]
    assert room.rows("bands") == []


def test_the_figures_are_those_of_the_rows(room: Room) -> None:
    room.hands_in(BEN, RIGHT)
    room.hands_in(CLEO, WRONG)
    room.hands_in(CLASSMATES[0], RIGHT | {"primes": ["2"]})
    arrive(room.database, room.platform, CLASSMATES[1])

    assert room.scores() == [0, 8, 10]
    assert room.facts() == {
        "Handed in": "3 of 4 students",
        "Mean": "6 of 10 points",
        "Median": "8 of 10 points",
        "Highest": "10 of 10 points",
        "Lowest": "0 of 10 points",
    }


def test_the_scores_spread_over_ten_bands(room: Room) -> None:
    room.hands_in(BEN, RIGHT)
    room.hands_in(CLEO, WRONG)
    room.hands_in(CLASSMATES[0], RIGHT | {"primes": ["2"]})
    room.hands_in(CLASSMATES[1], RIGHT | {"primes": ["3"]})

    bands = room.rows("bands")
    assert len(bands) == 10
    assert bands[0] == "90% and more 1 student"
    assert bands[1] == "80% to under 90% 2 students", "the lower end belongs to its band"
    assert bands[9] == "0% to under 10% 1 student"
    assert {row.rsplit(" ", 1)[1] for row in bands[2:9]} == {"Nobody"}
    widths = re.findall(r'class="bar-part" width="([\d.]+)"', room.page())[:10]
    assert widths[:2] == ["50.0", "100.0"], "the fullest band is the longest bar"


def test_each_question_tells_mean_full_points_and_what_was_chosen(room: Room) -> None:
    for someone in (BEN, CLEO, CLASSMATES[0]):
        room.hands_in(someone, RIGHT)
    room.hands_in(CLASSMATES[1], WRONG)
    room.hands_in(CLASSMATES[2], {"colour": "r", "primes": ["2"]})

    colour, primes, earth = room.rows("questions")
    assert "Which colour is <the> sky?" in colour, "plain text, nothing of the teacher's marks"
    assert "2.4 of 4 points 60% 3 of 5" in colour
    assert "2.8 of 4 points 60% 3 of 5" in primes, "half of the points is not all of them"
    assert "1.2 of 2 points 60% 3 of 5" in earth
    assert room.rows("chosen") == [
        "Red 40% 2 of 5",
        "Blue Right answer 60% 3 of 5",
        "Green 0% 0 of 5",
        "Two Right answer 80% 4 of 5",
        "Three Right answer 60% 3 of 5",
        "Four 20% 1 of 5",
        "True Right answer 60% 3 of 5",
        "False 20% 1 of 5",
        "Unanswered 20% 1 of 5",
    ]


def test_an_answer_that_waits_is_said_and_not_counted_as_wrong(database: Database, tmp_path: Path) -> None:
    make_assignment(database, questions=[ESSAY, HALF])
    room = Room(database, tmp_path)
    ben = room.hands_in(BEN, {"story": "Once.", "half": "0.5"})
    room.hands_in(CLEO, {"story": "Twice.", "half": "0.5"})

    story = room.rows("questions")[0]
    assert "– of 8 points" in story
    assert "Needs grading 2 answers wait" in story
    assert "The work of 2 students waits for your grading" in room.words()

    mark(database, room.platform, ben, story=8)
    story = room.rows("questions")[0]
    assert "8 of 8 points 1 of 1" in story
    assert "1 answer waits" in story


def test_the_attempt_that_counts_is_told(room: Room) -> None:
    change(room.database, attempts=3, counting_attempt="best")
    ben = room.hands_in(BEN, WRONG)
    try_again(room.database, ben, RIGHT)
    try_again(room.database, ben, WRONG)

    assert room.facts()["Score"] == "10 of 10 points"
    assert room.rows("chosen")[1] == "Blue Right answer 1 of 1"

    change(room.database, counting_attempt="average")
    assert room.facts()["Score"] == "3.33 of 10 points"
    assert room.rows("chosen")[0] == "Red 1 of 1", "the newest attempt"
    assert "The scores are averages of all attempts." in room.words()


def test_work_that_was_given_back_is_told_as_it_was_handed_in(room: Room) -> None:
    ben = room.hands_in(BEN, RIGHT)
    return_work(room.database, ben)

    assert room.facts()["Score"] == "10 of 10 points"


def test_who_left_and_the_test_student_are_not_counted(room: Room) -> None:
    room.hands_in(BEN, RIGHT)
    for someone in (CLEO, TEST_STUDENT):
        place = room.hands_in(someone, WRONG)
        away = {"left_at": now()} if someone == CLEO else {"is_gradable": False}
        with room.database.writing() as connection:
            connection.execute(update(Member).where(Member.id == place.member_id).values(**away))

    assert room.facts() == {"Handed in": "1 of 1 student", "Score": "10 of 10 points"}


def test_more_than_the_maximum_is_in_the_last_band() -> None:
    bonus = Counting(Decimal(12), Decimal(10), {})

    assert count_results(1, (), [bonus]).bands == (0,) * 9 + (1,)


def test_between_the_two_in_the_middle_lies_the_median() -> None:
    works = [Counting(Decimal(score), Decimal(10), {}) for score in (10, 1, 4, 2)]

    assert count_results(4, (), works).spread == Spread(Decimal("4.25"), Decimal(3), Decimal(10), Decimal(1))


def test_numbers_are_written_as_the_reader_writes_them(room: Room) -> None:
    room.hands_in(BEN, RIGHT)
    for someone in (CLEO, CLASSMATES[0]):
        room.hands_in(someone, RIGHT | {"primes": ["2"]})

    assert room.facts()["Mean"] == "8.67 of 10 points"
    assert "90% and more" in room.words()
    spanish = words_of(room.page(**{"Accept-Language": "es"}))
    assert "8,67" in spanish
    assert "8.67" not in spanish
    assert "90 %" in spanish


def test_the_overview_and_the_queue_lead_here(room: Room) -> None:
    room.hands_in(BEN, RIGHT)

    for page in ("overview", "grading"):
        assert f'href="/l/{room.ada.launch_id}/results"' in room.ada.get(page)
