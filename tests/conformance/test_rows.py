"""The page that says what is proven says it of the tests that there are."""

import pytest

from tests.conformance.checked import CHECKED
from tests.conformance.rows import PAGE, ROOT, all_rows, collect, missing, page_with, tables


def test_every_row_has_a_test_or_a_written_check() -> None:
    assert missing(collect()) == []


def test_no_test_is_named_after_a_row_that_there_is_not() -> None:
    assert set(collect()) - set(all_rows()) == set()


def test_the_page_of_rows_is_current() -> None:
    """`python -m tests.conformance.rows` writes it."""
    text = PAGE.read_text("utf-8")

    assert page_with(text, tables()) == text


@pytest.mark.parametrize("row", CHECKED)
def test_the_evidence_of_a_written_check_is_there(row: str) -> None:
    assert [path for path in CHECKED[row].evidence if not (ROOT / path).is_file()] == []
