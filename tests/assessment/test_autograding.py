"""What Ben's and Cleo's answers earn, and which answers their posted forms hold."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tool.assessment.autograding import (
    AnswerTooLong,
    AutoGrade,
    QuestionGrade,
    answer_is_blank,
    clean_answers,
    grade_answers,
)
from tool.assessment.questions import Question, load_questions


def choices(right: str, wrong: str) -> list[dict[str, Any]]:
    return [{"id": one, "text": f"choice {one}", "correct": one in right} for one in sorted(right + wrong)]


def question(kind: str, points: object = 1, **facts: Any) -> Question:
    return load_questions([{"id": "q", "type": kind, "prompt": "?", "points": points, **facts}])[0]


def grade(asked: Question, answer: object) -> QuestionGrade:
    return grade_answers([asked], {"q": answer}).questions[0]


def outcome(asked: Question, answer: object) -> tuple[str, str]:
    graded = grade(asked, answer)
    return graded.state, str(graded.earned)


SINGLE = question("single_choice", 2, choices=choices("b", "acd"))
ALL_OR_NOTHING = question("multiple_choice", 2, choices=choices("abc", "de"))
PARTIAL = question("multiple_choice", 2, choices=choices("abc", "de"), scoring="partial")
TRUE = question("true_false", 2, correct=True)
NUMBER = question("numeric", 2, answer="-1.5", tolerance="0.1")
THIRD = question("numeric", 2, answer="0.3333", tolerance="0.0001")
CAPITAL = question("short_text", 2, accept=["New York", "NYC"])
EXACTLY = question("short_text", 2, accept=["New York"], ignore_case=False, ignore_spaces=False)
ESSAY = question("essay", 2)
QUIZ = load_questions(
    [
        {**asked.model_dump(mode="json"), "id": f"q{number}"}
        for number, asked in enumerate([SINGLE, PARTIAL, TRUE, NUMBER, CAPITAL, ESSAY], start=1)
    ]
)

MINUS_ONE_AND_A_HALF = ["-1.5", "-1,5", " -1.5 ", "−1.5", "–1,5", "- 1.5", "-1.50", "-01.5", "-15e-1", "-3/2", "-3 / 2"]
MINUS_ONE_AND_A_HALF += ["-3⁄2", "-1.6", "-1.4"]
SOMETHING_ELSE = ["1.5", "+1.5", "-1.61", "-1.39", "-1.4.", "--1.5", "-1.5 apples", "-1,5,0", "-3/0", "-3/2/1", "nan"]
SOMETHING_ELSE += ["inf", "²", "1e999"]

RIGHT, WRONG, BLANK = ("correct", "2"), ("wrong", "0"), ("unanswered", "0")


@pytest.mark.parametrize(
    ("asked", "answer", "earned"),
    [
        (SINGLE, "b", RIGHT),
        (SINGLE, "a", WRONG),
        (TRUE, True, RIGHT),
        (TRUE, False, WRONG),
        (ALL_OR_NOTHING, ["a", "b", "c"], RIGHT),
        (ALL_OR_NOTHING, ["c", "a", "b", "a"], RIGHT),
        (ALL_OR_NOTHING, ["a", "b"], WRONG),
        (ALL_OR_NOTHING, ["a", "b", "c", "d"], WRONG),
        (PARTIAL, ["a", "b", "c"], RIGHT),
        (PARTIAL, ["a", "b"], ("partly", "1.33")),
        (PARTIAL, ["a"], ("partly", "0.67")),
        (PARTIAL, ["a", "a", "a"], ("partly", "0.67")),  # the same choice three times is one choice
        (PARTIAL, ["a", "b", "c", "d"], ("partly", "1.33")),
        (PARTIAL, ["a", "d"], WRONG),
        (PARTIAL, ["a", "d", "e"], WRONG),  # never below nothing
        (PARTIAL, ["a", "b", "c", "d", "e"], ("partly", "0.67")),  # ticking everything is no way to full points
        (CAPITAL, "New York", RIGHT),
        (CAPITAL, " new  YORK ", RIGHT),
        (CAPITAL, "newyork", RIGHT),
        (CAPITAL, "nyc", RIGHT),
        (CAPITAL, "York", WRONG),
        (EXACTLY, " New York ", RIGHT),  # nobody sees a space at the end
        (EXACTLY, "new York", WRONG),
        (EXACTLY, "New  York", WRONG),
        (question("short_text", 2, accept=["café"]), "CAFE\u0301", RIGHT),
        (question("short_text", 2, accept=["Straße"]), "STRASSE", RIGHT),
        (question("short_text", 2, accept=["it's"]), "It’s", RIGHT),
        (ESSAY, "Because.", ("needs_person", "None")),
    ],
)
def test_what_an_answer_earns(asked: Question, answer: object, earned: tuple[str, str]) -> None:
    assert outcome(asked, answer) == earned


@pytest.mark.parametrize("typed", MINUS_ONE_AND_A_HALF)
def test_a_number_within_tolerance_is_understood_however_it_is_typed(typed: str) -> None:
    assert outcome(NUMBER, typed) == RIGHT


@pytest.mark.parametrize("typed", SOMETHING_ELSE)
def test_another_number_or_no_number_is_wrong(typed: str) -> None:
    assert outcome(NUMBER, typed) == WRONG


def test_a_fraction_is_compared_exactly() -> None:
    assert outcome(THIRD, "1/3") == RIGHT
    assert outcome(question("numeric", 2, answer="0.3333"), "1/3") == WRONG


@pytest.mark.parametrize(
    ("points", "earned"),
    [("0.03", "0.02"), ("0.05", "0.02"), ("0.07", "0.04"), ("1", "0.5"), ("0.006", "0"), ("1000", "500")],
)
def test_half_of_the_points_is_rounded_once_and_half_to_even(points: str, earned: str) -> None:
    half = question("multiple_choice", points, choices=choices("ab", "c"), scoring="partial")
    assert str(grade(half, ["a"]).earned) == earned


def test_rounding_never_gives_more_than_the_question_is_worth() -> None:
    tiny = question("multiple_choice", "0.006", choices=choices("abcdefghij", "k"), scoring="partial")
    assert grade(tiny, list("abcdefghi")).earned == Decimal("0.006")


@pytest.mark.parametrize("asked", [SINGLE, PARTIAL, TRUE, NUMBER, CAPITAL, ESSAY])
@pytest.mark.parametrize("answer", [None, "", " \n\t", "\u200b", [], {}, 5, 0.5, ["zz"], [["a"], {}, None], [True]])
def test_what_is_no_answer_to_the_question_is_unanswered(asked: Question, answer: object) -> None:
    assert outcome(asked, answer) == BLANK
    assert answer_is_blank(asked, answer)


@pytest.mark.parametrize(
    ("asked", "answer"), [(SINGLE, "zz"), (SINGLE, ["b"]), (TRUE, "true"), (TRUE, 1), (PARTIAL, "a")]
)
def test_an_answer_of_the_wrong_shape_is_unanswered(asked: Question, answer: object) -> None:
    assert outcome(asked, answer) == BLANK


@pytest.mark.parametrize(("asked", "answer"), [(NUMBER, "-" + "0" * 60 + "1.5"), (CAPITAL, "NYC" + " " * 20_000)])
def test_an_answer_of_absurd_length_is_wrong_without_being_read(asked: Question, answer: str) -> None:
    assert outcome(asked, answer) == WRONG


def test_ben_answers_everything_and_his_essay_waits_for_ada() -> None:
    answers = {"q1": "b", "q2": ["a", "b"], "q3": False, "q4": "-1,5", "q5": "NYC", "q6": "Because."}
    ben = grade_answers(QUIZ, answers)
    states = ["correct", "partly", "wrong", "correct", "correct", "needs_person"]
    assert [(one.number, one.state) for one in ben.questions] == list(enumerate(states, start=1))
    assert (ben.earned, ben.maximum) == (Decimal("7.33"), Decimal(12))
    assert (ben.is_complete, ben.is_final) == (True, False)
    assert ben.needs_person == (6,)


def test_cleo_leaves_two_blank_and_nothing_waits_for_a_person() -> None:
    cleo = grade_answers(QUIZ, {"q1": "b", "q2": ["a", "b", "c"], "q3": True, "q4": "1", "q7": "of another quiz"})
    assert (cleo.unanswered, cleo.needs_person) == ((5, 6), ())
    assert (cleo.is_complete, cleo.is_final) == (False, True)
    assert cleo.earned == 6


def test_ben_posts_his_form_and_only_his_answers_are_kept() -> None:
    form = {
        "q1": ["zz", "b", "a"],
        "q2": ["c", "zz", "a", "c"],
        "q3": ["false"],
        "q4": [" 1,5 "],
        "q5": [" \t "],
        "q6": ["One\r\ntwo\rthree\x00\x1b\ud800.\tEnd"],
        "q7": ["of another quiz"],
        "score": ["100"],
    }
    assert clean_answers(QUIZ, form) == {
        "q1": "b",
        "q2": ["a", "c"],
        "q3": False,
        "q4": " 1,5 ",
        "q6": "One\ntwo\nthree.\tEnd",
    }


@pytest.mark.parametrize("values", [[], ["zz"], [""], ["TRUE"]])
def test_a_choice_that_the_question_does_not_have_is_not_kept(values: list[str]) -> None:
    assert clean_answers(QUIZ, {"q1": values, "q2": values, "q3": values}) == {}


def test_twenty_thousand_characters_are_kept_and_one_more_is_refused() -> None:
    assert clean_answers(QUIZ, {"q6": ["x" * 19_999 + "\r\n"]}) == {"q6": "x" * 19_999 + "\n"}
    with pytest.raises(AnswerTooLong, match=r"question 6 is longer than 20,000 characters") as refused:
        clean_answers(QUIZ, {"q1": ["b"], "q6": ["x" * 20_001]})
    assert refused.value.hint == "Make it shorter, then save again."


IDS = st.sampled_from([f"q{number}" for number in range(8)])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from("abcdez"),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def check_sums(graded: AutoGrade) -> None:
    assert graded.earned == sum(one.earned or 0 for one in graded.questions)
    assert 0 <= graded.earned <= graded.maximum
    assert all(one.earned is None or 0 <= one.earned <= one.points for one in graded.questions)
    assert graded.earned == round(graded.earned, 2)
    assert all((one.earned is None) == (one.number in graded.needs_person) for one in graded.questions)


@given(answers=st.dictionaries(IDS, ANYTHING))
def test_whatever_is_stored_is_graded(answers: dict[str, object]) -> None:
    check_sums(grade_answers(QUIZ, answers))


@given(form=st.dictionaries(IDS, st.lists(st.text() | st.sampled_from([*"abcdez", "true", "-1,5"]), max_size=4)))
def test_whatever_is_posted_ends_as_answers_that_are_not_blank(form: dict[str, list[str]]) -> None:
    answers = clean_answers(QUIZ, form)
    graded = grade_answers(QUIZ, answers)
    check_sums(graded)
    assert {f"q{number}" for number in range(1, 7)} - answers.keys() == {f"q{number}" for number in graded.unanswered}


@given(typed=st.text(st.sampled_from("0123456789.,/+-−eE ٣"), max_size=12))
def test_whatever_is_typed_for_a_number_is_graded(typed: str) -> None:
    assert grade(NUMBER, typed).state in ("correct", "wrong", "unanswered")
