"""QTI 2.1: interactions, mappings, tolerances, tests and what stands outside them."""

import pytest

from tests.library.packing import PACKAGES, folder, look, only, qti21_item, zipped
from tool.assessment.autograding import grade_answers
from tool.library.importing.report import FoundAssignment, ImportRefused, ItemReport

TEST = (
    '<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="t" title="A test"><testPart>'
    '<assessmentSection title="All">%s</assessmentSection></testPart>%s</assessmentTest>'
)
CHOICES = '<simpleChoice identifier="A">one</simpleChoice><simpleChoice identifier="B">two</simpleChoice>'
CHOICE = f'<p>Which?</p><choiceInteraction responseIdentifier="R" maxChoices="1">{CHOICES}</choiceInteraction>'
TYPED = '<p>How much? <textEntryInteraction responseIdentifier="R"/></p>'


def declared(
    *right: str, cardinality: str = "single", base: str = "identifier", mapping: dict[str, str] | None = None
) -> str:
    entries = "".join(f'<mapEntry mapKey="{key}" mappedValue="{value}"/>' for key, value in (mapping or {}).items())
    values = "".join(f"<value>{one}</value>" for one in right)
    return (
        f'<responseDeclaration identifier="R" cardinality="{cardinality}" baseType="{base}">'
        f"<correctResponse>{values}</correctResponse>{f'<mapping>{entries}</mapping>' if entries else ''}"
        "</responseDeclaration>"
    )


def one_item(document: str) -> tuple[FoundAssignment, ItemReport]:
    found = only(document)
    assert len(found.items) == 1
    return found, found.items[0]


def earned(found: FoundAssignment, answer: object) -> str:
    assert found.file is not None
    return str(grade_answers(found.file.questions, {"q1": answer}).earned)


def test_a_single_choice_is_kept() -> None:
    found, reported = one_item(qti21_item(CHOICE, declared("B")))

    assert (reported.status, reported.notes) == ("kept", ())
    assert (earned(found, "b"), earned(found, "a")) == ("1", "0")


def test_the_best_of_a_mapping_is_right_and_part_marks_are_reported() -> None:
    made = qti21_item(CHOICE, declared("A", mapping={"A": "1", "B": "3"}), "map_response")

    found, reported = one_item(made)

    assert (earned(found, "b"), earned(found, "a")) == ("3", "0")
    assert reported.notes == ("Choices that earn a part of the points earn nothing here.",)


def test_scoring_of_its_own_is_not_followed_and_that_is_said() -> None:
    own = (
        '<responseProcessing><setOutcomeValue identifier="SCORE"><randomFloat/></setOutcomeValue></responseProcessing>'
    )
    _, reported = one_item(qti21_item(CHOICE, declared("B"), own))

    assert reported.status == "changed"
    assert reported.notes[0].startswith("The file's own rules for scoring are not followed")


@pytest.mark.parametrize(
    ("tolerance", "right", "wrong"),
    [
        ('<equal toleranceMode="absolute" tolerance="0.5">', ["9.5", "10", "10.5"], ["9.4", "10.6"]),
        ('<equal toleranceMode="absolute" tolerance="1 2">', ["9", "12"], ["8.9", "12.1"]),
        ('<equal toleranceMode="relative" tolerance="10 10">', ["9", "11"], ["8.9", "11.1"]),
        ('<equal toleranceMode="exact">', ["10"], ["10.01"]),
        ('<equalRounded roundingMode="decimalPlaces" figures="1">', ["9.95", "10.05"], ["9.9", "10.1"]),
    ],
)
def test_tolerances_are_kept(tolerance: str, right: list[str], wrong: list[str]) -> None:
    closing = tolerance.split(" ", maxsplit=1)[0].replace("<", "</") + ">"
    rules = (
        f'<responseProcessing><responseCondition><responseIf>{tolerance}<variable identifier="R"/>'
        f'<correct identifier="R"/>{closing}<setOutcomeValue identifier="SCORE">'
        '<baseValue baseType="float">1</baseValue></setOutcomeValue></responseIf></responseCondition>'
        "</responseProcessing>"
    )
    found, _ = one_item(qti21_item(TYPED, declared("10", base="float"), rules))

    assert [earned(found, text) for text in right] == ["1"] * len(right)
    assert [earned(found, text) for text in wrong] == ["0"] * len(wrong)


def test_case_counts_unless_the_mapping_says_otherwise() -> None:
    strict, _ = one_item(qti21_item(TYPED, declared("NaCl", base="string")))
    mapping = declared("NaCl", base="string", mapping={"NaCl": "1"}).replace(
        "<mapEntry", '<mapEntry caseSensitive="false"'
    )
    lenient, _ = one_item(qti21_item(TYPED, mapping, "map_response"))

    assert (earned(strict, "nacl"), earned(lenient, "nacl")) == ("0", "1")


@pytest.mark.parametrize(
    ("body", "more", "reason"),
    [
        ('<p>Q</p><uploadInteraction responseIdentifier="R"/>', "", "takes no files"),
        ('<p>Q</p><hotspotInteraction responseIdentifier="R"/>', "", "pointing at a picture"),
        ('<p>Q</p><sliderInteraction responseIdentifier="R"/>', "", "no question of this type"),
        ('<p>Q</p><associateInteraction responseIdentifier="R"/>', "", "no question of this type"),
        (CHOICE, "<templateDeclaration/>", "made anew for every student"),
        (CHOICE.replace("Which?", 'Which <printedVariable identifier="x"/>?'), "", "made anew for every student"),
        (CHOICE.replace('"R"', '"other"'), "", "does not say which answer"),
        (CHOICE.replace("<p>Which?</p>", ""), "", "no words"),
        ("", "", "neither a question nor a text"),
    ],
)
def test_what_has_no_counterpart_is_left_out_with_its_reason(body: str, more: str, reason: str) -> None:
    _, reported = one_item(qti21_item(body, declared("B"), more=more))

    assert reported.status == "lost"
    assert reason in reported.notes[0]


def test_feedback_pictures_and_notes_for_graders_are_named() -> None:
    body = f'<rubricBlock view="scorer"><p>Be kind</p></rubricBlock>{CHOICE}<p><img src="a.png" alt="a bee"/></p>'
    found, reported = one_item(qti21_item(body, declared("B"), more="<modalFeedback>Well done</modalFeedback>"))

    assert found.file is not None
    assert found.file.questions[0].prompt == "Which?\n\n[picture: a bee]"
    assert set(reported.notes) == {
        "Notes for graders are left out.",
        "A picture is left out.",
        "Feedback on answers is left out.",
    }


def test_a_test_gives_order_weights_and_what_it_leaves_out() -> None:
    references = (
        '<selection select="1"/>'
        '<assessmentItemRef href="items/b.xml"><weight identifier="W" value="2"/></assessmentItemRef>'
        '<assessmentItemRef href="items/a%20a.xml"/><assessmentItemRef href="items/none.xml"/>'
    )
    made = {
        "items/a a.xml": qti21_item(CHOICE, declared("B")),
        "items/b.xml": qti21_item(TYPED, declared("7", base="integer")),
    }

    found = only(zipped(**{name.replace("/", "__").replace(".xml", "_xml"): one for name, one in made.items()},
                        test_xml=TEST % (references, '<timeLimits maxTime="60"/>')))  # fmt: skip

    assert found.file is not None
    assert [(one.type, str(one.points)) for one in found.file.questions] == [("numeric", "2"), ("single_choice", "1")]
    assert [one.status for one in found.items] == ["kept", "kept", "lost"]
    assert found.title == "A test"
    assert "The time limit is left out." in found.notes
    assert any("would get 1 at random; here everyone gets all 3" in note for note in found.notes)


def test_items_that_no_test_has_are_not_forgotten() -> None:
    found = look(
        zipped(
            test_xml=TEST % ('<assessmentItemRef href="a.xml"/>', ""),
            a_xml=qti21_item(CHOICE, declared("B")),
            b_xml=qti21_item(CHOICE, declared("A")),
        )
    )

    assert [(one.title, len(one.items)) for one in found.assignments] == [
        ("A test", 1),
        ("Questions outside any test", 1),
    ]


def test_qti_3_is_refused_with_what_to_do() -> None:
    with pytest.raises(ImportRefused) as refusal:
        look(folder(PACKAGES / "qti3"))

    assert "QTI 3.0" in refusal.value.message
    assert "2.1 or 1.2" in refusal.value.hint
