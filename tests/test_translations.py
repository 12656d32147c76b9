"""Every visible text stands in the Spanish catalogue, whole, and the compiled catalogue is that of the text."""

import re
from configparser import ConfigParser
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.cast import BEN
from tests.desk import TOOL, Desk
from tests.rows import make_assignment
from tool.db import Database
from tool.spoken import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tool" / "translations"
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
    "_": None,
}
TRANSLATED = [one for one in LANGUAGES if one != "en"]


@cache
def texts() -> frozenset[str]:
    """The text of every call, the singular where there are two."""
    mapping = read_mapping()
    found: set[str] = set()
    for folder in ("tool", "templates"):
        here = [(pattern, method) for pattern, method in mapping if pattern.startswith(f"{folder}/")]
        for _, _, message, _, _ in extract_from_dir(ROOT, here, keywords=KEYWORDS):
            found.add(message if isinstance(message, str) else message[0])
    return frozenset(found)


def read_mapping() -> list[tuple[str, str]]:
    parser = ConfigParser()
    parser.read(FOLDER / "extract.cfg")
    kinds = [section.split(": ") for section in parser.sections()]
    return [(pattern, method) for method, pattern in kinds]


@cache
def catalogue(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def pairs(message: Message) -> list[tuple[str, str]]:
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    told = tuple(message.string or ())
    return list(zip(message.id, told, strict=True))


def marks(text: str) -> tuple[object, ...]:
    """What must be in the translation as well: what is filled in (once or twice), markup, code."""
    filled = frozenset(re.findall(r"%\((?!num\))\w+\)s|\{about\}|%%", text))
    return filled, sorted(re.findall(r"</?\w+", text)), text.count("`")


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_is_missing_and_none_is_left_over(language: str) -> None:
    known = {one.id if isinstance(one.id, str) else one.id[0] for one in catalogue(language) if one.id}
    untold = [one.id for one in catalogue(language) if one.id and not all(told for _, told in pairs(one))]

    assert texts() - known == set(), "collect them: make texts"
    assert known - texts() == set(), "nobody says this any more: make texts"
    assert untold == []
    assert [one.id for one in catalogue(language) if one.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_filled_in_stands_in_the_translation_too(language: str) -> None:
    odd = [
        (text, told) for one in catalogue(language) if one.id for text, told in pairs(one) if marks(text) != marks(told)
    ]

    assert odd == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_read_is_what_is_written(language: str) -> None:
    """The pages read the compiled file."""
    with (FOLDER / language / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        compiled = sorted(pair for one in read_mo(file) if one.id for pair in pairs(one))

    assert compiled == sorted(pair for one in catalogue(language) if one.id for pair in pairs(one)), "make texts"


def test_a_launch_in_spanish_is_answered_in_spanish(database: Database, tmp_path: Path) -> None:
    """The LMS tells the language of the person, as es, es-MX or es_ES; the browser's comes second."""
    make_assignment(database)
    desk = Desk(database, tmp_path)

    page = desk.open(desk.browser(), BEN, launch_presentation={"locale": "es-MX"}).text

    assert '<html lang="es"' in page
    assert ">Entregar<" in page
    assert ">Submit<" not in page


def test_a_refusal_is_told_in_the_browsers_language(database: Database, tmp_path: Path) -> None:
    """Also one of the room that knows no language."""
    desk = Desk(database, tmp_path)

    answer = desk.browser().get("/lti/login", base_url=TOOL, headers={"Accept-Language": "es"})

    assert answer.status_code == 400
    assert "El LMS" in answer.text
    assert "The LMS began" not in answer.text
