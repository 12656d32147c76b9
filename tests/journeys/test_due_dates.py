"""The due date in both places: the LMS's own comes by launch or by column, and the checklist before class compares."""

import json
import re
from collections.abc import Iterator

import pytest

from tests.cast import ADA, BEN, FRACTIONS
from tests.conftest import opened
from tests.scripted_browser import ScriptedBrowser
from tests.stage import ASSIGNMENTS, Stage, wait_until
from tests.teacher import Teacher
from tool.assessment.assignments import import_assignment
from tool.assessment.questions import read_assignment_file
from tool.db import Database

NOON = "2099-03-02T12:00:00+00:00"
LATER = "2099-03-09T12:00:00+00:00"


@pytest.fixture(scope="module", params=["canvas", "schoology", "openedx"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Canvas tells everybody their own date; Schoology tells the link's; Open edX writes it into the column only."""
    yield from opened(Stage(tmp_path_factory.mktemp(request.param), manner=request.param))


def set_here(stage: Stage, due_at: str | None) -> None:
    file = json.loads((ASSIGNMENTS / "fractions-quiz.json").read_text())
    database = Database(stage.database_url)
    import_assignment(database, read_assignment_file(json.dumps({**file, **({"due_at": due_at} if due_at else {})})))
    database.close()


def set_in_lms(stage: Stage, due_at: str | None, **whose: str) -> None:
    stage.lms("POST", "/control/due-date", course=ADA.course, link=FRACTIONS, due_at=due_at, **whose)


def look(ada: Teacher) -> tuple[str, dict[str, str]]:
    """What Ada reads before class of the due date: the words, and where → when."""
    page = ada.browser.get(f"{ada.base}/preflight").text
    found = re.search(r"<dt>Due date</dt>(.*?)</dd>", page, re.DOTALL)
    assert found, page[:800]
    times = dict(re.findall(r'<p>([^<:]+): <time datetime="([^"]+)" class="when">', found[1]))
    return " ".join(re.sub(r"<[^>]*>", " ", found[1]).split()), times


def read_again(ada: Teacher) -> None:
    """She presses the button below the list, and waits."""
    seen = len(columns_read(ada.stage))
    ada.press("grades/refresh", ("to", "preflight"))
    wait_until(lambda: len(columns_read(ada.stage)) > seen, 40)


def columns_read(stage: Stage) -> list[str]:
    return [one["path"] for one in stage.lms("GET", "/control/journal") if re.search(r"/line_items/\d+$", one["path"])]


def test_ada_compares_the_due_dates_before_class(stage: Stage) -> None:
    set_here(stage, NOON)
    words, times = look(Teacher(stage, FRACTIONS))
    assert "Only here: Demo LMS has told none." in words
    assert times == {"Here": NOON}

    set_in_lms(stage, LATER)
    ada = Teacher(stage, FRACTIONS)
    if stage.manner == "openedx":
        read_again(ada)
    wait_until(lambda: "The two differ" in look(ada)[0], 40)
    assert look(ada)[1] == {"Here": NOON, "Demo LMS": LATER}

    set_here(stage, LATER)
    words, times = look(ada)
    assert words.startswith("Good The same on both sides.")

    set_here(stage, None)
    words, times = look(ada)
    assert "Only in Demo LMS." in words
    assert times == {"Demo LMS": LATER}


def test_bens_extension_is_not_the_due_date_of_the_class(stage: Stage) -> None:
    set_here(stage, NOON)
    set_in_lms(stage, NOON)
    ada = Teacher(stage, FRACTIONS)
    if stage.manner == "openedx":
        read_again(ada)
    wait_until(lambda: "The same on both sides" in look(ada)[0], 40)

    set_in_lms(stage, LATER, person=BEN.subject)
    stage.arrive(ScriptedBrowser(), BEN, FRACTIONS)

    assert look(ada)[1] == {"Here": NOON}


@pytest.mark.parametrize("stage", ["canvas"], indirect=True)
def test_canvas_tells_ada_the_latest_date_until_the_column_is_read(stage: Stage) -> None:
    set_here(stage, NOON)
    set_in_lms(stage, NOON)
    set_in_lms(stage, LATER, person=BEN.subject)
    ada = Teacher(stage, FRACTIONS)
    read_again(ada)

    wait_until(lambda: "The same on both sides" in look(ada)[0], 40)
