"""A link without an assignment, made by hand in the LMS: its teacher chooses right there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update
from werkzeug.test import TestResponse

from tests.cast import ADA, BEN, DAN, Someone
from tests.desk import TOOL, Desk, hidden
from tests.lti.paper_lms import INSTRUCTOR
from tests.rows import CLIENT, ISSUER, make_assignment
from tool.clock import now
from tool.db import Database
from tool.model.errands import Errand
from tool.model.platforms import Customer
from tool.model.work import Assignment, Placement

BY_HAND: dict[str, Any] = {"custom": None, "resource_link": {"id": "link-9", "title": "Made by hand"}}
WRONG = BY_HAND | {"custom": {"assignment": "no-such-quiz"}}


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Iterator[Desk]:
    make_assignment(database)
    make_assignment(database, id="decimals", title="Decimals")
    opened = Desk(database, tmp_path)
    yield opened
    opened.outbound.close()


class Opened:
    """Somebody on the page that a link leads to."""

    def __init__(self, desk: Desk, someone: Someone = ADA, **changes: Any) -> None:
        self.browser: FlaskClient = desk.browser()
        self.path = desk.launch(self.browser, someone, **(BY_HAND | changes)).location.removeprefix(TOOL)
        self.page: TestResponse = self.browser.get(self.path, base_url=TOOL)

    def choose(self, assignment: str, **fields: str) -> TestResponse:
        """A button of the page as it was when it was opened."""
        form = {"csrf": hidden(self.page, "csrf"), "seen": hidden(self.page, "seen"), "assignment": assignment}
        if 'name="named"' in self.page.text:
            form["named"] = "1"
        path = self.path.split("?")[0]
        return self.browser.post(path, data=form | fields, base_url=TOOL, headers={"Origin": TOOL})


def bound_to(desk: Desk, link: str = "link-9") -> str | None:
    with desk.database.reading() as connection:
        found = connection.execute(select(Placement.assignment_id).where(Placement.resource_link_id == link))
        return found.scalar_one()


def bindings_asked_for(desk: Desk) -> int:
    with desk.database.reading() as connection:
        return len(connection.execute(select(Errand.id).where(Errand.kind == "binding")).all())


def test_the_teacher_chooses_and_the_student_finds_it(desk: Desk) -> None:
    assert "is not ready yet" in Opened(desk, BEN).page.text
    ada = Opened(desk)
    assert "This link has no assignment yet" in ada.page.text

    chosen = ada.choose("decimals")

    assert chosen.status_code == 303
    assert chosen.location.endswith("/overview")
    assert "Decimals" in ada.browser.get(chosen.location, base_url=TOOL).text
    assert bound_to(desk) == "decimals"
    assert "What is 1/2?" in Opened(desk, BEN).page.text


def test_a_student_who_waits_on_the_page_finds_it_by_reloading(desk: Desk) -> None:
    ben = Opened(desk, BEN)
    Opened(desk).choose("decimals")

    reloaded = ben.browser.get(ben.path, base_url=TOOL)

    assert reloaded.status_code == 303
    assert reloaded.location.endswith("/work")


def test_a_student_cannot_choose(desk: Desk) -> None:
    ben, ada = Opened(desk, BEN), Opened(desk)

    form = {"csrf": hidden(ada.page, "csrf"), "seen": "", "assignment": "decimals"}
    refused = ben.browser.post(ben.path, data=form, base_url=TOOL, headers={"Origin": TOOL})

    assert refused.status_code == 403
    assert bound_to(desk) is None


def test_nobodys_choice_is_overwritten_unseen(desk: Desk) -> None:
    """A colleague chose while the page stood open."""
    ada = Opened(desk)
    colleague = Opened(desk, Someone("grace", "Grace Hopper", ADA.course), roles=[INSTRUCTOR])
    colleague.choose("fractions")

    late = ada.choose("decimals")

    assert late.status_code == 400
    assert "Somebody else chose an assignment for this link meanwhile." in late.text
    assert bound_to(desk) == "fractions"
    assert ada.choose("fractions").status_code == 303, "the same is no quarrel"


def test_only_what_is_on_the_shelf_can_be_bound(desk: Desk) -> None:
    known = desk.parts.platforms.known(ISSUER, CLIENT)
    assert known is not None
    with desk.database.writing() as connection:
        added = connection.execute(insert(Customer).values(platform_id=known.id, created_at=now())).inserted_primary_key
        assert added is not None
    make_assignment(desk.database, id="private", title="Private")
    with desk.database.writing() as connection:
        connection.execute(update(Assignment).where(Assignment.id == "private").values(customer_id=added[0]))
    ada = Opened(desk)

    refused = ada.choose("private")

    assert "Private" not in ada.page.text
    assert refused.status_code == 400
    assert "not in your library" in refused.text
    assert bound_to(desk) is None


def test_a_wrong_custom_parameter_is_said_and_wins_again(desk: Desk) -> None:
    """The teacher chooses all the same, and is told what happens at the next launch."""
    assert "is not ready yet" in Opened(desk, BEN, **WRONG).page.text
    ada = Opened(desk, **WRONG)
    assert "The custom parameter “assignment” of this link is wrong." in ada.page.text
    assert "that parameter decides again" in ada.page.text

    chosen = ada.choose("decimals")

    assert chosen.location.endswith("/overview")
    assert "is wrong" in Opened(desk, **WRONG).page.text
    assert Opened(desk, **BY_HAND).path.endswith("/overview"), "once the parameter is gone"


def test_binding_anew_has_the_ledger_take_it_up(desk: Desk) -> None:
    """What hangs on a link is told of its new assignment, as when a launch binds it anew."""
    Opened(desk).choose("fractions")
    assert bindings_asked_for(desk) == 0, "nothing hung on it before"

    ada = Opened(desk, **WRONG)
    assert "What it opened until now" in ada.page.text
    ada.choose("decimals")

    assert bound_to(desk) == "decimals"
    assert bindings_asked_for(desk) == 1


def test_the_list_can_be_searched_without_choosing(desk: Desk) -> None:
    ada = Opened(desk)
    titles = [re.sub("<.*?>", "", one) for one in re.findall("<strong>.*?</strong>", ada.page.text)]
    assert sorted(titles) == ["Decimals", "Fractions"]

    found = ada.choose("", search="decim")

    assert found.status_code == 200
    assert "Decimals" in found.text
    assert "Fractions" not in found.text
    assert bound_to(desk) is None


def test_a_link_of_another_course_stays_as_it_is(desk: Desk) -> None:
    """The page is of one launch: nothing in its form names a link."""
    Opened(desk)
    eve = Opened(desk, Someone("eve", "Eve Dunn", DAN.course), roles=[INSTRUCTOR], resource_link={"id": "link-of-eve"})

    eve.choose("decimals", placement_id="1", link="link-9")

    assert bound_to(desk) is None
    assert bound_to(desk, "link-of-eve") == "decimals"


def test_in_a_copied_course_the_earlier_choice_is_suggested_and_may_be_taken(desk: Desk) -> None:
    """Even when it stands on no shelf of this teacher: a colleague taught the course last term."""
    Opened(desk).choose("decimals")
    with desk.database.writing() as connection:
        school = connection.execute(select(Customer.id)).scalar_one()
        connection.execute(update(Assignment).where(Assignment.id == "decimals").values(customer_id=school))
    copied = {"context": {"id": "course-copy", "title": "Math"}, "custom": {"context_id_history": BEN.course}}
    ada = Opened(desk, DAN, roles=[INSTRUCTOR], resource_link={"id": "link-10", "title": "Made by hand"}, **copied)
    assert "the link of this title opened “Decimals”" in ada.page.text

    assert ada.choose("decimals").status_code == 303
    assert bound_to(desk, "link-10") == "decimals"
