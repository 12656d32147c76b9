"""One try: what goes over the wire, and what the ledger says afterwards."""

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.cast import BEN, CLEO
from tests.passback.conftest import PostOffice
from tests.rows import arrive, attempts, passback_of, wish_for
from tool.clock import now
from tool.lti.connector import Connector
from tool.lti.vocabulary import CANVAS_SUBMISSION
from tool.passback.delivery import deliver
from tool.passback.holding import Holding, LeaseLapsed

NOON = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)


def test_a_score_arrives(office: PostOffice) -> None:
    ben = arrive(office.database, office.platform, BEN, ags=office.opens())
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        wish_for(office.database, office.platform, ben, "7.25", submitted_at=NOON)
        settlement = office.try_once()

    assert settlement.outcome == "delivered"
    (score,) = office.lms.scores
    assert score == {
        "userId": "ben",
        "scoreGiven": 7.25,
        "scoreMaximum": 10,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": "2026-03-02T12:01:00.000Z",
        "submission": {"submittedAt": "2026-03-02T12:00:00.000Z"},
        CANVAS_SUBMISSION: {
            "new_submission": True,
            "submitted_at": "2026-03-02T12:00:00.000Z",
            "prioritize_non_tool_grade": True,
        },
    }
    row = passback_of(office.database, ben)
    assert (row.state, row.confirmed_version, row.confirmed_line_item_url) == (
        "delivered",
        1,
        f"{office.lms.url}/columns/1",
    )
    (attempt,) = attempts(office.database)
    assert (attempt.outcome, attempt.trigger, attempt.version) == ("delivered", "automatic", 1)


def test_a_later_version_is_no_hand_in_and_may_replace_a_typed_grade(office: PostOffice) -> None:
    ben = arrive(office.database, office.platform, BEN, ags=office.opens())
    with time_machine.travel(now(), tick=False) as clock:
        for score in (7, 9):
            wish_for(office.database, office.platform, ben, score)
            office.try_once()
            clock.shift(timedelta(seconds=1))

    extension = office.lms.scores[1][CANVAS_SUBMISSION]
    assert extension == {"new_submission": False}


def test_the_learners_own_column_is_used(office: PostOffice) -> None:
    """Linked sections in Schoology: the link's column is of the section that opened it last."""
    ben = arrive(office.database, office.platform, BEN, ags=office.opens("/columns/ben"))
    arrive(office.database, office.platform, CLEO, ags=office.opens("/columns/cleo"))
    wish_for(office.database, office.platform, ben)

    assert office.try_once().line_item_url == f"{office.lms.url}/columns/ben"


def test_a_platform_switched_off_keeps_its_scores_waiting(office: PostOffice) -> None:
    ben = arrive(office.database, office.platform, BEN, ags=office.opens())
    wish_for(office.database, office.platform, ben)

    settlement = deliver(office.take(), database=office.database, connect=lambda _: None)

    assert (settlement.outcome, settlement.reason, settlement.state_after) == ("later", "platform_off", "due")


def test_nothing_goes_once_the_lease_has_lapsed_on_the_way_to_the_wire(office: PostOffice) -> None:
    """The process slept after it began: the token was waited for, or the column was looked up."""
    ben = arrive(office.database, office.platform, BEN, ags=office.opens())
    wish_for(office.database, office.platform, ben)
    claimed, held = office.take(), Holding()
    held.add([claimed], asked_at=time.monotonic())

    def connect_slowly(platform_id: int) -> Connector | None:
        held.insist(claimed)
        held.extend([claimed.id], asked_at=time.monotonic() - 60)
        return office.connect(platform_id)

    with pytest.raises(LeaseLapsed):
        deliver(claimed, database=office.database, connect=connect_slowly, insist=held.insist)

    assert office.lms.scores == []
