"""A launch from an installation that nobody knows yet: a page that says what it waits for, one row, nothing else."""

from typing import Any

import pytest
from sqlalchemy import select, update

from tests.cast import ADA, BEN
from tests.desk import Desk, cookies_set
from tests.rows import CLIENT, DEPLOYMENT, ISSUER, count_rows, entry
from tool.access import LAUNCH_COOKIE_PREFIX
from tool.model.people import Person
from tool.model.platforms import Deployment, Platform
from tool.registration.deployments import approve_deployment, switch_off_deployment
from tool.registration.platforms import TrustedPlatforms, add_platforms, change

NEW = "install-2"


@pytest.fixture
def platform_id(desk: Desk) -> int:
    """The paper LMS, as an operator added it."""
    add_platforms(desk.database, {ISSUER: (entry(),)}, of_file={})
    known = TrustedPlatforms(desk.database).known(ISSUER, CLIENT)
    assert known is not None
    return known.id


def of_people(desk: Desk) -> list[Any]:
    with desk.database.reading() as connection:
        return list(connection.execute(select(Person.customer_id).order_by(Person.id)).scalars())


def test_it_waits_for_approval_and_then_works(desk: Desk, platform_id: int) -> None:
    before = count_rows(desk.database)
    for someone in (ADA, BEN, BEN):
        refused = desk.launch(desk.browser(), someone, deployment_id=NEW)
        assert refused.status_code == 400
        assert "This installation of the tool in the LMS waits for approval." in refused.text
        assert not any(name.startswith(LAUNCH_COOKIE_PREFIX) for name in cookies_set(refused))
        assert f"frame-ancestors {ISSUER}" in refused.headers["Content-Security-Policy"], "readable inside the LMS"
    assert count_rows(desk.database) == before | {"deployments": before["deployments"] + 1}

    approve_deployment(desk.database, platform_id, NEW)
    desk.parts.platforms.forget()
    assert "Fractions" in desk.open(desk.browser(), BEN, deployment_id=NEW).text


def test_an_unsigned_launch_holds_nothing(desk: Desk, platform_id: int) -> None:
    """Else anybody could fill the operator's page."""
    before = count_rows(desk.database)
    browser = desk.browser()
    form = desk.id_token(desk.login(browser).location, BEN, deployment_id=NEW)
    head, _, signature = form["id_token"].rpartition(".")
    forged = {**form, "id_token": f"{head}.{signature[:-8]}AAAAAAAA"}

    assert "signature" in desk.post(browser, forged).text
    assert count_rows(desk.database) == before


def test_what_is_accepted_comes_in_at_once_among_its_own_people(desk: Desk, platform_id: int) -> None:
    change(desk.database, platform_id, new_deployments="accept")
    desk.open(desk.browser(), BEN)
    assert "Fractions" in desk.open(desk.browser(), BEN, deployment_id=NEW).text

    first, second = of_people(desk)
    assert first != second


def test_what_is_refused_or_switched_off_says_so(desk: Desk, platform_id: int) -> None:
    change(desk.database, platform_id, new_deployments="refuse")
    before = count_rows(desk.database)
    assert "This installation of the tool in the LMS is not known here." in (
        desk.launch(desk.browser(), BEN, deployment_id=NEW).text
    )
    switch_off_deployment(desk.database, platform_id, DEPLOYMENT)
    desk.parts.platforms.forget()
    assert "is switched off here" in desk.launch(desk.browser(), BEN).text
    assert count_rows(desk.database) == before


def test_one_approved_on_another_machine_is_let_in_at_once(desk: Desk, platform_id: int) -> None:
    """This machine remembers the platforms for a while; whoever knocks makes it look again."""
    desk.launch(desk.browser(), BEN, deployment_id=NEW)
    approve_deployment(desk.database, platform_id, NEW)

    assert "Fractions" in desk.open(desk.browser(), BEN, deployment_id=NEW).text


def test_a_platform_of_the_file_shows_the_id_to_write_there(desk: Desk) -> None:
    assert "waits for approval" in desk.launch(desk.browser(), BEN, deployment_id=NEW).text
    with desk.database.reading() as connection:
        row = connection.execute(select(Deployment).where(Deployment.deployment_id == NEW)).one()
    assert (row.is_active, row.customer_id) == (False, None)


def test_a_platform_that_is_not_approved_says_so(desk: Desk, platform_id: int) -> None:
    with desk.database.writing() as connection:
        connection.execute(update(Platform).where(Platform.id == platform_id).values(approved_at=None))
    desk.parts.platforms.forget()

    refused = desk.login(desk.browser())
    assert refused.status_code == 400
    assert "This LMS is registered here, and waits for approval." in refused.text
    assert "not registered" in desk.login(desk.browser(), client_id="another").text
