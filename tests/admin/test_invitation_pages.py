"""Grace invites the admin of an LMS; the link is shown once."""

import html
import re

from sqlalchemy import select

from tests.desk import TOOL, Desk
from tests.operators import GRACE, Operator, words
from tests.rows import count_rows
from tool.access import digest
from tool.model.invitations import Invitation
from tool.registration.invitations import find_invitation

PAGE = "/admin/invitations"


def link_on(page: str) -> str:
    found = re.search(r"data-link[^>]*>([^<]+)<", page)
    assert found, page
    return html.unescape(found[1])


def test_the_link_is_shown_once_and_works(desk: Desk, grace: Operator) -> None:
    page = grace.press(PAGE, note="North High", days="7", approves="1").text
    link = link_on(page)
    secret = link.rpartition("/")[2]
    assert link.startswith(f"{TOOL}/lti/register/")

    later = grace.open(PAGE)
    assert secret not in later
    assert "North High" in words(later)
    assert GRACE in words(later)
    assert "approves at once" in words(later)
    with desk.database.reading() as connection:
        row = connection.execute(select(Invitation)).one()
        found = find_invitation(connection, secret)
    assert row.digest == digest(secret)
    assert secret not in str(row)
    assert found is not None
    assert (found.approves, found.note, found.made_by, found.platform_id) == (True, "North High", GRACE, None)
    assert Operator(desk).get(f"/lti/invited/{secret}").status_code == 200


def test_without_the_tick_nothing_is_approved(desk: Desk, grace: Operator) -> None:
    grace.press(PAGE, note="", days="1")
    with desk.database.reading() as connection:
        assert connection.execute(select(Invitation.approves)).scalar_one() is False


def test_a_withdrawn_link_does_nothing(desk: Desk, grace: Operator) -> None:
    secret = link_on(grace.press(PAGE, note="", days="7").text).rpartition("/")[2]
    with desk.database.reading() as connection:
        invitation_id = connection.execute(select(Invitation.id)).scalar_one()

    assert grace.press(f"{PAGE}/withdraw", one=str(invitation_id)).status_code == 303
    assert Operator(desk).get(f"/lti/invited/{secret}").status_code == 404
    assert 'data-state="revoked"' in grace.open(PAGE)


def test_nonsense_makes_none(desk: Desk, grace: Operator) -> None:
    before = count_rows(desk.database)
    assert grace.press(PAGE, note="", days="9999").status_code == 400
    assert grace.press(PAGE, note="", days="x").status_code == 400
    assert grace.press(PAGE, note="x" * 201, days="7").status_code == 400
    assert grace.press(f"{PAGE}/withdraw", one="x").status_code == 303
    assert count_rows(desk.database) == before


def test_a_note_is_text(grace: Operator) -> None:
    page = grace.press(PAGE, note="<script>alert(1)</script>", days="7").text
    assert "<script>alert" not in page
