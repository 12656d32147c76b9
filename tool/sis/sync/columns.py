"""The third stage: every item's column, made or brought up to date."""

from collections.abc import Iterable

from tool.sis.linking.marks import close_period, mark_first_sent
from tool.sis.oneroster.ids import line_item_id
from tool.sis.plain import SisError
from tool.sis.rules.dates import period_of
from tool.sis.rules.fingerprints import of_line_item
from tool.sis.sync.checking import LOST
from tool.sis.sync.gathering import Gathered
from tool.sis.sync.settling import Line, add_lines, begin_column, fail_item, lose_item, note_code, settle_column
from tool.sis.sync.trips import Trip
from tool.sis.sync.troubles import LATER, Troubles, is_of_the_whole, may_mend_itself
from tool.sis.sync.wanting import line_item_of

CLOSED = "period.closed"


def send_columns(trip: Trip, ready: Iterable[Gathered], troubles: Troubles) -> list[Gathered]:
    """The items whose column stands there now. Raises SisError where the whole run stops."""
    standing: list[Gathered] = []
    closed: set[str | None] = set()
    # What had no luck before comes last: one bad record keeps nothing else from going.
    for one in sorted(ready, key=lambda one: one.item is not None and one.item.code in LATER):
        period = find_period(one)
        try:
            if period is not None and period in closed:
                raise SisError("permanent", CLOSED)
            _send(trip, one)
        except SisError as error:
            refuse_item(trip, one, error)
            if error.code == CLOSED:
                closed.add(period)
            troubles.meet(error)
        else:
            troubles.go_well()
            standing.append(one)
    return standing


def refuse_item(trip: Trip, one: Gathered, error: SisError) -> None:
    """Write down why nothing more goes of an item. What stops the whole run is told once, by the run; what may mend
    itself when it is not tried again."""
    item_id, period = item_of(one), find_period(one)
    with trip.database.writing() as connection:
        if error.code == CLOSED and period is not None:
            close_period(connection, trip.section_id, period)
        if is_of_the_whole(error) or (may_mend_itself(error) and not trip.is_last_try):
            note_code(connection, item_id, error.code)
        else:
            refuse = lose_item if error.code == LOST else fail_item
            refuse(connection, item_id, error)
            line = Line(item_id, "item", "failed", error.code, status=error.status)
            add_lines(connection, trip.run_id, [line])


def item_of(one: Gathered) -> int:
    """The id of its row, which it has since it was checked."""
    if one.facts.item_id is None:
        raise ValueError("an item that was not checked")
    return one.facts.item_id


def find_period(one: Gathered) -> str | None:
    """The grading period in which it is due."""
    facts = one.facts
    periods = [known.period for known in facts.section.periods]
    period = period_of(facts.due.at, periods, facts.zone) if facts.due else None
    return period.sourced_id if period else None


def _send(trip: Trip, one: Gathered) -> None:
    item_id, due = item_of(one), one.facts.due
    column = line_item_of(one.facts, one.agreement, _choose_id(trip, one))
    if column is None or due is None:
        raise ValueError("an item that was not checked")
    fingerprint = of_line_item(column)
    is_same = one.item is not None and one.item.sent_fingerprint == fingerprint
    if is_same and (trip.kind != "remaster" or (item_id, None) in trip.sent):
        with trip.database.writing() as connection:
            add_lines(connection, trip.run_id, [Line(item_id, "item", "unchanged")])
        return
    with trip.database.writing() as connection:
        trip.insist(connection)
        begin_column(connection, item_id, column.sourced_id)
    given = trip.client.put_line_item(column)
    with trip.database.writing() as connection:
        settle_column(connection, item_id, given, fingerprint, due)
        mark_first_sent(connection, trip.section_id)
        add_lines(connection, trip.run_id, [Line(item_id, "item", "sent")])


def _choose_id(trip: Trip, one: Gathered) -> str:
    """The id that is kept, else ours. A SIS that gives ids of its own may have made the column and the answer was lost:
    then it stands there under our title and date."""
    kept, ours = one.facts.line_item_id, line_item_id(trip.namespace, one.agreement.class_id, one.key)
    if kept != ours or one.facts.profile.ids == "ours" or one.item is None or one.item.sent_fingerprint is not None:
        return kept or ours
    due = one.facts.due
    alike = [c.sourced_id for c in one.facts.foreign_columns if due is not None and c.due_at == due.at]
    return alike[0] if len(alike) == 1 else ours
