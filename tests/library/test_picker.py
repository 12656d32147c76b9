"""The LMS asks a teacher to choose, and gets what was chosen, signed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import insert, update

from tests.cast import ADA
from tests.desk import TOOL, Desk
from tests.library.choosing import Chooser, items_of, open_desk, platform_of
from tests.rows import count_rows, make_assignment
from tool.clock import now
from tool.db import Database
from tool.launch.cleaning import purge_expired
from tool.model.platforms import Customer
from tool.model.work import Assignment


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Iterator[Desk]:
    yield from open_desk(database, tmp_path)


def test_only_the_answer_page_has_a_form_for_another_site(desk: Desk) -> None:
    ada = Chooser(desk, deep_link_return_url="https://school.example:8443/back")
    [picker] = [part for part in policy(ada.see()) if part.startswith("form-action")]

    page = ada.follow(ada.press("choose", "fractions"))
    [answer] = [part for part in policy(page) if part.startswith("form-action")]

    assert picker == "form-action 'self'"
    assert answer.startswith("form-action 'self' https://school.example:8443 ")
    assert "frame-ancestors https://lms.example" in "; ".join(policy(page))
    assert 'src="/static/send_back.js' in page.text
    assert ">Continue</button>" in page.text


def policy(page: Any) -> list[str]:
    return [part.strip() for part in page.headers["Content-Security-Policy"].split(";")]


def test_what_was_asked_for_goes_with_its_launch(desk: Desk) -> None:
    Chooser(desk)
    assert count_rows(desk.database)["selections"] == 1

    with time_machine.travel(now() + timedelta(hours=17)):
        purge_expired(desk.database)

    assert count_rows(desk.database)["selections"] == 0


def test_nothing_chosen_is_said_where_the_list_is(desk: Desk) -> None:
    refused = Chooser(desk).press("choose")

    assert refused.status_code == 400
    assert "Choose an assignment first." in refused.text
    assert 'aria-describedby="choice-wrong"' in refused.text


def test_a_search_keeps_what_is_ticked(desk: Desk) -> None:
    ada = Chooser(desk, accept_multiple=True)

    found = ada.press("search", "fractions", search="decim")

    assert "Decimals &amp; co" in found.text
    assert 'type="hidden" name="assignment" value="fractions"' in found.text
    assert "1 more is chosen" in found.text
    assert "No assignment of yours" in ada.press("search", search="algebra").text


def test_what_is_not_on_the_shelf_cannot_be_chosen(desk: Desk) -> None:
    """Another school's, and one that is not there."""
    other = {"id": "private", "title": "Private"}
    make_assignment(desk.database, **other)
    ada = Chooser(desk)
    with desk.database.writing() as connection:
        added = connection.execute(insert(Customer).values(platform_id=platform_of(desk).id, created_at=now()))
        another_school = added.inserted_primary_key
        assert another_school is not None
        connection.execute(update(Assignment).where(Assignment.id == "private").values(customer_id=another_school[0]))

    assert "Private" not in ada.see().text
    for strange in ("private", "nobody-made-this"):
        refused = ada.press("choose", strange)
        assert refused.status_code == 400
        assert "no longer in your library" in refused.text


def test_a_launch_that_asked_for_nothing_has_nothing_to_choose(desk: Desk) -> None:
    browser = desk.browser()
    path = desk.launch(browser, ADA).location.replace("/overview", "/choose")
    launch = path.removeprefix(TOOL).split("/")[2]

    page = browser.get(f"/l/{launch}/choose", base_url=TOOL)

    assert page.status_code == 400
    assert "did not ask for an assignment" in page.text


def test_the_request_may_come_without_a_course(desk: Desk) -> None:
    ada = Chooser(desk, claims={"context": None, "ags": None, "nrps": None})

    assert items_of(ada.read(ada.follow(ada.press("choose", "fractions"))))


def test_a_link_in_the_request_is_no_placement(desk: Desk) -> None:
    """Picking again on an existing link: the LMS may name it."""
    Chooser(desk, claims={"resource_link": {"id": "link-1", "title": "Fractions"}})

    assert count_rows(desk.database)["placements"] == 0
