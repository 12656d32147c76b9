"""The assignment's points were changed; Ada has the gradebook's column follow, and nothing else of it changes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cast import BEN, FRACTIONS
from tests.conftest import opened
from tests.stage import ASSIGNMENTS, Stage, wait_until
from tests.teacher import Teacher

OFFER = "Make the column worth 24"


@pytest.fixture(params=["canvas", "moodle"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    yield from opened(Stage(tmp_path, manner=request.param))


def add_points(stage: Stage) -> None:
    """Four more for the first question."""
    told = json.loads((ASSIGNMENTS / "fractions-quiz.json").read_text())
    told["questions"][0]["points"] += 4
    file = stage.folder / "more.json"
    file.write_text(json.dumps(told))
    stage.passback("assignment", "import", str(file))


def column(stage: Stage) -> dict[str, Any]:
    (found,) = stage.columns(FRACTIONS)
    return found


def test_the_column_follows_when_the_teacher_asks(stage: Stage) -> None:
    stage.finish(BEN, FRACTIONS, "fractions-quiz")
    ada = Teacher(stage, FRACTIONS)
    ada.press("grades/refresh")
    wait_until(lambda: "20 points" in ada.look().words, 40)
    assert OFFER not in ada.look().words, "as long as both are worth the same there is nothing to offer"
    add_points(stage)
    before = column(stage)
    assert OFFER in ada.look().words
    assert column(stage) == before, "nothing changes before she asks"

    ada.press("grades/column-points")

    wait_until(lambda: column(stage)["maximum"] == 24, 40)
    same = {name: value for name, value in before.items() if name not in ("maximum", "scores")}
    assert same.items() <= column(stage).items()
    wait_until(lambda: OFFER not in ada.look().words, 40)
    assert "Asked that the column be worth as much" in ada.browser.get(f"{ada.base}/history").words
