"""What machines ask: alive, ready, and numbers for those who may have them."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.engine import make_url

from tests.admin.test_overview import count_queries
from tests.desk import Desk
from tests.rows import open_copy
from tests.scripted_browser import ScriptedBrowser
from tests.stage import Stage
from tests.way import Way
from tool.admin import readiness
from tool.admin.readiness import Readiness
from tool.app import create_app
from tool.clock import now
from tool.db import Database
from tool.model.platforms import ToolKey
from tool.outbound import Outbound
from tool.parts import Parts
from tool.registration.keys import ensure_signing_key
from tool.registration.platforms import TrustedPlatforms
from tool.settings import Settings
from tool.wake import Bell

TOKEN = "only-for-those-who-watch"
HERE = "127.0.0.1"
PRODUCTION = {"environment": "production"}


@pytest.fixture(autouse=True)
def looks_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "FRESH_SECONDS", 0)


@contextmanager
def opened(desk: Desk, **settings: Any) -> Iterator[Desk]:
    """Another desk of the same installation, told otherwise."""
    other = Desk(desk.database, desk.folder, settings=settings)
    yield other
    other.outbound.close()


def ask(desk: Desk, path: str, source: str = HERE, **headers: str) -> Any:
    return desk.browser().get(path, headers=headers, environ_base={"REMOTE_ADDR": source})


@contextmanager
def app_on(database_url: str, folder: Path) -> Iterator[Any]:
    """A browser's view of an installation whose database may not be there."""
    settings = Settings(keys_dir=folder / "keys", database_url=database_url)
    database, outbound = Database(settings.database_url), Outbound(allow_loopback_http=True)
    parts = Parts(settings, database, TrustedPlatforms(database), outbound, Bell())
    yield create_app(parts).test_client()
    database.close()
    outbound.close()


@pytest.mark.parametrize(
    ("settings", "source", "headers", "status"),
    [
        ({}, HERE, {}, 200),
        ({}, "::1", {}, 200),
        ({}, "192.0.2.7", {}, 404),
        ({}, "", {}, 404),
        ({}, HERE, {"X-Forwarded-For": "192.0.2.7"}, 200),
        ({"trusted_proxies": [HERE]}, HERE, {"X-Forwarded-For": "192.0.2.7"}, 404),
        ({"metrics_token": TOKEN}, HERE, {}, 404),
        ({"metrics_token": TOKEN}, HERE, {"Authorization": f"Bearer {TOKEN}x"}, 404),
        ({"metrics_token": TOKEN}, HERE, {"Authorization": f"Basic {TOKEN}"}, 404),
        ({"metrics_token": TOKEN}, "192.0.2.7", {"Authorization": f"Bearer {TOKEN}"}, 200),
        (PRODUCTION, HERE, {}, 404),
        (PRODUCTION | {"metrics_token": TOKEN}, "192.0.2.7", {"Authorization": f"Bearer {TOKEN}"}, 200),
    ],
)
def test_numbers_are_for_those_who_may_have_them(
    counter: Desk, settings: dict[str, Any], source: str, headers: dict[str, str], status: int
) -> None:
    with opened(counter, **settings) as desk:
        answer = ask(desk, "/metrics", source, **headers)

    assert answer.status_code == status
    assert ("passback_senders_alive" in answer.text) is (status == 200)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_real_server_passes_on_what_its_proxy_says(own_stage: Stage) -> None:
    """It would take away every such header by itself."""
    own_stage.stop()
    own_stage.start_tool(environment={"PASSBACK_TRUSTED_PROXIES": '["127.0.0.1"]'})
    browser, numbers = ScriptedBrowser(), f"{own_stage.tool_url}/metrics"

    assert browser.get(numbers).status == 200
    assert browser.get(numbers, {"X-Forwarded-For": "127.0.0.1, 192.0.2.7"}).status == 404
    assert browser.get(f"{own_stage.tool_url}/readyz").status == 200


def test_the_token_of_the_numbers_is_not_shown_and_not_short() -> None:
    assert TOKEN not in repr(Settings(metrics_token=TOKEN))
    for bad in ("short", "", "with blanks, which no header takes", "ümlaut-in-the-token"):
        with pytest.raises(ValueError, match="metrics_token"):
            Settings(metrics_token=bad)
    with pytest.raises(ValueError, match="must be IP addresses"):
        Settings(trusted_proxies=["proxy.example"])


def test_numbers_when_the_database_is_away(tmp_path: Path) -> None:
    with app_on(f"sqlite:///{tmp_path}/nowhere/x.db", tmp_path) as browser:
        answer = browser.get("/metrics")

    assert (answer.status_code, answer.mimetype) == (503, "text/plain")
    assert str(tmp_path) not in answer.text


def test_a_process_with_everything_is_ready(desk: Desk) -> None:
    ensure_signing_key(desk.database, desk.parts.settings)
    answer = ask(desk, "/readyz", "192.0.2.7")

    assert answer.status_code == 200
    assert answer.get_json() == {
        "ready": True,
        "checks": {"database": "ok", "migrations": "ok", "signing_key": "ok"},
    }


def test_without_a_key_it_is_not_ready(desk: Desk) -> None:
    assert ask(desk, "/readyz").get_json()["checks"]["signing_key"] == "none was made yet"

    key = ensure_signing_key(desk.database, desk.parts.settings)
    (desk.parts.settings.keys_dir / f"{key.kid}.pem").unlink()
    answer = ask(desk, "/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["checks"]["signing_key"] == "its private part is not on this machine"

    with desk.database.writing() as connection:
        connection.execute(update(ToolKey).values(retired_at=now()))
    assert ask(desk, "/readyz").get_json()["checks"]["signing_key"] == "none was made yet"


def test_tables_of_another_version_are_named(migrated_sqlite: Path, tmp_path: Path) -> None:
    database = open_copy(migrated_sqlite, tmp_path / "old.db")
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    database.close()
    with app_on(f"sqlite:///{tmp_path}/old.db", tmp_path) as browser:
        answer = browser.get("/readyz")

    assert answer.status_code == 503
    assert "passback db upgrade" in answer.get_json()["checks"]["migrations"]


def test_while_postgresql_is_away_it_lives_and_is_not_ready(
    migrated_postgres: Database, postgres_url: str, tmp_path: Path
) -> None:
    server = make_url(postgres_url)
    way = Way((server.host or HERE, server.port or 5432))
    through = server.set(host=HERE, port=way.port).render_as_string(hide_password=False)
    with app_on(through, tmp_path) as browser:
        ensure_signing_key(migrated_postgres, Settings(keys_dir=tmp_path / "keys"))
        assert browser.get("/readyz").status_code == 200
        way.cut()
        answer = browser.get("/readyz")
        assert (answer.status_code, list(answer.get_json()["checks"])) == (503, ["database"])
        assert "127.0.0.1" not in answer.text
        assert browser.get("/healthz").status_code == 200
        way.mend()
        assert browser.get("/readyz").status_code == 200
    way.close()
    with migrated_postgres.writing() as connection:
        connection.execute(delete(ToolKey))


def test_a_database_that_never_answers_holds_nobody_up(tmp_path: Path) -> None:
    """It takes the connection and says nothing: asked five times at once, and once more."""
    with socket.create_server((HERE, 0)) as silent:
        url = f"postgresql://postgres@{HERE}:{silent.getsockname()[1]}/nothing?connect_timeout=20"
        database = Database(Settings(database_url=url).database_url)
        slow = Readiness(database, Settings(keys_dir=tmp_path / "keys"))
        found: list[dict[str, str]] = []
        askers = [threading.Thread(target=lambda: found.append(slow.look())) for _ in range(5)]
        begun = time.monotonic()
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join(15)
        took_seconds = time.monotonic() - begun

    assert found == [{"database": "does not answer"}] * 5
    assert took_seconds < 10
    assert sum(thread.name == "readiness" for thread in threading.enumerate()) <= 1
    database.close()


def test_asking_often_looks_seldom(counter: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "FRESH_SECONDS", 60)
    assert ask(counter, "/readyz").status_code == 503
    asked = count_queries(counter.database, lambda: ask(counter, "/readyz"))
    ensure_signing_key(counter.database, counter.parts.settings)

    assert asked == 0
    assert ask(counter, "/readyz").status_code == 503
    monkeypatch.setattr(readiness, "FRESH_SECONDS", 0)
    assert ask(counter, "/readyz").status_code == 200


def test_being_alive_asks_no_database(tmp_path: Path) -> None:
    with app_on(f"sqlite:///{tmp_path}/nowhere/x.db", tmp_path) as browser:
        answer = browser.get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert not (tmp_path / "nowhere").exists()


def test_an_operators_page_without_a_database_says_so(tmp_path: Path) -> None:
    with app_on(f"sqlite:///{tmp_path}/nowhere/x.db", tmp_path) as browser:
        browser.set_cookie("passback-operator", "anything", domain="localhost")
        answer = browser.get("/admin", base_url="http://localhost:8000")

    assert answer.status_code == 503
    assert "cannot reach its database" in answer.text
