"""The tool's own keys: made once, readable by their owner only, and missed loudly."""

import fcntl
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.rows import count_rows
from tool.db import Database
from tool.errors import BadInput
from tool.lti.tool_keys import make_private_pem
from tool.registration.keys import SECRET_FILE, ensure_secret, ensure_signing_key, read_published_keys
from tool.settings import Settings

# What lies in files needs no second database, and each key takes its time.
on_one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(keys_dir=tmp_path / "keys")


@on_one_database
def test_keys_are_made_for_their_owner_only(database: Database, settings: Settings) -> None:
    key = ensure_signing_key(database, settings)
    ensure_secret(settings.keys_dir)

    assert mode(settings.keys_dir) == 0o700
    assert {path.name: mode(path) for path in settings.keys_dir.iterdir()} == {
        f"{key.kid}.pem": 0o600,
        SECRET_FILE: 0o600,
    }


def test_the_next_start_finds_the_same(database: Database, settings: Settings) -> None:
    first, secret = ensure_signing_key(database, settings), ensure_secret(settings.keys_dir)

    assert ensure_signing_key(database, settings).kid == first.kid
    assert ensure_secret(settings.keys_dir) == secret
    assert len(secret) >= 32


@on_one_database
def test_a_machine_without_the_private_key_refuses_to_start(database: Database, settings: Settings) -> None:
    key = ensure_signing_key(database, settings)
    (settings.keys_dir / f"{key.kid}.pem").unlink()

    with pytest.raises(BadInput, match="not on this machine") as refusal:
        ensure_signing_key(database, settings)

    assert key.kid in refusal.value.message
    assert count_rows(database)["tool_keys"] == 1, "no second key is made behind everybody's back"


@on_one_database
def test_another_key_under_its_name_is_noticed(database: Database, settings: Settings) -> None:
    """The LMS would refuse every signature, and nobody would know why."""
    key = ensure_signing_key(database, settings)
    (settings.keys_dir / f"{key.kid}.pem").write_bytes(make_private_pem(None))

    with pytest.raises(BadInput, match="another key"):
        ensure_signing_key(database, settings)


@on_one_database
@pytest.mark.parametrize("passphrase", [None, "wrong"])
def test_an_encrypted_key_opens_with_its_passphrase_only(
    database: Database, settings: Settings, passphrase: str | None
) -> None:
    locked = settings.model_copy(update={"key_passphrase": "open sesame"})
    key = ensure_signing_key(database, locked)
    content = (settings.keys_dir / f"{key.kid}.pem").read_text()
    assert "BEGIN ENCRYPTED PRIVATE KEY" in content
    assert ensure_signing_key(database, locked).kid == key.kid

    with pytest.raises(BadInput, match=r"cannot be opened .*|PASSBACK_KEY_PASSPHRASE") as refusal:
        ensure_signing_key(database, settings.model_copy(update={"key_passphrase": passphrase}))
    assert "PASSBACK_KEY_PASSPHRASE" in refusal.value.hint
    assert "open sesame" not in refusal.value.message + refusal.value.hint


def test_machines_that_start_together_agree_on_one_key(database: Database, settings: Settings) -> None:
    with ThreadPoolExecutor(3) as machines:
        made = list(machines.map(lambda _: ensure_signing_key(database, settings).kid, range(3)))

    assert len(set(made)) == 1
    assert len(read_published_keys(database)) == 1


def test_processes_that_start_together_agree_on_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as processes:
        made = set(processes.map(lambda _: ensure_secret(tmp_path), range(8)))

    assert len(made) == 1


def test_who_comes_while_the_secret_is_being_made_waits_for_it(tmp_path: Path) -> None:
    with (tmp_path / SECRET_FILE).open("wb") as file, ThreadPoolExecutor(1) as processes:
        fcntl.flock(file, fcntl.LOCK_EX)
        second = processes.submit(ensure_secret, tmp_path)
        threading.Event().wait(0.1)
        file.write(b"made-by-the-first-process-" * 2)
        file.flush()
        fcntl.flock(file, fcntl.LOCK_UN)

        assert second.result(timeout=5) == "made-by-the-first-process-" * 2


@pytest.mark.parametrize("content", [b"short", "schlüssel".encode("latin-1") * 9])
def test_a_broken_secret_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / SECRET_FILE).write_bytes(content)

    with pytest.raises(BadInput, match="delete it") as refusal:
        ensure_secret(tmp_path)
    assert "short" not in refusal.value.message.replace("too short", "")


@on_one_database
def test_a_keys_dir_that_is_no_folder_is_refused(database: Database, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file")

    with pytest.raises(BadInput, match="keys_dir"):
        ensure_signing_key(database, Settings(keys_dir=tmp_path / "keys"))
    with pytest.raises(BadInput, match="keys_dir"):
        ensure_secret(tmp_path / "keys")
    assert count_rows(database)["tool_keys"] == 0


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
