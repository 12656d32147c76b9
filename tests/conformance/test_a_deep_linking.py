"""Checklist A89–A96: the LMS asks a teacher to choose, and gets what was chosen, signed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import update

from tests.cast import BEN
from tests.conformance.verdicts import assert_refused
from tests.desk import TOOL, Desk, hidden
from tests.library.choosing import RETURN, Chooser, items_of, open_desk, platform_of, target
from tests.rows import DEPLOYMENT, ISSUER, count_rows, make_assignment
from tool.clock import now
from tool.db import Database
from tool.lti import vocabulary as v
from tool.model.platforms import Deployment

MENTOR = "http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor"
SCHOOL_ADMIN = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Iterator[Desk]:
    yield from open_desk(database, tmp_path)


def policy(page: Any) -> list[str]:
    return [part.strip() for part in page.headers["Content-Security-Policy"].split(";")]


def test_a89_a_teacher_gets_the_list_and_nothing_is_stored_until_a_choice(desk: Desk) -> None:
    ada = Chooser(desk)
    before = count_rows(desk.database)

    page = ada.see()

    assert ada.launched.status_code == 303
    assert "Fractions" in page.text
    assert "Decimals &amp; co" in page.text
    assert "A graded link with 10 points" in page.text
    assert count_rows(desk.database) == before
    assert (before["placements"], before["openings"], before["selections"]) == (0, 0, 1)
    assert ada.answered_at() is None


def test_a90_the_choice_comes_back_to_the_lms_signed(desk: Desk) -> None:
    ada = Chooser(desk, data='opaque "text" <1>')

    page = ada.follow(ada.press("choose", "fractions"))

    answer = ada.read(page)
    [item] = items_of(answer)
    assert target(page) == RETURN
    assert answer[v.DEEP_LINKING_DATA] == 'opaque "text" <1>'
    assert answer[v.DEPLOYMENT_ID] == DEPLOYMENT
    assert answer["exp"] - answer["iat"] <= 600
    assert item["custom"]["assignment"] == "fractions"
    assert item["url"] == f"{TOOL}/lti/launch"
    assert item["lineItem"] == {
        "scoreMaximum": 10,
        "label": "Fractions",
        "resourceId": "fractions",
        "tag": "fractions",
    }
    assert ada.answered_at() is not None


def test_a90_the_form_is_written_safely(desk: Desk) -> None:
    """What the LMS says stands in the page as text, and nowhere as markup."""
    ada = Chooser(desk, deep_link_return_url=f'{ISSUER}/back?x="><script>alert(1)</script>')

    page = ada.follow(ada.press("choose", "fractions"))

    assert "<script>alert" not in page.text
    assert target(page) == f'{ISSUER}/back?x="><script>alert(1)</script>'


def test_a90_a_customer_of_two_deployments_is_answered_by_the_one_that_asked(
    database: Database, tmp_path: Path
) -> None:
    make_assignment(database)
    desk = Desk(database, tmp_path, {"deployment_ids": (DEPLOYMENT, "install-2")})
    with database.writing() as connection:
        first = next(iter(platform_of(desk).customers.values()))
        connection.execute(update(Deployment).values(customer_id=first))
    desk.parts.platforms.forget()
    for asking in (DEPLOYMENT, "install-2"):
        ada = Chooser(desk, claims={"deployment_id": asking})
        answer = ada.read(ada.follow(ada.press("choose", "fractions")))
        assert answer[v.DEPLOYMENT_ID] == asking
    desk.outbound.close()


def test_a91_where_no_link_is_wanted_nothing_is_offered_and_nothing_goes_back(desk: Desk) -> None:
    ada = Chooser(desk, accept_types=["html"])

    assert "An assignment cannot be added here" in ada.see().text
    assert "Fractions" not in ada.see().text
    assert items_of(ada.read(ada.follow(ada.press("cancel")))) == []


def test_a91_a_form_cannot_bring_a_link_where_none_is_wanted(desk: Desk) -> None:
    ada = Chooser(desk, accept_types=["html"])

    assert items_of(ada.read(ada.follow(ada.press("choose", "fractions")))) == []


def test_a92_one_is_one(desk: Desk) -> None:
    """The picker has one to choose; a form made by hand with two is told so, and nothing is sent."""
    ada = Chooser(desk)
    assert 'type="radio"' in ada.see().text

    refused = ada.press("choose", "fractions", "decimals")

    assert refused.status_code == 400
    assert "takes one assignment at a time" in refused.text
    assert ada.answered_at() is None


def test_a92_several_come_in_the_order_of_choosing(desk: Desk) -> None:
    ada = Chooser(desk, accept_multiple=True)
    assert 'type="checkbox"' in ada.see().text

    answer = ada.read(ada.follow(ada.press("choose", "decimals", "fractions", "decimals")))

    assert [item["custom"]["assignment"] for item in items_of(answer)] == ["decimals", "fractions"]


@pytest.mark.parametrize("family", ["canvas", "unknown"])
def test_a92_no_column_where_the_lms_takes_none(database: Database, tmp_path: Path, family: str) -> None:
    make_assignment(database)
    desk = Desk(database, tmp_path, {"family": family})
    ada = Chooser(desk, accept_lineitem=False if family == "canvas" else None)

    assert "its column comes with the first score" in ada.see().text
    [item] = items_of(ada.read(ada.follow(ada.press("choose", "fractions"))))
    assert "lineItem" not in item
    desk.outbound.close()


def test_a93_the_teacher_reads_what_moodle_makes_of_her_points(database: Database, tmp_path: Path) -> None:
    half = {"id": "half", "type": "numeric", "prompt": "1/2?", "points": 12.5, "answer": "0.5"}
    make_assignment(database, questions=[half])
    desk = Desk(database, tmp_path, {"family": "moodle"})
    ada = Chooser(desk, accept_lineitem=None)

    assert "Its column will be worth 13 points" in ada.see().text
    assert "out of 12.5 are scaled to it" in ada.see().text
    [item] = items_of(ada.read(ada.follow(ada.press("choose", "fractions"))))
    assert item["lineItem"]["scoreMaximum"] == 13
    desk.outbound.close()


def test_a94_cancel_returns_nothing(desk: Desk) -> None:
    """Whatever is ticked."""
    ada = Chooser(desk)

    page = ada.follow(ada.press("cancel", "fractions"))

    assert items_of(ada.read(page)) == []
    assert "Nothing is added to your course." in page.text


@pytest.mark.parametrize("roles", [None, [MENTOR], [SCHOOL_ADMIN], []])
def test_a95_only_teachers_choose(desk: Desk, roles: list[str] | None) -> None:
    """A student, a parent, somebody without a role in the course."""
    before = count_rows(desk.database)

    refused = Chooser(desk, BEN, claims={} if roles is None else {"roles": roles}).launched

    assert_refused(desk, refused, before, says="Assignments are chosen by the teachers of the course.")


def test_a95_a_choice_is_made_once(desk: Desk) -> None:
    """The picker's form, sent again after the answer, is refused, and its page says so too."""
    ada = Chooser(desk)
    form = {"csrf": hidden(ada.see(), "csrf"), "do": "choose", "assignment": ["fractions"]}
    ada.follow(ada.send(form))

    for again in (ada.send(form), ada.send(form | {"assignment": ["decimals"]}), ada.see()):
        assert again.status_code == 400
        assert "sent to your LMS already" in again.text


def test_a95_of_two_tabs_one_choice_goes_through(desk: Desk) -> None:
    """Both lists were open before either was answered."""
    ada = Chooser(desk)
    form = {"csrf": hidden(ada.see(), "csrf"), "do": "choose"}
    one, other = ada.send(form | {"assignment": ["fractions"]}), ada.send(form | {"assignment": ["decimals"]})

    assert ada.follow(one).status_code == 200
    assert other.status_code == 400
    assert "sent to your LMS already" in other.text


def test_a95_a_reload_shows_the_same_answer_for_a_few_minutes(desk: Desk) -> None:
    """A browser that fell over on the way is no reason to begin again; an LMS that counts nonces takes it once."""
    ada = Chooser(desk)
    chosen = ada.press("choose", "fractions")
    first, second = ada.follow(chosen), ada.follow(chosen)

    assert hidden(first, "JWT") == hidden(second, "JWT")
    with time_machine.travel(now() + timedelta(minutes=6)):
        assert "waited too long" in ada.follow(chosen).text


def test_a95_the_return_address_is_never_a_forms(desk: Desk) -> None:
    ada = Chooser(desk)

    page = ada.follow(
        ada.press("choose", "fractions", return_url="https://evil.example", deep_link_return_url="https://evil.example")
    )

    assert target(page) == RETURN
    assert "evil.example" not in page.text
    assert "evil.example" not in page.headers["Content-Security-Policy"]


def test_a95_an_answer_belongs_to_its_launch(desk: Desk) -> None:
    """A sealed choice says nothing to another request."""
    ada, again = Chooser(desk), Chooser(desk)
    sealed = ada.press("choose", "fractions").location.split("?")[1]

    stolen = again.browser.get(again.path.replace("/choose", "/answer") + f"?{sealed}", base_url=TOOL)

    assert stolen.status_code == 400
    assert again.see().status_code == 200, "and hers is still open"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://lms.example/back", ""])
def test_a96_an_unsafe_return_address_is_refused(desk: Desk, url: str) -> None:
    before = count_rows(desk.database)

    refused = Chooser(desk, deep_link_return_url=url).launched

    assert_refused(desk, refused, before)


def test_a96_another_host_than_the_platforms_is_written_down(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    """It came signed, so it is taken. The log has the host alone: the rest may be a secret."""
    Chooser(desk, deep_link_return_url="https://elsewhere.example/back?token=secret")
    Chooser(desk)

    told = "".join(capfd.readouterr())
    assert told.count("selection.other_host") == 1
    assert "elsewhere.example" in told
    assert "secret" not in told
