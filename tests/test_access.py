"""Every route × every kind of visitor answers as the table says; the stories are made from the app's own routes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cast import ADA, BEN
from tests.desk import TOOL, Desk
from tests.guests import Guest, House
from tests.rows import make_assignment, open_copy
from tool.access import ANYONE, TABLE
from tool.db import Database

IDS = {"placement_id", "member_id", "submission_id", "run_id"}
NEVER_AN_ID = 10**30
# What any of the teacher's forms may ask for.
A_FULL_FORM = {
    "score": "5",
    "reason": "because",
    "do": "set",
    "to": "complete",
    "excused": "1",
    "word": "complete",
    "points-half": "1",
}


@pytest.fixture(scope="module")
def house(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    database = open_copy(migrated_sqlite, folder / "house.db")
    make_assignment(database)
    desk = Desk(database, folder)
    yield House(desk)
    desk.outbound.close()
    database.close()


def test_every_route_stands_in_the_table(house: House) -> None:
    assert {rule.endpoint for rule, _ in house.routes} == set(TABLE)


VISITORS = ["nobody", "learner", "teacher", "other", "another course's learner", "another course's teacher"]


@pytest.mark.parametrize("visitor", VISITORS)
def test_each_visitor_is_met_as_the_table_says(house: House, visitor: str) -> None:
    guest = house.guests[visitor]
    wrong = []
    for rule, method in house.routes:
        opens_to = TABLE[rule.endpoint]
        host = house.ben if "learner" in opens_to and visitor != "teacher" else house.ada
        own = guest.launch_id if visitor in ("learner", "teacher", "other") else host.launch_id
        status = guest.visit(rule, method, house.ids | {"launch_id": own})
        if opens_to == ANYONE or visitor in opens_to:
            is_right = status not in (401, 403) and status < 500
        else:
            is_right = status == (403 if visitor in ("learner", "teacher", "other") else 401)
        if not is_right:
            wrong.append(f"{method} {rule.endpoint}: {status}")

    assert wrong == []


def test_no_form_counts_without_the_mark_of_its_page(house: House) -> None:
    wrong = []
    for rule, method in house.pages:
        guest = house.ben if "learner" in TABLE[rule.endpoint] else house.ada
        values = house.ids | {"launch_id": guest.launch_id}
        if method == "POST" and guest.visit(rule, method, values, csrf="") != 403:
            wrong.append(rule.endpoint)

    assert wrong == []


def test_a_teachers_own_launch_opens_nothing_of_another_course(house: House) -> None:
    """The ids in a path are anybody's to type."""
    eve = house.guests["another course's teacher"]
    before, wrong = house.everything(), []
    for rule, method in house.pages:
        if rule.arguments & IDS and "teacher" in TABLE[rule.endpoint]:
            status = eve.visit(rule, method, house.ids | {"launch_id": eve.launch_id}, **A_FULL_FORM)
            if status not in (400, 404):
                wrong.append(f"{method} {rule.endpoint}: {status}")

    assert wrong == []
    assert house.everything() == before


@pytest.mark.parametrize("who", ["learner", "teacher"])
@pytest.mark.parametrize("link", ["the course itself", "a link without an assignment"])
def test_a_launch_without_an_assignment_breaks_nothing(house: House, who: str, link: str) -> None:
    changes: dict[str, Any] = {"custom": None, "resource_link": {"id": f"new-{who}"}}
    if link == "the course itself":
        changes = {"resource_link": {"id": BEN.course}}
    guest = Guest(house.desk, ADA if who == "teacher" else BEN, **changes)
    broken = []
    for rule, method in house.pages:
        if who in TABLE[rule.endpoint]:
            status = guest.visit(rule, method, house.ids | {"launch_id": guest.launch_id})
            if status >= 500:
                broken.append(f"{method} {rule.endpoint}: {status}")

    assert broken == []


def test_numbers_beyond_every_id_are_not_found(database: Database, tmp_path: Path) -> None:
    """PostgreSQL's integers end, and that is no trouble with the database."""
    make_assignment(database)
    desk = Desk(database, tmp_path)
    ada = Guest(desk, ADA)
    wrong = []
    for rule in desk.app.url_map.iter_rules():
        if rule.arguments & IDS:
            parts = rule.rule.replace("<launch_id>", ada.launch_id).split("/")
            path = "/".join(str(NEVER_AN_ID) if part.startswith("<int") else part for part in parts)
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                form = A_FULL_FORM | {"csrf": ada.csrf}
                status = ada.browser.open(path, method=method, data=form, base_url=TOOL).status_code
                if not 400 <= status < 500:
                    wrong.append(f"{method} {rule.endpoint}: {status}")
    desk.outbound.close()

    assert wrong == []
