"""CONTRIBUTING.md cannot drift: its files exist, and no place that an existing example needs is left out."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stage import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text()
RECIPES = {title: text for title, _, text in (part.partition("\n") for part in PAGE.split("\n## ")[1:])}
PLACES = ("tool", "templates", "static", "docs")
READ = {".py", ".html", ".json", ".js", ".css", ".md", ".po"}

EXAMPLES = {
    "Add a question type": r"short_text|ShortText|true_false|TrueFalse",
    "Add an oddity of an LMS": r"\bcolumn_points\(|locks_at_the_end|typed_score_moves_timestamp",
    "Add the remedy of an error": r"\bplatform_cannot_read_our_keys\b",
    "Add a vendor of school records": r"(?i:skyward)",
}
"""What is there already, by every name it goes by."""


def named(text: str) -> list[str]:
    """The files and folders of the repository that a text names."""
    return re.findall(r"`((?:tool|templates|static|docs|tests)/[\w./-]*)`", text)


def written_files() -> Iterator[Path]:
    for place in PLACES:
        yield from (one for one in sorted((ROOT / place).rglob("*")) if one.suffix in READ)


def places_of(pattern: str) -> list[str]:
    told = re.compile(pattern)
    return [str(one.relative_to(ROOT)) for one in written_files() if told.search(one.read_text("utf-8"))]


@pytest.mark.parametrize("path", sorted(set(named(PAGE))))
def test_what_a_recipe_names_exists(path: str) -> None:
    assert (ROOT / path).is_dir() if path.endswith("/") else (ROOT / path).is_file()


def test_every_recipe_has_an_example() -> None:
    assert list(RECIPES) == list(EXAMPLES)


@pytest.mark.parametrize("recipe", EXAMPLES)
def test_a_recipe_names_every_place_of_its_example(recipe: str) -> None:
    paths = named(RECIPES[recipe])
    found = places_of(EXAMPLES[recipe])

    assert len(found) > 4, "the example is gone: choose another one"
    assert [one for one in found if not any(one == path or _lies_in(one, path) for path in paths)] == []


def _lies_in(file: str, folder: str) -> bool:
    return folder.endswith("/") and file.startswith(folder)
