"""The README is complete: every setting, every command, every room."""

from pathlib import Path

import click
import pytest

from tests.stage import ROOT
from tool.cli import main
from tool.settings import Settings

README = (ROOT / "README.md").read_text()


def commands(group: click.Group, prefix: str = "") -> list[str]:
    found: list[str] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            found += commands(command, f"{prefix}{name} ")
        else:
            found.append(f"{prefix}{name}")
    return found


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_told(name: str) -> None:
    assert f"`{name}`" in README


@pytest.mark.parametrize("command", commands(main))
def test_every_command_is_told(command: str) -> None:
    assert command in README.replace("`, `platform", "`, `passback platform")


@pytest.mark.parametrize(
    "room", sorted(one.name for one in Path(ROOT / "tool").iterdir() if (one / "__init__.py").exists())
)
def test_every_room_is_on_the_map(room: str) -> None:
    assert f"tool/{room}/" in README
