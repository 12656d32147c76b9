"""Who of a course's learners is which student of a linked class, and what a teacher says about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from tool.errors import BadInput, NotThere
from tool.language import gettext
from tool.model.sis import SisMatch, SisSection
from tool.sis.linking.acting import Actor, write_act
from tool.sis.linking.matches import Lists, forget_match, read_lists, rematch, write_match
from tool.sis.plain import Enrolled
from tool.sis.rules.matching import Matched, Ours, match


@dataclass(frozen=True, slots=True)
class MatchView:
    """One learner of the course. `student` is None where nobody is matched; `is_enrolled`: the SIS lists the student in
    the class now; `elsewhere`: another linked class of the course that has this learner."""

    member_id: int
    name: str
    email: str | None
    rule: str
    suspended: str | None
    student: Enrolled | None
    is_enrolled: bool
    elsewhere: str | None

    @property
    def needs_person(self) -> bool:
        """Nothing would go for this learner, and nobody has said that this is right."""
        if self.suspended is not None:
            return True
        return self.student is None and self.rule != "left_out" and self.elsewhere is None


@dataclass(frozen=True, slots=True)
class Matches:
    """A whole section. `unclaimed`: students of the class whom nobody here is; `is_anonymous`: the LMS tells neither an
    id nor an e-mail address of anybody, so none can be found."""

    rows: tuple[MatchView, ...]
    unclaimed: tuple[Enrolled, ...]
    is_anonymous: bool

    @property
    def matched(self) -> int:
        return sum(row.student is not None and row.suspended is None for row in self.rows)

    @property
    def needing(self) -> int:
        return sum(row.needs_person for row in self.rows)


@dataclass(frozen=True, slots=True)
class Choices:
    """Students for one learner: `fitting` by the evidence, `others` whom nobody has, the likest name first."""

    fitting: tuple[Enrolled, ...]
    others: tuple[Enrolled, ...]

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(one.sourced_id for one in (*self.fitting, *self.others))


def read_matches(connection: Connection, section_id: int) -> Matches:
    """As it is with the class list last read, the learners of now, and what teachers said."""
    lists = read_lists(connection, section_id)
    students = {one.sourced_id: one for one in lists.theirs}
    elsewhere = _find_elsewhere(connection, section_id)
    matched = lists.match()
    views = [_view(one, m, students, elsewhere) for one, m in zip(lists.ours, matched, strict=True)]
    return Matches(tuple(views), _find_free(lists.theirs, matched), _is_anonymous(lists.ours))


def read_choices(connection: Connection, section_id: int, member_id: int) -> Choices:
    """Whom a teacher may choose for a learner. Raises NotThere for somebody of another course."""
    return _choose_among(read_lists(connection, section_id), member_id)


def match_by_hand(connection: Connection, actor: Actor, member_id: int, student_id: str) -> None:
    """A teacher says who it is; evidence does not change that any more. Raises BadInput for whoever is not to be
    chosen."""
    if student_id not in _choose_among(read_lists(connection, actor.section_id), member_id).ids:
        raise BadInput(
            gettext("This student cannot be chosen."),
            gettext("Somebody else is matched with the student, or the student is not in the class. Reload the page."),
        )
    said = Matched(member_id, student_id, "by_hand")
    write_match(connection, actor.section_id, said, matched_by=actor.member_id)
    write_act(connection, actor, "matched", member_id=member_id, student_id=student_id)
    rematch(connection, actor.section_id)


def leave_out(connection: Connection, actor: Actor, member_id: int) -> None:
    """Nothing goes for this learner until a teacher takes it back. Raises NotThere for somebody of another course."""
    _insist(read_lists(connection, actor.section_id).ours, member_id)
    write_match(connection, actor.section_id, Matched(member_id, None, "left_out"), matched_by=actor.member_id)
    write_act(connection, actor, "left_out", member_id=member_id)
    rematch(connection, actor.section_id)


def undo(connection: Connection, actor: Actor, member_id: int) -> None:
    """Take back what a teacher said; the evidence of now decides. Raises NotThere for somebody of another course."""
    _insist(read_lists(connection, actor.section_id).ours, member_id)
    forget_match(connection, actor.section_id, member_id)
    write_act(connection, actor, "unmatched", member_id=member_id)
    rematch(connection, actor.section_id)


def _view(one: Ours, matched: Matched, students: Mapping[str, Enrolled], elsewhere: Mapping[int, str]) -> MatchView:
    student = students.get(matched.student_id or "")
    if student is None and matched.student_id is not None:  # left the class list: only the id is known any more
        student = Enrolled(matched.student_id, matched.student_id, None, is_active=False)
    return MatchView(
        member_id=one.member_id,
        name=one.name,
        email=one.email,
        rule=matched.rule,
        suspended=matched.suspended,
        student=student,
        is_enrolled=student is not None and student.is_active,
        elsewhere=elsewhere.get(one.member_id) if student is None else None,
    )


def _choose_among(lists: Lists, member_id: int) -> Choices:
    one = _insist(lists.ours, member_id)
    matched = {m.member_id: m for m in lists.match()}
    own = matched.pop(member_id)
    students = {student.sourced_id: student for student in lists.theirs}
    free = {student.sourced_id: student for student in _find_free(lists.theirs, matched.values())}
    fitting = [] if own.rule == "nobody" else [*own.candidates, *([own.student_id] if own.student_id else [])]
    first = tuple(dict.fromkeys(student for student in fitting if student in free))
    rest = [student for sourced_id, student in free.items() if sourced_id not in first]
    # Without any evidence the rules only sort: the likest name first.
    by_name = match([Ours(member_id, None, None, one.name)], rest, {})[0].candidates
    return Choices(tuple(students[one] for one in first), tuple(students[one] for one in by_name))


def _insist(ours: Iterable[Ours], member_id: int) -> Ours:
    for one in ours:
        if one.member_id == member_id:
            return one
    raise NotThere(gettext("This student is not on the list."), gettext("Reload the page."))


def _find_free(theirs: Iterable[Enrolled], matched: Iterable[Matched]) -> tuple[Enrolled, ...]:
    had = {one.student_id for one in matched}
    return tuple(one for one in theirs if one.is_active and one.sourced_id not in had)


def _find_elsewhere(connection: Connection, section_id: int) -> dict[int, str]:
    """Learners who are matched in another linked class of the same course (two classes in one course: each learner is
    in one of them)."""
    course = select(SisSection.course_id).where(SisSection.id == section_id).scalar_subquery()
    rows = connection.execute(
        select(SisMatch.member_id, SisSection.class_title)
        .join(SisSection, SisSection.id == SisMatch.section_id)
        .where(SisSection.course_id == course, SisSection.id != section_id, SisSection.unlinked_at.is_(None))
        .where(SisMatch.student_id.is_not(None), SisMatch.suspended.is_(None))
        .order_by(SisSection.id.desc())
    )
    return {row.member_id: row.class_title for row in rows}


def _is_anonymous(ours: Iterable[Ours]) -> bool:
    told = [value for one in ours for value in (one.sourced_id, one.email)]
    is_told = any(value and value.strip() and not value.strip().startswith("$") for value in told)
    return bool(told) and not is_told
