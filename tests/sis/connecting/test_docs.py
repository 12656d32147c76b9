"""The operator's page says what the product fills in and says, letter by letter."""

import re
from collections.abc import Iterator

import flask_babel
import pytest
from flask import Flask

from tests.stage import ROOT
from tool.sis.connecting.sealing import CannotOpen
from tool.sis.connecting.testing import NAMES
from tool.sis.oneroster.tokens import list_scopes
from tool.sis.remedies.telling import tell
from tool.sis.vendors import presets, profile_of
from tool.sis.vendors.words import name_vendor

PAGE = (ROOT / "docs" / "admin" / "school-records.md").read_text()
SIGN_IN = {"oauth2": "OAuth 2", "oauth1": "OAuth 1.0a"}
EXCUSED = {"exempt": "exempt", "skip": "not sent", "zero_and_exempt": "0 and exempt"}


@pytest.fixture(autouse=True)
def spoken() -> Iterator[None]:
    app = Flask("reader")
    flask_babel.Babel(app)
    with app.test_request_context():
        yield


@pytest.mark.parametrize("vendor", presets())
def test_each_vendor_has_a_line_and_a_section_that_says_it_was_not_tried(vendor: str) -> None:
    profile, name = profile_of(vendor, {}), name_vendor(vendor)
    points = "whole" if profile.whole_points else "any"
    told = [name, profile.version, SIGN_IN[profile.auth], str(profile.title_limit or "any"), points]
    told += [EXCUSED[profile.exempt], f"{profile.requests_per_second:g}"]

    assert f"| {' | '.join(told)} |" in PAGE
    section = PAGE.partition(f"\n### {name}\n")[2].partition("\n##")[0]
    assert section.startswith("\nBuilt from the standard")
    assert "not yet tried on" in section


def test_each_step_of_the_test_is_explained_in_its_order() -> None:
    table = PAGE.partition("| step |")[2].partition("\n\n")[0]

    assert re.findall(r"^\| ([A-Z][^|]+) \|", table, re.MULTILINE) == [str(name) for name in NAMES.values()]


def test_the_permissions_that_are_asked_for_are_named() -> None:
    asked = {scope.rpartition("/")[2] for scope in list_scopes("1.2")}

    assert set(re.findall(r"`((?:roster|gradebook)\.\w+)`", PAGE)) == asked


@pytest.mark.parametrize("code", ["auth.expired", "auth.vendor", "sis.route"])
def test_the_troubles_are_quoted_as_they_are_said(code: str) -> None:
    assert tell(code, {"sis": "…"}).happened in PAGE


def test_so_is_that_credentials_cannot_be_opened() -> None:
    assert CannotOpen().message in PAGE
