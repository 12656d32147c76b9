"""The page that tests the connection: Grace's, and that of an LMS admin who came by an invitation."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from tests.desk import Desk
from tests.operators import Operator, at_work, mark_of, words
from tests.registration.wired import Wired, answer
from tool.clock import now
from tool.db import Database
from tool.model.invitations import Invitation
from tool.registration.invitations import invite


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(database, tmp_path)
    yield opened
    opened.outbound.close()


@pytest.fixture
def wired(desk: Desk, tmp_path: Path) -> Iterator[Wired]:
    both = Wired(desk.database, tmp_path)
    yield both
    both.stop()


@pytest.fixture
def grace(desk: Desk) -> Operator:
    return at_work(desk)


def registered(wired: Wired) -> str:
    """The secret of an invitation by which this platform was registered."""
    secret = invite(wired.database, note="", approves=True, valid_for=timedelta(days=1), made_by=None)
    with wired.database.writing() as connection:
        connection.execute(update(Invitation).values(used_at=now(), platform_id=wired.platform.id))
    return secret


class TestOperatorsPage:
    def test_a_button_first_and_the_steps_after_it(self, wired: Wired, grace: Operator) -> None:
        path = f"/admin/platforms/{wired.platform.id}/check"
        assert "data-step" not in grace.open(path)
        assert wired.lms.received == [], "nobody is asked before the button is pressed"

        page = grace.press(path)

        assert page.status_code == 200
        assert 'data-step="token.score" data-state="good"' in page.text
        assert 'data-step="environment"' in page.text
        assert "a-token-nobody-sees" not in page.text

    def test_what_is_broken_is_told_with_its_remedy(self, wired: Wired, grace: Operator) -> None:
        wired.lms.on("/token", answer({"error": "<b>invalid_client</b>"}, 401))

        page = grace.press(f"/admin/platforms/{wired.platform.id}/check").text

        assert 'data-step="token.score" data-state="bad"' in page
        assert "Developer Keys" in words(page)
        assert "<b>invalid_client" not in page

    def test_twice_at_once_is_told_to_wait(self, wired: Wired, grace: Operator) -> None:
        path = f"/admin/platforms/{wired.platform.id}/check"
        grace.press(path)
        asked = len(wired.lms.received)

        again = grace.press(path)

        assert again.status_code == 429
        assert 0 < int(again.headers["Retry-After"]) <= 10
        assert "was a moment ago" in again.text
        assert len(wired.lms.received) == asked

    @pytest.mark.parametrize("platform_id", [4711, 10**30])
    def test_no_such_platform(self, grace: Operator, platform_id: int) -> None:
        path = f"/admin/platforms/{platform_id}/check"
        assert grace.get(path).status_code == 404
        assert grace.press(path).status_code == 404

    def test_a_form_from_elsewhere_asks_nobody(self, wired: Wired, grace: Operator) -> None:
        assert grace.post(f"/admin/platforms/{wired.platform.id}/check", csrf="").status_code == 403
        assert wired.lms.received == []


class TestInvitedAdminsPage:
    def test_the_platform_that_the_invitation_registered(self, wired: Wired, desk: Desk) -> None:
        admin, path = Operator(desk), f"/lti/invited/{registered(wired)}/check"
        door = admin.get(path)
        assert door.status_code == 200
        assert wired.lms.received == []

        page = admin.post(path, csrf=mark_of(door))

        assert page.status_code == 200, page.text
        assert 'data-step="token.score" data-state="good"' in page.text
        assert 'data-step="environment"' not in page.text
        assert page.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")

    def test_a_form_from_elsewhere_asks_nobody(self, wired: Wired, desk: Desk) -> None:
        assert Operator(desk).post(f"/lti/invited/{registered(wired)}/check", csrf="").status_code == 403
        assert wired.lms.received == []

    def test_twice_at_once_is_told_to_wait(self, wired: Wired, desk: Desk) -> None:
        admin, path = Operator(desk), f"/lti/invited/{registered(wired)}/check"
        csrf = mark_of(admin.get(path))
        admin.post(path, csrf=csrf)
        assert admin.post(path, csrf=csrf).status_code == 429

    @pytest.mark.parametrize("state", ["unknown", "unused", "revoked"])
    def test_an_invitation_that_registered_nothing_tests_nothing(self, wired: Wired, desk: Desk, state: str) -> None:
        secret = registered(wired)
        stories: dict[str, dict[str, Any]] = {
            "unknown": {},
            "unused": {"used_at": None, "platform_id": None},
            "revoked": {"revoked_at": now()},
        }
        changes = stories[state]
        if changes:
            with wired.database.writing() as connection:
                connection.execute(update(Invitation).values(**changes))
        path = f"/lti/invited/{'someone-elses' if state == 'unknown' else secret}/check"

        assert Operator(desk).get(path).status_code == 404
        assert Operator(desk).post(path).status_code == 404
        assert wired.lms.received == []
