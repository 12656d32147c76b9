"""The fourth stage: every student's result of the items whose column stands there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tool.clock import now
from tool.sis.oneroster.ids import result_id
from tool.sis.plain import SisError
from tool.sis.rules.choosing import QUIET
from tool.sis.sync.checking import first_to_mend, name_left_out, why_kept_back
from tool.sis.sync.columns import CLOSED, find_period, item_of, refuse_item
from tool.sis.sync.gathering import Gathered, gather_rows
from tool.sis.sync.settling import (
    Line,
    Sending,
    add_lines,
    begin_scores,
    fail_item,
    fail_score,
    settle_item,
    settle_score,
    skip_scores,
)
from tool.sis.sync.trips import Trip
from tool.sis.sync.troubles import LATER, OF_ONE_STUDENT, Troubles, is_of_the_whole, may_mend_itself
from tool.sis.sync.wanting import Going, results_of

OF_THE_ITEM = frozenset({CLOSED, "item.lost", "grades_frozen"})
"""Refusals of one score that every other score of the item would meet as well."""


def send_scores(trip: Trip, standing: Iterable[Gathered], troubles: Troubles) -> list[int]:
    """Go through the items; the ids of their rows where scores went, or stood there. Raises SisError where the whole
    run stops."""
    gone: list[int] = []
    closed: set[str | None] = set()
    for one in sorted(standing, key=_had_no_luck):
        fresh = _look_again(trip, one.facts.placement_id)
        if fresh is None:
            continue
        period = find_period(fresh)
        try:
            if period is not None and period in closed:
                raise SisError("permanent", CLOSED)
            _send_item(trip, fresh, troubles)
            gone.append(item_of(fresh))
        except SisError as error:
            if error.code not in OF_THE_ITEM:
                raise
            refuse_item(trip, fresh, error)
            if error.code == CLOSED:
                closed.add(period)
            troubles.meet(error)
    return gone


def _had_no_luck(one: Gathered) -> bool:
    """Whether a score of it failed before in a way that may mend itself: it comes last."""
    return any(row.state == "failed" and row.code in LATER for row in one.scores.values())


def _look_again(trip: Trip, placement_id: int) -> Gathered | None:
    """The item as it is now: a run takes a while, and a teacher may have changed a score or switched the item off."""
    with trip.database.reading() as connection:
        found = gather_rows(connection, trip.section_id, [placement_id], now())
    return next((one for one in found if why_kept_back(one.facts) is None and one.facts.line_item_id), None)


def _send_item(trip: Trip, one: Gathered, troubles: Troubles) -> None:
    item_id, line_item_id = item_of(one), one.facts.line_item_id or ""
    going = results_of(one.facts, one.agreement, line_item_id)
    sendings = _choose(trip, one, going, line_item_id)
    left_out = {m: code for m, code in name_left_out(one.facts).items() if code not in QUIET}
    with trip.database.writing() as connection:
        trip.insist(connection)
        skip_scores(connection, item_id, left_out)
        begin_scores(connection, item_id, sendings)
        add_lines(connection, trip.run_id, _tell_apart(trip, item_id, going, sendings, left_out))
    refused = [error for sending in sendings if (error := _send(trip, item_id, sending, troubles)) is not None]
    _settle(trip, one, refused, len(going))


def _choose(trip: Trip, one: Gathered, going: Sequence[Going], line_item_id: str) -> list[Sending]:
    """What has to be sent, each under its id; what had no luck before comes last."""
    chosen = []
    for this in going:
        row = one.scores.get(this.student.member_id)
        is_same = row is not None and row.sent_fingerprint == this.fingerprint
        if is_same and (trip.kind != "remaster" or (item_of(one), this.student.member_id) in trip.sent):
            continue
        student_id = this.result.student_id
        is_kept = row is not None and row.result_id is not None and row.student_id == student_id
        sourced_id = row.result_id if row and is_kept else result_id(trip.namespace, line_item_id, student_id)
        result = replace(this.result, sourced_id=sourced_id)
        chosen.append(Sending(this.student.member_id, result, this.fingerprint, row))
    return _recall(trip, one, sorted(chosen, key=_failed_before), line_item_id)


def _failed_before(sending: Sending) -> bool:
    row = sending.before
    return row is not None and row.state == "failed" and row.code in LATER


def _recall(trip: Trip, one: Gathered, chosen: list[Sending], line_item_id: str) -> list[Sending]:
    """A SIS that gives ids of its own may have taken a score and the answer was lost: its id is looked up, or the score
    would stand there twice."""
    is_theirs = one.facts.profile.ids == "theirs"
    unanswered = [s for s in chosen if s.before is not None and s.before.result_id and s.before.sent_at is None]
    if not is_theirs or not unanswered:
        return chosen
    found = trip.client.read_results(one.agreement.class_id, line_item_id)
    theirs = {result.student_id: result.sourced_id for result in found}
    return [
        replace(s, result=replace(s.result, sourced_id=theirs.get(s.result.student_id, s.result.sourced_id)))
        for s in chosen
    ]


def _tell_apart(
    trip: Trip, item_id: int, going: Sequence[Going], sendings: Sequence[Sending], left_out: Mapping[int, str]
) -> list[Line]:
    """The lines of those for whom nothing is sent. Of a night only what somebody can mend."""
    lines = [Line(item_id, "score", "skipped", code, member_id=member_id) for member_id, code in left_out.items()]
    if trip.kind != "nightly":
        sent = {sending.member_id for sending in sendings}
        same = [one for one in going if one.student.member_id not in sent]
        lines += [
            Line(item_id, "score", "unchanged", member_id=one.student.member_id, score=one.result.score) for one in same
        ]
    return lines


def _send(trip: Trip, item_id: int, sending: Sending, troubles: Troubles) -> SisError | None:
    """Put one result and write down what became of it: the refusal, where it is this student's alone."""
    score = sending.result.score
    try:
        given = trip.client.put_result(sending.result)
    except SisError as error:
        is_told = not is_of_the_whole(error) and (trip.is_last_try or not may_mend_itself(error))
        line = Line(item_id, "score", "failed", error.code, sending.member_id, error.status, score)
        with trip.database.writing() as connection:
            fail_score(connection, item_id, sending.member_id, error)
            add_lines(connection, trip.run_id, [line] if is_told else [])
        if error.code in OF_THE_ITEM:
            raise
        troubles.meet(error)
        return error
    with trip.database.writing() as connection:
        settle_score(connection, item_id, sending, given)
        add_lines(connection, trip.run_id, [Line(item_id, "score", "sent", None, sending.member_id, None, score)])
        trip.stay_alive(connection)
    troubles.go_well()
    return None


def _settle(trip: Trip, one: Gathered, refused: Sequence[SisError], going: int) -> None:
    """What is to be tried again stays queued."""
    if not trip.is_last_try and any(may_mend_itself(error) for error in refused):
        return
    of_students = [error.code for error in refused if error.code in OF_ONE_STUDENT]
    is_noted = len(of_students) == len(refused) < going or not refused
    with trip.database.writing() as connection:
        if is_noted:
            left_out = first_to_mend(name_left_out(one.facts))
            settle_item(connection, item_of(one), next(iter(of_students), left_out))
        else:
            fail_item(connection, item_of(one), refused[0])
