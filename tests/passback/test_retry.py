"""When Ben's score is tried again after it did not arrive."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tool.passback.retry import Failure, NextTry, next_try

NOW = datetime(2030, 5, 31, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BARELY_ONE = 0.999999
JITTER = st.floats(0, 1, exclude_max=True)
TRIED_AGAIN_BY_ITSELF: list[Any] = ["later", "throttled", "sign_in_again"]


def try_after(
    kind: Any, tries: int, jitter: float, *, failing_for: timedelta = SECOND, retry_at: datetime | None = None
) -> NextTry:
    failure = Failure(kind, "server_error", retry_at)
    return next_try(failure, tries=tries, first_failed_at=NOW - failing_for, now=NOW, jitter=jitter)


def wait_seconds(kind: Any, tries: int, jitter: float, retry_at: datetime | None = None) -> float:
    """Of a score that has failed for long."""
    return (try_after(kind, tries, jitter, failing_for=20 * HOUR, retry_at=retry_at).at - NOW).total_seconds()


@pytest.mark.parametrize(
    ("kind", "longest_waits"),
    [
        ("later", [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600]),
        ("throttled", [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]),
        ("sign_in_again", [5, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]),
    ],
)
def test_the_waits_grow_to_an_hour_and_each_is_between_half_and_all(kind: str, longest_waits: list[int]) -> None:
    tries = range(1, len(longest_waits) + 1)
    assert [wait_seconds(kind, n, 0.0) for n in tries] == [wait / 2 for wait in longest_waits]
    assert [wait_seconds(kind, n, BARELY_ONE) for n in tries] == pytest.approx(longest_waits, rel=1e-5)


@pytest.mark.parametrize(("minutes", "longest"), [(0, 30), (1, 30), (4, 60), (40, 600)])
def test_bad_luck_alone_does_not_make_a_score_wait_long(minutes: int, longest: float) -> None:
    """The platform answers others: after many failures in a few minutes it is tried on every half minute."""
    again = try_after("later", 12, BARELY_ONE, failing_for=timedelta(minutes=minutes))

    assert (again.at - NOW).total_seconds() == pytest.approx(longest, rel=1e-5)


@pytest.mark.parametrize(
    ("named", "shortest", "longest"),
    [
        (timedelta(seconds=20), 20, 22),
        (timedelta(minutes=30), 1800, 1980),
        (timedelta(seconds=-90), 1, 1.1),  # a clock that is behind
        (timedelta(0), 1, 1.1),
        (timedelta(days=3), 3600, 3960),
    ],
)
def test_a_platform_that_names_a_time_is_asked_then_or_a_little_later(
    named: timedelta, shortest: float, longest: float
) -> None:
    assert wait_seconds("throttled", 7, 0.0, NOW + named) == pytest.approx(shortest)
    assert wait_seconds("throttled", 7, BARELY_ONE, NOW + named) == pytest.approx(longest, rel=1e-5)


@pytest.mark.parametrize(
    ("kind", "failing_for", "needs_person"),
    [
        ("later", timedelta(hours=23, minutes=59), False),
        ("later", timedelta(hours=24), True),
        ("throttled", timedelta(hours=23, minutes=59), False),
        ("throttled", timedelta(hours=24), True),
        ("sign_in_again", timedelta(minutes=9, seconds=59), False),
        ("sign_in_again", timedelta(minutes=10), True),
        ("needs_person", timedelta(0), True),
        ("later", timedelta(minutes=-5), False),  # the clock was set back
    ],
)
def test_when_ada_or_the_admin_is_told(kind: str, failing_for: timedelta, needs_person: bool) -> None:
    assert try_after(kind, 3, 0.5, failing_for=failing_for).needs_person is needs_person


@pytest.mark.parametrize(
    ("kind", "failing_for"),
    [("needs_person", timedelta(0)), ("needs_person", 90 * DAY), *((kind, DAY) for kind in TRIED_AGAIN_BY_ITSELF)],
)
def test_what_needs_a_person_is_still_tried_once_a_day(kind: str, failing_for: timedelta) -> None:
    earliest, middle, latest = (try_after(kind, 40, jitter, failing_for=failing_for).at for jitter in (0, 0.5, 1))
    assert (earliest, middle, latest) == (NOW + DAY - HOUR / 2, NOW + DAY, NOW + DAY + HOUR / 2)


def test_a_refused_key_is_tried_on_at_its_pace_while_the_admin_is_told() -> None:
    told = try_after("sign_in_again", 7, 0.0, failing_for=timedelta(minutes=16))
    assert told == NextTry(NOW + timedelta(seconds=480), needs_person=True)


def test_a_score_that_is_already_there_is_not_sent_again() -> None:
    with pytest.raises(ValueError, match="already there"):
        try_after("already_there", 1, 0.0)


@given(
    kind=st.sampled_from([*TRIED_AGAIN_BY_ITSELF, "needs_person"]),
    tries=st.integers(1, 100_000),
    failing_for=st.timedeltas(-DAY, 1000 * DAY),
    named=st.none() | st.timedeltas(-1000 * DAY, 1000 * DAY),
    jitter=JITTER,
)
def test_the_next_try_always_lies_ahead_and_never_further_than_a_day_and_a_half_hour(
    kind: Any, tries: int, failing_for: timedelta, named: timedelta | None, jitter: float
) -> None:
    retry_at = None if named is None else NOW + named
    upcoming = try_after(kind, tries, jitter, failing_for=failing_for, retry_at=retry_at)
    assert NOW + SECOND / 2 <= upcoming.at <= NOW + DAY + HOUR / 2
    if not upcoming.needs_person:
        assert upcoming.at <= NOW + 1.1 * HOUR


@given(kind=st.sampled_from(TRIED_AGAIN_BY_ITSELF), tries=st.integers(1, 9), one=JITTER, other=JITTER)
def test_each_wait_is_at_least_as_long_as_the_one_before(kind: Any, tries: int, one: float, other: float) -> None:
    longest_now = wait_seconds(kind, tries, one)
    if longest_now <= 1800:  # beyond, all waits are about an hour
        assert wait_seconds(kind, tries + 1, other) >= longest_now - 1e-5


@given(kind=st.sampled_from(TRIED_AGAIN_BY_ITSELF), tries=st.integers(1, 30))
def test_a_class_that_failed_together_does_not_come_back_together(kind: Any, tries: int) -> None:
    waits = {wait_seconds(kind, tries, student / 30) for student in range(30)}
    assert len(waits) == 30
