"""Canvas keeps with a hand-in where the work is to be seen; a regrade is no hand-in, and nobody else is told."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from tests.cast import BEN
from tests.passback.classroom import Classroom
from tests.passback.conftest import PostOffice
from tests.rows import wish_for
from tool.clock import now
from tool.lti.submission_url import NamedSubmission, read_submission_url
from tool.lti.vocabulary import CANVAS_SUBMISSION
from tool.passback.delivery import deliver
from tool.passback.ledger.settling import settle

LAUNCH = "https://passback.example/lti/launch"


def send(office: PostOffice) -> dict[str, Any]:
    settlement = deliver(office.take(), database=office.database, connect=office.connect, launch_url=LAUNCH)
    settle(office.database, [settlement])
    return office.lms.scores[-1]


def test_a_hand_in_carries_the_address_of_the_work_and_a_regrade_does_not(office: PostOffice, tmp_path: Path) -> None:
    room = Classroom(office, tmp_path)
    with time_machine.travel(now(), tick=False) as clock:
        ben = room.hands_in(BEN)
        told = send(office)[CANVAS_SUBMISSION]
        assert told["submission_type"] == "basic_lti_launch"
        assert told["submission_data"].startswith(f"{LAUNCH}?")
        assert read_submission_url(told["submission_data"]) == NamedSubmission(ben.placement_id or 0, "ben")

        clock.shift(timedelta(seconds=2))
        handed_in_at = room.passback(ben).submitted_at
        wish_for(office.database, office.platform, ben, 9, cause="regraded", submitted_at=handed_in_at)
        assert send(office)[CANVAS_SUBMISSION] == {"new_submission": False}


@pytest.mark.parametrize("family", ["moodle", "schoology", "brightspace"])
def test_only_canvas_is_told(office: PostOffice, tmp_path: Path, family: str) -> None:
    Classroom(office, tmp_path, family).hands_in(BEN)

    assert CANVAS_SUBMISSION not in send(office)
