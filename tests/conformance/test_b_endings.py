"""Checklist B, row 24: what has ended has ended, in every open page too."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import update

from tests.cast import ADA, Someone
from tests.conformance.verdicts import assert_refused
from tests.desk import TOOL, Desk, cookies_set
from tests.guests import Guest
from tests.rows import DEPLOYMENT, count_rows
from tool.access import LAUNCH_COOKIE_PREFIX
from tool.admin import courses
from tool.clock import now
from tool.db import Database
from tool.model.people import Member
from tool.model.platforms import Platform
from tool.registration.deployments import switch_off_deployment
from tool.registration.platforms import adopt_file_platforms, change
from tool.registration.removing import remove_deployment, remove_platform


@pytest.fixture
def registered(own_desk: Callable[..., Desk]) -> Desk:
    """A platform that an operator can switch off."""
    desk = own_desk({"deployment_ids": (DEPLOYMENT,)})
    with desk.database.writing() as connection:
        connection.execute(update(Platform).values(source="database"))
    return desk


def _in_one_transaction(act: Callable[..., Any]) -> Callable[[Database, int], None]:
    def end(database: Database, platform_id: int) -> None:
        with database.writing() as connection:
            act(connection, platform_id)

    return end


ENDINGS: dict[str, Callable[[Database, int], object]] = {
    "the registration is switched off": lambda database, one: change(database, one, is_active=False),
    "the registration is removed": _in_one_transaction(remove_platform),
    "the deployment is switched off": lambda database, one: switch_off_deployment(database, one, DEPLOYMENT),
    "the deployment is removed": _in_one_transaction(
        lambda connection, one: remove_deployment(connection, one, DEPLOYMENT)
    ),
    "the course is ended": lambda database, _: courses.end(database, 1),
    "the course is deleted": lambda database, _: courses.delete(database, 1),
    "the platform left config.json": lambda database, _: adopt_file_platforms(database, {}),
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
def test_b24_an_open_session_and_a_new_launch_are_refused_within_a_minute(
    registered: Desk, ending: Callable[[Database, int], object], someone: Someone
) -> None:
    """Done on another machine: this one is told nothing, and looks for itself."""
    desk = registered
    if ending is ENDINGS["the platform left config.json"]:
        with desk.database.writing() as connection:
            connection.execute(update(Platform).values(source="file"))
    browser = desk.browser()
    launched = desk.launch(browser, someone)
    begun = desk.login(browser)
    assert browser.get(launched.location, base_url=TOOL).status_code in (200, 303)

    ending(desk.database, 1)
    with time_machine.travel(now() + timedelta(seconds=59)):
        page = browser.get(launched.location, base_url=TOOL)
        desk.parts.platforms._kept_until -= 59
        before = count_rows(desk.database)
        refused = desk.post(browser, desk.id_token(begun.location, someone))

    assert page.status_code == 401
    assert "Open the assignment again from your course." in page.text
    assert_refused(desk, refused, before, framed=False) if refused.status_code != 400 else None
    assert refused.status_code == 400
    assert not [name for name in cookies_set(refused) if name.startswith(LAUNCH_COOKIE_PREFIX)]
    assert count_rows(desk.database) == before


@pytest.mark.parametrize("how", ["is told to be inactive", "is no longer on the roster"])
def test_b24_who_left_the_course_is_out(own_desk: Callable[..., Desk], how: str, someone: Someone) -> None:
    """As soon as the roster says so; the LMS itself refuses the launch."""
    desk = own_desk()
    guest = Guest(desk, someone)
    page = f"/l/{guest.launch_id}/" + ("overview" if someone is ADA else "work")
    assert guest.browser.get(page, base_url=TOOL).status_code == 200
    seen = now() if how == "is told to be inactive" else now() - timedelta(days=1)

    with desk.database.writing() as connection:
        connection.execute(update(Member).values(left_at=now(), on_roster_at=seen))
    assert guest.browser.get(page, base_url=TOOL).status_code == 401

    assert desk.open(desk.browser(), someone).status_code == 200, "the LMS let them in again"


def test_b24_who_was_never_on_a_roster_is_not_put_out_by_it(own_desk: Callable[..., Desk]) -> None:
    """An administrator of the LMS, or a test student, launches and is in no class list."""
    desk = own_desk()
    ada = Guest(desk, ADA)
    with desk.database.writing() as connection:
        connection.execute(update(Member).values(left_at=now(), on_roster_at=None))

    assert ada.browser.get(f"/l/{ada.launch_id}/overview", base_url=TOOL).status_code == 200
