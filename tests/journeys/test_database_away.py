"""PostgreSQL is away for a while, in the middle of everything; nothing has to be started again afterwards."""

import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.cast import BEN, CLEO, FRACTIONS
from tests.conftest import opened
from tests.scripted_browser import Page, ScriptedBrowser
from tests.stage import Stage, right_answers, wait_until
from tests.way import Way

AWAY_SECONDS = 8


@pytest.fixture
def way(postgres_url: str) -> Iterator[Way]:
    address = urlsplit(postgres_url)
    made = Way((address.hostname or "127.0.0.1", address.port or 5432))
    yield made
    made.close()


@pytest.fixture
def own_database(postgres_url: str) -> Iterator[str]:
    """Of this story alone: another stage's database knows another stage's key."""
    url = f"{postgres_url}_away"
    name = url.rsplit("/", 1)[1]
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield url
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def stage(tmp_path_factory: pytest.TempPathFactory, own_database: str, way: Way) -> Iterator[Stage]:
    """One process serves the pages, another sends; both reach the database by a way that can be cut."""
    address = urlsplit(own_database)
    through = own_database.replace(f"{address.hostname}:{address.port}", f"127.0.0.1:{way.port}")
    for one in opened(Stage(tmp_path_factory.mktemp("away"), through), "--no-sender"):
        one.start_worker()
        yield one


def test_the_database_goes_and_comes_back(stage: Stage, way: Way) -> None:
    ben, cleo = ScriptedBrowser(), ScriptedBrowser()
    bens_work, cleos_work = stage.arrive(ben, BEN, FRACTIONS), stage.arrive(cleo, CLEO, FRACTIONS)
    stage.set_mood("slow", delay_seconds=3)
    stage.hand_in(ben, bens_work, right_answers("fractions-quiz"))
    wait_until(lambda: stage.scores_sent(BEN), 20)  # on the wire when the database goes

    way.cut()
    refused = stage.hand_in(cleo, cleos_work, right_answers("fractions-quiz"))
    assert refused.status == 503
    assert "Nothing was changed" in refused.words
    time.sleep(AWAY_SECONDS)
    stage.set_mood("fine")
    way.mend()
    back_at = time.monotonic()

    accepted = wait_until(lambda: _hand_in_again(stage, cleo, cleos_work), 20)
    assert "20 of 20" in accepted.words
    assert stage.wait_for_cell(CLEO, FRACTIONS)["score"] == 20
    wait_until(lambda: "In Demo LMS since" in stage.arrive(ScriptedBrowser(), BEN, FRACTIONS).words, 40)
    assert time.monotonic() - back_at < 15
    assert stage.wait_for_cell(BEN, FRACTIONS)["score"] == 20
    assert len({one["body"]["timestamp"] for one in stage.scores_sent(BEN)}) == 1, "what was sent again is the same"


def _hand_in_again(stage: Stage, browser: ScriptedBrowser, work: Page) -> Page | None:
    page = stage.hand_in(browser, work, right_answers("fractions-quiz"))
    return page if page.status == 200 else None
