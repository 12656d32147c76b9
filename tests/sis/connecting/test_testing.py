"""*Test connection* on demo SISs that are set up rightly and wrongly."""

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import ADA
from tests.rows import arrive, make_assignment
from tests.sis.connecting.demo import district
from tests.sis.school import link_class
from tool.clock import now
from tool.db import Database
from tool.errors import NotThere
from tool.model.sis import SisConnection
from tool.registration.checks.steps import Step
from tool.registration.platforms import KnownPlatform
from tool.sis.connecting.connections import NewConnection, begin_test, make_connection, remove_connection
from tool.sis.connecting.sealing import CannotOpen, Sealing
from tool.sis.connecting.testing import read_kept
from tool.sis.connecting.trying import TestedNow, try_connection

ADAS = "ada@school.example"
OF_THE_CLASS = {"class": "good", "periods": "good", "categories": "good"}
ALL_GOOD = {"token": "good", "scopes": "good", **OF_THE_CLASS}


class Counter:
    """Where an operator makes one connection and tests it."""

    def __init__(self, database: Database, sealing: Sealing, customer_id: int) -> None:
        self.database, self.sealing, self.customer_id = database, sealing, customer_id

    def test(self, new: NewConnection, teacher: str = ADAS, **told: Any) -> list[Step]:
        self.made = make_connection(self.database, self.sealing, self.customer_id, new)
        return self.test_again(teacher, **told)

    def test_again(self, teacher: str = ADAS, **told: Any) -> list[Step]:
        trial = try_connection(
            self.database, self.sealing, self.made, teacher_email=teacher, allow_loopback_http=True, **told
        )
        return trial.steps

    def row(self) -> Any:
        with self.database.reading() as connection:
            return connection.execute(select(SisConnection)).one()

    def kept(self) -> dict[str, str]:
        return {one["key"]: one["state"] for one in self.row().test_steps}


@pytest.fixture
def counter(database: Database, sealing: Sealing, customer_id: int) -> Counter:
    return Counter(database, sealing, customer_id)


def states(steps: list[Step]) -> dict[str, str]:
    """In the order in which they are shown."""
    return {one.key: one.state for one in steps}


def step(steps: list[Step], key: str) -> Step:
    return next(one for one in steps if one.key == key)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, ALL_GOOD),
        ({"needs_vendor_header": True}, {**ALL_GOOD, "vendor_header": "good"}),
        ({"version": "1.1", "auth": "oauth2"}, ALL_GOOD),
        ({"version": "1.1", "auth": "oauth1"}, {"token": "unknown", **OF_THE_CLASS}),
        ({"version": "1.1", "auth": "bearer"}, {"token": "unknown", **OF_THE_CLASS}),
    ],
)
def test_every_step_is_good(counter: Counter, settings: dict[str, Any], told: dict[str, str]) -> None:
    with district(**settings) as beside:
        steps = counter.test(replace(beside.handed_out, secret_expires_on=now().date() + timedelta(days=60)))

    assert list(states(steps).items()) == [*told.items(), ("secret", "good")]
    assert counter.kept() == states(steps)


def test_a_permission_that_was_not_granted_is_named(counter: Counter) -> None:
    with district(granted_scopes=("roster.readonly", "gradebook.readonly")) as beside:
        steps = counter.test(beside.handed_out)

    assert states(steps) | {"secret": "unknown"} == {**ALL_GOOD, "scopes": "bad", "secret": "unknown"}
    assert step(steps, "scopes").text == "Not granted: gradebook.createput."


def test_a_wrong_secret_ends_at_the_first_step_and_the_others_say_that_they_wait(counter: Counter) -> None:
    with district() as beside:
        steps = counter.test(replace(beside.handed_out, secret="wrong-secret"))

    assert states(steps) == {"token": "bad", **dict.fromkeys((*list(ALL_GOOD)[1:], "secret"), "unknown")}
    assert step(steps, "token").text.startswith("Demo SIS no longer lets Passback in.")
    assert "wrong-secret" not in str(steps)
    assert "wrong-secret" not in str(counter.row().test_steps)


@pytest.mark.parametrize("header", ["", "nobody:knows"])
def test_a_vendors_header_that_is_missing_or_wrong_is_said_to_be_it(counter: Counter, header: str) -> None:
    with district(needs_vendor_header=True) as beside:
        steps = counter.test(replace(beside.handed_out, vendor_header=header))

    assert states(steps)["class"] == "good"
    assert states(steps)["vendor_header"] == "bad"
    assert "x-vendor-authorization" in step(steps, "vendor_header").text.lower()


def test_a_header_that_is_not_stored_is_missed_without_any_class(counter: Counter) -> None:
    with district(needs_vendor_header=True) as beside:
        steps = counter.test(replace(beside.handed_out, vendor_header=""), teacher="")

    assert (states(steps)["class"], states(steps)["vendor_header"]) == ("unknown", "bad")


def test_without_a_teacher_the_first_linked_class_is_read(
    counter: Counter, database: Database, paper: KnownPlatform
) -> None:
    make_assignment(database)
    with district() as beside:
        steps = counter.test(beside.handed_out, teacher="")
        assert states(steps)["class"] == "unknown"
        title = step(counter.test_again(), "class").text

        link_class(database, arrive(database, paper, ADA), counter.made, class_id="class-2201")
        steps = counter.test_again(teacher="")

    assert states(steps) == {**ALL_GOOD, "secret": "unknown"}
    assert step(steps, "class").text == title


def test_a_teacher_whom_the_sis_does_not_know(counter: Counter) -> None:
    with district() as beside:
        steps = counter.test(beside.handed_out, teacher="nobody@school.example")

    assert (states(steps)["class"], states(steps)["periods"]) == ("look", "unknown")


@pytest.mark.parametrize(("days", "state"), [(-1, "bad"), (0, "look"), (30, "look"), (31, "good")])
def test_the_end_of_the_credentials_is_told_whatever_else_fails(counter: Counter, days: int, state: str) -> None:
    new = NewConnection(
        name="Nowhere",
        vendor="generic",
        version="1.2",
        auth="oauth2",
        rostering_url="http://127.0.0.1:1/r",
        gradebook_url="http://127.0.0.1:1/g",
        token_url="http://127.0.0.1:1/token",
        time_zone="America/Denver",
        secret="hunter2",
        secret_expires_on=now().date() + timedelta(days=days),
    )

    assert states(counter.test(new)) | {"secret": state} == states(counter.test_again())
    assert states(counter.test_again())["token"] == "bad"


@pytest.mark.parametrize(
    "mood", [{"mood": "hang"}, {"mood": "hang", "target": "rostering"}, {"mood": "slow", "delay_seconds": 0.4}]
)
def test_a_slow_sis_is_waited_for_only_so_long(counter: Counter, mood: dict[str, Any]) -> None:
    with district(page_size=1) as beside:
        beside.set_mood(**mood)
        began = time.monotonic()
        steps = counter.test(beside.handed_out, run_seconds=1.0)
        took = time.monotonic() - began
        beside.set_mood(mood="fine")

    assert took < 3
    assert "bad" in states(steps).values()
    assert list(states(steps)) == [*ALL_GOOD, "secret"]


def test_a_slow_pace_does_not_make_the_test_longer(counter: Counter) -> None:
    with district() as beside:
        slow = {**beside.handed_out.profile, "requests_per_second": 0.1}
        began = time.monotonic()
        steps = counter.test(replace(beside.handed_out, profile=slow), run_seconds=2.0)
        took = time.monotonic() - began

    assert took < 5
    assert (states(steps)["token"], states(steps)["class"]) == ("good", "bad")


def test_what_was_tested_is_shown_again_without_what_names_anybody(counter: Counter) -> None:
    with district(granted_scopes=("roster.readonly",)) as beside:
        steps = counter.test(beside.handed_out)

    row = counter.row()
    again = read_kept(row.test_steps, name=row.name, expires_on=row.secret_expires_on)
    assert states(again) == states(steps)
    assert all(one.text for one in again)
    assert step(again, "categories").remedy == step(steps, "categories").remedy
    for word in ("Period 3", "ada", "Quarter"):
        assert word not in str(row.test_steps) + str(again)


def test_steps_of_another_version_are_passed_over() -> None:
    kept: list[object] = [
        {"key": "shoe_size", "state": "good", "code": None},
        {"key": "token", "state": "purple", "code": None},
        {"key": "class", "state": "bad", "code": "no.such.code"},
    ]

    assert states(read_kept(kept, name="Aspire", expires_on=None)) == {"class": "bad", "secret": "unknown"}


def test_one_at_a_time(counter: Counter) -> None:
    with district() as beside:
        counter.test(beside.handed_out)
        begin_test(counter.database, counter.made)

        with pytest.raises(TestedNow):
            counter.test_again()


def test_the_keys_of_another_machine_take_no_turn(counter: Counter) -> None:
    with district() as beside:
        counter.test(beside.handed_out)
        tested_at = counter.row().tested_at

        counter.sealing = Sealing("of another machine, of another one")
        with pytest.raises(CannotOpen):
            counter.test_again()

    assert counter.row().tested_at == tested_at


def test_a_removed_one_is_not_tested(counter: Counter) -> None:
    with district() as beside:
        counter.test(beside.handed_out)
        remove_connection(counter.database, counter.made, counter.sealing)

        with pytest.raises(NotThere):
            counter.test_again()
