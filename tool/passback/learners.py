"""All that is known of the learners of a placement and their scores, as one query."""

from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from tool.model.passbacks import Passback, Reading, Run
from tool.model.people import Member, Person
from tool.model.work import Grade, Opening, Submission
from tool.passback.ledger.turning import OF_ONE_ASSIGNMENT, state_at_rest


def name_of(person: type[Person]) -> ColumnElement[str | None]:
    """A person's whole name, else what the LMS told of it."""
    known = (person.given_name + " " + person.family_name, person.given_name, person.family_name)
    return func.coalesce(func.nullif(person.name, ""), *known)


# Who set the override.
_Overrider, _OverridersPerson = aliased(Member), aliased(Person)

_COLUMNS = (
    Member.id.label("member_id"),
    Member.left_at,
    Member.is_gradable,
    Person.subject,
    Person.sourced_id,
    name_of(Person).label("name"),
    name_of(_OverridersPerson).label("override_by_name"),
    Opening.id.label("opening_id"),
    Opening.line_item_url.label("own_line_item_url"),
    Submission.submitted_at.label("handed_in_at"),
    Reading.score.label("reading_score"),
    Reading.maximum.label("reading_maximum"),
    Reading.read_at,
    Run.kind.label("run_kind"),
    *[
        column
        for column in Passback.__table__.c
        if column.name not in ("placement_id", "member_id", "state", *OF_ONE_ASSIGNMENT)
    ],
)

_PLACEMENT: BindParameter[int] = bindparam("placement_id")
_ASSIGNMENT: BindParameter[str] = bindparam("assignment_id")


def _said_of_assignment() -> list[ColumnElement[Any]]:
    """What a row says of the tool's side. It may still be of the assignment that the link had before: then nothing, and
    nothing goes."""
    columns = [Passback.__table__.c[name] for name in OF_ONE_ASSIGNMENT]
    is_of_another = Passback.assignment_id != _ASSIGNMENT
    rests = and_(is_of_another, Passback.state == "due")
    return [
        case((rests, state_at_rest()), else_=Passback.state).label("state"),
        *(case((is_of_another, None), else_=column).label(column.name) for column in columns),
    ]


@cache
def learners_of(counting_attempt: str) -> Select[*tuple[Any, ...]]:
    """The learners of `placement_id` in `course_id`, whose link has `assignment_id`. Built once for each way of
    counting: building it takes longer than reading a class."""
    # An attempt that is only begun says nothing; of those handed in, the one that counts, else the newest.
    chosen = func.min if counting_attempt == "first" else func.max
    counting = (
        select(Submission.member_id, chosen(Submission.attempt_number).label("attempt_number"))
        .where(Submission.placement_id == _PLACEMENT, Submission.assignment_id == _ASSIGNMENT)
        .where(Submission.submitted_at.is_not(None))
        .group_by(Submission.member_id)
        .subquery()
    )
    is_counting = and_(
        Submission.placement_id == _PLACEMENT,
        Submission.assignment_id == _ASSIGNMENT,
        Submission.member_id == counting.c.member_id,
        Submission.attempt_number == counting.c.attempt_number,
    )
    has_something = or_(Opening.id.is_not(None), Passback.id.is_not(None))
    is_here = and_(Member.left_at.is_(None), Member.on_roster_at.is_not(None))
    return (
        select(*_COLUMNS, *_said_of_assignment(), _waits_for_teacher(counting_attempt).label("needs_grading"))
        .select_from(Member)
        .join(Person, Person.id == Member.person_id)
        .outerjoin(Opening, and_(Opening.placement_id == _PLACEMENT, Opening.member_id == Member.id))
        .outerjoin(Passback, and_(Passback.placement_id == _PLACEMENT, Passback.member_id == Member.id))
        .outerjoin(Run, Run.id == Passback.run_id)
        .outerjoin(_Overrider, _Overrider.id == Passback.override_by)
        .outerjoin(_OverridersPerson, _OverridersPerson.id == _Overrider.person_id)
        .outerjoin(Reading, and_(Reading.placement_id == _PLACEMENT, Reading.member_id == Member.id))
        .outerjoin(counting, counting.c.member_id == Member.id)
        .outerjoin(Submission, is_counting)
        .where(Member.course_id == bindparam("course_id"), Member.is_gradable, or_(has_something, is_here))
    )


def _waits_for_teacher(counting_attempt: str) -> ColumnElement[bool]:
    """Whether a question that has a say in the number waits: with *best* and *average*, one of any attempt."""
    one = aliased(Submission)
    has_a_say = one.attempt_number == Submission.attempt_number
    return exists().where(
        Grade.submission_id == one.id,
        one.placement_id == _PLACEMENT,
        one.assignment_id == _ASSIGNMENT,
        one.member_id == Member.id,
        one.submitted_at.is_not(None),
        true() if counting_attempt in ("best", "average") else has_a_say,
        cast(Grade.needs_grading, Text) != "[]",
    )
