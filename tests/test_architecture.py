"""The house keeps its shape: arrows, maps, sizes, names."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / "tool"
SOURCES = sorted(path for path in TOOL.rglob("*.py") if "versions" not in path.parts)
TEMPLATES = sorted(ROOT.joinpath("templates").rglob("*.html"))
FILE_LINES, FUNCTION_LINES = 250, 40
BANNED_NAMES = re.compile(r"utils?|helpers?|common|managers?|services?|handlers?|processors?")


def named(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


@cache
def read(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(read(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_the_arrows_hold() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    linted = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert linted.returncode == 0, linted.stdout


@pytest.mark.parametrize("room", named([path.parent for path in SOURCES if path.name == "__init__.py"]))
def test_every_room_has_its_map(room: str) -> None:
    """What comes in, what goes out, in which order to read."""
    text = (ROOT / room / "__init__.py").read_text("utf-8")

    assert ast.get_docstring(ast.parse(text)), f"{room} has no map"


def test_files_and_functions_stay_small() -> None:
    too_long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in SOURCES
        if (lines := len(path.read_text("utf-8").splitlines())) > FILE_LINES
    ]
    for path in SOURCES:
        for function in functions(path):
            lines = count_lines(function)
            if lines > FUNCTION_LINES:
                too_long.append(f"{path.relative_to(ROOT)}: {function.name} has {lines} lines")

    assert too_long == []


def count_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Of a function, what it explains to its reader aside."""
    explained = len((ast.get_docstring(function, clean=False) or "").splitlines())
    return (function.end_lineno or function.lineno) - function.lineno + 1 - explained


def test_names_say_what_things_are() -> None:
    nouns = [path.stem for path in SOURCES]
    for path in SOURCES:
        nouns += [node.name for node in ast.walk(read(path)) if isinstance(node, ast.ClassDef)]

    words = {word.lower() for noun in nouns for word in re.findall(r"[A-Z]?[a-z]+", noun)}
    assert sorted(word for word in words if BANNED_NAMES.fullmatch(word)) == EXCUSED_NAMES


# PyLTI1p3's `AssignmentsGradesService` and its session and cookie services are subclassed under their own names.
EXCUSED_NAMES = ["service"]


def test_nothing_is_left_to_do() -> None:
    left = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*SOURCES, *TEMPLATES, *ROOT.joinpath("static").glob("*.[cj]s*")]
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", line)
    ]

    assert left == []


def test_imports_stand_at_the_top() -> None:
    """An import inside a function hides an arrow from whoever reads the file."""
    hidden = [
        f"{path.relative_to(ROOT)}: {function.name}"
        for path in SOURCES
        for function in functions(path)
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function))
    ]

    assert hidden == []


def test_a_sender_process_imports_no_web_framework() -> None:
    code = "import sys, tool.worker; sys.exit(any(name in sys.modules for name in ('flask', 'flask_babel')))"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0
