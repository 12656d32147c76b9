"""A new installation of the tool: refused, held or accepted, and never among somebody else's people."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import BEN
from tests.rows import CLIENT, DEPLOYMENT, ISSUER, arrive, count_rows, entry, make_platform
from tool.db import Database
from tool.errors import BadInput
from tool.model.people import Course, Person
from tool.model.platforms import Customer, Deployment
from tool.registration.deployments import (
    MOST_HELD,
    add_deployment,
    approve_deployment,
    meet_deployment,
    switch_off_deployment,
)
from tool.registration.platforms import KnownPlatform, TrustedPlatforms, add_platforms, adopt_file_platforms, change

NEW = "install-2"


@pytest.fixture
def platform(database: Database) -> KnownPlatform:
    """Added by an operator, so that it can be changed here; Ben has been there."""
    add_platforms(database, {ISSUER: (entry(),)}, of_file={})
    known = find(database)
    arrive(database, known, BEN)
    return known


def find(database: Database) -> KnownPlatform:
    known = TrustedPlatforms(database).known(ISSUER, CLIENT)
    assert known is not None
    return known


def deployment(database: Database, deployment_id: str = NEW) -> Any:
    with database.reading() as connection:
        return connection.execute(select(Deployment).where(Deployment.deployment_id == deployment_id)).one()


def test_it_is_held_until_an_operator_has_approved_it(database: Database, platform: KnownPlatform) -> None:
    before = count_rows(database)
    assert [meet_deployment(database, platform.id, NEW) for _ in range(3)] == ["held"] * 3

    assert count_rows(database) == before | {"deployments": before["deployments"] + 1}, "one row, and nothing else"
    assert deployment(database).customer_id is None
    assert NEW not in find(database).customers

    approve_deployment(database, platform.id, NEW)
    assert meet_deployment(database, platform.id, NEW) == "known"
    assert deployment(database).held_at is None
    assert find(database).customers[NEW] != platform.customers[DEPLOYMENT], "with people of its own"


def test_accepted_ones_get_a_customer_each(database: Database, platform: KnownPlatform) -> None:
    change(database, platform.id, new_deployments="accept")
    assert [meet_deployment(database, platform.id, f"new-{number}") for number in range(3)] == ["known"] * 3

    customers = find(database).customers
    assert len(set(customers.values())) == len(customers) == 4

    ben = arrive(database, find(database), BEN, deployment_id="new-0")
    with database.reading() as connection:
        of_ben = select(Person.customer_id).where(Person.subject == BEN.subject)
        assert set(connection.execute(of_ben).scalars()) == {customers[DEPLOYMENT], customers["new-0"]}
        assert (
            connection.execute(select(Course.customer_id).where(Course.id == ben.course_id)).scalar_one()
            != (customers[DEPLOYMENT])
        )


def test_refused_ones_write_nothing(database: Database, platform: KnownPlatform) -> None:
    change(database, platform.id, new_deployments="refuse")
    before = count_rows(database)

    assert meet_deployment(database, platform.id, NEW) == "unknown"
    assert count_rows(database) == before


def test_only_so_many_are_held(database: Database, platform: KnownPlatform) -> None:
    met = [meet_deployment(database, platform.id, f"course-{number}") for number in range(MOST_HELD + 2)]

    assert met == ["held"] * MOST_HELD + ["unknown"] * 2
    switch_off_deployment(database, platform.id, "course-0")
    assert meet_deployment(database, platform.id, "one more") == "held", "a refused one makes room"


@pytest.mark.parametrize("rule", ["hold", "accept"])
def test_many_launches_at_once_write_it_once(database: Database, platform: KnownPlatform, rule: str) -> None:
    change(database, platform.id, new_deployments=rule)
    before = count_rows(database)
    with ThreadPoolExecutor(8) as launches:
        met = set(launches.map(lambda _: meet_deployment(database, platform.id, NEW), range(8)))

    assert met == {"held" if rule == "hold" else "known"}
    after = count_rows(database)
    assert after["deployments"] - before["deployments"] == 1
    assert after["customers"] - before["customers"] == (rule == "accept")


def test_a_reinstalled_tool_finds_its_people_again_when_an_operator_says_so(
    database: Database, platform: KnownPlatform
) -> None:
    meet_deployment(database, platform.id, NEW)
    approve_deployment(database, platform.id, NEW, joins=platform.customers[DEPLOYMENT])

    known = find(database)
    assert known.customers[NEW] == known.customers[DEPLOYMENT]
    first, again = arrive(database, known, BEN), arrive(database, known, BEN, deployment_id=NEW)
    assert (first.member_id, first.course_id) == (again.member_id, again.course_id)


def test_nothing_joins_another_platforms_customer(database: Database, platform: KnownPlatform) -> None:
    add_platforms(database, {"https://other.example": (entry(),)}, of_file={})
    other = TrustedPlatforms(database).known("https://other.example", CLIENT)
    assert other is not None
    meet_deployment(database, platform.id, NEW)

    for joins in (other.customers[DEPLOYMENT], 4711):
        with pytest.raises(BadInput, match="no such customer"):
            approve_deployment(database, platform.id, NEW, joins=joins)

    assert deployment(database).held_at is not None
    assert deployment(database).customer_id is None


def test_a_switched_off_one_comes_back_to_its_own_people(database: Database, platform: KnownPlatform) -> None:
    switch_off_deployment(database, platform.id, DEPLOYMENT)
    assert meet_deployment(database, platform.id, DEPLOYMENT) == "off"
    assert find(database).customers == {}

    approve_deployment(database, platform.id, DEPLOYMENT)
    assert find(database).customers == platform.customers


def test_one_is_named_by_hand(database: Database, platform: KnownPlatform) -> None:
    meet_deployment(database, platform.id, "waits")
    add_deployment(database, platform.id, "waits")
    add_deployment(database, platform.id, "typed")
    add_deployment(database, platform.id, "proposed", is_held=True)

    assert set(find(database).customers) == {DEPLOYMENT, "waits", "typed"}
    assert deployment(database, "proposed").held_at is not None
    with pytest.raises(BadInput, match="known already"):
        add_deployment(database, platform.id, "typed")
    with pytest.raises(BadInput, match="known already"):
        add_deployment(database, platform.id, "proposed", is_held=True)


def test_what_stands_in_the_file_is_changed_there(database: Database) -> None:
    known = make_platform(database)
    assert meet_deployment(database, known.id, NEW) == "held", "so that its id can be read and written there"
    for forbidden in (approve_deployment, add_deployment, switch_off_deployment):
        with pytest.raises(BadInput, match=r"config\.json"):
            forbidden(database, known.id, NEW)

    adopt_file_platforms(database, {ISSUER: (entry(),)})
    assert meet_deployment(database, known.id, NEW) == "held", "a start changes nothing about it"

    adopt_file_platforms(database, {ISSUER: (entry(deployment_ids=(DEPLOYMENT, NEW)),)})
    assert meet_deployment(database, known.id, NEW) == "known"
    customers = find(database).customers
    assert customers[NEW] != customers[DEPLOYMENT]


def test_unheard_of_ones_are_bad_input(database: Database, platform: KnownPlatform) -> None:
    before = count_rows(database)
    with pytest.raises(BadInput, match="no such deployment"):
        approve_deployment(database, platform.id, "nobody's")
    with pytest.raises(BadInput, match="no such platform"):
        add_deployment(database, 4711, NEW)
    assert count_rows(database) == before
    with database.reading() as connection:
        assert len(connection.execute(select(Customer.id)).all()) == 1
