"""What Canvas's classic quizzes export: every type, groups, banks and settings, and what the report says of them."""

from decimal import Decimal

import pytest

from tests.library.canvas_quiz import ITEMS, RIGHT, every_type
from tests.library.packing import (
    assessment,
    between,
    choices,
    equal,
    item,
    look,
    only,
    rule,
    typed,
    zipped,
)
from tool.assessment.autograding import grade_answers
from tool.library.importing.report import FoundAssignment, ItemReport

BOXES = choices("a", "b", cardinality="Multiple")
CHOICE = item("multiple_choice", "Two plus two?", choices("3", "4"), rule(equal("2")))


def one_item(document: str) -> tuple[FoundAssignment, ItemReport]:
    found = only(document)
    assert len(found.items) == 1
    return found, found.items[0]


def test_every_item_stands_in_the_report_exactly_once() -> None:
    found = only(every_type())

    assert [one.number for one in found.items] == list(range(1, len(ITEMS) + 1))
    assert {one.status for one in found.items} == {"kept", "changed", "lost"}
    assert sum(found.count(status) for status in ("kept", "changed", "lost")) == len(ITEMS)


def test_every_question_of_ours_comes_from_one_item() -> None:
    found = only(every_type())

    assert found.file is not None
    ours = [number for one in found.items for number in one.questions]
    assert ours == list(range(1, len(found.file.questions) + 1))


def test_what_canvas_calls_right_earns_full_points() -> None:
    found = only(every_type())
    assert found.file is not None

    grade = grade_answers(found.file.questions, RIGHT)

    assert {one.question_id for one in grade.questions if one.state != "correct"} == {"q8"}
    assert grade.maximum == Decimal("16")
    assert grade.earned == Decimal("15")


def test_wrong_answers_earn_nothing() -> None:
    found = only(every_type())
    assert found.file is not None
    wrong = {"q1": "a", "q2": False, "q3": ["a"], "q4": "Mars", "q5": "3.2", "q6": "3.1", "q7": "1000.1", "q9": "blue"}
    wrong |= {"q10": "red", "q11": "black", "q12": "a", "q13": "b", "q14": "b", "q15": "a", "q16": "a", "q17": "23"}

    assert grade_answers(found.file.questions, wrong).earned == 0


def test_title_instructions_and_attempts_come_along_and_the_rest_is_named() -> None:
    found = only(every_type())

    assert found.file is not None
    assert (found.title, found.file.instructions) == ("Everything & more", "Take your **time**.")
    assert (found.file.attempts, found.file.counting_attempt) == (3, "best")
    assert (found.file.due_at, found.file.closes_at) == (None, None)
    assert "The time limit is left out." in found.notes
    assert "Answers are not shuffled here." in found.notes
    assert "Its dates are left out; set them for your course." in found.notes


def test_parts_share_the_points_exactly() -> None:
    found = only(every_type())

    assert found.file is not None
    capitals = [one for one in found.file.questions if one.prompt.startswith("Capitals")]
    assert [one.points for one in capitals] == [Decimal("0.3334"), Decimal("0.3333"), Decimal("0.3333")]
    assert capitals[1].prompt == "Capitals\n\nItaly"


def test_a_text_stands_before_the_question_that_follows() -> None:
    found = only(every_type())

    assert found.file is not None
    assert found.items[8].status == "changed"
    assert found.file.questions[8].prompt.startswith("Read this *first*.\n\nRoses are ____ (1), violets are ____ (2).")


def test_a_text_that_nothing_follows_is_left_out() -> None:
    found = only(assessment(CHOICE, item("text_only", "The end.")))

    assert [one.status for one in found.items] == ["kept", "lost"]


def test_a_group_gives_all_its_questions_with_its_points_and_says_so() -> None:
    group = (
        '<section ident="g" title="Warm up"><selection_ordering><selection><selection_number>1</selection_number>'
        "<selection_extension><points_per_item>2.5</points_per_item></selection_extension></selection>"
        f"</selection_ordering>{CHOICE}{CHOICE}</section>"
    )

    found = only(assessment(group))

    assert found.file is not None
    assert [one.points for one in found.file.questions] == [Decimal("2.5"), Decimal("2.5")]
    assert found.notes == ("From the group “Warm up” students would get 1 at random; here everyone gets all 2.",)


def drawing_from(bank: str) -> str:
    return (
        '<section ident="g" title="From the bank"><selection_ordering><selection>'
        f"<sourcebank_ref>{bank}</sourcebank_ref><selection_number>1</selection_number></selection>"
        "</selection_ordering></section>"
    )


def bank(ident: str, *items: str) -> str:
    return f'<questestinterop><objectbank ident="{ident}">{"".join(items)}</objectbank></questestinterop>'


def test_a_question_bank_of_the_package_is_read_where_it_is_drawn_from() -> None:
    found = look(zipped(a_xml=assessment(drawing_from("bank1")), b_xml=bank("bank1", CHOICE, CHOICE)))

    assert [(one.title, len(one.items)) for one in found.assignments] == [("A quiz", 2)]


def test_a_bank_that_is_not_in_the_package_is_reported() -> None:
    found = only(assessment(CHOICE, drawing_from("elsewhere")))

    assert [one.status for one in found.items] == ["kept", "lost"]
    assert found.items[1].notes == ("It stands in a question bank that is not in the file.",)


def test_a_bank_that_no_quiz_draws_from_is_an_assignment_of_its_own() -> None:
    found = look(zipped(a_xml=assessment(CHOICE), b_xml=bank("bank1", CHOICE)))

    assert [one.title for one in found.assignments] == ["A quiz", "Question bank: bank1"]


def test_two_copies_of_a_quiz_are_read_once_the_fuller_one() -> None:
    """Canvas's course export has each quiz twice, once in the poorer words of Common Cartridge."""
    found = look(zipped(a_xml=assessment(CHOICE), b_xml=assessment(CHOICE, CHOICE)))

    assert [len(one.items) for one in found.assignments] == [2]
    assert found.notes == ("1 assessment is in the package twice; the fuller copy was read.",)


def test_more_questions_than_one_assignment_holds_become_several() -> None:
    found = look(assessment(*[CHOICE] * 450))

    assert [(one.title, len(one.items)) for one in found.assignments] == [
        ("A quiz (part 1 of 3)", 200),
        ("A quiz (part 2 of 3)", 200),
        ("A quiz (part 3 of 3)", 50),
    ]
    assert [one.items[0].number for one in found.assignments] == [1, 201, 401]


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (item("multiple_choice", "Q", choices("a", "b")), "does not say which answer"),
        (
            item("multiple_choice", "Q", choices("a", "b"), rule(equal("1")) + rule(equal("2"))),
            "Several of its choices",
        ),
        (item("multiple_choice", "Q", choices("a"), rule(equal("1"))), "2 to 100 entries"),
        (item("multiple_choice", "Q", choices("a", "<img src='x.png'>" * 0), rule(equal("1"))), "has no text"),
        (item("multiple_choice", "", choices("a", "b"), rule(equal("1"))), "no words"),
        (item("multiple_choice", "<img src='x.png'>", choices("a", "b"), rule(equal("1"))), "only a picture"),
        (item("multiple_answers", "Q", choices("a", "b", cardinality="Multiple")), "which choices are right"),
        (item("numerical", "Q", typed(), rule(equal("one"))), "not a number"),
        (item("numerical", "Q", typed(), rule(equal("1")) + rule(equal("5"))), "several separate numbers"),
        (item("numerical", "Q", typed(), rule('<vargte respident="response1">5</vargte>')), "above or below a limit"),
        (item("numerical", "Q", typed(), rule(between("9", "1"))), "which number is right"),
        (item("short_answer", "Q", typed(), rule(equal("x" * 300))), "at most 200 characters"),
        (item("short_answer", "Q", typed(), rule('<varsubstring respident="response1">a</varsubstring>')), "a part of"),
        (item("hot_spot", "Q"), "pointing at a picture"),
        (item("wordbank", "Q", choices("a")), "no question of this type"),
        (item("calculated", "Q", typed()), "no numbers worked out"),
        (item("multiple_choice", "Q", choices("a", "b"), rule(equal("1")), points="-1"), "from 0 to 1000"),
        (item("multiple_choice", "Q", choices("a", "b"), rule(equal("1")), points="many"), "not a number"),
    ],
)
def test_what_has_no_counterpart_is_left_out_with_its_reason(made: str, reason: str) -> None:
    found, reported = one_item(assessment(made))

    assert found.file is None
    assert (reported.status, reported.questions) == ("lost", ())
    assert reason in reported.notes[0]


def test_points_that_add_up_to_nothing_cannot_be_added() -> None:
    found = only(assessment(item("multiple_choice", "Q", choices("a", "b"), rule(equal("1")), points="0")))

    assert found.file is None
    assert "the points add up to 0" in found.notes[0]


def test_part_marks_of_single_choices_are_reported() -> None:
    found, reported = one_item(
        assessment(item("multiple_choice", "Q", choices("a", "b"), rule(equal("1")) + rule(equal("2"), "50")))
    )

    assert reported.status == "changed"
    assert reported.notes == ("Choices that earn a part of the points earn nothing here.",)
    assert found.file is not None


@pytest.mark.parametrize(
    ("responses", "rules", "expected"),
    [
        (choices("a", "b"), rule(equal("2"), "5"), ("single_choice", "5")),
        (BOXES, rule(f"{equal('1')}<not>{equal('2')}</not>", "2"), ("multiple_choice", "2")),
        (typed(), rule(equal("yes", more=' case="Yes"'), "1"), ("short_text", "1")),
        (typed("Integer"), rule(equal("7"), "3"), ("numeric", "3")),
        (typed(), "", ("essay", "1")),
    ],
)  # fmt: skip
def test_plain_items_are_known_by_their_looks(responses: str, rules: str, expected: tuple[str, str]) -> None:
    found, _ = one_item(assessment(item("", "Q", responses, rules, points=None)))

    assert found.file is not None
    question = found.file.questions[0]
    assert (question.type, str(question.points)) == expected


def test_case_counts_where_the_file_says_so() -> None:
    found, _ = one_item(assessment(item("", "Q", typed(), rule(equal("NaCl", more=' case="Yes"')))))

    assert found.file is not None
    assert grade_answers(found.file.questions, {"q1": "nacl"}).earned == 0
    assert grade_answers(found.file.questions, {"q1": "NaCl"}).earned == 1


def test_a_range_around_another_number_keeps_its_limits() -> None:
    condition = rule(f"<or>{equal('42')}<and>{between('41', '44')}</and></or>")
    found, reported = one_item(assessment(item("numerical", "Q", typed("Decimal"), condition)))

    assert found.file is not None
    earned = [grade_answers(found.file.questions, {"q1": text}).earned for text in ("40.9", "41", "44", "44.1")]
    assert earned == [0, 1, 1, 0]
    assert reported.status == "changed"


def test_added_shares_become_part_marks() -> None:
    """Each right choice adds, each wrong one takes off: the same here."""
    shares = rule(equal("1"), "50", "Add") + rule(equal("2"), "50", "Add") + rule(equal("3"), "50", "Subtract")
    found, reported = one_item(
        assessment(item("", "Q", choices("a", "b", "c", cardinality="Multiple"), shares, points="2"))
    )

    assert found.file is not None
    assert reported.status == "kept"
    earned = [grade_answers(found.file.questions, {"q1": one}).earned for one in (["a"], ["a", "b"], ["a", "b", "c"])]
    assert earned == [1, 2, 1]


def test_a_reader_sees_which_words_of_the_text_are_a_text() -> None:
    found = only(assessment(item("essay", "Use *stars* & [brackets] <b>boldly</b>, 2 < 3."), title="T"))

    assert found.file is not None
    assert found.file.questions[0].prompt == "Use \\*stars\\* & \\[brackets\\] **boldly**, 2 < 3."
