"""Before the credentials for the school's records run out, whoever looks after the installation is written to, once."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from tests.cast import ADA
from tests.operators import hire
from tests.post_office import PostOffice, open_post_office
from tests.rows import arrive, make_platform
from tests.sis.school import connect_school
from tool.admin.expiring import LOOKS_EVERY, TRIED_AGAIN_AFTER, write_of_expiring
from tool.clock import now
from tool.db import Database
from tool.model.sis import SisConnection

GRACE, HEDY = "grace@school.example", "hedy@school.example"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as office:
        yield office


@pytest.fixture
def expires(database: Database) -> date:
    """Aspire's secret is valid for twenty days more; Grace and Hedy are operators."""
    day = (now() + timedelta(days=20)).date()
    ada = arrive(database, make_platform(database), ADA)
    connect_school(database, ada, secret_expires_on=day)
    connect_school(database, ada, name="Later", secret_expires_on=day + timedelta(days=300))
    connect_school(database, ada, name="Off", secret_expires_on=day, is_enabled=False)
    for email in (GRACE, HEDY):
        hire(database, email)
    return day


def test_each_operator_is_written_to_once(database: Database, office: PostOffice, expires: date) -> None:
    again_at = write_of_expiring(database, office.server)
    write_of_expiring(database, office.server)

    assert office.written_to() == [[GRACE], [HEDY]]
    letter = office.letters[0].message
    assert letter["Subject"] == f"Passback: the credentials for Aspire run out on {expires:%Y-%m-%d}"
    assert "no grade goes there any more" in letter.get_content()
    assert timedelta(0) < again_at - now() <= LOOKS_EVERY


def test_a_new_date_is_news_again(database: Database, office: PostOffice, expires: date) -> None:
    write_of_expiring(database, office.server)
    with database.writing() as connection:
        connection.execute(update(SisConnection).values(secret_expires_on=expires + timedelta(days=90)))
    write_of_expiring(database, office.server)
    assert len(office.letters) == 2

    with time_machine.travel(now() + timedelta(days=90)):
        write_of_expiring(database, office.server)
    assert len(office.letters) == 6, "Aspire's, and Later's by now"


def test_what_nobody_could_be_told_is_tried_again(database: Database, office: PostOffice, expires: date) -> None:
    office.refuses = {GRACE, HEDY}
    again_at = write_of_expiring(database, office.server)
    assert again_at - now() <= TRIED_AGAIN_AFTER
    with database.reading() as connection:
        assert set(connection.execute(select(SisConnection.expiry_mailed_on)).scalars()) == {None}

    office.refuses = {HEDY}
    write_of_expiring(database, office.server)
    assert [GRACE] in office.written_to()


def test_without_a_mail_server_nothing_is_written_down(database: Database, expires: date) -> None:
    assert write_of_expiring(database, None) - now() <= LOOKS_EVERY
    with database.reading() as connection:
        assert set(connection.execute(select(SisConnection.expiry_mailed_on)).scalars()) == {None}
