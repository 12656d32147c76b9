"""An LMS admin without an account registers by hand: once, pending or approved as the invitation says."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.desk import Desk
from tests.operators import Operator, mark_of, words
from tests.rows import count_rows
from tool.db import Database
from tool.model.platforms import Deployment, Platform
from tool.registration.invitations import find_invitation, invite, revoke
from tool.registration.platforms import TrustedPlatforms, approve

ISSUER = "https://schoology.schoology.com"
IDS = {"client_id": "8409082949", "deployment_id": "8409082949-1527876651"}


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(database, tmp_path)
    yield opened
    opened.outbound.close()


class Admin(Operator):
    """Somebody with an invitation and no account."""

    def __init__(self, desk: Desk, *, approves: bool = False) -> None:
        super().__init__(desk)
        self.secret = invite(desk.database, note="", approves=approves, valid_for=timedelta(days=1), made_by=None)
        self.page = f"/lti/invited/{self.secret}"

    def paste(self, **typed: str) -> TestResponse:
        path = f"{self.page}/schoology"
        return self.post(path, csrf=mark_of(self.get(path)), **typed)

    def name_deployment(self, deployment_id: str) -> TestResponse:
        return self.post(f"{self.page}/deployment", csrf=mark_of(self.get(self.page)), deployment_id=deployment_id)


def platforms(desk: Desk) -> list[Any]:
    with desk.database.reading() as connection:
        return list(connection.execute(select(Platform).where(Platform.issuer == ISSUER)))


def test_from_the_form_to_what_is_still_missing(desk: Desk) -> None:
    admin = Admin(desk)
    assert "Schoology" in words(admin.open(admin.page))
    form = admin.open(f"{admin.page}/schoology")
    assert "Use Unique Lineitem Identifiers" in form
    assert "https://tool.example/.well-known/jwks.json" in form

    assert admin.paste(client_id=IDS["client_id"]).status_code == 303

    (row,) = platforms(desk)
    assert row.approved_at is None
    assert TrustedPlatforms(desk.database).known(ISSUER, IDS["client_id"]) is None
    missing = words(admin.open(admin.page))
    for text in ("Not approved yet", "No deployment id yet", "No launch seen yet", "No score sent yet"):
        assert text in missing

    assert admin.name_deployment(" 1527876651").status_code == 400
    assert admin.name_deployment(f" {IDS['deployment_id']}\n").status_code == 303
    assert "1 deployment is known" in words(admin.open(admin.page))


def test_an_invitation_that_approves_is_trusted_at_once(desk: Desk) -> None:
    admin = Admin(desk, approves=True)
    admin.paste(**IDS)

    known = TrustedPlatforms(desk.database).known(ISSUER, IDS["client_id"])
    assert known is not None
    assert set(known.customers) == {IDS["deployment_id"]}


def test_it_is_good_once(desk: Desk) -> None:
    admin = Admin(desk)
    admin.paste(**IDS)
    second = admin.get(f"{admin.page}/moodle")
    assert (second.status_code, second.location) == (303, admin.page)

    before = count_rows(desk.database)
    mark = mark_of(admin.get(admin.page))
    again = admin.post(f"{admin.page}/moodle", csrf=mark, site="https://moodle.example", client_id="x7")

    assert again.status_code == 400
    assert "cannot be used any more" in again.text
    assert count_rows(desk.database) == before


def test_a_slip_uses_nothing_up(desk: Desk) -> None:
    admin = Admin(desk)
    before = count_rows(desk.database)
    refused = admin.paste(client_id=IDS["client_id"], deployment_id="1527876651", name="<b>Our school</b>")

    assert refused.status_code == 400
    assert "begins with the client id and a hyphen" in refused.text
    assert 'value="1527876651"' in refused.text, "what was typed is still there"
    assert "<b>Our school" not in refused.text
    assert count_rows(desk.database) == before
    assert admin.paste(**IDS).status_code == 303


def test_a_client_id_that_is_known_gives_the_invitation_back(desk: Desk) -> None:
    Admin(desk).paste(**IDS)
    other = Admin(desk)
    refused = other.paste(**IDS)

    assert refused.status_code == 400
    assert "registered here already" in refused.text
    assert len(platforms(desk)) == 1
    assert other.paste(client_id="77").status_code == 303


def test_nobody_borrows_the_client_id_of_another_lms(desk: Desk) -> None:
    """Our signature for it would open the other one's gradebooks."""
    Admin(desk, approves=True).paste(**IDS)
    eve, before = Admin(desk, approves=True), count_rows(desk.database)
    mine = dict.fromkeys(("auth_login_url", "key_set_url"), "https://evil.example/x")
    path, token_url = f"{eve.page}/other", "https://lti-service.svc.schoology.com/lti-service/access-token"
    typed = {"issuer": "https://evil.example", "client_id": IDS["client_id"], "auth_token_url": token_url, **mine}
    refused = eve.post(path, csrf=mark_of(eve.get(path)), **typed)

    assert refused.status_code == 400
    assert "Another LMS is registered here with this client id" in refused.text
    assert count_rows(desk.database) == before


def test_after_the_approval_a_further_deployment_waits(desk: Desk) -> None:
    """The invitation did not approve, so its holder lets nobody in."""
    admin = Admin(desk)
    admin.paste(**IDS)
    (row,) = platforms(desk)
    approve(desk.database, row.id)

    assert admin.name_deployment("8409082949-2").status_code == 303
    assert admin.name_deployment("8409082949-2").status_code == 400

    with desk.database.reading() as connection:
        held = connection.execute(select(Deployment).where(Deployment.deployment_id == "8409082949-2")).one()
    assert (held.is_active, held.customer_id) == (False, None)
    assert "1 deployment waits for approval" in words(admin.open(admin.page))


def test_who_has_no_invitation_sees_nothing_and_changes_nothing(desk: Desk) -> None:
    admin, eve = Admin(desk), Operator(desk)
    with desk.database.reading() as connection:
        before = connection.execute(select(Platform)).all()
    mark = mark_of(admin.get(f"{admin.page}/schoology"))
    for page in ("/lti/invited/guessed", "/lti/invited/guessed/schoology"):
        assert eve.get(page).status_code == 404
    assert eve.post("/lti/invited/guessed/schoology", csrf=mark, **IDS).status_code == 404
    assert eve.post("/lti/invited/guessed/deployment", csrf=mark, **IDS).status_code == 404
    assert admin.get(f"{admin.page}/nonsense").status_code == 404

    path = f"{admin.page}/schoology"
    assert admin.post(path, **IDS).status_code == 403
    assert admin.post(path, {"Origin": "https://evil.example"}, csrf=mark, **IDS).status_code == 403
    other = Admin(desk)
    foreign = mark_of(other.get(f"{other.page}/schoology"))
    assert admin.post(path, csrf=foreign, **IDS).status_code == 403

    with desk.database.reading() as connection:
        found = find_invitation(connection, admin.secret)
    assert found is not None
    revoke(desk.database, found.id)
    assert admin.post(path, csrf=mark, **IDS).status_code == 404
    with desk.database.reading() as connection:
        assert connection.execute(select(Platform)).all() == before


def test_its_address_is_told_to_nobody(desk: Desk) -> None:
    admin = Admin(desk)
    answer = admin.get(admin.page)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
