"""Testing the connection: each step, as it is good, worth a look, and broken; told with what mends it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from tests.cast import BEN
from tests.lti.paper_lms import public_entry, rsa_key
from tests.lti.rough_server import Behaviour, hang, reply, reset
from tests.registration.wired import EVERY_SCOPE, LOGIN, OWN_KEYS, Wired, answer, dated, framing, granting
from tests.rows import CLIENT, DEPLOYMENT, arrive, make_assignment, open_copy, passback_of, wish_for
from tool.clock import now
from tool.lti.vocabulary import SCOPE_MEMBERSHIPS, SCOPE_RESULT_READ, SCOPE_SCORE
from tool.model.delivering import Lane
from tool.model.passbacks import Passback
from tool.model.platforms import Deployment, KeptKeySet, Platform
from tool.registration.checks.steps import NAMES
from tool.settings import Settings

PAGE = reply(200, "<!doctype html><title>Sign in</title>", {"Content-Type": "text/html"})


@pytest.fixture
def wired(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Wired]:
    database = open_copy(migrated_sqlite, tmp_path / "wired.db")
    both = Wired(database, tmp_path)
    yield both
    both.stop()
    database.close()


def change(wired: Wired, **values: Any) -> None:
    with wired.database.writing() as connection:
        connection.execute(update(Platform).values(**values))


def test_everything_is_in_order(wired: Wired) -> None:
    """On this machine, so our address, the LMS's and the environment are worth a look, and nothing is broken."""
    make_assignment(wired.database)
    wired.launch()

    steps = wired.check()

    assert list(steps) == list(NAMES)
    states = {key: step.state for key, step in steps.items()}
    assert {key for key, state in states.items() if state == "look"} == {"addresses", "base_url", "environment"}
    assert {key for key, state in states.items() if state == "unknown"} == {"last_score"}
    assert "bad" not in states.values()
    assert all(step.remedy for step in steps.values() if step.state in ("look", "bad"))


def test_nothing_is_sent_that_changes_the_lms(wired: Wired) -> None:
    wired.launch()
    wired.check()

    assert {one.method for one in wired.lms.received if one.path != "/token"} == {"GET"}


def test_names_and_tokens_stay_out(wired: Wired) -> None:
    """The LMS may even say the token back."""
    make_assignment(wired.database)
    wired.launch()
    wired.lms.on("/columns", reply(500, "Bearer a-token-nobody-sees of Ben Carter"))
    told = str(list(wired.check().values()))

    assert "2 members can be read" in told
    for secret in ("a-token-nobody-sees", "Secret", "Ben Carter", "eyJ"):
        assert secret not in told


class TestRegistration:
    def test_one_that_waits_for_approval(self, wired: Wired) -> None:
        change(wired, approved_at=None)
        assert "approve" in (wired.step("registration", "look").remedy or "")

    def test_one_that_is_switched_off(self, wired: Wired) -> None:
        change(wired, is_active=False)
        steps = wired.check()
        assert steps["registration"].state == "bad"
        assert steps["frame"].state == "unknown"


class TestAddresses:
    @pytest.mark.parametrize(
        "url", ["http://lms.school.example/token", "https://10.0.0.5/token", "https://127.0.0.1.nip:22\\@x/token"]
    )
    def test_no_address_to_connect_to(self, wired: Wired, url: str) -> None:
        change(wired, auth_token_url=url)
        assert url in wired.step("addresses", "bad").text

    def test_public_ones(self, wired: Wired) -> None:
        urls = ("auth_login_url", "auth_token_url", "key_set_url")
        change(wired, **dict.fromkeys(urls, "https://lms.example.invalid/x"))
        steps = wired.check()
        assert steps["addresses"].state == "good"
        assert steps["key_set"].state == "bad", "a name that leads nowhere"

    def test_this_machine_in_production(self, wired: Wired) -> None:
        wired.settings = Settings(
            base_url="https://x.invalid", keys_dir=wired.folder / "keys", environment="production"
        )
        steps = wired.check()
        assert steps["addresses"].state == "bad"
        assert steps["environment"].state == "good"
        assert wired.lms.received == [], "nothing was asked there"


class TestKeySet:
    def test_its_keys_and_the_age_of_the_copy_are_told(self, wired: Wired) -> None:
        kept = {"platform_id": wired.platform.id, "key_set": {"keys": []}, "fetched_at": now() - timedelta(hours=3)}
        with wired.database.writing() as connection:
            connection.execute(insert(KeptKeySet).values(**kept))
        text = wired.step("key_set", "good").text
        assert "1 RSA key: lms-key." in text
        assert "3 hours ago" in text

    @pytest.mark.parametrize(
        ("met", "told"),
        [
            (PAGE, "A page came"),
            (reply(200, "nonsense"), "not JSON"),
            (answer({"keys": []}), "no key that can be used"),
            (answer({"keys": [public_entry("small", rsa_key("small", 1024))]}), "2048 bits"),
            (answer({"keys": [{"kty": "EC", "kid": "curve", "crv": "P-256"}]}), "RSA"),
            (reply(404), "status 404"),
            (reply(301, "", {"Location": "/elsewhere"}), "sends on"),
            (reset, "could not be reached"),
        ],
    )
    def test_what_is_no_key_set(self, wired: Wired, met: Behaviour, told: str) -> None:
        wired.lms.on("/keys", met)
        step = wired.step("key_set", "bad")
        assert told in step.text
        assert f"{wired.lms.url}/keys" in step.text
        assert step.remedy

    def test_keys_that_are_written_down_are_not_renewed(self, wired: Wired) -> None:
        wired.register(key_set={"keys": [public_entry("written")]}, key_set_url=None)
        assert "written" in wired.step("key_set", "look").text
        assert "/keys" not in {one.path for one in wired.lms.received}

    def test_a_registration_without_any(self, wired: Wired) -> None:
        change(wired, key_set_url=None)
        wired.step("key_set", "bad")


class TestClock:
    @pytest.mark.parametrize(
        ("ahead_seconds", "state"), [(0, "good"), (-28, "good"), (40, "look"), (-40, "look"), (80, "bad"), (-80, "bad")]
    )
    def test_how_far_the_clocks_differ(self, wired: Wired, ahead_seconds: float, state: str) -> None:
        wired.lms.on("/token", granting(*EVERY_SCOPE, ahead_seconds=ahead_seconds))
        step = wired.step("clock", state)
        word = "ahead" if ahead_seconds > 0 else "behind"
        assert state == "good" or (word in step.text and "NTP" in (step.remedy or ""))

    def test_a_cache_tells_how_old_its_answer_is(self, wired: Wired) -> None:
        """Where only the key set answers, and comes from a cache."""
        wired.lms.on("/keys", dated({"keys": [public_entry("lms-key")]}, -500, Age="500"))
        wired.lms.on("/token", reply(500))
        wired.step("clock", "good")

    def test_an_lms_that_tells_no_time(self, wired: Wired) -> None:
        wired.lms.on("/token", answer({"access_token": "x"}))
        wired.step("clock", "unknown")


class TestTokens:
    def test_each_permission_by_itself(self, wired: Wired) -> None:
        wired.lms.on("/token", granting(SCOPE_SCORE, SCOPE_MEMBERSHIPS))
        steps = wired.check()
        assert [steps[f"token.{name}"].state for name in ("score", "lineitem", "result", "members")] == [
            *("good", "look", "look", "good")
        ]
        assert SCOPE_RESULT_READ in (steps["token.result"].remedy or "")

    def test_without_scores_nothing_works(self, wired: Wired) -> None:
        wired.lms.on("/token", granting(*(scope for scope in EVERY_SCOPE if scope != SCOPE_SCORE)))
        step = wired.step("token.score", "bad")
        assert "No score can be sent" in step.text
        assert "developer key" in (step.remedy or ""), "it is Canvas"

    def test_a_grant_that_is_silently_smaller(self, wired: Wired) -> None:
        """Moodle gives what it can, and says so only in its answer."""
        wired.lms.on("/token", answer({"access_token": "x", "scope": SCOPE_SCORE}))
        steps = wired.check()
        assert (steps["token.score"].state, steps["token.members"].state) == ("good", "look")

    @pytest.mark.parametrize(
        ("met", "told"),
        [
            (
                answer({"error": "invalid_client", "error_description": "Unknown key eyJa.eyJb.c"}, 401),
                "invalid_client",
            ),
            (answer({"error": "Cannot handle token with iat prior to 2026"}, 400), "time of Passback's request"),
            (PAGE, "cannot be read"),
            (reply(503), "error of its own"),
            (reply(429), "asked for a pause"),
        ],
    )
    def test_what_refuses_one_refuses_all(self, wired: Wired, met: Behaviour, told: str) -> None:
        wired.lms.on("/token", met)
        wired.launch()
        steps = wired.check()
        assert steps["token.score"].state == "bad"
        assert told in steps["token.score"].text
        assert "eyJ" not in steps["token.score"].text
        rest = ("token.lineitem", "token.result", "token.members", "course.line_items", "course.members")
        assert {steps[key].state for key in rest} == {"unknown"}
        assert len(wired.lms.requests_for("/token")) == 1

    def test_a_refused_key_names_what_to_compare(self, wired: Wired) -> None:
        wired.lms.on("/token", answer({"error": "invalid_client"}, 401))
        remedy = wired.step("token.score", "bad").remedy or ""
        assert CLIENT in remedy
        assert wired.tool.url + OWN_KEYS in remedy

    def test_a_kept_token_hides_nothing(self, wired: Wired) -> None:
        """Every test asks anew."""
        wired.check()
        assert len(wired.lms.requests_for("/token")) == len(EVERY_SCOPE)

    def test_a_machine_without_the_private_key(self, wired: Wired) -> None:
        for file in (wired.folder / "keys").glob("*.pem"):
            file.unlink()
        step = wired.step("token.score", "bad")
        assert "keys folder" in (step.remedy or "")
        assert str(wired.folder) not in step.text


class TestCourse:
    def test_counts_are_told(self, wired: Wired) -> None:
        make_assignment(wired.database)
        wired.launch()
        steps = wired.check()
        assert steps["course.line_items"].text.startswith("1 column")
        assert steps["course.members"].text.startswith("2 members")
        assert steps["course.results"].text.startswith("1 grade")

    def test_before_the_first_launch(self, wired: Wired) -> None:
        steps = wired.check()
        for key in ("course.line_items", "course.members", "course.results", "last_launch"):
            assert steps[key].state == "unknown"
        assert "Open Passback once" in (steps["last_launch"].remedy or "")

    @pytest.mark.parametrize("path", ["/columns", "/members", "/columns/7/results"])
    @pytest.mark.parametrize(
        ("met", "state"), [(reply(500), "bad"), (PAGE, "bad"), (reply(403, "{}"), "bad"), (reply(429), "look")]
    )
    def test_what_cannot_be_read(self, wired: Wired, path: str, met: Behaviour, state: str) -> None:
        make_assignment(wired.database)
        wired.launch()
        wired.lms.on(path, met)
        key = {"/columns": "line_items", "/members": "members"}.get(path, "results")
        step = wired.step(f"course.{key}", state)
        assert step.remedy

    def test_a_course_that_tells_no_addresses(self, wired: Wired) -> None:
        make_assignment(wired.database)
        wired.launch(ags=None, nrps=None)
        steps = wired.check()
        assert steps["course.line_items"].state == "bad"
        assert "Assignment and Grade Services" in (steps["course.line_items"].remedy or "")
        assert steps["course.members"].state == "look"
        assert steps["course.results"].state == "unknown"

    def test_a_link_with_a_column_of_its_own_works_without_the_list(self, wired: Wired) -> None:
        make_assignment(wired.database)
        wired.launch(ags={"lineitem": f"{wired.columns}/7", "scope": [SCOPE_SCORE]})
        steps = wired.check()
        assert steps["course.line_items"].state == "look"
        assert steps["course.results"].state == "good"

    def test_no_token_goes_to_a_host_of_somebody_else(self, wired: Wired) -> None:
        """A launch may name any address; only the hosts of the registration, and confirmed ones, are asked."""
        make_assignment(wired.database)
        elsewhere = wired.lms.url.replace("127.0.0.1", "localhost")
        wired.launch(nrps={"context_memberships_url": f"{elsewhere}/members"})
        assert "confirms it" in (wired.step("course.members", "bad").remedy or "")
        assert wired.lms.requests_for("/members") == []

    def test_what_is_not_permitted_is_not_tested(self, wired: Wired) -> None:
        make_assignment(wired.database)
        wired.launch()
        wired.lms.on("/token", granting(SCOPE_SCORE))
        steps = wired.check()
        for name in ("line_items", "members", "results"):
            assert steps[f"course.{name}"].state == "unknown"
        assert {one.path.partition("?")[0] for one in wired.lms.received} == {"/keys", "/token"}

    def test_a_confirmed_host_is_asked(self, wired: Wired) -> None:
        make_assignment(wired.database)
        elsewhere = wired.lms.url.replace("127.0.0.1", "localhost")
        wired.launch(nrps={"context_memberships_url": f"{elsewhere}/members"})
        change(wired, service_hosts=["localhost"])
        wired.step("course.members", "good")


class TestOurselves:
    @pytest.mark.parametrize(
        ("met", "told"),
        [
            (PAGE, "no keys"),
            (reply(302, "", {"Location": "/sign-in"}), "status 302"),
            (answer({"keys": [public_entry("of-another-one")]}), "other keys"),
            (reset, "could not be reached"),
        ],
    )
    def test_our_keys_do_not_come_through(self, wired: Wired, met: Behaviour, told: str) -> None:
        wired.tool.on(OWN_KEYS, met)
        step = wired.step("own_keys", "bad")
        assert told in step.text
        assert step.remedy

    @pytest.mark.parametrize("base_url", ["https://passback.invalid", "https://10.0.0.5"])
    def test_what_cannot_be_seen_from_here_is_told_to_the_admin(self, wired: Wired, base_url: str) -> None:
        wired.settings = Settings(base_url=base_url, keys_dir=wired.folder / "keys")
        steps = wired.check()
        assert steps["base_url"].state == "good"
        assert steps["own_keys"].state == "unknown"
        assert base_url + OWN_KEYS in (steps["own_keys"].remedy or "")
        assert steps["frame"].state == "unknown"

    def test_a_real_lms_cannot_reach_this_machine(self, wired: Wired) -> None:
        change(wired, auth_token_url="https://lms.example.invalid/token")
        steps = wired.check()
        assert (steps["base_url"].state, steps["own_keys"].state) == ("bad", "bad")
        assert wired.tool.requests_for(OWN_KEYS) == []

    @pytest.mark.parametrize(
        ("met", "state"),
        [
            (framing("'none'"), "bad"),
            (framing("https://other.example"), "bad"),
            (reply(200, "hello"), "bad"),
            (reset, "unknown"),
        ],
    )
    def test_pages_that_no_lms_can_show(self, wired: Wired, met: Behaviour, state: str) -> None:
        wired.tool.on(LOGIN, met)
        assert wired.step("frame", state).remedy

    def test_a_proxy_that_adds_headers(self, wired: Wired) -> None:
        wired.tool.on(LOGIN, framing(wired.lms.url, **{"X-Frame-Options": "SAMEORIGIN"}))
        assert "X-Frame-Options" in wired.step("frame", "look").text

    def test_of_two_policies_both_must_allow_it(self, wired: Wired) -> None:
        both = f"frame-ancestors {wired.lms.url}, frame-ancestors 'self'"
        wired.tool.on(LOGIN, reply(302, "", {"Content-Security-Policy": both}))
        wired.step("frame", "bad")


class TestDeployments:
    @pytest.mark.parametrize(("setting", "state"), [("refuse", "bad"), ("hold", "look"), ("accept", "look")])
    def test_none_is_known(self, wired: Wired, setting: str, state: str) -> None:
        change(wired, new_deployments=setting)
        with wired.database.writing() as connection:
            connection.execute(update(Deployment).values(is_active=False))
        wired.step("deployments", state)

    def test_one_is_known(self, wired: Wired) -> None:
        assert wired.step("deployments", "good").text == "1 deployment is known."

    def test_another_waits(self, wired: Wired) -> None:
        customer = wired.platform.customers[DEPLOYMENT]
        held = {"platform_id": wired.platform.id, "deployment_id": "2", "customer_id": customer, "created_at": now()}
        with wired.database.writing() as connection:
            connection.execute(insert(Deployment).values(**held, is_active=False, held_at=now()))
        assert "1 waits" in wired.step("deployments", "look").text


class TestHistory:
    def test_a_score_that_arrived(self, wired: Wired) -> None:
        make_assignment(wired.database)
        place = arrive(wired.database, wired.platform, BEN)
        wish_for(wired.database, wired.platform, place)
        with wired.database.writing() as connection:
            connection.execute(update(Passback).values(confirmed_at=now() - timedelta(days=2)))
        assert passback_of(wired.database, place).confirmed_at
        assert "2 days ago" in wired.step("last_score", "good").text

    def test_an_lms_that_stopped_answering(self, wired: Wired) -> None:
        lane = {"platform_id": wired.platform.id, "most_in_flight": 4, "failures": 5}
        with wired.database.writing() as connection:
            connection.execute(insert(Lane).values(**lane, broken_at=now() - timedelta(minutes=5)))
        assert "5 minutes ago" in wired.step("last_score", "bad").text

    def test_the_course_is_named_to_operators_only(self, wired: Wired) -> None:
        make_assignment(wired.database)
        wired.launch()
        assert "Period 3 math" in wired.step("last_launch", "good").text

    def test_an_invited_admin_sees_nothing_of_our_house(self, wired: Wired) -> None:
        make_assignment(wired.database)
        wired.launch()
        steps = wired.check(invited=True)
        assert "environment" not in steps
        assert "Period 3 math" not in json.dumps([step.text for step in steps.values()])


def test_an_lms_that_hangs_holds_nobody_up(wired: Wired, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every address hangs: the test ends by its own clock, and says what it could not do."""
    monkeypatch.setattr("tool.registration.checks.asking.STEP_SECONDS", 0.6)
    monkeypatch.setattr("tool.registration.checks.asking.RUN_SECONDS", 1.0)
    for path in ("/keys", "/token"):
        wired.lms.on(path, hang)
    began_at = now()
    steps = wired.check()

    assert now() - began_at < timedelta(seconds=3)
    assert steps["key_set"].state == "bad"
    assert "in time" in steps["token.score"].text
    assert steps["own_keys"].state == "unknown"
    assert "too long" in steps["frame"].text
