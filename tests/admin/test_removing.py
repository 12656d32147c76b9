"""Grace edits what an LMS is reached by, removes it or a deployment of it, and joins one that nobody used yet."""

import html
from pathlib import Path
from typing import ClassVar

import pytest
from sqlalchemy import select

from tests.cast import BEN, CLEO
from tests.command_line import CommandLine, platform_file
from tests.desk import Desk
from tests.operators import Operator, words
from tests.rows import CLIENT, DEPLOYMENT, ISSUER, arrive, count_rows, entry, hand_in, make_assignment, passback_of
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.errors import BadInput
from tool.model.platforms import Deployment, KeptToken, Platform
from tool.passback.ledger.claiming import claim, platforms_with_work
from tool.registration.deployments import add_deployment, approve_deployment
from tool.registration.new_platforms import NewPlatform
from tool.registration.platforms import KnownPlatform, TrustedPlatforms, add_platforms, take_in

SECOND = "second-deployment"
ANSWERS = {"half": "0.5", "quarter": "0.3"}


@pytest.fixture
def paper(desk: Desk) -> KnownPlatform:
    """The paper LMS, taken in for good rather than by config.json."""
    add_platforms(desk.database, {ISSUER: (entry(),)}, of_file={})
    desk.parts.platforms.forget()
    make_assignment(desk.database)
    return known(desk.database)


def known(database: Database) -> KnownPlatform:
    found = TrustedPlatforms(database).known(ISSUER, CLIENT)
    assert found is not None
    return found


@pytest.fixture
def ben(desk: Desk, paper: KnownPlatform) -> Arrival:
    """He has handed in, and his score waits."""
    place = arrive(desk.database, paper, BEN)
    hand_in(desk.database, place, ANSWERS)
    return place


def path_of(platform: KnownPlatform, word: str = "") -> str:
    return f"/admin/platforms/{platform.id}{word}"


class TestRemovingAPlatform:
    def test_waiting_scores_are_told_closed_and_never_sent(
        self, desk: Desk, grace: Operator, paper: KnownPlatform, ben: Arrival
    ) -> None:
        assert passback_of(desk.database, ben).state == "due"
        before = count_rows(desk.database)
        page = grace.open(path_of(paper, "/remove"))
        assert 'data-waiting="1"' in page
        assert passback_of(desk.database, ben).state == "due", "looking removes nothing"

        removed = grace.press(path_of(paper, "/remove"))
        assert removed.status_code == 303
        read = words(grace.open(removed.location))
        assert "closed and are not sent: 1" in read
        assert "Paper LMS" not in read
        assert grace.get(path_of(paper)).status_code == 404

        row = passback_of(desk.database, ben)
        assert (row.state, row.reason, row.earned) == ("held", "platform_off", 5)
        assert count_rows(desk.database) == before, "nothing is deleted"
        assert claim(desk.database, paper.id, holder="sender", limit=9) == []
        assert platforms_with_work(desk.database) == []

    def test_what_is_earned_afterwards_is_not_sent_either(
        self, desk: Desk, grace: Operator, paper: KnownPlatform, ben: Arrival
    ) -> None:
        cleo = arrive(desk.database, paper, CLEO)
        grace.press(path_of(paper, "/remove"))
        decision = hand_in(desk.database, cleo, ANSWERS)

        assert decision is not None
        assert (decision.kind, decision.reason) == ("hold", "platform_off")
        assert claim(desk.database, paper.id, holder="sender", limit=9) == []
        assert passback_of(desk.database, ben).version == 1

    def test_a_launch_is_refused_in_words_and_open_pages_close(
        self, desk: Desk, grace: Operator, paper: KnownPlatform
    ) -> None:
        browser, other = desk.browser(), desk.browser()
        launched = desk.launch(browser)
        assert browser.get(launched.location, base_url=desk.parts.settings.base_url).status_code == 200
        begun = desk.login(other)
        grace.press(path_of(paper, "/remove"))

        late = desk.post(other, desk.id_token(begun.location))
        refused = desk.login(desk.browser())
        for answer in (late, refused):
            assert 400 <= answer.status_code < 500
            assert "not registered" in words(answer.text) or "not known" in words(answer.text)
        closed = browser.get(launched.location, base_url=desk.parts.settings.base_url)
        assert closed.status_code in (401, 403)

    def test_it_is_not_registered_again_by_chance_but_on_purpose(
        self, desk: Desk, grace: Operator, paper: KnownPlatform, ben: Arrival
    ) -> None:
        grace.press(path_of(paper, "/remove"))
        again = NewPlatform(CLIENT, f"{ISSUER}/auth", f"{ISSUER}/token", f"{ISSUER}/keys")
        with pytest.raises(BadInput, match="was removed here"):
            take_in(desk.database, ISSUER, again, is_approved=True)

        add_platforms(desk.database, {ISSUER: (entry(),)}, of_file={})
        assert known(desk.database).customers == paper.customers
        assert "Paper LMS" in grace.open("/admin/platforms")
        assert claim(desk.database, paper.id, holder="sender", limit=9) == [], "what was closed stays closed"
        cleo = arrive(desk.database, paper, CLEO)
        hand_in(desk.database, cleo, ANSWERS)
        assert passback_of(desk.database, cleo).state == "due"
        assert passback_of(desk.database, ben).state == "held"


class TestRemovingADeployment:
    def test_its_scores_are_closed_and_its_launches_refused(
        self, desk: Desk, grace: Operator, paper: KnownPlatform, ben: Arrival
    ) -> None:
        cleo = arrive(desk.database, paper, CLEO)
        where = path_of(paper, "/deployments/remove")
        assert 'data-waiting="1"' in grace.open(f"{where}?deployment_id={DEPLOYMENT}")
        done = grace.press(where, deployment_id=DEPLOYMENT)
        page = grace.open(done.location)

        assert "closed and are not sent: 1" in words(page)
        assert f'data-deployment="{DEPLOYMENT}"' not in page
        assert passback_of(desk.database, ben).reason == "platform_off"
        assert claim(desk.database, paper.id, holder="sender", limit=9) == []
        hand_in(desk.database, cleo, ANSWERS)
        assert passback_of(desk.database, cleo).reason == "platform_off"
        assert claim(desk.database, paper.id, holder="sender", limit=9) == []
        refused = desk.launch(desk.browser())
        assert 400 <= refused.status_code < 500
        assert "deployment" in words(refused.text).lower() or "switched off" in words(refused.text)
        assert grace.press(where, deployment_id=DEPLOYMENT).status_code == 404
        with pytest.raises(BadInput):
            approve_deployment(desk.database, paper.id, DEPLOYMENT)

    def test_people_whom_another_one_shares_go_on(
        self, desk: Desk, grace: Operator, paper: KnownPlatform, ben: Arrival
    ) -> None:
        add_deployment(desk.database, paper.id, SECOND)
        approve_deployment(desk.database, paper.id, SECOND, joins=paper.customers[DEPLOYMENT])
        where = path_of(paper, "/deployments/remove")
        assert 'data-waiting="0"' in grace.open(f"{where}?deployment_id={DEPLOYMENT}")
        grace.press(where, deployment_id=DEPLOYMENT)

        assert set(known(desk.database).customers) == {SECOND}
        assert passback_of(desk.database, ben).state == "due"
        assert len(claim(desk.database, paper.id, holder="sender", limit=9)) == 1


class TestJoining:
    def test_an_active_one_joins_while_nobody_came_in(
        self, desk: Desk, grace: Operator, paper: KnownPlatform, ben: Arrival
    ) -> None:
        add_deployment(desk.database, paper.id, SECOND)
        customer = paper.customers[DEPLOYMENT]
        assert f"Join {SECOND}" in grace.open(path_of(paper))
        where = path_of(paper, "/deployments")
        assert grace.press(where, do="join", deployment_id=SECOND).status_code == 400
        assert grace.press(where, do="join", deployment_id=SECOND, joins=str(customer)).status_code == 303
        assert known(desk.database).customers[SECOND] == customer
        assert passback_of(desk.database, ben).state == "due"

    def test_one_with_people_keeps_them(self, desk: Desk, grace: Operator, paper: KnownPlatform, ben: Arrival) -> None:
        add_deployment(desk.database, paper.id, SECOND)
        other = known(desk.database).customers[SECOND]
        page = grace.open(path_of(paper))
        assert f"Join {DEPLOYMENT}" not in page
        refused = grace.press(path_of(paper, "/deployments"), do="join", deployment_id=DEPLOYMENT, joins=str(other))
        assert (refused.status_code, "it keeps them" in refused.text) == (400, True)
        assert known(desk.database).customers[DEPLOYMENT] == paper.customers[DEPLOYMENT] == customer_of(desk, ben)


def customer_of(desk: Desk, place: Arrival) -> int:
    with desk.database.reading() as connection:
        query = select(Deployment.customer_id).where(Deployment.deployment_id == DEPLOYMENT)
        assert place.placement_id
        return int(connection.execute(query).scalar_one() or 0)


class TestEditing:
    NEW: ClassVar[dict[str, str]] = {
        "client_id": "another-client",
        "auth_login_url": "https://new.example/auth",
        "auth_token_url": "https://new.example/token",
        "auth_audience": "https://new.example/audience",
        "key_set_url": "https://new.example/keys",
    }

    def test_addresses_and_client_id_are_changed(
        self, desk: Desk, grace: Operator, paper: KnownPlatform, ben: Arrival
    ) -> None:
        page = grace.open(path_of(paper, "/edit"))
        assert 'data-waiting="1"' in page
        assert f'value="{ISSUER}/token"' in html.unescape(page)
        assert grace.press(path_of(paper, "/edit"), **self.NEW).status_code == 303

        facts = desk.parts.platforms.known(ISSUER, "another-client")
        assert facts is not None
        assert {name: getattr(facts.facts, name) for name in self.NEW} == self.NEW
        assert facts.facts.key_set is None, "the keys are fetched from the new address"
        assert passback_of(desk.database, ben).state == "due"
        with desk.database.reading() as connection:
            assert connection.execute(select(KeptToken.id)).all() == []

    @pytest.mark.parametrize(
        ("name", "text"), [("auth_token_url", "ftp://x"), ("client_id", ""), ("auth_login_url", "nonsense")]
    )
    def test_a_slip_changes_nothing(
        self, desk: Desk, grace: Operator, paper: KnownPlatform, name: str, text: str
    ) -> None:
        refused = grace.press(path_of(paper, "/edit"), **(self.NEW | {name: text}))
        assert refused.status_code == 400
        assert 'aria-invalid="true"' in refused.text
        assert known(desk.database) == paper

    def test_anothers_client_id_is_refused(self, desk: Desk, grace: Operator, paper: KnownPlatform) -> None:
        add_platforms(desk.database, {ISSUER: (entry(client_id="another-client"),)}, of_file={})
        assert grace.press(path_of(paper, "/edit"), **self.NEW).status_code == 400
        assert known(desk.database).facts == paper.facts


def test_what_stands_in_the_file_is_neither_edited_nor_removed(desk: Desk, grace: Operator) -> None:
    known_one = known(desk.database)
    for word in ("/edit", "/remove", f"/deployments/remove?deployment_id={DEPLOYMENT}"):
        assert grace.get(path_of(known_one, word)).status_code == 404
        assert grace.press(path_of(known_one, word.partition("?")[0])).status_code == 404
    page = grace.open(path_of(known_one))
    assert path_of(known_one, "/remove") not in page
    assert path_of(known_one, "/check") in page


def test_further_hosts_are_told_in_words(desk: Desk, grace: Operator) -> None:
    told = NewPlatform("7", "https://a.example/a", "https://a.example/t", "https://a.example/k")
    granted: dict[str, object] = {"other_hosts": ["b.example"]}
    platform_id = take_in(desk.database, "https://a.example", told, is_approved=False, granted=granted)
    page = grace.open(f"/admin/platforms/{platform_id}")
    assert "Its keys or tokens are on another host: b.example." in words(page)
    assert "other_hosts" not in page


def test_the_command_does_the_same(tmp_path: Path, migrated_sqlite: Path) -> None:
    passback = CommandLine(tmp_path, migrated_sqlite)
    passback.run("platform", "add", passback.write("lms.json", platform_file()))
    database = Database(passback.config["database_url"])
    make_assignment(database)
    place = arrive(database, known(database), BEN)
    hand_in(database, place, ANSWERS)

    removed = passback.run("platform", "remove", CLIENT)
    assert removed.stdout == f"removed {CLIENT}; waiting scores closed: 1\n"
    assert ISSUER not in passback.run("platform", "list").stdout
    assert passback_of(database, place).reason == "platform_off"
    with database.reading() as connection:
        assert connection.execute(select(Platform.removed_at)).scalar_one() is not None
    database.close()
    assert "no platform has this name" in passback.refused("platform", "remove", CLIENT)
