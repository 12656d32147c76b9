"""One request of the LMS to choose: read back from beside its launch, and answered once.

The moment of the choice is written down when it is made, and what was chosen is sealed into the address of the answer
page. So no other choice gets through after it, and a reload within a few minutes shows the same answer, letter for
letter.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import Connection, select, update

from tool.access import Visitor
from tool.clock import now
from tool.lti.deep_linking import ChosenItem
from tool.model.work import Assignment, Selection

SHOWN_AGAIN = timedelta(minutes=5)
MOST_CHOSEN = 50


class ChoiceSeal(URLSafeTimedSerializer):
    """Signs what was chosen, in the address of the page that answers."""

    def __init__(self, secret: str) -> None:
        super().__init__(secret, salt="passback.selection.choice")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the LMS asks for, as its signed launch said it; `deployment_id` is the one that asked."""

    deployment_id: str
    return_url: str
    data: str | None
    accepts_links: bool
    accepts_several: bool
    accepts_line_items: bool
    is_answered: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What a teacher chose: no ids mean nothing. `nonce` is the choice's own."""

    launch_id: str
    nonce: str
    assignment_ids: tuple[str, ...]
    chosen_at: datetime


def read_asked(connection: Connection, launch_id: str) -> Asked | None:
    """The request that came with this launch; None when it asked for nothing to be chosen."""
    row = connection.execute(select(Selection).where(Selection.launch_id == launch_id)).first()
    if row is None:
        return None
    return Asked(
        deployment_id=row.deployment_id,
        return_url=row.return_url,
        data=row.data,
        accepts_links=row.accepts_links,
        accepts_several=row.accepts_several,
        accepts_line_items=row.accepts_line_items,
        is_answered=row.answered_at is not None,
    )


def choose_once(connection: Connection, launch_id: str, assignment_ids: list[str]) -> Choice | None:
    """A choice made now, which is the one for its request from here on; None when another was made before."""
    choice = Choice(launch_id, secrets.token_urlsafe(24), tuple(assignment_ids), now())
    unanswered = update(Selection).where(Selection.launch_id == launch_id, Selection.answered_at.is_(None))
    is_first = connection.execute(unanswered.values(answered_at=choice.chosen_at)).rowcount == 1
    return choice if is_first else None


def seal_choice(seal: ChoiceSeal, choice: Choice) -> str:
    """For an address."""
    return str(seal.dumps([choice.launch_id, choice.nonce, choice.assignment_ids, choice.chosen_at.isoformat()]))


def open_choice(seal: ChoiceSeal, visitor: Visitor, sealed: str) -> Choice | None:
    """The choice of an address; None for one of another launch, an old one, and one that is not ours."""
    try:
        launch_id, nonce, ids, at = seal.loads(sealed, max_age=int(SHOWN_AGAIN.total_seconds()))
    except BadData:
        return None
    if launch_id != visitor.launch_id:
        return None
    return Choice(launch_id, nonce, tuple(ids), datetime.fromisoformat(at))


def is_the_one(connection: Connection, choice: Choice) -> bool:
    """Whether its request is answered by this very choice."""
    mine = (Selection.launch_id == choice.launch_id, Selection.answered_at == choice.chosen_at)
    return connection.execute(select(Selection.launch_id).where(*mine)).first() is not None


def read_chosen(connection: Connection, assignment_ids: tuple[str, ...]) -> list[ChosenItem]:
    """The assignments as the LMS is to know them, in the order of choosing."""
    rows: dict[str, Any] = {
        row.id: row for row in connection.execute(select(Assignment).where(Assignment.id.in_(assignment_ids)))
    }
    return [_item(rows[one]) for one in assignment_ids if one in rows]


def _item(row: Any) -> ChosenItem:
    points: Decimal = row.points
    return ChosenItem(assignment_id=row.id, title=row.title, points=points, due_at=row.due_at, closes_at=row.closes_at)
