"""A connection from the day it is made to the day it is removed, and who may open it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from tests.cast import ADA
from tests.rows import arrive, make_assignment
from tests.sis.school import link_class
from tool.clock import now
from tool.db import Database
from tool.errors import BadInput, NotThere
from tool.model.platforms import Customer, Platform
from tool.model.sis import SisConnection, SisSection
from tool.outbound import Outbound
from tool.registration.platforms import KnownPlatform
from tool.sis.connecting.connections import (
    TEST_LEASE,
    NewConnection,
    access_of,
    begin_test,
    change_connection,
    keep_test,
    make_connection,
    opener,
    read_connections,
    remove_connection,
    switch_connection,
)
from tool.sis.connecting.sealing import CannotOpen, Sealing

STEPS: list[object] = [{"key": "token", "state": "good", "code": None}]


@pytest.fixture
def outbound() -> Iterator[Outbound]:
    client = Outbound(allow_loopback_http=True)
    yield client
    client.close()


@pytest.fixture
def made(database: Database, sealing: Sealing, customer_id: int, new: NewConnection) -> int:
    return make_connection(database, sealing, customer_id, new)


def row(database: Database, connection_id: int) -> Any:
    with database.reading() as connection:
        return connection.execute(select(SisConnection).where(SisConnection.id == connection_id)).one()


def test_it_is_made_switched_off_with_both_secrets_sealed(database: Database, sealing: Sealing, made: int) -> None:
    stored = row(database, made)

    assert not stored.is_enabled
    assert "hunter2" not in str(stored)
    assert "vendor-secret" not in str(stored)
    access = access_of(database, sealing, made)
    assert access is not None
    assert (access.secret, access.vendor_header) == ("hunter2", "key:vendor-secret")
    assert (access.profile.vendor_header, access.profile.title_limit) == ("x-vendor-authorization", 30)
    assert "hunter2" not in repr(access)


def test_the_new_connection_shows_no_secret(new: NewConnection) -> None:
    assert "hunter2" not in repr(new)
    assert "vendor-secret" not in repr(new)


def test_the_keys_of_another_machine_open_nothing_and_say_so(database: Database, made: int) -> None:
    with pytest.raises(CannotOpen, match="keys of this machine"):
        access_of(database, Sealing("of another machine, of another one"), made)


def test_changed_without_secrets_it_keeps_them_and_forgets_its_test(
    database: Database, sealing: Sealing, made: int, new: NewConnection
) -> None:
    began_at = begin_test(database, made)
    assert began_at is not None
    keep_test(database, made, began_at, STEPS)

    change_connection(database, sealing, made, replace(new, name="Campus", secret="", vendor_header=""))

    access = access_of(database, sealing, made)
    assert access is not None
    assert (access.secret, access.vendor_header) == ("hunter2", "key:vendor-secret")
    assert (row(database, made).name, row(database, made).tested_at) == ("Campus", None)


def test_changed_with_new_secrets_it_has_those(
    database: Database, sealing: Sealing, made: int, new: NewConnection
) -> None:
    change_connection(database, sealing, made, replace(new, secret="hunter3", vendor_header="key:newer"))

    access = access_of(database, sealing, made)
    assert access is not None
    assert (access.secret, access.vendor_header) == ("hunter3", "key:newer")


def test_since_when_a_secret_is_stored_is_known(
    database: Database, sealing: Sealing, customer_id: int, new: NewConnection
) -> None:
    with time_machine.travel("2026-11-10T16:00:00Z", tick=False):
        made = make_connection(database, sealing, customer_id, new)
    with time_machine.travel("2026-12-01T16:00:00Z", tick=False):
        change_connection(database, sealing, made, replace(new, secret=""))

    found = sealing.find_sealed_at(row(database, made).sealed_secret)

    assert found is not None
    assert found.isoformat() == "2026-11-10T16:00:00+00:00"


def test_a_profile_that_cannot_be_stores_nothing(
    database: Database, sealing: Sealing, customer_id: int, new: NewConnection
) -> None:
    with pytest.raises(BadInput, match="profile"):
        make_connection(database, sealing, customer_id, replace(new, profile={"colour": "red"}))

    with database.reading() as connection:
        assert read_connections(connection) == []


def test_a_customer_that_is_closed_gets_none(
    database: Database, sealing: Sealing, customer_id: int, new: NewConnection
) -> None:
    with database.writing() as connection:
        connection.execute(update(Customer).values(closed_at=now()))

    with pytest.raises(NotThere):
        make_connection(database, sealing, customer_id, new)


def test_two_of_one_customer_have_different_names(
    database: Database, sealing: Sealing, customer_id: int, made: int, new: NewConnection
) -> None:
    second = make_connection(database, sealing, customer_id, replace(new, name="Skyward"))

    with pytest.raises(BadInput, match="of that name already"):
        make_connection(database, sealing, customer_id, new)
    with pytest.raises(BadInput, match="of that name already"):
        change_connection(database, sealing, second, new)
    change_connection(database, sealing, made, new)


@pytest.mark.parametrize("why", ["off", "removed", "customer closed", "platform switched off", "the LMS sends itself"])
def test_what_may_not_be_used_is_not_opened(
    database: Database, sealing: Sealing, outbound: Outbound, made: int, why: str
) -> None:
    open_client = opener(database, sealing, outbound)
    switch_connection(database, made, is_enabled=True)
    assert open_client(made) is not None

    with database.writing() as connection:
        if why == "customer closed":
            connection.execute(update(Customer).values(closed_at=now()))
        if why == "platform switched off":
            connection.execute(update(Platform).values(is_active=False))
    if why == "off":
        switch_connection(database, made, is_enabled=False)
    if why == "the LMS sends itself":
        switch_connection(database, made, lms_syncs=True)
    if why == "removed":
        remove_connection(database, made, sealing)

    assert open_client(made) is None


def test_removed_its_secrets_are_gone_and_what_was_linked_stays(
    database: Database, sealing: Sealing, paper: KnownPlatform, made: int
) -> None:
    make_assignment(database)
    section_id = link_class(database, arrive(database, paper, ADA), made)

    remove_connection(database, made, sealing)

    stored = row(database, made)
    assert stored.removed_at is not None
    assert (sealing.open(stored.sealed_secret), stored.sealed_vendor_header) == ("", None)
    assert access_of(database, sealing, made) is None
    with database.reading() as connection:
        assert read_connections(connection) == []
        assert connection.execute(select(SisSection.id)).scalars().all() == [section_id]
    with pytest.raises(NotThere):
        switch_connection(database, made, is_enabled=True)


def test_its_line_counts_the_classes_that_are_linked(database: Database, paper: KnownPlatform, made: int) -> None:
    make_assignment(database)
    ada = arrive(database, paper, ADA)
    link_class(database, ada, made)
    link_class(database, ada, made, class_id="class-9", unlinked_at=now())

    with database.reading() as connection:
        (line,) = read_connections(connection)

    assert (line.sections, line.platform_name, line.tested_at) == (1, "Paper LMS", None)


@pytest.mark.parametrize(
    ("expires_on", "is_ending"),
    [(None, False), (date(2026, 12, 11), False), (date(2026, 12, 10), True), (date(2026, 11, 1), True)],
)
@time_machine.travel("2026-11-10T16:00:00Z", tick=False)
def test_credentials_are_near_their_end_thirty_days_before(
    database: Database,
    sealing: Sealing,
    customer_id: int,
    new: NewConnection,
    expires_on: date | None,
    is_ending: bool,
) -> None:
    make_connection(database, sealing, customer_id, replace(new, secret_expires_on=expires_on))

    with database.reading() as connection:
        (line,) = read_connections(connection)

    assert line.is_ending is is_ending


def test_one_tests_at_a_time_until_it_ends_or_is_given_up(database: Database, made: int) -> None:
    with time_machine.travel("2026-11-10T16:00:00Z", tick=False) as clock:
        began_at = begin_test(database, made)
        assert began_at is not None
        assert begin_test(database, made) is None

        keep_test(database, made, began_at, STEPS)
        assert begin_test(database, made) is not None

        clock.shift(TEST_LEASE + timedelta(seconds=1))
        assert begin_test(database, made) is not None

        clock.shift(timedelta(days=-1))
        assert begin_test(database, made) is not None


def test_a_test_that_broke_off_is_none(database: Database, made: int) -> None:
    began_at = begin_test(database, made)
    assert began_at is not None

    keep_test(database, made, began_at, None)

    assert (row(database, made).tested_at, row(database, made).test_steps) == (None, None)
    assert begin_test(database, made) is not None


def test_what_was_changed_during_a_test_was_not_tested(
    database: Database, sealing: Sealing, made: int, new: NewConnection
) -> None:
    began_at = begin_test(database, made)
    assert began_at is not None
    change_connection(database, sealing, made, new)

    keep_test(database, made, began_at, STEPS)

    assert (row(database, made).tested_at, row(database, made).test_steps) == (None, None)
