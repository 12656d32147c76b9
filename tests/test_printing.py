"""What a command lists can be read by people and by scripts, whatever the names in it are."""

import sys

import pytest

from tool.cli.printing import print_table

HEADINGS = ("number", "course", "people")


def test_a_line_for_each_row_however_long_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(HEADINGS, [("1", "Biology " * 40, "23"), ("2", "Ökologie", "4")])

    _, heading, _, *rows, _ = capsys.readouterr().out.splitlines()
    assert [cell.strip() for cell in heading.strip("│").split("│")] == list(HEADINGS)
    assert [row.strip("│").split("│")[1].strip() for row in rows] == [("Biology " * 40).strip(), "Ökologie"]


def test_a_terminal_is_not_overrun(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    print_table(HEADINGS, [("1000", "Biology " * 40, "23")])

    lines = capsys.readouterr().out.splitlines()
    assert {len(line) for line in lines} == {60}
    assert "│ 1000   │ Biology" in lines[3], "what is short stays whole"
    assert sum(line.count("Biology") for line in lines) == 40


def test_a_name_commands_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(HEADINGS, [("1", "\x1b[2J[bold]Chemistry[/bold]\r\nand more", "3")])

    assert "│ \\x1b[2J[bold]Chemistry[/bold]\\r\\nand more │" in capsys.readouterr().out
