"""An invitation is good once, for a while, and only for whoever holds its secret."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
import time_machine
from sqlalchemy import select

from tests.command_line import CommandLine
from tests.operators import GRACE, hire
from tests.rows import make_platform
from tool.admin.operators import list_operators, remove_operator
from tool.clock import now
from tool.db import Database
from tool.errors import BadInput
from tool.model.invitations import Invitation
from tool.registration.invitations import (
    GOOD_AFTER_USE,
    LONGEST_USE,
    Invited,
    find_invitation,
    invitation_url,
    invite,
    list_invitations,
    revoke,
    using,
)

WEEK = timedelta(days=7)


def invite_somebody(database: Database, **changes: object) -> str:
    plain: dict[str, object] = {"note": "North High", "approves": False, "valid_for": WEEK, "made_by": None}
    return invite(database, **(plain | changes))  # type: ignore[arg-type]


def find(database: Database, secret: str) -> Invited | None:
    with database.reading() as connection:
        return find_invitation(connection, secret)


def found(database: Database, secret: str) -> Invited:
    invited = find(database, secret)
    assert invited is not None
    return invited


def the_only_one(database: Database) -> Invited:
    with database.reading() as connection:
        (only,) = list_invitations(connection)
    return only


def use_for(database: Database, invitation_id: int, platform_id: int) -> None:
    with using(database, invitation_id) as use, database.writing() as connection:
        use.end_with(connection, platform_id)


def test_only_a_digest_of_the_secret_is_kept(database: Database) -> None:
    secret = invite_somebody(database)

    with database.reading() as connection:
        row = connection.execute(select(Invitation)).one()
    assert secret not in map(str, row)
    assert found(database, secret).state == "open"
    assert find(database, secret[:-1]) is None
    assert find(database, row.digest) is None


def test_it_says_for_whom_it_is_and_who_made_it(database: Database) -> None:
    hire(database)
    (grace,) = list_operators(database)
    secret = invite_somebody(database, made_by=grace.id, approves=True, note=" North High ")

    invited = found(database, secret)
    assert (invited.note, invited.made_by, invited.approves) == ("North High", GRACE, True)
    assert invited.expires_at - invited.made_at == WEEK

    remove_operator(database, GRACE)
    assert found(database, secret).made_by is None


def test_it_ends_with_its_time(database: Database) -> None:
    secret = invite_somebody(database)

    with time_machine.travel(now() + WEEK + timedelta(seconds=1)):
        assert find(database, secret) is None
        assert the_only_one(database).state == "expired"
        with pytest.raises(BadInput), using(database, the_only_one(database).id):
            pytest.fail("an invitation that has ended was used")


def test_it_can_be_withdrawn(database: Database) -> None:
    secret = invite_somebody(database)
    invitation_id = found(database, secret).id

    revoke(database, invitation_id)

    assert find(database, secret) is None
    assert the_only_one(database).state == "revoked"
    with pytest.raises(BadInput), using(database, invitation_id):
        pytest.fail("an invitation that was withdrawn was used")


def test_used_it_leads_to_its_platform_for_a_month(database: Database) -> None:
    platform = make_platform(database)
    secret = invite_somebody(database)

    use_for(database, found(database, secret).id, platform.id)

    invited = found(database, secret)
    assert (invited.state, invited.platform_id) == ("used", platform.id)
    with pytest.raises(BadInput), using(database, invited.id):
        pytest.fail("an invitation was used twice")
    with time_machine.travel(now() + GOOD_AFTER_USE - timedelta(minutes=1)):
        assert found(database, secret).state == "used"
    with time_machine.travel(now() + GOOD_AFTER_USE + timedelta(minutes=1)):
        assert find(database, secret) is None


def test_a_registration_that_fails_gives_it_back(database: Database) -> None:
    secret = invite_somebody(database)

    states = []

    def fail() -> None:
        with using(database, found(database, secret).id):
            states.append(found(database, secret).state)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert states == ["busy"]
    assert found(database, secret).state == "open"


def test_a_process_that_died_gives_it_back_by_and_by(database: Database) -> None:
    secret = invite_somebody(database)
    invitation_id = found(database, secret).id
    died = using(database, invitation_id)
    died.__enter__()

    with pytest.raises(BadInput), using(database, invitation_id):
        pytest.fail("an invitation was used by two at once")
    with time_machine.travel(now() + LONGEST_USE + timedelta(seconds=1)):
        assert found(database, secret).state == "open"
        with using(database, invitation_id):
            assert found(database, secret).state == "busy"


def test_whoever_took_too_long_cannot_end_with_what_somebody_else_took(database: Database) -> None:
    platform = make_platform(database)
    invitation_id = found(database, invite_somebody(database)).id
    later = time_machine.travel(now() + LONGEST_USE + timedelta(seconds=1))
    with using(database, invitation_id) as slow, later, using(database, invitation_id):
        with pytest.raises(BadInput), database.writing() as connection:
            slow.end_with(connection, platform.id)
        assert the_only_one(database).platform_id is None


def test_withdrawn_in_the_middle_of_a_registration_nothing_comes_of_it(database: Database) -> None:
    platform = make_platform(database)
    invitation_id = found(database, invite_somebody(database)).id

    with using(database, invitation_id) as use:
        revoke(database, invitation_id)
        with pytest.raises(BadInput), database.writing() as connection:
            use.end_with(connection, platform.id)

    assert the_only_one(database).state == "revoked"


def test_of_eight_at_once_one_gets_it(database: Database) -> None:
    invitation_id = found(database, invite_somebody(database)).id
    got, barrier, all_tried = [], Barrier(8), Barrier(8)

    def take(number: int) -> None:
        barrier.wait(10)
        try:
            with using(database, invitation_id):
                got.append(number)
                all_tried.wait(10)
        except BadInput:
            all_tried.wait(10)

    threads = [Thread(target=take, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert len(got) == 1


@pytest.mark.parametrize(
    "changes",
    [{"note": "x" * 201}, {"note": "two\nlines"}, {"valid_for": timedelta(days=91)}, {"valid_for": timedelta(0)}],
)
def test_what_cannot_be_meant_is_refused(database: Database, changes: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        invite_somebody(database, **changes)
    with database.reading() as connection:
        assert list_invitations(connection) == []


@pytest.fixture
def passback(tmp_path: Path, migrated_sqlite: Path) -> CommandLine:
    return CommandLine(tmp_path, migrated_sqlite)


@pytest.fixture
def kept(passback: CommandLine) -> Iterator[Database]:
    opened = Database(passback.config["database_url"])
    yield opened
    opened.close()


def test_the_command_shows_the_link_once(passback: CommandLine, kept: Database) -> None:
    result = passback.run("admin", "invite", "--note", "North High", "--days", "2", "--approve")

    assert result.exit_code == 0, result.output
    link = result.stdout.strip()
    secret = link.rpartition("/")[2]
    assert link == invitation_url("https://passback.example", secret)
    invited = found(kept, secret)
    assert (invited.note, invited.approves, invited.made_by) == ("North High", True, None)
    assert invited.expires_at - invited.made_at == timedelta(days=2)


@pytest.mark.parametrize("days", ["0", "-1", "91", "100000000000"])
def test_the_command_refuses_a_life_that_cannot_be_meant(passback: CommandLine, days: str) -> None:
    assert "90 days" in passback.refused("admin", "invite", "--days", days)
