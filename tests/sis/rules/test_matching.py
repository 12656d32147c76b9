"""Who is who: by evidence, never by likeness, and never two on one student."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tool.sis.plain import Enrolled
from tool.sis.rules.matching import Kept, Matched, Ours, match

BEN = Ours(1, "stu-904", "ben@school.example", "Ben Carter")
CLEO = Ours(2, "stu-905", "cleo@school.example", "Cleo Brown")
BEN_THERE = Enrolled("stu-904", "Carter, Ben", "ben@school.example", ("S904", "904"))
CLEO_THERE = Enrolled("stu-905", "Brown, Cleo", "cleo@school.example", ("905",))
CLASS = [BEN_THERE, CLEO_THERE]


def one(ours: Ours, theirs: list[Enrolled], kept: Kept | None = None) -> Matched:
    (matched,) = match([ours], theirs, {} if kept is None else {ours.member_id: kept})
    return matched


def test_ids_of_the_sis_come_first() -> None:
    assert match([BEN, CLEO], CLASS, {}) == [Matched(1, "stu-904", "sis_id"), Matched(2, "stu-905", "sis_id")]


@pytest.mark.parametrize("told", ["stu-904", " stu-904 ", "S904", "904"])
def test_any_id_the_sis_has_for_a_person_will_do(told: str) -> None:
    assert one(replace(BEN, sourced_id=told, email=None), CLASS) == Matched(1, "stu-904", "sis_id")


@pytest.mark.parametrize("told", [None, "", "  ", "$Person.sourcedId", "$Canvas.user.sisSourceId", "unknown"])
def test_a_value_that_says_nothing_is_none_and_the_email_decides(told: str | None) -> None:
    ben = replace(BEN, sourced_id=told, email="BEN@School.Example ")

    assert one(ben, CLASS) == Matched(1, "stu-904", "email")


def test_the_literal_variable_is_no_id_even_if_the_sis_has_it_too() -> None:
    theirs = [replace(BEN_THERE, identifiers=("$Person.sourcedId",), email=None)]

    assert one(replace(BEN, sourced_id="$Person.sourcedId"), theirs) == Matched(1, None, "nobody", None, ("stu-904",))


def test_an_id_that_two_people_have_is_none() -> None:
    ours = [replace(BEN, sourced_id="904"), replace(CLEO, sourced_id="904")]
    assert [m.rule for m in match(ours, CLASS, {})] == ["email", "email"]

    theirs = [replace(BEN_THERE, identifiers=("7",)), replace(CLEO_THERE, identifiers=("7",))]
    assert one(replace(BEN, sourced_id="7"), theirs) == Matched(1, "stu-904", "email")
    assert one(replace(BEN, sourced_id="7", email=None), theirs).candidates == ("stu-904", "stu-905")


def test_an_email_counts_only_if_it_is_one_persons_on_both_sides() -> None:
    family = "family@home.example"
    twins_here = [replace(BEN, sourced_id=None, email=family), replace(CLEO, sourced_id=None, email=family.upper())]
    theirs = [replace(BEN_THERE, email=family), CLEO_THERE]
    assert [(m.student_id, m.rule, m.candidates) for m in match(twins_here, theirs, {})] == [
        (None, "ambiguous", ("stu-904",)),
        (None, "ambiguous", ("stu-904",)),
    ]

    twins_there = [replace(BEN_THERE, email=family), replace(CLEO_THERE, email=family)]
    assert one(twins_here[0], twins_there) == Matched(1, None, "ambiguous", None, ("stu-904", "stu-905"))


def test_two_ids_of_one_student_told_for_two_people_match_neither() -> None:
    ours = [BEN, replace(CLEO, sourced_id="S904")]

    assert [(m.student_id, m.rule, m.candidates) for m in match(ours, CLASS, {})] == [
        (None, "ambiguous", ("stu-904",)),
        (None, "ambiguous", ("stu-904",)),
    ]


def test_an_email_never_takes_a_student_whom_an_id_has_told() -> None:
    impostor = replace(CLEO, sourced_id=None, email=BEN.email)

    assert match([impostor, replace(BEN, email=None)], CLASS, {}) == [
        Matched(2, None, "ambiguous", None, ("stu-904",)),
        Matched(1, "stu-904", "sis_id"),
    ]


def test_only_those_who_are_in_the_class_are_matched() -> None:
    assert one(BEN, [replace(BEN_THERE, is_active=False), CLEO_THERE]).student_id is None
    twice = [BEN_THERE, replace(BEN_THERE, is_active=False)]
    assert one(BEN, twice).student_id == one(BEN, twice[::-1]).student_id == "stu-904"


def test_a_name_sorts_the_choice_and_never_matches() -> None:
    nameless = replace(BEN, sourced_id=None, email=None)
    theirs = [Enrolled("a", "Abel, Zoe", None), Enrolled("c", "Carter, Ben", None), Enrolled("b", "Benson, Carl", None)]

    matched = one(nameless, theirs)

    assert (matched.student_id, matched.rule) == (None, "nobody")
    assert matched.candidates[0] == "c"
    assert set(matched.candidates) == {"a", "b", "c"}


def test_nobody_chooses_among_those_whom_somebody_has() -> None:
    stranger = Ours(3, None, None, "Ben Carter")

    assert match([BEN, stranger], CLASS, {})[1].candidates == ("stu-905",)


def test_what_ada_said_wins_over_every_evidence() -> None:
    said = {1: Kept("stu-905", "by_hand")}

    assert match([BEN, CLEO], CLASS, said) == [
        Matched(1, "stu-905", "by_hand"),
        Matched(2, None, "ambiguous", None, ("stu-905",)),
    ]
    assert one(BEN, [CLEO_THERE], Kept("stu-904", "by_hand")) == Matched(1, "stu-904", "by_hand")
    assert one(BEN, CLASS, Kept(None, "left_out")) == Matched(1, None, "left_out")


def test_two_people_on_one_student_by_hand_are_asked_for_again() -> None:
    said = {1: Kept("stu-904", "by_hand"), 2: Kept("stu-904", "by_hand")}

    assert [m.student_id for m in match([BEN, CLEO], CLASS, said)] == [None, None]


def test_who_could_not_be_matched_before_is_looked_for_again() -> None:
    for rule in ("nobody", "ambiguous"):
        assert one(BEN, CLASS, Kept(None, rule)) == Matched(1, "stu-904", "sis_id")


def test_a_match_outlives_a_value_that_is_no_longer_told() -> None:
    silent = replace(BEN, sourced_id="$Person.sourcedId", email=None)

    assert one(silent, CLASS, Kept("stu-904", "sis_id")) == Matched(1, "stu-904", "sis_id")
    assert one(silent, CLASS, Kept("stu-904", "email")) == Matched(1, "stu-904", "email")
    assert one(BEN, [CLEO_THERE], Kept("stu-904", "sis_id")) == Matched(1, "stu-904", "sis_id")
    silent_there = [replace(BEN_THERE, email=None), CLEO_THERE]
    assert one(replace(BEN, sourced_id=None), silent_there, Kept("stu-904", "email")).suspended is None


def test_a_shared_email_says_nothing_against_an_id_unless_it_leads_to_others_only() -> None:
    ben, kept = replace(BEN, sourced_id=None), Kept("stu-904", "sis_id")
    third = Enrolled("stu-906", "Chen, Dan", BEN.email)

    assert one(ben, [BEN_THERE, third], kept) == Matched(1, "stu-904", "sis_id")
    assert one(ben, [replace(BEN_THERE, email=None), replace(CLEO_THERE, email=BEN.email), third], kept) == Matched(
        1, "stu-904", "sis_id", "sis_id", ("stu-904", "stu-905", "stu-906")
    )


def test_another_id_for_the_same_person_suspends() -> None:
    renamed = [replace(BEN_THERE, sourced_id="S-1"), CLEO_THERE]  # Infinite Campus, from 1.1 to 1.2

    assert one(replace(BEN, sourced_id="904"), renamed, Kept("stu-904", "sis_id")) == Matched(
        1, "stu-904", "sis_id", "sis_id", ("stu-904", "S-1")
    )


def test_an_email_that_moved_suspends() -> None:
    ben = replace(BEN, sourced_id=None)
    moved = [replace(BEN_THERE, email="new@school.example"), replace(CLEO_THERE, email=BEN.email)]
    kept = Kept("stu-904", "email")

    assert one(ben, moved, kept) == Matched(1, "stu-904", "email", "email", ("stu-904", "stu-905"))
    assert one(ben, [replace(BEN_THERE, email="new@school.example")], kept).suspended == "email"
    assert one(replace(BEN, email=None), [replace(BEN_THERE, sourced_id="x", identifiers=()), CLEO_THERE], kept) == (
        Matched(1, "stu-904", "email")
    )


def test_an_email_that_became_two_peoples_suspends_and_mends_itself() -> None:
    ben, kept = replace(BEN, sourced_id=None), Kept("stu-904", "email")
    shared = [BEN_THERE, replace(CLEO_THERE, email=BEN.email)]

    assert one(ben, shared, kept) == Matched(1, "stu-904", "email", "email", ("stu-904", "stu-905"))
    assert one(ben, CLASS, kept) == Matched(1, "stu-904", "email")


def test_two_who_changed_places_are_both_suspended() -> None:
    swapped = [replace(BEN_THERE, email=CLEO.email), replace(CLEO_THERE, email=BEN.email)]
    ours = [replace(BEN, sourced_id=None), replace(CLEO, sourced_id=None)]
    kept = {1: Kept("stu-904", "email"), 2: Kept("stu-905", "email")}

    assert [(m.student_id, m.suspended) for m in match(ours, swapped, kept)] == [
        ("stu-904", "email"),
        ("stu-905", "email"),
    ]


def test_a_newcomer_with_a_better_claim_suspends_and_takes_nothing() -> None:
    ben, newcomer = replace(BEN, sourced_id=None), Ours(9, "stu-904", None, "B. Carter")

    matches = match([ben, newcomer], CLASS, {1: Kept("stu-904", "email")})

    assert [(m.student_id, m.rule, m.suspended) for m in matches] == [
        ("stu-904", "email", "email"),
        (None, "ambiguous", None),
    ]


def test_a_newcomer_told_for_somebody_of_whom_nothing_is_told_any_more_suspends_too() -> None:
    ben, newcomer = replace(BEN, sourced_id=None, email=None), Ours(9, "stu-904", None, "B. Carter")
    for kept in ({1: Kept("stu-904", "email")}, {1: Kept("stu-904", "email"), 9: Kept(None, "ambiguous")}):
        matches = match([ben, newcomer], CLASS, kept)

        assert [(m.student_id, m.rule, m.suspended) for m in matches] == [
            ("stu-904", "email", "sis_id"),
            (None, "ambiguous", None),
        ]


def test_links_of_people_who_are_gone_hold_nobody() -> None:
    assert match([BEN], CLASS, {77: Kept("stu-904", "by_hand")}) == [Matched(1, "stu-904", "sis_id")]


IDS = st.sampled_from([None, "", " ", "$Person.sourcedId", "a", "b", "c", "d", "7"])
EMAILS = st.sampled_from([None, "", "$Person.email.primary", "a@x", "A@X", "b@x", "c@x"])
NAMES = st.sampled_from(["Ben Carter", "Cleo Brown", "", "Carter, Ben"])
OURS = st.lists(
    st.builds(Ours, st.integers(1, 6), IDS, EMAILS, NAMES), max_size=6, unique_by=lambda ours: ours.member_id
)
THEIRS = st.lists(
    st.builds(
        Enrolled,
        sourced_id=st.sampled_from(["a", "b", "c", "d"]),
        name=NAMES,
        email=EMAILS,
        identifiers=st.lists(IDS.filter(lambda value: value is not None), max_size=2).map(tuple),
        is_active=st.booleans(),
    ),
    max_size=5,
)
KEPT = st.dictionaries(
    st.integers(1, 6),
    st.builds(Kept, st.sampled_from(["a", "b", "c", "d"]), st.sampled_from(["by_hand", "sis_id", "email"]))
    | st.builds(Kept, st.none(), st.sampled_from(["nobody", "ambiguous", "left_out"])),
)


@given(OURS, THEIRS, KEPT)
def test_never_two_on_one_student_whatever_is_told(
    ours: list[Ours], theirs: list[Enrolled], kept: dict[int, Kept]
) -> None:
    matches = match(ours, theirs, kept)
    taken = [m.student_id for m in matches if m.student_id is not None]

    assert [m.member_id for m in matches] == [o.member_id for o in ours]
    assert len(taken) == len(set(taken))
    assert all((m.student_id is None) == (m.rule in ("nobody", "ambiguous", "left_out")) for m in matches)


@given(OURS, THEIRS)
def test_what_is_matched_anew_rests_on_a_value_of_one_here_and_one_there(
    ours: list[Ours], theirs: list[Enrolled]
) -> None:
    by_id = {one.sourced_id: one for one in sorted(theirs, key=lambda one: one.is_active)}
    for member, matched in zip(ours, match(ours, theirs, {}), strict=True):
        if matched.student_id is None:
            continue
        student = by_id[matched.student_id]
        if matched.rule == "sis_id":
            value = (member.sourced_id or "").strip()
            assert value in (student.sourced_id, *student.identifiers)
            assert [o for o in ours if (o.sourced_id or "").strip() == value] == [member]
        else:
            value = (member.email or "").casefold()
            assert value == (student.email or "").casefold()
            assert [o for o in ours if (o.email or "").casefold() == value] == [member]
        assert value
        assert not value.startswith("$")


@given(OURS, THEIRS, KEPT)
def test_matching_again_changes_nothing(ours: list[Ours], theirs: list[Enrolled], kept: dict[int, Kept]) -> None:
    first = match(ours, theirs, kept)
    again = match(ours, theirs, {m.member_id: Kept(m.student_id, m.rule) for m in first})

    assert {m.student_id: m.member_id for m in first if m.student_id and not m.suspended}.items() <= {
        m.student_id: m.member_id for m in again if m.student_id
    }.items()
