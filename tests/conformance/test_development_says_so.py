"""Whoever starts an installation that lets its own machine in reads so at once: nobody runs one by oversight."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stage import ROOT


@pytest.mark.parametrize("environment", ["development", "production"])
def test_only_development_says_that_it_lets_its_own_machine_in(tmp_path: Path, environment: str) -> None:
    settings = {
        "base_url": "https://tool.example",
        "database_url": f"sqlite:///{tmp_path}/passback.db",
        "keys_dir": str(tmp_path / "keys"),
        "environment": environment,
    }
    (tmp_path / "config.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "tool", "serve", "--port", "0", "--no-sender"]
    outside = {"PASSBACK_CONFIG": str(tmp_path / "config.json"), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=outside, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as served:
        assert served.stdout is not None
        assert served.stdout.readline() == "Passback on https://tool.example\n"
        served.terminate()
        _, said = served.communicate(timeout=10)

    told = "connections to this machine itself are allowed" in said
    assert told is (environment == "development"), said
