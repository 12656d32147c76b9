"""When Ben's score goes to the gradebook, when it waits for Ada, and when it never goes."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tool.passback.policy import SEND, Cause, Decision, Facts, decide

# Ben hands in a complete, auto-graded first attempt of an assignment whose automatic passback is on.
BEN_HANDS_IN = Facts(
    trigger="automatic",
    cause="submitted",
    automatic_passback=True,
    unanswered_setting="hold",
    updates_setting="manual",
    needs_person_because=(),
    is_opted_out=False,
    has_score_scope=True,
    has_column_or_can_make_one=True,
    column_maximum=Decimal(20),
    is_gradable_learner=True,
    is_excused=False,
    opened_from_lms=True,
    is_submitted=True,
    attempt_number=1,
    has_score=True,
    has_override=False,
    needs_grading=(),
    unanswered=(),
)


def hold(reason: Any, *questions: int) -> Decision:
    return Decision("hold", reason, questions)


def skip(reason: Any) -> Decision:
    return Decision("skip", reason)


ESSAY = {"needs_person_because": ((4, "essay"),)}
RUBRIC = {"needs_person_because": ((2, "rubric"), (4, "essay"))}
WORKING = {"is_submitted": False}
BLANKS = {"unanswered": (5, 9)}
yes, no = True, False

# fmt: off
# what is different, the fact, what happens by itself, and whether Ada can send it by hand all the same
TABLE: list[tuple[str, dict[str, Any], Decision, bool]] = [
    ("nothing",                            {},                                     SEND,                          yes),
    ("Ada hands in for Ben",               {"cause": "submitted_by_teacher"},      SEND,                          yes),
    ("the closing time hands in for Ben",  {"cause": "closed_by_clock"},           SEND,                          yes),
    ("1 automatic passback is off",        {"automatic_passback": False},          hold("automatic_off"),         yes),
    ("1 the placement is opted out",       {"is_opted_out": True},                 skip("opted_out"),             no),
    ("1 Ben is excused",                   {"is_excused": True},                   skip("excused"),               no),
    ("2 an essay, not graded yet",         ESSAY | {"needs_grading": (4,)},        hold("needs_grading", 4),      no),
    ("2 an essay, graded",                 ESSAY,                                  hold("needs_person", 4),       yes),
    ("2 a rubric and an essay, graded",    RUBRIC,                                 hold("needs_person", 2, 4),    yes),
    ("3 no column, and none can be made",  {"has_column_or_can_make_one": False},  hold("no_column"),             no),
    ("3 the column has no points",         {"column_maximum": Decimal(0)},         hold("column_without_points"), no),
    ("3 the column is still to be made",   {"column_maximum": None},               SEND,                          yes),
    ("3 we may not send scores",           {"has_score_scope": False},             hold("no_score_scope"),        no),
    ("4 it was not opened from the LMS",   {"opened_from_lms": False},             hold("not_opened_from_lms"),   yes),
    ("4 it is Ada who tries it herself",   {"is_gradable_learner": False},         skip("not_a_learner"),         no),
    ("5 Ben is still working",             WORKING,                                hold("in_progress"),           yes),
    ("5 Ben has only just begun",          WORKING | {"has_score": False},         hold("in_progress"),           no),
    ("5 handed in, but there is no number",{"has_score": False},                   hold("no_score"),              no),
    ("6 two questions are blank",          BLANKS,                                 hold("unanswered", 5, 9),      yes),
    ("6 two are blank, and count as zero", BLANKS | {"unanswered_setting": "zero"},SEND,                          yes),
    ("7 it is the second attempt",         {"attempt_number": 2},                  hold("changed"),               yes),
    ("Ada has set another number",         {"has_override": True},                 hold("overridden"),            yes),
    ("the column holds other work's score",{"holds_other_assignment": True},       hold("other_assignment"),      yes),
    ("the link came back to this work",    {"cause": "came_back"},                 hold("other_assignment"),      yes),
    # the five updates that Formative sends by hand only, and the other ways in which a grade changes later
    ("blanks are filled in later",         {"cause": "blanks_filled"},             hold("changed"),               yes),
    ("answers are edited later",           {"cause": "answers_edited"},            hold("changed"),               yes),
    ("Ada changes the score",              {"cause": "score_changed"},             hold("changed"),               yes),
    ("Ada changes the answer key",         {"cause": "key_changed"},               hold("changed"),               yes),
    ("Ada changes the points",             {"cause": "points_changed"},            hold("changed"),               yes),
    ("a further attempt",                  {"cause": "further_attempt"},           hold("changed"),               yes),
    ("the assignment is imported again",   {"cause": "regraded"},                  hold("changed"),               yes),
]
# fmt: on


@pytest.mark.parametrize(("facts", "by_itself"), [pytest.param(row[1], row[2], id=row[0]) for row in TABLE])
def test_what_goes_by_itself(facts: dict[str, Any], by_itself: Decision) -> None:
    assert decide(replace(BEN_HANDS_IN, **facts)) == by_itself


@pytest.mark.parametrize(("facts", "by_itself"), [pytest.param(row[1], row[2], id=row[0]) for row in TABLE])
def test_what_is_scheduled_is_held_to_the_same_conditions(facts: dict[str, Any], by_itself: Decision) -> None:
    assert decide(replace(BEN_HANDS_IN, trigger="scheduled", **facts)) == by_itself


@pytest.mark.parametrize(("facts", "by_itself", "by_hand"), [pytest.param(*row[1:], id=row[0]) for row in TABLE])
def test_what_ada_can_send_by_hand(facts: dict[str, Any], by_itself: Decision, by_hand: bool) -> None:
    decision = decide(replace(BEN_HANDS_IN, trigger="manual", **facts))
    assert decision == (SEND if by_hand else by_itself)


LATER_CAUSES = sorted(set(get_args(Cause)) - {"submitted", "submitted_by_teacher", "closed_by_clock", "came_back"})


@pytest.mark.parametrize("cause", LATER_CAUSES)
def test_every_later_change_goes_by_itself_when_ada_has_asked_for_that(cause: Any) -> None:
    facts = replace(BEN_HANDS_IN, updates_setting="automatic", cause=cause, attempt_number=2)
    assert decide(facts) == SEND


@pytest.mark.parametrize("of_other", [{"holds_other_assignment": True}, {"cause": "came_back"}])
def test_even_then_the_score_of_another_assignment_is_not_overwritten_by_itself(of_other: dict[str, Any]) -> None:
    facts = replace(BEN_HANDS_IN, updates_setting="automatic", **of_other)
    assert decide(facts) == hold("other_assignment")


@pytest.mark.parametrize("cause", LATER_CAUSES)
def test_a_later_change_does_not_carry_blanks_into_the_gradebook(cause: Any) -> None:
    facts = replace(BEN_HANDS_IN, updates_setting="automatic", cause=cause, unanswered=(5,))
    assert decide(facts) == hold("unanswered", 5)


def test_a_zero_for_missing_work_can_be_sent_by_hand_to_cleo_who_never_opened_it() -> None:
    missing = replace(BEN_HANDS_IN, trigger="manual", is_submitted=False, opened_from_lms=False, has_override=True)
    assert decide(missing) == SEND


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"is_gradable_learner": False, "is_excused": True, "is_opted_out": True}, "not_a_learner"),
        ({"is_excused": True, "is_opted_out": True, "is_submitted": False}, "excused"),
        ({"is_submitted": False, "needs_grading": (4,), "automatic_passback": False}, "in_progress"),
        ({"needs_grading": (4,), "has_column_or_can_make_one": False, **ESSAY}, "needs_grading"),
        ({"has_column_or_can_make_one": False, "automatic_passback": False}, "no_column"),
        ({"automatic_passback": False, "unanswered": (5,), "cause": "key_changed"}, "automatic_off"),
        ({"cause": "blanks_filled", "unanswered": (5,)}, "changed"),
    ],
)
def test_of_several_reasons_the_row_says_the_one_that_comes_first(facts: dict[str, Any], said: str) -> None:
    assert decide(replace(BEN_HANDS_IN, **facts)).reason == said


NUMBERS = st.lists(st.integers(1, 9), max_size=2).map(tuple)
ANY_FACTS = st.builds(
    Facts,
    needs_person_because=st.sampled_from([(), ((4, "essay"),), ((4, "rubric"),)]),
    column_maximum=st.sampled_from([None, Decimal(0), Decimal(-1), Decimal("0.5"), Decimal(20)]),
    attempt_number=st.integers(1, 3),
    needs_grading=NUMBERS,
    unanswered=NUMBERS,
)
CONDITIONS_OFF: list[dict[str, Any]] = [
    {"automatic_passback": False},
    {"is_opted_out": True},
    {"is_excused": True},
    {"needs_person_because": ((4, "essay"),)},
    {"needs_grading": (4,)},
    {"has_column_or_can_make_one": False},
    {"column_maximum": Decimal(0)},
    {"has_score_scope": False},
    {"opened_from_lms": False},
    {"is_gradable_learner": False},
    {"is_submitted": False},
    {"has_score": False},
    {"unanswered": (5, 9)},
    {"unanswered_setting": "hold", "unanswered": (5, 9)},
    {"attempt_number": 2},
    {"updates_setting": "manual", "cause": "key_changed"},
    {"has_override": True},
]


@given(facts=ANY_FACTS, off=st.sampled_from(CONDITIONS_OFF))
def test_taking_a_condition_away_never_makes_a_held_score_go(facts: Facts, off: dict[str, Any]) -> None:
    if decide(facts) != SEND:
        assert decide(replace(facts, **off)) != SEND


@given(facts=ANY_FACTS)
def test_whatever_goes_by_itself_ada_could_have_sent_by_hand(facts: Facts) -> None:
    if decide(facts) == SEND:
        assert decide(replace(facts, trigger="manual")) == SEND


@given(facts=ANY_FACTS)
def test_only_a_full_number_of_a_learner_with_somewhere_to_go_is_ever_sent(facts: Facts) -> None:
    if decide(facts) == SEND:
        assert facts.has_score
        assert not facts.needs_grading
        assert facts.is_gradable_learner
        assert not facts.is_excused
        assert not facts.is_opted_out
        assert facts.has_score_scope
        assert facts.has_column_or_can_make_one
        assert facts.column_maximum is None or facts.column_maximum > 0
