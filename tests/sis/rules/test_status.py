"""From work to a status of OneRoster, by version and profile."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tool.sis.plain import Profile
from tool.sis.rules.criteria import Ready, goes_tonight, why_not_tonight
from tool.sis.rules.status import Outgoing, Skipped, Work, result_of

NEW = Profile("new", "New")
OLD = replace(NEW, version="1.1")
NO_FLAGS = replace(NEW, sends_flags=False)
STRICT = replace(NEW, allows_above_maximum=False)
ZERO = replace(NEW, past_due_zero=True)
OLD_ZERO = replace(ZERO, version="1.1")
DONE = Work(Decimal("17.5"), Decimal(20), True, False, False, False, False)
OPEN = replace(DONE, score=None, is_submitted=False)
LATE = replace(DONE, is_late=True)
EXCUSED = replace(OPEN, is_excused=True)
HALF = replace(DONE, score=Decimal(8), needs_grading=True)
HANDED_IN = replace(DONE, score=None, needs_grading=True)
MISSED = replace(OPEN, is_past_due=True)
GRADED = Outgoing("fully graded", Decimal("17.5"))
BEGUN = replace(OPEN, is_begun=True)
UNDONE = replace(MISSED, is_begun=True)
ABOVE = replace(DONE, score=Decimal(22))
CAPPED = replace(ABOVE, above_maximum="cap")
PASSED = replace(ABOVE, above_maximum="skip")


def rule(exempt: Any, version: Any = "1.1") -> Profile:
    return replace(NEW, version=version, exempt=exempt)


# fmt: off
TABLE: list[tuple[str, Work, Profile, Outgoing | Skipped]] = [
    ("graded",                             DONE,      NEW,      GRADED),
    ("graded, 1.1",                        DONE,      OLD,      GRADED),
    ("graded late",                        LATE,      NEW,      replace(GRADED, is_late=True)),
    ("graded late, 1.1 has no flags",      LATE,      OLD,      GRADED),
    ("graded late, flags not wanted",      LATE,      NO_FLAGS, GRADED),
    ("a zero is a score",                  replace(DONE, score=Decimal(0)), OLD, Outgoing("fully graded", Decimal(0))),
    ("a number of Ada's without work",     replace(DONE, is_submitted=False, is_past_due=True), NEW, GRADED),
    ("half graded: never half a score",    HALF,      NEW,      Outgoing("submitted", None)),
    ("half graded, flags not wanted",      HALF,      NO_FLAGS, Outgoing("submitted", None)),
    ("half graded, 1.1 needs a number",    HALF,      OLD,      Skipped("nothing_yet")),
    ("handed in",                          HANDED_IN, NEW,      Outgoing("submitted", None)),
    ("handed in, 1.1",                     HANDED_IN, OLD,      Skipped("nothing_yet")),
    ("not handed in",                      OPEN,      NEW,      Outgoing("not submitted", None)),
    ("begun",                              BEGUN,     NEW,      Outgoing("not submitted", None, is_in_progress=True)),
    ("begun, time is up",                  UNDONE,    NEW,      Outgoing("not submitted", None, is_missing=True)),
    ("not handed in, 1.1",                 OPEN,      OLD,      Skipped("nothing_yet")),
    ("missed",                             MISSED,    NEW,      Outgoing("not submitted", None, is_missing=True)),
    ("missed, 1.1",                        MISSED,    OLD,      Skipped("nothing_yet")),
    ("missed counts 0",                    MISSED,    ZERO,     Outgoing("fully graded", Decimal(0), is_missing=True)),
    ("missed counts 0, 1.1",               MISSED,    OLD_ZERO, Outgoing("fully graded", Decimal(0))),
    ("not yet missed: no zero",            OPEN,      ZERO,     Outgoing("not submitted", None)),
    ("handed in, ungraded: no zero",       replace(HANDED_IN, is_past_due=True), ZERO, Outgoing("submitted", None)),
    ("excused",                            EXCUSED,   NEW,      Outgoing("exempt", None)),
    ("excused with a score",               replace(DONE, is_excused=True), NEW, Outgoing("exempt", None)),
    ("excused and missed: no zero",        replace(EXCUSED, is_past_due=True), ZERO, Outgoing("exempt", None)),
    ("excused, skip",                      EXCUSED,   rule("skip", "1.2"),            Skipped("score.exempt")),
    ("excused, zero and exempt",           EXCUSED,   rule("zero_and_exempt", "1.2"), Outgoing("exempt", Decimal(0))),
    ("excused, 1.1 without a choice",      EXCUSED,   rule("exempt"),                 Skipped("score.exempt")),
    ("excused, 1.1, skip",                 EXCUSED,   rule("skip"),                   Skipped("score.exempt")),
    ("excused, 1.1, zero and exempt",      EXCUSED,   rule("zero_and_exempt"),        Outgoing("exempt", Decimal(0))),
    ("above the maximum, allowed",         ABOVE,     NEW,      Outgoing("fully graded", Decimal(22))),
    ("above the maximum, ask",             ABOVE,     STRICT,   Skipped("score.range")),
    ("above the maximum, cap",             CAPPED,    STRICT,   Outgoing("fully graded", Decimal(20))),
    ("above the maximum, skip",            PASSED,    STRICT,   Skipped("left_out")),
    ("above, allowed: no cap",             CAPPED,    NEW,      Outgoing("fully graded", Decimal(22))),
    ("below 0",                            replace(DONE, score=Decimal("-0.5")), NEW, Skipped("score.range")),
    ("graded without a number",            replace(DONE, score=None),            NEW, Skipped("score.entry_point")),
    ("not a number",                       replace(DONE, score=Decimal("NaN")),  NEW, Skipped("score.entry_point")),
]
# fmt: on


@pytest.mark.parametrize(("work", "profile", "ending"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_status_map(work: Work, profile: Profile, ending: Outgoing | Skipped) -> None:
    assert result_of(work, profile) == ending


@given(
    work=st.builds(
        Work,
        score=st.none() | st.decimals(allow_infinity=True, allow_nan=True),
        maximum=st.just(Decimal(20)),
        above_maximum=st.sampled_from(["ask", "cap", "skip"]),
        is_begun=st.booleans(),
    ),
    profile=st.builds(
        Profile,
        vendor=st.just("any"),
        title=st.just("Any"),
        version=st.sampled_from(["1.1", "1.2"]),
        exempt=st.sampled_from(["exempt", "skip", "zero_and_exempt"]),
        allows_above_maximum=st.booleans(),
        sends_flags=st.booleans(),
        past_due_zero=st.booleans(),
    ),
)
def test_what_goes_is_always_fit_to_be_sent(work: Work, profile: Profile) -> None:
    ending = result_of(work, profile)
    if isinstance(ending, Skipped):
        return

    flags = (ending.is_late, ending.is_missing, ending.is_in_progress)
    assert ending.score is None or (ending.score.is_finite() and ending.score >= 0)
    assert ending.score is not None or profile.version == "1.2"
    assert ending.score is None or ending.score <= 20 or profile.allows_above_maximum
    assert not any(flags) or (profile.version == "1.2" and profile.sends_flags)
    assert (ending.status == "exempt") == work.is_excused


READY = Ready(is_points_based=True, counts_in_grade=True, syncs=True, is_all_graded=True, is_past_due=False)


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (READY, None),
        (replace(READY, is_all_graded=False, is_past_due=True), None),
        (replace(READY, is_all_graded=False), "nothing_yet"),
        (replace(READY, syncs=False), "opted_out"),
        (replace(READY, counts_in_grade=False), "not_counted"),
        (replace(READY, is_points_based=False), "score.not_numeric"),
    ],
)
def test_what_goes_by_itself_at_night(item: Ready, reason: str | None) -> None:
    assert why_not_tonight(item) == reason
    assert goes_tonight(item) is (reason is None)
