"""One try: the newest wish → its column → the score on the wire → how it ended."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import random

import structlog
from sqlalchemy.exc import DBAPIError

from tool.clock import now
from tool.course.columns import ColumnBusy, find_or_make_column
from tool.db import Database
from tool.failpoints import reach
from tool.lti.connector import Connector
from tool.lti.errors import ServiceError
from tool.lti.results import ResultFacts, read_results
from tool.lti.scores import Score, post_score
from tool.lti.submission_url import NamedSubmission, write_submission_url
from tool.lti.vocabulary import SCOPE_RESULT_READ
from tool.passback.drift import is_same_grade
from tool.passback.holding import LeaseLapsed
from tool.passback.ledger.entries import Claimed, Settlement
from tool.passback.retry import Failure, next_try

log = structlog.get_logger("sender")

# Making a column takes the one who does it a few requests; the others look again soon.
COLUMN_WAIT = timedelta(milliseconds=300)
# A retry this old may meet a grade that a person typed meanwhile: look before writing.
OLD_RETRY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Try:
    """A try under way."""

    claimed: Claimed
    started_at: datetime
    line_item_url: str | None

    def ended(self, outcome: str, state_after: str, *, reason: str | None = None) -> Settlement:
        return Settlement(
            claimed=self.claimed,
            outcome=outcome,
            started_at=self.started_at,
            finished_at=now(),
            state_after=state_after,
            line_item_url=self.line_item_url,
            reason=reason,
        )


def deliver(
    claimed: Claimed,
    *,
    database: Database,
    connect: Callable[[int], Connector | None],
    launch_url: str | None = None,
    insist: Callable[[Claimed], None] | None = None,
) -> Settlement:
    """Try once. Blocks on the platform within the outbound limits; raises only when our own database does, and
    LeaseLapsed.

    `launch_url` is where an LMS opens work that it was told the address of; `insist` is asked before each request
    whether the row is still ours.
    """
    try:
        connector = connect(claimed.platform_id)
        if connector is not None and insist is not None:
            connector.ask_before_send(partial(insist, claimed))
        return _deliver(claimed, database, connector, launch_url)
    except (DBAPIError, LeaseLapsed):
        raise
    except Exception:
        log.exception("delivery.crashed", passback_id=claimed.id)
        return _failed(Try(claimed, now(), claimed.line_item_url), ServiceError("later", "crashed"))


def _deliver(claimed: Claimed, database: Database, connector: Connector | None, launch_url: str | None) -> Settlement:
    begun = Try(claimed, now(), claimed.line_item_url)
    if connector is None:
        return _failed(begun, ServiceError("later", "platform_off"))
    try:
        url = claimed.line_item_url or find_or_make_column(
            database, connector, claimed.placement_id, holder=claimed.holder
        )
        begun = Try(claimed, begun.started_at, url)
        if _should_look_first(claimed) and _someone_typed(connector, url, claimed):
            return begun.ended("overtaken", "held", reason="changed_in_lms")
        reach("send.before")
        post_score(connector, url, _score(claimed, launch_url))
        reach("send.answered")
    except ColumnBusy:
        return _postponed(begun)
    except ServiceError as error:
        if error.kind == "already_there":
            return _after_stale_timestamp(begun, connector, error)
        return _failed(begun, error)
    return begun.ended("delivered", "delivered")


def _score(claimed: Claimed, launch_url: str | None) -> Score:
    named = NamedSubmission(claimed.placement_id, claimed.subject)
    return Score(
        user_id=claimed.subject,
        given=claimed.score,
        maximum=claimed.maximum,
        timestamp=claimed.timestamp,
        submitted_at=claimed.submitted_at,
        comment=None,
        is_new_submission=claimed.is_new_submission,
        # Nobody pressed a button for the first automatic score: a grade that a person typed stays.
        keeps_hand_typed_grade=claimed.trigger == "automatic" and claimed.confirmed_version == 0,
        submission_url=write_submission_url(launch_url, named) if launch_url else None,
    )


def _should_look_first(claimed: Claimed) -> bool:
    is_old_retry = claimed.tries > 0 and now() - claimed.wished_at > OLD_RETRY
    return claimed.trigger == "automatic" and is_old_retry and SCOPE_RESULT_READ in claimed.scopes


def _someone_typed(connector: Connector, url: str, claimed: Claimed) -> bool:
    """Whether the LMS holds a number that is neither ours of now nor ours of before."""
    held = _read(connector, url, claimed.subject)
    if held is None or held.score is None:
        return False
    is_ours = _is_same(held, claimed.score, claimed.maximum)
    was_ours = (
        claimed.confirmed_score is not None
        and claimed.confirmed_maximum is not None
        and _is_same(held, claimed.confirmed_score, claimed.confirmed_maximum)
    )
    return not is_ours and not was_ours


def _after_stale_timestamp(begun: Try, connector: Connector, refusal: ServiceError) -> Settlement:
    """The platform has this timestamp or a later one. Its gradebook says what that means: our score arrived and the
    answer was lost, or something newer is there (Moodle: a teacher's own change moves the time too)."""
    claimed, url = begun.claimed, begun.line_item_url
    if url is None or SCOPE_RESULT_READ not in claimed.scopes:
        # Nothing can be read. A repeat whose first answer was lost is the likely case, and the row shows the try.
        ending = ("delivered", "delivered", None) if claimed.tries else ("overtaken", "held", "changed_in_lms")
        return begun.ended(ending[0], ending[1], reason=ending[2])
    try:
        held = _read(connector, url, claimed.subject)
    except ServiceError as error:
        return _failed(begun, refusal if error.kind == "already_there" else error)
    is_cleared = held is None and claimed.score is None
    if is_cleared or (held is not None and _is_same(held, claimed.score, claimed.maximum)):
        return begun.ended("delivered", "delivered")
    return begun.ended("overtaken", "held", reason="changed_in_lms")


def _read(connector: Connector, url: str, subject: str) -> ResultFacts | None:
    found = [one for one in read_results(connector, url, user_id=subject) if one.user_id == subject]
    return found[0] if found else None


def _is_same(held: ResultFacts, score: Decimal | None, maximum: Decimal | None) -> bool:
    """Whether the LMS holds this very number; an empty cell is the same as a wish to clear it."""
    if held.score is None or score is None or maximum is None:
        return held.score is score
    return is_same_grade(held.score, held.maximum, score, maximum)


def _postponed(begun: Try) -> Settlement:
    settlement = begun.ended("postponed", "due")
    return replace(settlement, next_try_at=now() + COLUMN_WAIT, is_tried=False)


def _failed(begun: Try, error: ServiceError) -> Settlement:
    claimed = begun.claimed
    kind = "later" if error.kind == "already_there" else error.kind
    again = next_try(
        Failure(kind=kind, reason=error.reason, retry_at=error.retry_at),
        tries=claimed.tries + 1,
        first_failed_at=claimed.first_failed_at or begun.started_at,
        now=now(),
        jitter=random(),  # noqa: S311 - spreads retries, guards nothing
    )
    settlement = begun.ended(kind, "due", reason=error.reason)
    return replace(
        settlement,
        status=error.status,
        answer=error.excerpt or None,
        next_try_at=again.at,
        needs_person=again.needs_person,
    )
