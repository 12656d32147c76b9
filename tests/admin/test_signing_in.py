"""Grace signs in and out; nobody else does, and a session ends when it should."""

from datetime import timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from sqlalchemy import select, update

from tests.desk import Desk, cookies_set
from tests.operators import GRACE, PASSWORD, WRONG_PASSWORD, Operator, at_work, hire, words
from tool.admin import operators
from tool.admin.operators import add_operator, check_password, note_sign_in, remove_operator
from tool.admin.sessions import IDLE, LIFE
from tool.clock import now
from tool.db import Database
from tool.model import operators as tables


@pytest.fixture
def grace(desk: Desk) -> Operator:
    return at_work(desk)


def test_grace_signs_in_and_out(desk: Desk) -> None:
    hire(desk.database)
    grace = Operator(desk)
    assert grace.get("/admin").location == "/admin/sign-in"

    signed_in = grace.sign_in()
    assert (signed_in.status_code, signed_in.location) == (303, "/admin")
    assert GRACE in grace.open("/admin")
    token = grace.token()

    assert grace.press("/admin/sign-out").location == "/admin/sign-in"
    assert not grace.is_signed_in()
    grace.hold(token)
    assert not grace.is_signed_in(), "the token is good for nothing, whoever kept it"


def test_an_address_is_one_however_it_is_typed(desk: Desk) -> None:
    hire(desk.database, " Grace@Example.ORG ")

    assert Operator(desk).sign_in("GRACE@example.org ").status_code == 303


def test_a_password_is_one_on_every_keyboard(desk: Desk) -> None:
    hire(desk.database, password="caf\u00e9 au lait au lit")

    assert Operator(desk).sign_in(password="cafe\u0301 au lait au lit").status_code == 303


def test_a_wrong_password_and_a_stranger_are_answered_alike(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever tries must not learn who is an operator: neither from the words nor from the work."""
    hire(desk.database)
    checked: list[str] = []
    really = operators._is_password

    def watch(kept_hash: str, password: str) -> bool:
        checked.append(kept_hash.rpartition("$")[0].rpartition("$")[0])
        return really(kept_hash, password)

    monkeypatch.setattr(operators, "_is_password", watch)
    wrong = Operator(desk).sign_in(GRACE, WRONG_PASSWORD)
    stranger = Operator(desk).sign_in("nobody@example.org", WRONG_PASSWORD)
    nonsense = Operator(desk).sign_in("no address", "\x00")

    assert [one.status_code for one in (wrong, stranger, nonsense)] == [401, 401, 401]
    assert "do not belong together" in words(wrong.text)
    assert words(wrong.text) == words(stranger.text) == words(nonsense.text)
    assert sorted(cookies_set(wrong)) == sorted(cookies_set(stranger))
    assert len(checked) == 3
    assert len(set(checked)) == 1, "the same parameters, so the same time"


def test_an_endless_password_is_a_wrong_one(desk: Desk) -> None:
    hire(desk.database)

    assert Operator(desk).sign_in(password="x" * 1_000_000).status_code == 401


def test_a_session_ends_when_nobody_is_there(grace: Operator) -> None:
    with time_machine.travel(now() + IDLE - timedelta(minutes=5)):
        assert grace.is_signed_in()
    with time_machine.travel(now() + 2 * IDLE - timedelta(minutes=7)):
        assert grace.is_signed_in(), "whoever looks at a page is there"
    with time_machine.travel(now() + 3 * IDLE - timedelta(minutes=1)):
        assert not grace.is_signed_in()


def test_no_session_lasts_longer_than_a_day_of_work(grace: Operator) -> None:
    began_at = now()
    for half_hours in range(1, int(LIFE / IDLE) * 2):
        with time_machine.travel(began_at + half_hours * IDLE / 2):
            assert grace.is_signed_in()
    with time_machine.travel(began_at + LIFE + timedelta(seconds=1)):
        assert not grace.is_signed_in()


def test_a_session_that_ended_says_so(grace: Operator) -> None:
    with time_machine.travel(now() + 2 * IDLE):
        led = grace.post("/admin/needs-person/retry", csrf="of a page opened before", one="1")
        assert led.location == "/admin/sign-in?ended=1"
        assert "was not done" in words(grace.open(led.location))


def test_a_new_password_ends_every_session(desk: Desk, grace: Operator) -> None:
    assert add_operator(desk.database, GRACE, "a new password for grace") is False

    assert not grace.is_signed_in()
    assert grace.sign_in().status_code == 401
    assert grace.sign_in(password="a new password for grace").status_code == 303


def test_whoever_is_removed_is_out_at_once(desk: Desk, grace: Operator) -> None:
    remove_operator(desk.database, GRACE)

    assert not grace.is_signed_in()
    assert grace.sign_in().status_code == 401


def test_a_password_changed_in_that_very_moment_no_longer_opens(desk: Desk) -> None:
    """Between the look at the password and the session."""
    hire(desk.database)
    shown = check_password(desk.database, GRACE, PASSWORD)
    assert shown is not None
    add_operator(desk.database, GRACE, "a new password for grace")

    with desk.database.writing() as connection:
        assert note_sign_in(connection, shown) is False


def test_each_sign_in_has_a_token_of_its_own(desk: Desk) -> None:
    """A cookie that somebody planted is not taken up; and what is stored opens nothing."""
    hire(desk.database)
    grace = Operator(desk)
    grace.hold("planted")
    grace.sign_in()
    other = Operator(desk)
    other.sign_in()
    first, second = grace.token(), other.token()

    assert len({"planted", first, second}) == 3
    assert min(len(first), len(second)) >= 43, "256 bits"
    with desk.database.reading() as connection:
        stored = connection.execute(select(tables.OperatorSession.token_digest)).scalars().all()
    assert len(stored) == 2
    assert not {first, second} & set(stored)


def test_an_old_hash_is_made_anew(desk: Desk) -> None:
    """The recommended parameters grow; whoever signs in takes the newer ones."""
    hire(desk.database)
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with desk.database.writing() as connection:
        connection.execute(update(tables.Operator).values(password_hash=weak))

    assert Operator(desk).sign_in().status_code == 303
    kept = hash_of(desk.database)
    assert kept.startswith("$argon2id$")
    assert not PasswordHasher().check_needs_rehash(kept)
    assert Operator(desk).sign_in().status_code == 303
    assert hash_of(desk.database) == kept


def hash_of(database: Database) -> str:
    with database.reading() as connection:
        return connection.execute(select(tables.Operator.password_hash)).scalar_one()


def test_over_tls_the_cookie_belongs_to_this_host_alone(counter: Desk) -> None:
    hire(counter.database)
    line = cookies_set(Operator(counter).sign_in())["__Host-passback-operator"]

    attributes = {part.strip() for part in line.split(";")[1:]}
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict", f"Max-Age={12 * 3600}"} <= attributes
    assert not any(part.startswith("Domain") for part in attributes)


def test_on_this_machine_itself_the_cookie_needs_no_tls(counter: Desk) -> None:
    local = Desk(counter.database, counter.folder, settings={"base_url": "http://localhost:8000"})
    hire(local.database)
    grace = Operator(local)
    line = cookies_set(grace.sign_in())["passback-operator"]

    assert "Secure" not in line
    assert "HttpOnly" in line
    assert "SameSite=Strict" in line
    assert grace.is_signed_in()
    local.outbound.close()
