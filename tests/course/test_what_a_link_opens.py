"""Which assignment a link opens: the one it names, else the one it had; another customer's is not found."""

import pytest
from sqlalchemy import update

from tests.cast import ADA, BEN
from tests.rows import arrive, make_assignment, make_platform
from tool.db import Database
from tool.model.work import Assignment
from tool.registration.platforms import KnownPlatform


@pytest.fixture
def platform(database: Database) -> KnownPlatform:
    make_assignment(database)
    make_assignment(database, id="decimals")
    return make_platform(database, deployment_ids=("install-1", "install-2"))


def test_a_link_that_names_nothing_waits_for_a_choice(database: Database, platform: KnownPlatform) -> None:
    assert arrive(database, platform, ADA, custom=None).assignment_id is None


def test_what_a_link_had_stays(database: Database, platform: KnownPlatform) -> None:
    arrive(database, platform, ADA)

    assert arrive(database, platform, BEN, custom=None).assignment_id == "fractions"


def test_what_a_link_names_wins_over_what_it_had(database: Database, platform: KnownPlatform) -> None:
    arrive(database, platform, ADA)

    assert arrive(database, platform, ADA, custom={"assignment": "decimals"}).assignment_id == "decimals"
    assert arrive(database, platform, BEN, custom=None).assignment_id == "decimals"


def test_the_name_counts_in_any_case(database: Database, platform: KnownPlatform) -> None:
    """Schoology lower-cases the names of custom parameters, others keep or capitalize them."""
    assert arrive(database, platform, ADA, custom={"Assignment": "decimals"}).assignment_id == "decimals"


def test_an_unresolved_variable_names_nothing(database: Database, platform: KnownPlatform) -> None:
    arrive(database, platform, ADA)

    place = arrive(database, platform, BEN, custom={"assignment": "$ResourceLink.id.history"})
    assert place.assignment_id == "fractions"


@pytest.mark.parametrize("named", ["nobody-made-this", "private"])
def test_what_is_not_theirs_is_not_found(database: Database, platform: KnownPlatform, named: str) -> None:
    """Neither on a new link, nor by quietly opening what the link had before."""
    make_assignment(database, id="private")
    belongs_to_others = update(Assignment).where(Assignment.id == "private")
    with database.writing() as connection:
        connection.execute(belongs_to_others.values(customer_id=platform.customers["install-2"]))

    assert arrive(database, platform, ADA, custom={"assignment": named}).assignment_id is None
    arrive(database, platform, ADA)
    assert arrive(database, platform, ADA, custom={"assignment": named}).assignment_id is None
    assert arrive(database, platform, BEN, custom=None).assignment_id == "fractions", "the binding itself is unhurt"


def test_its_owner_finds_it(database: Database, platform: KnownPlatform) -> None:
    make_assignment(database, id="private")
    with database.writing() as connection:
        connection.execute(
            update(Assignment).where(Assignment.id == "private").values(customer_id=platform.customers["install-2"])
        )

    place = arrive(database, platform, ADA, deployment_id="install-2", custom={"assignment": "private"})
    assert place.assignment_id == "private"
