"""Three hundred learners in one course: Ada's screen comes at once, is no heavy thing, and finds everybody."""

import gzip
import re
import time
from pathlib import Path

import pytest

from tests.cast import Someone
from tests.passback.classroom import Classroom
from tests.passback.conftest import PostOffice

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

LEARNERS = 300
CPU_SECONDS = 0.4
"""Of one look at the screen, on the slower of the machines that run this; a fifth of it is usual."""
MOST_BYTES = 20_000
"""Compressed; styles, scripts and pictures come once, and the whole stays below 60,000."""


@pytest.fixture
def room(office: PostOffice, tmp_path: Path) -> Classroom:
    room = Classroom(office, tmp_path)
    for number in range(LEARNERS):
        learner = Someone(f"learner-{number}", f"Learner Number {number}", "course-math")
        (room.hands_in if number % 2 else room.opens)(learner)
    return room


def test_the_screen_of_a_large_class_is_quick_and_light(room: Classroom) -> None:
    room.screen.get("grades")
    began = time.process_time()
    page = room.screen.get("grades")
    seconds = time.process_time() - began

    assert len(re.findall(r'id="student-\d+"', page)) == LEARNERS
    assert seconds < CPU_SECONDS
    assert len(gzip.compress(page.encode(), 6)) < MOST_BYTES


def test_one_of_many_is_found(room: Classroom) -> None:
    found = re.findall(r'id="student-\d+"', room.screen.get("grades?q=Number+217"))

    assert len(found) == 1
