"""The address of a student's work survives what LMSs do to addresses, and nothing else is taken for it."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tool.lti.submission_url import NamedSubmission, read_submission_url, write_submission_url

LAUNCH = "https://passback.example/lti/launch"
BENS = NamedSubmission(12, "535fa085-f22b-4655-f48c-5a36a9215f64")


@given(st.integers(1, 2**31 - 1), st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=255))
def test_what_was_written_is_read(placement_id: int, subject: str) -> None:
    named = NamedSubmission(placement_id, subject)

    assert read_submission_url(write_submission_url(LAUNCH, named)) == named


def test_it_may_be_encoded_once_more_or_twice() -> None:
    """Canvas has been seen to hand the query back encoded twice."""
    url = write_submission_url(LAUNCH, BENS)
    path, _, query = url.partition("?")

    assert read_submission_url(quote(url, safe=":/")) == BENS
    assert read_submission_url(f"{path}?{quote(quote(query))}") == BENS
    assert read_submission_url(f"{path}?placement=x&{query}&more=1#top") == BENS


@pytest.mark.parametrize(
    "target",
    [
        LAUNCH,
        "",
        f"{LAUNCH}?submission=",
        f"{LAUNCH}?submission=bm8gbnVtYmVy",
        f"{LAUNCH}?submission=____",
        f"{LAUNCH}?submission=MTI",
        f"{LAUNCH}?submission=OTk5OTk5OTk5OTk5LmJlbg",
        f"{LAUNCH}?resubmission=MTIuYmVu",
        f"{LAUNCH}?submission=" + "M" * 3000,
        f"{LAUNCH}?submission=MTIuYgBu",
    ],
)
def test_anything_else_is_no_work(target: str) -> None:
    assert read_submission_url(target) is None
