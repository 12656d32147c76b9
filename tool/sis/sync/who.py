"""Who of a placement's learners is which student of the class, with what was sent for them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from tool.model.sis import SisMatch, SisSection
from tool.sis.linking.matches import Lists
from tool.sis.plain import Enrolled
from tool.sis.rules.facts import StudentFacts
from tool.sis.rules.matching import Matched
from tool.sis.sync.works import Learner

NOBODY = Matched(0, None, "nobody")


@dataclass(frozen=True, slots=True)
class Who:
    """The matches of a section, by member. `elsewhere`: learners who are in another linked class of the same course
    and therefore not missed in this one."""

    matched: Mapping[int, Matched]
    enrolled: Mapping[str, Enrolled]
    elsewhere: frozenset[int]

    def is_who(self, learners: Iterable[Learner], scores: Mapping[int, Any]) -> Iterator[StudentFacts]:
        """The facts of every learner who may be in this class."""
        for one in learners:
            matched = self.matched.get(one.member_id, NOBODY)
            if matched.student_id is not None or one.member_id not in self.elsewhere:
                yield _facts(one, matched, self.enrolled.get(matched.student_id or ""), scores.get(one.member_id))


def read_who(connection: Connection, section_id: int, lists: Lists) -> Who:
    """With the learners of now; a class list of another day is what `lists` has."""
    return Who(
        matched={one.member_id: one for one in lists.match()},
        enrolled={one.sourced_id: one for one in lists.theirs},
        elsewhere=_read_elsewhere(connection, section_id),
    )


def _facts(learner: Learner, matched: Matched, enrolled: Enrolled | None, score: Any | None) -> StudentFacts:
    is_read_since = (
        score is not None and score.read_at is not None and score.read_at >= (score.sent_at or score.read_at)
    )
    return StudentFacts(
        member_id=learner.member_id,
        name=learner.name,
        work=learner.work,
        student_id=matched.student_id,
        rule=matched.rule,
        suspended=matched.suspended,
        candidates=matched.candidates,
        enrolled=enrolled,
        has_left=learner.has_left,
        is_pinned=score is not None and score.is_pinned,
        sent_score=None if score is None else score.sent_score,
        read_score=score.read_score if score is not None and is_read_since else None,
    )


def _read_elsewhere(connection: Connection, section_id: int) -> frozenset[int]:
    course = select(SisSection.course_id).where(SisSection.id == section_id).scalar_subquery()
    rows = connection.execute(
        select(SisMatch.member_id)
        .join(SisSection, SisSection.id == SisMatch.section_id)
        .where(SisSection.course_id == course, SisSection.id != section_id, SisSection.unlinked_at.is_(None))
        .where(SisMatch.student_id.is_not(None), SisMatch.suspended.is_(None))
    )
    return frozenset(rows.scalars())
