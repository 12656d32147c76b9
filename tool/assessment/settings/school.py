"""What a form has to know of the school's records before it can ask about them."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from tool.access import Visitor
from tool.assessment.settings.school_form import CATEGORY_CHARACTERS
from tool.model.people import Member
from tool.model.sis import SisCategory, SisConnection, SisSection
from tool.model.work import Assignment
from tool.passback.school_records import find_destinations

SUGGESTIONS_AT_MOST = 60


@dataclass(frozen=True, slots=True)
class School:
    """The school's records as the section of a form tells of them."""

    names: tuple[str, ...]
    syncing: tuple[str, ...]
    """Those of them to which assignments go while no teacher said anything."""
    is_served_by_lms: bool
    """The LMS sends grades there itself, so nothing that is chosen here sends any."""
    categories: tuple[str, ...]
    """Words that may be meant: those of the teacher's classes there, and of other assignments of the school."""

    @property
    def syncs_by_default(self) -> bool:
        return bool(self.syncing)

    @property
    def resting(self) -> tuple[str, ...]:
        """Those to which nothing goes while no teacher said anything."""
        return tuple(one for one in self.names if one not in self.syncing)


def read_school(connection: Connection, visitor: Visitor) -> School | None:
    """None where the school has no connection to its records. Those that a class of the course is linked to come before
    all others: they are the ones that matter here."""
    found = find_destinations(connection, visitor.customer_id, visitor.course_id)
    meant = [one for one in found if one.is_linked] or found
    if not meant:
        return None
    return School(
        names=tuple(one.name for one in meant),
        syncing=tuple(one.name for one in meant if one.syncs_by_default),
        is_served_by_lms=all(one.lms_syncs for one in meant),
        categories=_suggest_categories(connection, visitor),
    )


def _suggest_categories(connection: Connection, visitor: Visitor) -> tuple[str, ...]:
    """Each word once, however it is written."""
    kept: dict[str, str] = {}
    for word in sorted(_words(connection, visitor), key=lambda one: (one.casefold(), one)):
        if len(word) <= CATEGORY_CHARACTERS:
            kept.setdefault(word.casefold(), word)
    return tuple(kept.values())[:SUGGESTIONS_AT_MOST]


def _words(connection: Connection, visitor: Visitor) -> list[str]:
    theirs = (
        select(SisCategory.title)
        .join(SisSection, SisSection.id == SisCategory.section_id)
        .join(SisConnection, SisConnection.id == SisSection.connection_id)
        .join(Member, Member.course_id == SisSection.course_id)
        .where(Member.person_id == visitor.person_id, Member.is_teacher)
        .where(SisConnection.customer_id == visitor.customer_id, SisConnection.removed_at.is_(None))
        .where(SisSection.unlinked_at.is_(None))
    )
    ours = select(Assignment.category).where(
        Assignment.customer_id == visitor.customer_id, Assignment.category.is_not(None)
    )
    words = [*connection.execute(theirs.distinct()).scalars(), *connection.execute(ours.distinct()).scalars()]
    return [one for one in words if one is not None]
