"""Grace looks after the platforms: adds one, approves one, changes what may be changed."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.cast import BEN
from tests.desk import Desk
from tests.operators import Operator, words
from tests.rows import CLIENT, DEPLOYMENT, ISSUER, arrive, count_rows, ended, entry, make_assignment, wish_for
from tool.model.platforms import Deployment, Platform
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.settling import settle
from tool.registration.deployments import meet_deployment
from tool.registration.new_platforms import NewPlatform
from tool.registration.platforms import KnownPlatform, TrustedPlatforms, add_platforms, take_in

LIST = "/admin/platforms"
CANVAS = NewPlatform(
    client_id="10000000000001",
    auth_login_url="https://sso.canvaslms.com/api/lti/authorize_redirect",
    auth_token_url="https://sso.canvaslms.com/login/oauth2/token",
    key_set_url="https://sso.canvaslms.com/api/lti/security/jwks",
    name="Canvas of Springfield",
)
CANVAS_ISSUER = "https://canvas.instructure.com"
NEW = "42:8865aa05b4b79b64a91a86042e43af5ea8ae79eb"


@pytest.fixture
def canvas(desk: Desk) -> int:
    """Registered by an invitation, and waiting."""
    granted: dict[str, object] = {"scopes": ["https://purl.imsglobal.org/spec/lti-ags/scope/score"]}
    return take_in(desk.database, CANVAS_ISSUER, CANVAS, is_approved=False, granted=granted)


@pytest.fixture
def paper(desk: Desk) -> KnownPlatform:
    """The paper LMS, which stands in config.json."""
    known = TrustedPlatforms(desk.database).known(ISSUER, CLIENT)
    assert known is not None
    return known


def page_of(platform_id: int) -> str:
    return f"{LIST}/{platform_id}"


def row(desk: Desk, platform_id: int) -> Any:
    with desk.database.reading() as connection:
        return connection.execute(select(Platform).where(Platform.id == platform_id)).one()


def press(grace: Operator, platform_id: int, word: str, **fields: str) -> TestResponse:
    return grace.press(page_of(platform_id), do=word, **fields)


def press_deployment(grace: Operator, platform_id: int, word: str, deployment_id: str, **fields: str) -> TestResponse:
    return grace.press(f"{page_of(platform_id)}/deployments", do=word, deployment_id=deployment_id, **fields)


class TestList:
    def test_each_platform_with_its_state(self, desk: Desk, grace: Operator, canvas: int, paper: KnownPlatform) -> None:
        older = replace(CANVAS, name="Old", client_id="10000000000007")
        off = take_in(desk.database, "https://old.example", older, is_approved=True)
        newer = replace(CANVAS, name="New", client_id="10000000000008")
        take_in(desk.database, "https://new.example", newer, is_approved=True)
        press(grace, off, "off")
        page = grace.open(LIST)

        assert words(page).index("Canvas of Springfield") < words(page).index("New"), "what waits stands first"
        assert f'data-platform="{canvas}" data-word="pending"' in page
        assert f'data-platform="{off}" data-word="off"' in page
        assert f'data-platform="{paper.id}" data-word="file"' in page
        assert page.count('data-word="active"') == 1
        assert "Platforms 1" in words(page), "one waits"


class TestAdding:
    def test_a_canvas_by_its_two_ids(self, desk: Desk, grace: Operator) -> None:
        assert "Brightspace" in words(grace.open(f"{LIST}/new"))
        form = grace.open(f"{LIST}/new/canvas")
        assert "https://tool.example/lti/canvas.json" in form
        added = grace.press(f"{LIST}/new/canvas", client_id=f" {CANVAS.client_id} ", deployment_id=f"{NEW}\n")

        assert added.status_code == 303
        known = TrustedPlatforms(desk.database).known(CANVAS_ISSUER, CANVAS.client_id)
        assert known is not None
        assert set(known.customers) == {NEW}
        page = words(grace.open(added.location))
        assert "1 deployment is known" in page
        assert "No launch seen yet" in page

    def test_a_slip_stores_nothing_and_loses_nothing(self, desk: Desk, grace: Operator) -> None:
        before = count_rows(desk.database)
        refused = grace.press(f"{LIST}/new/canvas", client_id="123", name='"><i>Springfield')

        assert refused.status_code == 400
        assert "not Canvas’s long number" in refused.text
        assert 'value="123"' in refused.text
        assert "<i>Springfield" not in refused.text
        assert count_rows(desk.database) == before

    def test_what_is_known_already_is_said(self, grace: Operator, canvas: int) -> None:
        refused = grace.press(f"{LIST}/new/canvas", client_id=CANVAS.client_id)
        assert (refused.status_code, canvas > 0) == (400, True)
        assert "registered here already" in refused.text

    def test_nonsense_is_not_found(self, grace: Operator) -> None:
        assert grace.get(f"{LIST}/new/nonsense").status_code == 404
        for platform_id in (4711, 10**12):
            assert grace.get(page_of(platform_id)).status_code == 404
            assert press(grace, platform_id, "off").status_code == 404


class TestOnePlatform:
    def test_it_is_looked_at_and_approved(self, desk: Desk, grace: Operator, canvas: int) -> None:
        page = grace.open(page_of(canvas))
        assert "Waits for approval" in words(page)
        assert CANVAS.auth_token_url in page
        assert "Granted scopes" in page
        assert desk.parts.platforms.known(CANVAS_ISSUER, CANVAS.client_id) is None

        assert press(grace, canvas, "approve").status_code == 303
        assert desk.parts.platforms.known(CANVAS_ISSUER, CANVAS.client_id) is not None
        assert "Waits for approval" not in words(grace.open(page_of(canvas)))

    def test_name_product_and_rule_are_changed(self, desk: Desk, grace: Operator, canvas: int) -> None:
        press(grace, canvas, "name", name="  Canvas <of> Shelbyville ")
        press(grace, canvas, "family", family="moodle")
        press(grace, canvas, "rule", rule="accept")

        changed = row(desk, canvas)
        assert (changed.name, changed.family, changed.new_deployments) == (
            "Canvas <of> Shelbyville",
            "moodle",
            "accept",
        )
        assert "Canvas &lt;of&gt; Shelbyville" in grace.open(page_of(canvas))

    @pytest.mark.parametrize(
        ("word", "fields"),
        [
            ("name", {"name": ""}),
            ("name", {"name": "x" * 201}),
            ("name", {"name": "a\0b"}),
            ("family", {"family": "invented"}),
            ("rule", {"rule": "whatever"}),
            ("nonsense", {}),
            ("confirm_host", {"host": "evil.example"}),
        ],
    )
    def test_nonsense_changes_nothing(
        self, desk: Desk, grace: Operator, canvas: int, word: str, fields: dict[str, str]
    ) -> None:
        before = row(desk, canvas)
        assert press(grace, canvas, word, **fields).status_code == 400
        assert row(desk, canvas) == before

    def test_switched_off_and_on_again(self, desk: Desk, grace: Operator, canvas: int) -> None:
        press(grace, canvas, "approve")
        press(grace, canvas, "off")
        assert desk.parts.platforms.known(CANVAS_ISSUER, CANVAS.client_id) is None
        assert "It is switched off" in words(grace.open(page_of(canvas)))
        press(grace, canvas, "on")
        assert desk.parts.platforms.known(CANVAS_ISSUER, CANVAS.client_id) is not None

    def test_one_of_the_file_is_read_only(self, desk: Desk, grace: Operator, paper: KnownPlatform) -> None:
        meet_deployment(desk.database, paper.id, NEW)
        page = grace.open(page_of(paper.id))
        assert "stands in config.json" in words(page)
        assert 'value="rule"' not in page
        assert "add it to deployment_ids in config.json" in words(page)
        before = row(desk, paper.id)

        for word, fields in (("off", {}), ("name", {"name": "Mine"}), ("rule", {"rule": "accept"})):
            assert press(grace, paper.id, word, **fields).status_code == 400
        assert press_deployment(grace, paper.id, "admit", NEW).status_code == 400
        assert row(desk, paper.id) == before


class TestDeployments:
    def test_a_held_one_is_approved_refused_or_joined(self, desk: Desk, grace: Operator) -> None:
        add_platforms(desk.database, {ISSUER: (entry(),)}, of_file={})
        known = TrustedPlatforms(desk.database).known(ISSUER, CLIENT)
        assert known is not None
        arrive(desk.database, known, BEN)
        for name in ("one", "two", "three"):
            assert meet_deployment(desk.database, known.id, name) == "held"
        page = grace.open(page_of(known.id))
        assert page.count('data-word="held"') == 3
        assert f"those of customer {known.customers[DEPLOYMENT]} ({DEPLOYMENT})" in page
        assert "Platforms 3" in words(page)

        assert press_deployment(grace, known.id, "admit", "one").status_code == 303
        joined = press_deployment(grace, known.id, "admit", "two", joins=str(known.customers[DEPLOYMENT]))
        assert joined.status_code == 303
        assert press_deployment(grace, known.id, "refuse", "three").status_code == 303

        customers = TrustedPlatforms(desk.database).by_id(known.id)
        assert customers is not None
        assert customers.customers["two"] == customers.customers[DEPLOYMENT] != customers.customers["one"]
        assert "three" not in customers.customers
        assert desk.parts.platforms.by_id(known.id) == customers, "this process knows at once"

    def test_one_by_hand(self, desk: Desk, grace: Operator, canvas: int) -> None:
        for slip in ("", "12", "x" * 300, "\0"):
            assert press_deployment(grace, canvas, "add", slip).status_code == 400
        assert press_deployment(grace, canvas, "add", f" {NEW} ").status_code == 303
        assert press_deployment(grace, canvas, "add", NEW).status_code == 400
        assert press_deployment(grace, canvas, "admit", "unheard of").status_code == 400
        assert press_deployment(grace, canvas, "admit", NEW, joins="x").status_code == 400
        assert press_deployment(grace, canvas, "admit", NEW, joins="4711").status_code == 400

        with desk.database.reading() as connection:
            rows = connection.execute(select(Deployment).where(Deployment.platform_id == canvas)).all()
        assert [(one.deployment_id, one.is_active) for one in rows] == [(NEW, True)]

    def test_what_is_missing_goes_away_step_by_step(self, desk: Desk, grace: Operator, paper: KnownPlatform) -> None:
        make_assignment(desk.database)
        assert "No launch seen yet" in words(grace.open(page_of(paper.id)))
        place = arrive(desk.database, paper, BEN)
        page = words(grace.open(page_of(paper.id)))
        assert "Opened from the LMS" in page
        assert "No score sent yet" in page

        wish_for(desk.database, paper, place)
        settle(desk.database, [ended(one) for one in claim(desk.database, paper.id, holder="sender", limit=9)])
        assert 'data-done="yes"' in grace.open(page_of(paper.id))
