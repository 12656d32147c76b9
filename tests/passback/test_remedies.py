"""Whatever an LMS answers, the teacher reads what happened, why, and who can mend it."""

import pytest

from tool.lti.refusal_texts import SERVICE_TEXTS
from tool.passback.remedies import BY_REASON, UNKNOWN, find_remedy

# Reasons that no score and no column can end with: they concern the roster's pages, or our own fault, or a repeat.
ELSEWHERE = {"too_large", "too_many_pages", "crashed", "stale_timestamp"}

# Rows of the error table of the LMS road → the reason the answer is classified as.
TABLE = {
    "token refused (401)": "key_refused",
    "scope missing": "scope_missing",
    "404 on the line item": "column_gone",
    "no longer associated with this tool": "tool_not_in_course",
    "user not found or not a student": "not_enrolled",
    "scoreMaximum refused": "column_maximum",
    "attempts used up": "attempts_used_up",
    "sending too fast": "rate_limited",
    "time-out": "timeout",
    "5xx": "server_error",
    "unpublished": "unpublished",
    "concluded": "concluded",
}


@pytest.mark.parametrize("reason", sorted(set(SERVICE_TEXTS) - ELSEWHERE))
def test_every_reason_has_its_entry(reason: str) -> None:
    assert reason in BY_REASON, f"{reason} would be shown as unknown"


@pytest.mark.parametrize(("row", "reason"), TABLE.items())
def test_the_table_of_known_errors_is_covered(row: str, reason: str) -> None:
    remedy = find_remedy(reason, "canvas")

    assert remedy is not UNKNOWN, row
    assert remedy.who in ("you", "admin", "operator", "nobody")


def test_an_unforeseen_reason_still_has_an_answer() -> None:
    assert find_remedy("never_heard_of", "canvas") is UNKNOWN
    assert find_remedy(None, "moodle") is UNKNOWN


def test_moodles_one_text_for_everything_is_explained() -> None:
    assert find_remedy("not_enrolled", "moodle") is not find_remedy("not_enrolled", "canvas")


def test_a_column_that_is_gone_offers_to_relink() -> None:
    assert find_remedy("column_gone", "canvas").button == "relink"


@pytest.mark.parametrize("reason", sorted(BY_REASON))
def test_texts_name_no_other_field_than_platform_and_student(reason: str) -> None:
    remedy = BY_REASON[reason]
    for text in (remedy.happened, remedy.why, remedy.fix):
        assert str(text) % {"platform": "Canvas", "student": "Ben"}
