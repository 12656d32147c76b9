"""Grace connects the school's records, tests them on the demo SIS, and switches them on and off."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from structlog.testing import capture_logs

from tests.cast import ADA
from tests.desk import Desk
from tests.operators import Operator, words
from tests.rows import CLIENT, ISSUER, arrive
from tests.sis.school import link_class
from tool.admin.screens.school_records import SAID
from tool.clock import now
from tool.demo_sis import serving
from tool.demo_sis.server import create_sis
from tool.demo_sis.settings import SisSettings
from tool.model.sis import SisConnection
from tool.model.sis_syncs import SisRun
from tool.registration.keys import ensure_secret
from tool.registration.platforms import KnownPlatform, TrustedPlatforms
from tool.sis.connecting.connections import access_of, begin_test, opener
from tool.sis.connecting.sealing import Sealing

LIST = "/admin/school-records"
SECRET = "demo-sis-secret"
"""The demo SIS's own."""


@pytest.fixture(scope="module")
def sis_url() -> str:
    listener = serving.bind("127.0.0.1", 0)
    url = serving.address_of(listener)
    app = create_sis(base_url=url, settings=SisSettings())
    threading.Thread(target=serving.serve, args=(app, listener), daemon=True).start()
    return url


@pytest.fixture
def paper(desk: Desk) -> KnownPlatform:
    known = TrustedPlatforms(desk.database).known(ISSUER, CLIENT)
    assert known is not None
    return known


@pytest.fixture
def typed(sis_url: str, paper: KnownPlatform) -> dict[str, str]:
    """What Grace types, as the district told her."""
    return {
        "customer": str(next(iter(paper.customers.values()))),
        "name": "Aspire",
        "version": "1.2",
        "auth": "oauth2",
        "rostering_url": f"{sis_url}/ims/oneroster/rostering/v1p2",
        "gradebook_url": f"{sis_url}/ims/oneroster/gradebook/v1p2",
        "token_url": f"{sis_url}/token",
        "client_id": "passback",
        "secret": SECRET,
        "signature_method": "HMAC-SHA1",
        "time_zone": "America/Chicago",
        "nightly_hour": "3",
        "teachers": "all",
        "ids": "ours",
        "exempt": "exempt",
        "period_rule": "strict",
        "requests_per_second": "50",
        "sends_flags": "1",
    }


def connect(grace: Operator, typed: dict[str, str]) -> str:
    """Stored; the address of its page."""
    answer = grace.press(f"{LIST}/new/generic", **typed)
    assert answer.status_code == 303, words(answer.text)
    return str(answer.location).partition("?")[0]


def row(desk: Desk) -> Any:
    with desk.database.reading() as connection:
        return connection.execute(select(SisConnection)).one()


def sealing_of(desk: Desk) -> Sealing:
    return Sealing(ensure_secret(desk.parts.settings.keys_dir))


def test_a_connection_is_stored_switched_off_and_its_secret_sealed(
    desk: Desk, grace: Operator, typed: dict[str, str]
) -> None:
    page = connect(grace, typed)

    stored = row(desk)
    assert (stored.name, stored.is_enabled, stored.time_zone) == ("Aspire", False, "America/Chicago")
    assert SECRET not in stored.sealed_secret
    access = access_of(desk.database, sealing_of(desk), stored.id)
    assert access is not None
    assert access.secret == SECRET
    for path in (page, f"{page}/edit", LIST):
        assert SECRET not in grace.open(path)
        assert stored.sealed_secret not in grace.open(path)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"secret": ""}, "This is needed."),
        ({"customer": ""}, "Choose one of the list."),
        ({"customer": "99999"}, "There is no such customer."),
        ({"rostering_url": "http://sis.example/ims"}, "This must begin with https://."),
        ({"time_zone": "Mars/Olympus"}, "This is no time zone."),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_stored(
    desk: Desk, grace: Operator, typed: dict[str, str], wrong: dict[str, str], said: str
) -> None:
    answer = grace.press(f"{LIST}/new/generic", **(typed | wrong))

    assert answer.status_code == 400
    assert said in words(answer.text)
    assert SECRET not in answer.text
    with desk.database.reading() as connection:
        assert connection.execute(select(SisConnection)).all() == []


def test_changing_it_without_a_secret_keeps_the_one_that_is_stored(
    desk: Desk, grace: Operator, typed: dict[str, str]
) -> None:
    page = connect(grace, typed)

    grace.press(f"{page}/edit", **(typed | {"secret": "", "name": "Aspire of Utah", "title_limit": "30"}))

    access = access_of(desk.database, sealing_of(desk), row(desk).id)
    assert access is not None
    assert (row(desk).name, access.secret, access.profile.title_limit) == ("Aspire of Utah", SECRET, 30)


def test_two_of_one_name_are_refused(grace: Operator, typed: dict[str, str]) -> None:
    connect(grace, typed)

    answer = grace.press(f"{LIST}/new/generic", **typed)

    assert answer.status_code == 400
    assert "has a connection of that name already" in words(answer.text)


def test_only_one_that_is_on_is_opened_for_sending(desk: Desk, grace: Operator, typed: dict[str, str]) -> None:
    page = connect(grace, typed)
    open_client = opener(desk.database, sealing_of(desk), desk.parts.outbound)
    assert open_client(row(desk).id) is None

    grace.press(page, do="on")
    assert open_client(row(desk).id) is not None

    grace.press(page, do="off")
    assert open_client(row(desk).id) is None


@pytest.mark.parametrize("do", [one for one in SAID if one not in ("made", "changed")])
def test_every_switch_says_what_it_did(grace: Operator, typed: dict[str, str], do: str) -> None:
    page = connect(grace, typed)

    answer = grace.press(page, do=do)

    assert str(SAID[do]) in words(grace.open(str(answer.location)))


def test_a_word_that_is_no_switch_changes_nothing(desk: Desk, grace: Operator, typed: dict[str, str]) -> None:
    page = connect(grace, typed)
    before = row(desk)

    assert grace.press(page, do="burn").status_code == 400
    assert row(desk) == before


def test_the_test_goes_step_by_step_through_the_demo_sis(desk: Desk, grace: Operator, typed: dict[str, str]) -> None:
    page = connect(grace, typed)

    said = words(grace.press(f"{page}/check", teacher_email="ada@school.example").text)
    kept = {one["key"]: one["state"] for one in row(desk).test_steps}

    assert "Nothing is broken." in said
    assert kept == {
        "token": "good",
        "scopes": "good",
        "class": "good",
        "periods": "good",
        "categories": "good",
        "secret": "unknown",
    }
    assert "ada" not in str(row(desk).test_steps)


def test_a_wrong_secret_is_found_and_said(desk: Desk, grace: Operator, typed: dict[str, str]) -> None:
    page = connect(grace, typed | {"secret": "wrong"})

    said = words(grace.press(f"{page}/check").text)

    assert "1 step does not work." in said
    assert row(desk).test_steps[0]["state"] == "bad"
    assert "wrong" not in str(row(desk).test_steps)


def test_its_runs_are_listed(desk: Desk, grace: Operator, typed: dict[str, str], paper: KnownPlatform) -> None:
    page = connect(grace, typed)
    section_id = link_class(desk.database, arrive(desk.database, paper, ADA), row(desk).id)
    with desk.database.writing() as connection:
        ran = {"section_id": section_id, "kind": "nightly", "status": "with_errors", "asked_at": now()}
        connection.execute(insert(SisRun).values(**ran, updated_at=now()))

    assert "Math 8 period 3" in grace.open(page)
    assert "Completed with errors" in words(grace.open(page))


def test_removed_it_is_gone_with_its_secret_and_its_name_is_free(
    desk: Desk, grace: Operator, typed: dict[str, str]
) -> None:
    page = connect(grace, typed)
    assert "What was sent stays in the SIS" in words(grace.open(f"{page}/remove"))

    grace.press(f"{page}/remove")

    assert access_of(desk.database, sealing_of(desk), row(desk).id) is None
    assert sealing_of(desk).open(row(desk).sealed_secret) == ""
    assert grace.get(page).status_code == 404
    connect(grace, typed)


def test_every_vendor_has_its_form(grace: Operator) -> None:
    vendors = re.findall(rf'href="({LIST}/new/\w+)"', grace.open(f"{LIST}/new"))

    assert len(vendors) == 7
    assert all("not yet tried on the product" in words(grace.open(one)) for one in vendors)
    assert grace.get(f"{LIST}/new/unknown").status_code == 404


def test_the_page_says_since_when_a_secret_is_stored_and_how_the_last_test_ended(
    desk: Desk, grace: Operator, typed: dict[str, str]
) -> None:
    page = connect(grace, typed)
    assert "and never shown" in words(grace.open(page))

    grace.press(f"{page}/check", teacher_email="nobody@school.example")

    again = grace.open(page)
    assert "Last time:" in words(again)
    assert re.findall(r'data-step="(\w+)" data-state="(\w+)"', again)[:3] == [
        ("token", "good"),
        ("scopes", "good"),
        ("class", "look"),
    ]
    assert "nobody@school.example" not in again
    assert row(desk).tested_at is not None


def test_a_second_test_at_the_same_moment_is_asked_to_wait(desk: Desk, grace: Operator, typed: dict[str, str]) -> None:
    page = connect(grace, typed)
    begin_test(desk.database, row(desk).id)

    answer = grace.press(f"{page}/check")

    assert answer.status_code == 429
    assert "is being tested at this moment. Try again in half a minute." in words(answer.text)


def test_credentials_of_another_machine_are_said_so_and_can_be_typed_again(
    desk: Desk, grace: Operator, typed: dict[str, str]
) -> None:
    page = connect(grace, typed)
    with desk.database.writing() as connection:
        elsewhere = Sealing("of another machine, of another one").seal(SECRET)
        connection.execute(update(SisConnection).values(sealed_secret=elsewhere))

    assert "cannot be opened with the keys of this machine" in words(grace.open(page))
    answer = grace.press(f"{page}/check")
    assert answer.status_code == 400
    assert "cannot be opened with the keys of this machine" in words(answer.text)

    grace.press(f"{page}/edit", **typed)
    assert "cannot be opened" not in words(grace.open(page))


@pytest.mark.parametrize(
    ("is_on", "days", "said"), [(True, 30, "run out on"), (True, -1, "ran out on"), (True, 31, ""), (False, 30, "")]
)
def test_the_overview_warns_thirty_days_before_the_credentials_end(
    desk: Desk, grace: Operator, typed: dict[str, str], is_on: bool, days: int, said: str
) -> None:
    ends = (now() + timedelta(days=days)).date().isoformat()
    page = connect(grace, typed | {"secret_expires_on": ends})
    grace.press(page, do="on" if is_on else "off")

    warned = re.search(r"<p[^>]*data-ending.*?</p>", grace.open("/admin"), re.DOTALL)

    assert bool(warned) is bool(said)
    assert not warned or (said in words(warned[0]) and ends in words(warned[0]) and page in warned[0])


@pytest.mark.parametrize(("vendor", "is_asked"), [("infinite_campus", True), ("generic", False)])
def test_a_vendors_header_is_asked_for_where_there_is_one(grace: Operator, vendor: str, is_asked: bool) -> None:
    page = grace.open(f"{LIST}/new/{vendor}")

    assert ("Value of the header x-vendor-authorization" in words(page)) is is_asked


def test_no_log_line_holds_what_was_typed(grace: Operator, typed: dict[str, str]) -> None:
    with capture_logs() as lines:
        page = connect(grace, typed)
        grace.press(f"{page}/edit", **(typed | {"secret": "another-secret"}))
        grace.press(f"{page}/check", teacher_email="ada@school.example")
        grace.press(page, do="on")

    told = str(lines)
    assert "operator.tested_school_records" in told
    for text in (SECRET, "another-secret", "ada@", typed["client_id"]):
        assert text not in told


@pytest.mark.parametrize(
    ("vendor", "filled"),
    [
        (
            "infinite_campus",
            ['name="title_limit" type="text" value="49"', 'name="whole_points" value="1" checked'],
        ),
        ("aspire", ['name="time_zone" type="text" value="America/Denver"', '<option value="1.1" selected>']),
        ("eschoolplus", ['<option value="oauth1" selected>', '<option value="zero_and_exempt" selected>']),
        ("powerschool", ['name="requests_per_second" type="text" value="1"']),
        ("generic", ['name="time_zone" type="text" value=""', '<option value="oauth2" selected>']),
    ],
)
def test_a_vendor_fills_in_its_form(grace: Operator, vendor: str, filled: list[str]) -> None:
    page = grace.open(f"{LIST}/new/{vendor}")

    for one in filled:
        assert one in page


def test_a_connection_shows_and_keeps_what_differs_from_its_vendor(
    desk: Desk, grace: Operator, typed: dict[str, str]
) -> None:
    form = {name: value for name, value in typed.items() if name != "sends_flags"}
    page = connect(grace, form | {"title_limit": "30", "whole_points": "1", "teacher_emails": "Ada@school.example"})

    assert row(desk).profile == {
        "title_limit": 30,
        "whole_points": True,
        "requests_per_second": 50.0,
        **dict.fromkeys(("sends_grading_period", "allows_above_maximum", "sends_flags"), False),
    }
    shown = grace.open(f"{page}/edit")
    assert 'name="title_limit" type="text" value="30"' in shown
    assert 'name="whole_points" value="1" checked' in shown
    assert 'name="sends_flags" value="1" checked' not in shown
    assert ">ada@school.example</textarea>" in shown
