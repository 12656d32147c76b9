"""The statement about accessibility names test files that exist, and every one that runs axe."""

import re

from tests.stage import ROOT

PAGE = (ROOT / "docs" / "accessibility.md").read_text()
NAMED = set(re.findall(r"`(tests/[\w/]+\.py)`", PAGE))


def test_every_file_it_names_exists() -> None:
    assert len(NAMED) > 10
    assert {one for one in NAMED if not (ROOT / one).is_file()} == set()


def test_every_file_that_runs_axe_is_named() -> None:
    files = (ROOT / "tests" / "browser").glob("test_*.py")
    run_axe = {str(one.relative_to(ROOT)) for one in files if "check_with_axe(" in one.read_text()}

    assert run_axe - NAMED == set()
