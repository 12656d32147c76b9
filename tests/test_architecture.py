"""The house keeps its shape: arrows, maps, sizes, names, pages."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / "tool"
SOURCES = sorted(path for path in TOOL.rglob("*.py") if "versions" not in path.parts)
TEMPLATES = sorted(ROOT.joinpath("templates").rglob("*.html"))
OWN_TEMPLATES = [path for path in TEMPLATES if "demo_lms" not in path.parts]
FILE_LINES, FUNCTION_LINES, PARAMETERS = 250, 40, 6
BANNED_NAMES = re.compile(r"utils?|helpers?|common|managers?|services?|handlers?|processors?")


def named(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_the_arrows_hold() -> None:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
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
            lines = (function.end_lineno or function.lineno) - function.lineno + 1
            if lines > FUNCTION_LINES:
                too_long.append(f"{path.relative_to(ROOT)}: {function.name} has {lines} lines")

    assert too_long == []


def test_names_say_what_things_are() -> None:
    nouns = [path.stem for path in SOURCES]
    for path in SOURCES:
        nouns += [node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ClassDef)]

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


def test_every_path_of_a_page_is_imported_at_the_top() -> None:
    """An import inside a function hides an arrow from whoever reads the file."""
    hidden = [
        f"{path.relative_to(ROOT)}: {function.name}"
        for path in SOURCES
        for function in functions(path)
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function))
    ]

    assert hidden == []


class PageReader(HTMLParser):
    """What of a template a browser would show as it stands, and what it would run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.inline: list[str] = []
        self._is_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._is_script = tag in ("script", "style")
        self.inline += [f"<{tag} {name}>" for name in given if name == "style" or name.startswith("on")]
        self.inline += [tag for _ in [tag] if tag == "style" or (tag == "script" and "src" not in given)]
        for name in ("title", "alt", "placeholder", "aria-label", "data-label"):
            self.texts.append(given.get(name) or "")

    def handle_data(self, data: str) -> None:
        self.texts.append("" if self._is_script else data)


def read_page(path: Path) -> PageReader:
    """A template without what Jinja fills in."""
    text = path.read_text("utf-8")
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.DOTALL)
    reader = PageReader()
    reader.feed(text)
    return reader


@pytest.mark.parametrize("page", named(TEMPLATES))
def test_pages_run_nothing_inline(page: str) -> None:
    """The content policy would block it."""
    assert read_page(ROOT / page).inline == []


# What is the same in every language: our own name, and an example of what is typed into the LMS.
SAME_EVERYWHERE = {"Passback", "assignment=fractions-quiz"}


@pytest.mark.parametrize("page", named(OWN_TEMPLATES))
def test_every_visible_text_goes_through_gettext(page: str) -> None:
    shown = [text.strip() for text in read_page(ROOT / page).texts]
    words = [text for text in shown if re.search(r"[^\W\d_]{2,}", text) and text not in SAME_EVERYWHERE]

    assert words == []
