"""How fast a platform is asked: slowly at first, faster while it answers, hardly at all while it does not."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tool.registration.pacing import (
    FIRST_IN_FLIGHT,
    MOST_IN_FLIGHT,
    Pace,
    Seen,
    is_pressing,
    pace,
    share_out,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FINE = Seen(successes=20)
SECOND = timedelta(seconds=1)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_it_rises_quickly_to_what_canvas_bears() -> None:
    first = pace(Pace(), FINE, NOON)
    second = pace(first, FINE, NOON)
    third = pace(second, FINE, NOON)

    assert [first.most_in_flight, second.most_in_flight, third.most_in_flight] == [8, 10, 10]


def test_after_a_refusal_it_rises_one_by_one() -> None:
    slowed = Pace(most_in_flight=5, slowed_at=NOON)
    later = pace(slowed, FINE, after(11))

    assert [later.most_in_flight, pace(later, FINE, after(11)).most_in_flight] == [6, 7]


def test_a_refusal_halves_and_waits_as_long_as_was_asked() -> None:
    slowed = pace(Pace(most_in_flight=10), Seen(successes=3, refusals=1, pause_until=after(7)), NOON)

    assert slowed.most_in_flight == 5
    assert slowed.word(after(6)) == "paused"
    assert slowed.word(after(8)) == "open"


def test_a_refusal_without_a_time_pauses_a_little() -> None:
    """Canvas says 403 and no Retry-After."""
    assert pace(Pace(), Seen(refusals=1), NOON).word(after(1)) == "paused"


def test_one_burst_of_refusals_halves_once() -> None:
    first = pace(Pace(most_in_flight=10), Seen(refusals=1), NOON)
    second = pace(first, Seen(refusals=4), after(0.5))
    third = pace(second, Seen(refusals=1), after(3))

    assert [first.most_in_flight, second.most_in_flight, third.most_in_flight] == [5, 5, 2]


def test_after_a_refusal_it_does_not_rise_at_once() -> None:
    slowed = pace(Pace(most_in_flight=10), Seen(refusals=1), NOON)

    assert pace(slowed, FINE, after(5)).most_in_flight == 5
    assert pace(slowed, FINE, after(11)).most_in_flight == 6


def test_canvas_says_how_much_is_left() -> None:
    fast = Pace(most_in_flight=8)

    assert pace(fast, Seen(successes=9, rate_remaining=500.0), NOON).most_in_flight == 10
    assert pace(fast, Seen(successes=9, rate_remaining=250.0), NOON).most_in_flight == 8
    assert pace(fast, Seen(successes=9, rate_remaining=90.0), NOON).most_in_flight == 7


def test_no_pause_is_longer_than_an_hour() -> None:
    paused = pace(Pace(), Seen(refusals=1, pause_until=NOON + timedelta(days=3)), NOON)

    assert paused.paused_until == NOON + timedelta(hours=1)


def test_five_failures_in_a_row_break_it() -> None:
    four = pace(Pace(), Seen(failures=4), NOON)
    assert four.word(NOON) == "open"

    five = pace(four, Seen(failures=1), after(1))
    assert five.word(after(1)) == "broken"
    assert five.probe_at == after(2)


def test_one_success_between_begins_a_new_count() -> None:
    four = pace(Pace(), Seen(failures=4), NOON)

    assert pace(four, Seen(successes=1, failures=4), after(1)).word(after(1)) == "open"


def test_a_refused_key_breaks_it_at_once() -> None:
    assert pace(Pace(), Seen(failures=1, is_hopeless=True), NOON).word(NOON) == "broken"


def test_an_outage_of_half_a_minute_is_probed_a_few_times() -> None:
    broken = pace(Pace(), Seen(failures=5), NOON)
    probes = 0
    while broken.probe_at is not None and broken.probe_at < after(30):
        probes += 1
        broken = pace(broken, Seen(failures=1), broken.probe_at)

    assert 5 <= probes <= 20


def test_an_outage_of_a_day_is_probed_once_a_minute() -> None:
    broken = Pace(failures=99, broken_at=NOON, probe_at=after(80_000))

    assert pace(broken, Seen(failures=1), after(80_000)).probe_at == after(80_060)


def test_an_answer_ends_the_trouble_and_it_begins_gently() -> None:
    broken = Pace(most_in_flight=10, failures=7, broken_at=NOON, probe_at=after(1))
    mended = pace(broken, Seen(successes=1), after(2))

    assert (mended.word(after(2)), mended.failures) == ("open", 0)
    assert mended.most_in_flight <= 2 * FIRST_IN_FLIGHT


def test_what_changes_nothing_need_not_be_written_at_once() -> None:
    assert not is_pressing(Pace(most_in_flight=10), FINE, NOON)
    assert is_pressing(Pace(most_in_flight=9), FINE, NOON), "it may rise"
    assert is_pressing(Pace(most_in_flight=10), Seen(failures=1), NOON)
    assert is_pressing(Pace(most_in_flight=10, failures=2), FINE, NOON), "the count begins anew"


@given(most=st.integers(1, MOST_IN_FLIGHT), of=st.integers(1, 40))
def test_all_shares_together_are_the_whole(most: int, of: int) -> None:
    shares = [share_out(most, rank=rank, of=of) for rank in range(of)]

    assert sum(shares) == most
    assert max(shares) - min(shares) <= 1


moments = st.integers(0, 100_000).map(after)
seens = st.builds(
    Seen,
    successes=st.integers(0, 50),
    failures=st.integers(0, 50),
    is_hopeless=st.booleans(),
    refusals=st.integers(0, 9),
    pause_until=st.none() | moments,
    rate_remaining=st.none() | st.floats(0, 800),
)


@given(story=st.lists(st.tuples(seens, st.integers(0, 300)), max_size=30))
def test_whatever_is_seen_the_lane_never_closes_for_good(story: list[tuple[Seen, int]]) -> None:
    at, now = NOON, Pace()
    for seen, seconds in story:
        at += timedelta(seconds=seconds)
        now = pace(now, seen, at)
        assert 1 <= now.most_in_flight <= MOST_IN_FLIGHT
        assert (now.broken_at is None) == (now.probe_at is None), "who is broken is probed"
        if now.probe_at is not None:
            assert now.probe_at - at <= timedelta(seconds=60)
        if now.paused_until is not None:
            assert now.paused_until - at <= timedelta(hours=1)
