"""Names that a SIS takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tool.sis.rules.titles import duplicates, sis_title

FAMILY = "👨\u200d👩\u200d👧"


@pytest.mark.parametrize(
    ("title", "limit", "cut"),
    [
        ("Fractions check 4", None, "Fractions check 4"),
        ("Fractions check 4", 17, "Fractions check 4"),
        ("  Fractions \n check 4 ", 17, "Fractions check 4"),
        ("Fractions check 4", 16, "Fractions check"),
        ("Fractions check 4", 15, "Fractions check"),
        ("Fractions check 4", 14, "Fractions"),
        ("Fractions, decimals – percent", 22, "Fractions, decimals"),
        ("Unit 5: Homework", 8, "Unit 5"),
        # one long word, or a short one before it: half a word says more than none
        ("Bruchrechnungswiederholung", 10, "Bruchrechn"),
        ("A Bruchrechnungswiederholung", 10, "A Bruchrec"),
        ("Bruch rechnungswiederholung", 10, "Bruch"),
        # a letter and its accent are one: composed where that can be, else left whole
        ("Ange\u0301lica", 4, "Angé"),
        ("abq\u0323\u0307z", 4, "ab"),
        ("abq\u0323\u0307z", 5, "abq\u0323\u0307"),
        (f"abc {FAMILY}{FAMILY}", 9, f"abc {FAMILY}"),
        (f"abcdef{FAMILY}", 9, "abcdef"),
        ("go 👍🏽👍🏽", 6, "go 👍🏽"),
    ],
)
def test_a_title_is_cut_after_a_word_and_never_within_a_character(title: str, limit: int | None, cut: str) -> None:
    assert sis_title(title, limit) == cut


@given(st.text(max_size=80), st.integers(1, 60))
def test_a_cut_title_is_short_enough_and_a_beginning_of_the_whole(title: str, limit: int) -> None:
    cut = sis_title(title, limit)

    assert len(cut) <= limit
    assert sis_title(title, None).startswith(cut)
    assert sis_title(cut, limit) == cut


def test_titles_equal_but_for_case_and_blanks_are_one() -> None:
    titles = ["Quiz 1", "quiz  1", "Quiz 2", "Cafe\u0301", "café"]

    assert duplicates(titles) == {"Quiz 1", "quiz  1", "Cafe\u0301", "café"}
    assert duplicates(["Quiz 1", "Quiz 2"]) == frozenset()
