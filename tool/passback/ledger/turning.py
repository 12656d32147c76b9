"""When a link is bound to another assignment, by a launch that names it or by a person.

Its column stays, and so does what stands there: a row is of one cell. What the row says of the tool's side is of one
assignment. So long as the link has another one, the row rests: what was wished and did not arrive yet is given up, or
it would land in the column of work that it is not about. Once there is something to say of the new assignment the row
is turned to it; until then nothing is forgotten, and who bound the link by mistake binds it back. A score that was
confirmed is not taken back. Which assignment it is of is remembered, since the first score of another one would
overwrite it without anybody's word (`policy`).
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, ScalarSelect, and_, case, or_, select, update

from tool.model.passbacks import Passback
from tool.model.work import Placement

AT_REST: dict[str, object] = {
    "next_try_at": None,
    "tries": 0,
    "first_failed_at": None,
    "failure": None,
    "needs_person": False,
}
# What a teacher said of the other assignment's score is not said of this one's; `Act` remembers who said it and when.
OF_ONE_ASSIGNMENT = (
    *("earned", "earned_maximum", "cause", "reason", "detail", "completion"),
    *("override_score", "override_reason", "override_by", "override_at", "override_earned"),
)


def state_at_rest() -> ColumnElement[str]:
    """Where a row stands when nothing more goes for it."""
    return case((Passback.confirmed_version > 0, "delivered"), else_="held")


def bound_to(placement_id: int) -> ScalarSelect[str | None]:
    """What a placement has now, as a value of a statement."""
    return select(Placement.assignment_id).where(Placement.id == placement_id).scalar_subquery()


def is_of_its_link() -> ColumnElement[bool]:
    """Whether a row is about what its link has now; one that does not say is."""
    current = select(Placement.assignment_id).where(Placement.id == Passback.placement_id).correlate(Passback)
    return or_(Passback.assignment_id.is_(None), Passback.assignment_id == current.scalar_subquery())


def rest_rows(connection: Connection, placement_id: int, assignment_id: str) -> None:
    """Give up what is wished in a placement for any assignment but this one. All its rows are the caller's until the
    commit."""
    _rest(connection, _take(connection, placement_id), Passback.assignment_id != assignment_id)


def turn_rows(
    connection: Connection,
    placement_id: int,
    assignment_id: str | ScalarSelect[str | None],
    member_ids: Collection[int],
) -> None:
    """Make these members' rows rows of this assignment; those that are stay as they are."""
    is_another = and_(Passback.assignment_id != assignment_id, Passback.member_id.in_(member_ids))
    if ids := _take(connection, placement_id, is_another):
        _rest(connection, ids)
        values = {"assignment_id": assignment_id, "override_for_sis": True, **dict.fromkeys(OF_ONE_ASSIGNMENT)}
        connection.execute(update(Passback).where(Passback.id.in_(ids)).values(**values))


def _take(connection: Connection, placement_id: int, *which: ColumnElement[bool]) -> list[int]:
    """In the order in which the sender takes rows, so that the two never wait for each other in a circle."""
    rows = select(Passback.id).where(Passback.placement_id == placement_id, *which).order_by(Passback.id)
    return list(connection.execute(rows.with_for_update()).scalars())


def _rest(connection: Connection, ids: list[int], *which: ColumnElement[bool]) -> None:
    # On the wire at this moment, or sent without an answer: it may stand in the gradebook.
    may_have_arrived = Passback.timestamp.is_not(None)
    connection.execute(
        update(Passback)
        .where(Passback.id.in_(ids), Passback.state == "due", *which)
        .values(
            state=state_at_rest(),
            sent_assignment_id=case((may_have_arrived, Passback.assignment_id), else_=Passback.sent_assignment_id),
            **AT_REST,
        )
    )
