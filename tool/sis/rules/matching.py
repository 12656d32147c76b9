"""Who of our members is which student of the class in the SIS: by evidence, never by likeness.

In this order: what a teacher said · an id that the LMS tells and the SIS has · an e-mail address that is one member's
here and one student's there. A value that is empty, is nobody's, or is two people's is no evidence.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from tool.sis.plain import Enrolled

Rule = Literal["by_hand", "sis_id", "email", "nobody", "ambiguous", "left_out"]
EvidenceRule = Literal["sis_id", "email"]
RULES_BY_EVIDENCE: tuple[EvidenceRule, ...] = ("sis_id", "email")


@dataclass(frozen=True, slots=True)
class Ours:
    """A learner as the LMS tells it; `sourced_id` is what it says is the id in the SIS."""

    member_id: int
    sourced_id: str | None
    email: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Kept:
    """How a member was matched before; `student_id` is None for `nobody`, `ambiguous` and `left_out`."""

    student_id: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class Matched:
    """How a member is matched now.

    `suspended` (`sis_id`, `email`: what speaks against it now): the student of before is kept and nothing is sent until
    a teacher says who it is. `candidates` are ids of students to choose from: those that fit, else those of nobody,
    likest name first.
    """

    member_id: int
    student_id: str | None
    rule: Rule
    suspended: str | None = None
    candidates: tuple[str, ...] = ()


def match(ours: Sequence[Ours], theirs: Sequence[Enrolled], kept: Mapping[int, Kept]) -> list[Matched]:
    """One for each of `ours`, in their order; never two on one student. `kept` of others is not looked at."""
    by_id = {student.sourced_id: student for student in sorted(theirs, key=lambda student: student.is_active)}
    present = {one.member_id: kept[one.member_id] for one in ours if one.member_id in kept}
    fits = _fit(ours, [student for student in by_id.values() if student.is_active], present)
    matches = [_judge(one, fits[one.member_id], present.get(one.member_id), by_id) for one in ours]
    return _suggest(_keep_one_each(matches, present), ours, by_id)


@dataclass(frozen=True, slots=True)
class _Fit:
    """What the evidence of today alone says of a member."""

    student_id: str | None
    rule: Rule
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Lead:
    """Whom the value of one member leads to; `is_evidence`: it is this member's only, and one student's only."""

    member_id: int
    students: frozenset[str]
    is_evidence: bool


def _fit(ours: Sequence[Ours], theirs: Collection[Enrolled], kept: Mapping[int, Kept]) -> dict[int, _Fit]:
    fits: dict[int, _Fit] = {
        member_id: _Fit(k.student_id, "by_hand") for member_id, k in kept.items() if k.rule == "by_hand"
    }
    taken = {fit.student_id for fit in fits.values()}
    doubts: dict[int, set[str]] = defaultdict(set)
    for rule in RULES_BY_EVIDENCE:
        leads = [lead for lead in _leads(ours, theirs, rule) if lead.member_id not in fits]
        claims = Counter(student for lead in leads if lead.is_evidence for student in lead.students)
        for lead in leads:
            doubts[lead.member_id] |= lead.students
            if not lead.is_evidence:  # as if there were no value: the next rule may know
                continue
            (one,) = lead.students
            is_free = one not in taken and claims[one] == 1
            fits[lead.member_id] = _Fit(one, rule) if is_free else _Fit(None, "ambiguous", (one,))
        taken |= {fit.student_id for fit in fits.values()}
    return {one.member_id: fits.get(one.member_id) or _doubt(doubts[one.member_id]) for one in ours}


def _doubt(students: set[str]) -> _Fit:
    return _Fit(None, "ambiguous", tuple(sorted(students))) if students else _Fit(None, "nobody")


def _leads(ours: Sequence[Ours], theirs: Collection[Enrolled], rule: EvidenceRule) -> list[_Lead]:
    students: dict[str, set[str]] = defaultdict(set)
    for student in theirs:
        for value in _values_of(student, rule):
            students[value].add(student.sourced_id)
    values = {one.member_id: told for one in ours if (told := _value_of(one, rule)) is not None}
    count = Counter(values.values())
    return [
        _Lead(member_id, frozenset(students[value]), count[value] == 1 and len(students[value]) == 1)
        for member_id, value in values.items()
        if value in students
    ]


def _judge(one: Ours, fit: _Fit, before: Kept | None, by_id: Mapping[str, Enrolled]) -> Matched:
    """Today's evidence beside what was said or found before."""
    if before is not None and before.rule == "left_out":
        return Matched(one.member_id, None, "left_out")
    if before is None or before.student_id is None or fit.student_id == before.student_id:
        return Matched(one.member_id, fit.student_id, fit.rule, candidates=fit.candidates)
    rule: EvidenceRule = "email" if before.rule == "email" else "sis_id"
    same = Matched(one.member_id, before.student_id, rule)
    if fit.student_id is not None:
        against: str | None = fit.rule
    elif _is_gone(one, fit, rule, before.student_id) or _differs(one, by_id.get(before.student_id), rule):
        against = rule
    else:
        return same
    others = (fit.student_id,) if fit.student_id is not None else fit.candidates
    choice = tuple(dict.fromkeys((before.student_id, *others)))
    return replace(same, suspended=against, candidates=choice)


def _is_gone(one: Ours, fit: _Fit, rule: EvidenceRule, student_id: str) -> bool:
    """Whether the value that told the student is now several people's, or leads to others only."""
    return bool(fit.candidates) and (student_id not in fit.candidates or _value_of(one, rule) is not None)


def _differs(one: Ours, student: Enrolled | None, rule: EvidenceRule) -> bool:
    """Whether both sides still tell the value by which they were matched, and it is no longer the same."""
    value = _value_of(one, rule)
    if value is None or student is None:  # no longer on the class list: the check before sending says so
        return False
    values = _values_of(student, rule)
    return bool(values) and value not in values


def _keep_one_each(matches: Sequence[Matched], kept: Mapping[int, Kept]) -> list[Matched]:
    """A student that two members have stays with whom a teacher chose, else, in doubt, with whom it was before."""
    having: dict[str, list[Matched]] = defaultdict(list)
    for one in matches:
        if one.student_id is not None:
            having[one.student_id].append(one)
    return [one if one.student_id is None else _against_rivals(one, having[one.student_id], kept) for one in matches]


def _against_rivals(one: Matched, claimants: Sequence[Matched], kept: Mapping[int, Kept]) -> Matched:
    if len(claimants) == 1:
        return one
    by_hand = [rival for rival in claimants if rival.rule == "by_hand"]
    before = [r for r in claimants if r.member_id in kept and kept[r.member_id].student_id == r.student_id]
    if by_hand == [one]:
        return one
    if not by_hand and before == [one]:
        rival = next(rival for rival in claimants if rival is not one)
        return replace(one, suspended=one.suspended or rival.rule)
    return Matched(one.member_id, None, "ambiguous", candidates=(one.student_id,) if one.student_id else ())


def _suggest(matches: Sequence[Matched], ours: Sequence[Ours], by_id: Mapping[str, Enrolled]) -> list[Matched]:
    """Who is nobody yet may choose among the students whom nobody has, those of a like name first."""
    had = {one.student_id for one in matches}
    free = [student for student in by_id.values() if student.is_active and student.sourced_id not in had]
    names = {one.member_id: one.name for one in ours}
    return [
        replace(one, candidates=_sort(free, names[one.member_id])) if one.rule == "nobody" else one for one in matches
    ]


def _sort(students: Sequence[Enrolled], name: str) -> tuple[str, ...]:
    def unlikeness(student: Enrolled) -> tuple[float, str, str]:
        likeness = SequenceMatcher(None, _words(name), _words(student.name)).ratio()
        return (-likeness, student.name.casefold(), student.sourced_id)

    return tuple(student.sourced_id for student in sorted(students, key=unlikeness))


def _words(name: str) -> str:
    """A name's words in alphabetical order: “Carter, Ben” is like “Ben Carter”."""
    return " ".join(sorted(name.casefold().replace(",", " ").split()))


def _value_of(one: Ours, rule: EvidenceRule) -> str | None:
    return _usable(one.sourced_id) if rule == "sis_id" else _usable((one.email or "").casefold())


def _values_of(student: Enrolled, rule: EvidenceRule) -> frozenset[str]:
    told = (student.sourced_id, *student.identifiers) if rule == "sis_id" else ((student.email or "").casefold(),)
    return frozenset(value for text in told if (value := _usable(text)) is not None)


def _usable(value: str | None) -> str | None:
    """A value without blanks around it; None for an empty one, and for a variable that Canvas did not fill in: it
    sends the very text `$Person.sourcedId`."""
    text = (value or "").strip()
    return None if not text or text.startswith("$") else text
