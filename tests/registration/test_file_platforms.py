"""Whom we trust: config.json wins at each start, and what was added later stays."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from tests.rows import CLIENT, DEPLOYMENT, ISSUER, count_rows, entry
from tool.db import Database
from tool.errors import BadInput
from tool.model.platforms import Deployment
from tool.registration.platforms import (
    KnownPlatform,
    TrustedPlatforms,
    add_platforms,
    adopt_file_platforms,
    learn_family,
)
from tool.settings import Platforms

OTHER = "https://other.example"
NO_FILE: Platforms = {}


def test_the_file_wins_at_each_start(database: Database) -> None:
    adopt_file_platforms(database, {ISSUER: (entry(auth_token_url="https://lms.example/old"),)})
    first = find(database)
    adopt_file_platforms(database, {ISSUER: (entry(auth_token_url="https://lms.example/new"),)})

    assert find(database).facts.auth_token_url == "https://lms.example/new"
    assert find(database).id == first.id


def test_what_left_the_file_is_switched_off_and_forgotten_by_none(database: Database) -> None:
    adopt_file_platforms(database, {ISSUER: (entry(),)})
    before = find(database)
    adopt_file_platforms(database, {})
    assert TrustedPlatforms(database).find(ISSUER, CLIENT) is None

    adopt_file_platforms(database, {ISSUER: (entry(),)})
    assert find(database).customers == before.customers, "its people and courses are still its own"


def test_a_deployment_that_left_the_file_is_refused(database: Database) -> None:
    adopt_file_platforms(database, {ISSUER: (entry(deployment_ids=("1", "2")),)})
    adopt_file_platforms(database, {ISSUER: (entry(deployment_ids=("2",)),)})

    known = find(database)
    assert set(known.customers) == {"2"}
    assert not TrustedPlatforms(database).knows_deployment(known.facts, "1")


def test_what_was_added_later_stays(database: Database) -> None:
    assert add_platforms(database, {OTHER: (entry(name="Later"),)}, of_file=NO_FILE) == ["Later"]

    adopt_file_platforms(database, {ISSUER: (entry(),)})

    assert TrustedPlatforms(database).find(OTHER, CLIENT) is not None


def test_a_platform_of_the_file_is_read_only(database: Database) -> None:
    of_file: Platforms = {ISSUER: (entry(),)}
    adopt_file_platforms(database, of_file)
    before = count_rows(database)

    with pytest.raises(BadInput, match=r"stands in config\.json"):
        add_platforms(database, {OTHER: (entry(),), ISSUER: (entry(name="Mine"),)}, of_file=of_file)

    assert count_rows(database) == before
    assert find(database).name == "Paper LMS"


def test_a_platform_of_the_file_is_read_only_before_the_first_start_too(database: Database) -> None:
    with pytest.raises(BadInput, match=r"stands in config\.json"):
        add_platforms(database, {ISSUER: (entry(),)}, of_file={ISSUER: (entry(),)})


def test_what_left_the_file_can_be_added_by_hand(database: Database) -> None:
    adopt_file_platforms(database, {ISSUER: (entry(),)})
    before = find(database)
    adopt_file_platforms(database, {})

    add_platforms(database, {ISSUER: (entry(),)}, of_file=NO_FILE)
    adopt_file_platforms(database, {})

    assert find(database).customers == before.customers


def test_a_family_is_learned_once(database: Database) -> None:
    adopt_file_platforms(database, {ISSUER: (entry(family="unknown"),)})
    learn_family(database, find(database).id, "moodle")
    learn_family(database, find(database).id, "canvas")
    assert find(database).facts.family == "moodle"

    adopt_file_platforms(database, {ISSUER: (entry(family="unknown"),)})
    assert find(database).facts.family == "moodle", "the file says nothing, so what was learned stays"
    adopt_file_platforms(database, {ISSUER: (entry(family="openedx"),)})
    assert find(database).facts.family == "openedx"


def test_machines_that_start_together_write_each_platform_once(database: Database) -> None:
    def start(_number: int) -> None:
        adopt_file_platforms(database, {ISSUER: (entry(),), OTHER: (entry(),)})

    with ThreadPoolExecutor(4) as machines:
        list(machines.map(start, range(4)))

    assert {known.facts.issuer for known in TrustedPlatforms(database).every()} == {ISSUER, OTHER}
    with database.reading() as connection:
        assert list(connection.execute(select(Deployment.deployment_id)).scalars()) == [DEPLOYMENT] * 2


def find(database: Database) -> KnownPlatform:
    known = TrustedPlatforms(database).known(ISSUER, CLIENT)
    assert known is not None
    return known
