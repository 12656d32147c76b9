"""Canvas is told of each real hand-in once it is confirmed, and of no hand-in that was none."""

from datetime import datetime, timedelta

import time_machine

from tests.rows import ended, wish_for
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.entries import Claimed
from tool.passback.ledger.settling import settle
from tool.registration.platforms import KnownPlatform

MONDAY = datetime.fromisoformat("2026-03-02T12:00:00.123456+00:00")
TUESDAY = MONDAY + timedelta(days=1)
SECOND = timedelta(seconds=1)


def test_a_hand_in_is_a_submission_until_it_is_confirmed(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        wish_for(database, platform, ben, submitted_at=MONDAY)
        first = take(database, platform)
        settle(database, [ended(first, "later", reason="timeout", next_try_at=now() + SECOND)])
        clock.shift(SECOND)
        resend = take(database, platform)
        assert (first.is_new_submission, resend.is_new_submission) == (True, True)
        settle(database, [ended(resend)])

        clock.shift(SECOND)
        wish_for(database, platform, ben, 9, submitted_at=MONDAY, cause="regraded")
        assert not take(database, platform).is_new_submission


def test_an_unconfirmed_hand_in_is_carried_by_the_next_version(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        wish_for(database, platform, ben, submitted_at=MONDAY)
        first = take(database, platform)
        settle(database, [ended(first, "later", reason="connection", next_try_at=now() + SECOND)])
        wish_for(database, platform, ben, 9, submitted_at=MONDAY, cause="regraded")
        clock.shift(SECOND)

        newer = take(database, platform)

    assert (newer.version, newer.is_new_submission) == (2, True)


def test_a_further_hand_in_is_a_submission_again(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        wish_for(database, platform, ben, submitted_at=MONDAY)
        settle(database, [ended(take(database, platform))])
        clock.shift(SECOND)
        wish_for(database, platform, ben, 9, submitted_at=TUESDAY, cause="further_attempt")

        further = take(database, platform)

    assert further.is_new_submission
    assert further.submitted_at == TUESDAY


def test_an_essay_sent_by_hand_is_a_submission_too(database: Database, platform: KnownPlatform, ben: Arrival) -> None:
    wish_for(database, platform, ben, submitted_at=MONDAY, is_send=False, reason="needs_grading")
    wish_for(database, platform, ben, 9, submitted_at=MONDAY, trigger="manual", cause="regraded")

    assert take(database, platform).is_new_submission


def test_a_score_sent_while_the_student_works_is_none(
    database: Database, platform: KnownPlatform, ben: Arrival
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        wish_for(database, platform, ben, submitted_at=None, trigger="manual")
        early = take(database, platform)
        assert not early.is_new_submission
        settle(database, [ended(early)])
        clock.shift(SECOND)

        wish_for(database, platform, ben, 9, submitted_at=MONDAY)
        assert take(database, platform).is_new_submission


def take(database: Database, platform: KnownPlatform) -> Claimed:
    (row,) = claim(database, platform.id, holder="sender", limit=10)
    return row
