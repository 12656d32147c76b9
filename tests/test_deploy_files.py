"""docs/deploy.md and the files beside it say what the tool really has: commands, options, settings, each other."""

import configparser
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.stage import ROOT
from tool.cli import main
from tool.settings import Settings

FOLDER = ROOT / "docs" / "deploy"
PAGE = (ROOT / "docs" / "deploy.md").read_text()
FILES = sorted(FOLDER.iterdir())
UNITS = [one for one in FILES if one.suffix in (".service", ".timer")]
# What a command line of the shell may end with; what follows is not the tool's.
ENDS = re.compile(r"\s#\s.*|[|;&>].*")


def told_commands() -> Iterator[str]:
    """Every `passback …` of the page and of the units, as arguments."""
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL):
        for line in block.splitlines():
            found = re.match(r"(?:RELEASE=\S+ )?passback (.+)", line)
            if found:
                yield ENDS.sub("", found[1]).strip()
    yield from (found for found in re.findall(r"`passback ([a-z][^`]*)`", re.sub(r"\s+", " ", PAGE)))
    for unit in UNITS:
        yield from re.findall(r"^ExecStart=\S+/bin/passback (.+)$", unit.read_text(), re.MULTILINE)


def understands(command: click.Command, arguments: list[str]) -> None:
    """Go down to the command that is meant and let it read its arguments, without running it."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        below = command.get_command(context, arguments[0]) if arguments else None
        assert below is not None, f"there is no {' '.join(arguments[:1])!r}"
        return understands(below, arguments[1:])
    with click.Context(command) as context:
        command.make_parser(context).parse_args(list(arguments))
    return None


COMMANDS = sorted(set(told_commands()))


def test_the_page_tells_commands() -> None:
    assert len(COMMANDS) > 5


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_is_told_exists_with_its_options(command: str) -> None:
    filled = [one.replace("%i", "8000") for one in shlex.split(command)]
    group = main.get_command(click.Context(main), filled[0])

    assert group is not None, f"there is no passback {filled[0]}"
    understands(group, filled[1:])


def test_a_command_with_an_option_it_has_not_would_be_found() -> None:
    serve = main.get_command(click.Context(main), "serve")

    assert serve is not None
    with pytest.raises(click.NoSuchOption):
        understands(serve, ["--sender-free"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_file_is_explained(file: Path) -> None:
    named = [file.name, file.name.replace("@", "@8000")]

    assert any(f"(deploy/{name})" in PAGE or re.search(rf"[\s']{re.escape(name)}[\s']", PAGE) for name in named)


def test_every_file_the_page_names_is_there() -> None:
    linked = re.findall(r"\(deploy/([^)]+)\)", PAGE)
    installed = re.findall(r"[\s'](passback-[\w@.-]+\.(?:service|timer)|nginx\.conf|Caddyfile)[\s')]", PAGE)

    assert linked
    assert [name for name in {*linked, *installed} if not (FOLDER / name).exists()] == []


def test_what_is_started_is_a_unit_of_ours() -> None:
    """What `systemctl` is told, and what the services are called."""
    started = re.findall(r"passback-(?:web|worker)@\w+", PAGE)

    assert {one.partition("@")[0] for one in started} == {"passback-web", "passback-worker"}
    for name in {one.partition("@")[0] for one in started}:
        assert (FOLDER / f"{name}@.service").exists()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_says_where_it_belongs(unit: Path) -> None:
    """Its first line names the place, and what it starts or reads is what the page puts there."""
    lines = unit.read_text()
    starts = [
        *re.findall(r"^ExecStart=(\S+)", lines, re.MULTILINE),
        *re.findall(r"^EnvironmentFile=(\S+)", lines, re.M),
    ]
    put = ("/opt/passback/current/.venv/bin/passback", "/usr/local/sbin/passback-backup", "/etc/passback/environment")

    assert lines.startswith(f"# /etc/systemd/system/{unit.name}")
    assert [one for one in starts if one not in put] == []


def test_the_settings_are_real_and_good() -> None:
    told = json.loads((FOLDER / "config.json").read_text())

    assert set(told) <= set(Settings.model_fields)
    assert Settings(**told).is_production


def test_the_secrets_of_the_environment_are_settings() -> None:
    names = re.findall(r"^#?(PASSBACK_\w+)=", (FOLDER / "environment").read_text(), re.MULTILINE)

    known = {f"PASSBACK_{name.upper()}" for name in Settings.model_fields} | {"PASSBACK_CONFIG"}
    assert len(names) == 3
    assert set(names) <= known
    assert set(re.findall(r"`(PASSBACK_\w+)`", PAGE)) <= known


def test_the_units_are_read_as_systemd_reads_them() -> None:
    for unit in UNITS:
        read = configparser.ConfigParser(strict=True, interpolation=None)
        read.optionxform = str  # type: ignore[assignment,method-assign]
        read.read_string(unit.read_text())
        assert read.sections()


def test_the_folder_a_service_may_write_to_holds_what_the_settings_say() -> None:
    keys = json.loads((FOLDER / "config.json").read_text())["keys_dir"]

    for unit in (FOLDER / "passback-web@.service", FOLDER / "passback-worker@.service"):
        assert "ProtectSystem=strict" in unit.read_text()
        assert "StateDirectory=passback\n" in unit.read_text()
    assert keys.startswith("/var/lib/passback/")


def test_nginx_hands_on_what_a_trusted_proxy_has_to_say() -> None:
    nginx = (FOLDER / "nginx.conf").read_text()

    # `tool.sources` believes the last address; what a browser said itself must not stand there.
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in nginx
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in nginx
    assert "proxy_set_header Host $host;" in nginx
    assert nginx.count("{") == nginx.count("}")


def test_a_place_in_nginx_takes_no_header_of_its_own() -> None:
    """One `proxy_set_header` in a location would throw away those of the server."""
    places = re.findall(r"location [^{]+\{(.*?)\}", (FOLDER / "nginx.conf").read_text(), re.DOTALL)

    assert places
    assert [place for place in places if "proxy_set_header" in place] == []


def test_caddy_leaves_its_own_headers_alone() -> None:
    """Caddy sets the three by itself, from nobody's word, unless it is told otherwise."""
    caddy = (FOLDER / "Caddyfile").read_text()

    assert "reverse_proxy 127.0.0.1:8000" in caddy
    assert [word for word in ("header_up", "trusted_proxies", "header_down") if word in caddy] == []
    assert caddy.count("{") == caddy.count("}")


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_the_proxy_asks_the_processes_that_are_started_and_is_believed(name: str) -> None:
    """The ports of the page are those of the proxy, which is the machine that the settings trust."""
    asked = set(re.findall(r"127\.0\.0\.1:(\d+)", (FOLDER / name).read_text()))
    enabled = re.search(r"enable --now (passback-web@.*)", PAGE)

    assert enabled
    assert asked == set(re.findall(r"passback-web@(\d+)", enabled[1]))
    assert json.loads((FOLDER / "config.json").read_text())["trusted_proxies"] == ["127.0.0.1"]
