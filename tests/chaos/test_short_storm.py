"""Short forms of the storms: the same rig with fewer students, so that every change is held to the promise."""

import pytest

from tests.chaos.columns import Columns, make_columns
from tests.chaos.columns import tell as tell_columns
from tests.chaos.conftest import needs_postgres
from tests.chaos.hanging import Hanging, compare
from tests.chaos.hanging import tell as tell_hanging
from tests.chaos.outage import Outage, endure
from tests.chaos.outage import tell as tell_outage
from tests.chaos.paused import Paused, stop_and_go_on
from tests.chaos.paused import tell as tell_paused
from tests.chaos.storm import Storm, rage
from tests.chaos.storm import tell as tell_storm

# A busy machine is no failure; a run that does not come to rest is.
pytestmark = pytest.mark.timeout(240)
LIMIT_SECONDS = 100.0


@pytest.mark.parametrize(
    # Of the one process that SQLite has, a life must be long enough to begin something.
    ("database", "workers", "kill_every"),
    [("sqlite", 0, 2.0), pytest.param("postgres", 2, 0.7, marks=needs_postgres)],
)
def test_a_storm_loses_nothing(database: str, workers: int, kill_every: float) -> None:
    """A third of all requests fails, a process is killed again and again, and the platforms accept stale scores."""
    storm = Storm(
        students=300,
        hands=20,
        database=database,
        workers=workers,
        kill_every=kill_every,
        feed_seconds=6,
        calm_after=10,
        least_kinds=8,
        limit_seconds=LIMIT_SECONDS,
        # Fed so slowly, most versions go by themselves: three for each student, and what fails goes again.
        most_requests=5.0,
    )
    outcome = rage(storm)

    assert tell_storm(storm, outcome), outcome.violations(storm)
    assert outcome.kills > 0
    assert outcome.verdict.finals == 300
    assert len(outcome.verdict.faults) >= 8


def test_a_platform_that_compares_timestamps_gets_the_newest() -> None:
    """Moodle refuses what is as old as the score that stands, and its refusal may be an answer that was lost."""
    storm = Storm(
        students=80,
        hands=0,
        database="sqlite",
        manner="moodle",
        feed_seconds=3,
        calm_after=6,
        limit_seconds=LIMIT_SECONDS,
        most_requests=5.0,
    )
    outcome = rage(storm)

    assert tell_storm(storm, outcome), outcome.violations(storm)


@needs_postgres
def test_a_platform_that_is_down_is_left_in_peace() -> None:
    outage = Outage(students=300, seconds=6, most_requests=16, spared_seconds=2.5, limit_seconds=LIMIT_SECONDS)
    outcome = endure(outage)

    assert tell_outage(outage, outcome), outcome.violations(outage)
    assert outcome.requests > 0


@needs_postgres
def test_a_platform_that_hangs_holds_up_no_other() -> None:
    hanging = Hanging(
        scores=40,
        rounds=1,
        feed_seconds=5,
        hangs_after=1.5,
        silence_seconds=6,
        spared_seconds=0.5,
        limit_seconds=LIMIT_SECONDS,
    )
    outcome = compare(hanging)

    assert tell_hanging(hanging, outcome), outcome.violations(hanging)
    assert outcome.hung_requests > 0


@needs_postgres
def test_a_hundred_first_scores_at_once_make_one_column() -> None:
    columns = Columns(students=100, links=2, lost_answers=1, limit_seconds=LIMIT_SECONDS)
    outcome = make_columns(columns)

    assert tell_columns(columns, outcome), outcome.found
    assert (outcome.columns, outcome.senders > 1) == (2, True)


@needs_postgres
def test_what_a_stopped_worker_still_holds_is_old_when_it_goes_on() -> None:
    paused = Paused(students=60, least_seconds=11, after_seconds=3, limit_seconds=LIMIT_SECONDS)
    outcome = stop_and_go_on(paused)

    assert tell_paused(paused, outcome), outcome.found
