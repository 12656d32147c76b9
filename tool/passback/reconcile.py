"""Reading the LMS's grades back: accepted is not shown. The only writer of Reading and of a placement's `results_*`.

A reading counts from the moment it begins: a score confirmed while the LMS answers may or may not be in the answer.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import structlog
from sqlalchemy import and_, case, or_, select, update

from tool.clock import now
from tool.course.columns import note_column
from tool.db import Database, upsert
from tool.lti.connector import Connector
from tool.lti.errors import ServiceError
from tool.lti.line_items import LineItemFacts, read_line_item
from tool.lti.results import ResultFacts, read_results
from tool.lti.vocabulary import SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ, SCOPE_RESULT_READ
from tool.model.passbacks import Passback, Reading
from tool.model.people import Course, Member, Person
from tool.model.platforms import Customer
from tool.model.work import Opening, Placement

log = structlog.get_logger("reconcile")

Connect = Callable[[int], Connector | None]

ROWS_AT_ONCE = 500
STORED_PLACES = 10
BEYOND_MEASURE = 10**9

NO_COLUMN = "no_column"
SCOPE_MISSING = "results_scope_missing"
PLATFORM_OFF = "platform_off"


@dataclass(frozen=True, slots=True)
class Column:
    """A column that was read: the LMS's results by subject, and when the reading began."""

    url: str
    began_at: datetime
    results: Mapping[str, ResultFacts]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a column holds for one learner; no result: an empty cell."""

    column: Column
    result: ResultFacts | None


@dataclass(frozen=True, slots=True)
class Learner:
    """A member whose grade may stand in one of the placement's columns."""

    member_id: int
    subject: str
    own_column_url: str | None
    is_expected: bool
    """A grade was confirmed or seen before: when the LMS shows nothing, that is worth writing down."""


@dataclass(frozen=True, slots=True)
class Place:
    """A placement, with what it takes to read its grades."""

    placement_id: int
    platform_id: int
    scopes: frozenset[str]
    line_item_url: str | None
    learners: tuple[Learner, ...]

    def column_urls(self) -> list[str]:
        """Each column once, the link's own first; linked sections have one of their own for each section."""
        own = sorted({learner.own_column_url for learner in self.learners if learner.own_column_url})
        return list(dict.fromkeys([self.line_item_url, *own] if self.line_item_url else own))


def read_results_of(database: Database, connect: Connect, placement_id: int) -> None:
    """Read what the LMS holds for a placement and write it down. Blocks on the platform.

    Never raises ServiceError: what hindered the reading is a code in `Placement.results_failure`.
    """
    with suppress(ServiceError):
        insist_on_results_of(database, connect, placement_id)


def insist_on_results_of(database: Database, connect: Connect, placement_id: int) -> None:
    """The same for the errand: raises ServiceError, written down too, when another try may help."""
    place = _find(database, placement_id)
    connector = connect(place.platform_id)
    urls = place.column_urls()
    hindrance = _find_hindrance(place, connector, urls)
    if connector is None or hindrance is not None:
        _write_failure(database, placement_id, hindrance or PLATFORM_OFF)
        return
    began_at = now()
    columns, failure = _read(connector, urls)
    _write_readings(database, place, columns, is_whole=failure is None)
    if failure is not None:
        reason = SCOPE_MISSING if failure.reason == "scope_missing" else failure.reason
        _write_failure(database, placement_id, reason)
        raise failure
    column = _read_column(connector, place, urls[0])
    _write_success(database, placement_id, began_at, column)


def _find(database: Database, placement_id: int) -> Place:
    with database.reading() as connection:
        place = connection.execute(
            select(Placement.line_item_url, Placement.course_id, Course.scopes, Customer.platform_id)
            .join(Course, Course.id == Placement.course_id)
            .join(Customer, Customer.id == Course.customer_id)
            .where(Placement.id == placement_id)
        ).one()
        rows = connection.execute(
            select(
                Member.id,
                Person.subject,
                case((Member.is_gradable, Opening.line_item_url)).label("own_column_url"),
                or_(Reading.id.is_not(None), Passback.confirmed_version > 0).label("is_expected"),
            )
            .join(Person, Person.id == Member.person_id)
            .outerjoin(Opening, and_(Opening.placement_id == placement_id, Opening.member_id == Member.id))
            .outerjoin(Passback, and_(Passback.placement_id == placement_id, Passback.member_id == Member.id))
            .outerjoin(Reading, and_(Reading.placement_id == placement_id, Reading.member_id == Member.id))
            .where(Member.course_id == place.course_id)
            .order_by(Member.id)
        ).all()
    return Place(
        placement_id=placement_id,
        platform_id=place.platform_id,
        scopes=frozenset((place.scopes or "").split()),
        line_item_url=place.line_item_url,
        learners=tuple(Learner(row.id, row.subject, row.own_column_url, bool(row.is_expected)) for row in rows),
    )


def _find_hindrance(place: Place, connector: Connector | None, urls: list[str]) -> str | None:
    if connector is None:
        return PLATFORM_OFF
    if SCOPE_RESULT_READ not in place.scopes:
        return SCOPE_MISSING
    return None if urls else NO_COLUMN


def _read(connector: Connector, urls: list[str]) -> tuple[list[Column], ServiceError | None]:
    """Every column that can be read, and what hindered the others."""
    columns: list[Column] = []
    failure: ServiceError | None = None
    for url in urls:
        began_at = now()
        try:
            results = read_results(connector, url)
        except ServiceError as error:
            failure = error
            if error.kind == "needs_person":
                continue  # this column's own trouble: a teacher linked one section anew
            break
        columns.append(Column(url, began_at, {result.user_id: result for result in results}))
    return columns, failure


def _read_column(connector: Connector, place: Place, url: str) -> LineItemFacts | None:
    """What the column is worth and when it is due, where we may know: the results of one worth nothing say nothing."""
    if not place.scopes & {SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ}:
        return None
    try:
        return read_line_item(connector, url)
    except ServiceError as error:
        log.info("column.unread", placement_id=place.placement_id, reason=error.reason)
        return None


def _write_readings(database: Database, place: Place, columns: list[Column], *, is_whole: bool) -> None:
    found = [_find_shown(learner, columns, is_whole=is_whole) for learner in place.learners]
    rows: list[dict[str, object]] = [
        {
            "placement_id": place.placement_id,
            "member_id": learner.member_id,
            "score": _as_stored(shown.result.score if shown.result else None),
            "maximum": _as_stored(shown.result.maximum if shown.result else None),
            "line_item_url": shown.column.url,
            "read_at": shown.column.began_at,
        }
        for learner, shown in zip(place.learners, found, strict=True)
        if shown is not None
    ]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        with database.writing() as connection:
            statement = upsert(connection, Reading)
            told = statement.excluded
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["placement_id", "member_id"],
                    set_={name: told[name] for name in ("score", "maximum", "line_item_url", "read_at")},
                    where=Reading.read_at <= told.read_at,
                ),
                rows[start : start + ROWS_AT_ONCE],
            )


def _find_shown(learner: Learner, columns: list[Column], *, is_whole: bool) -> Shown | None:
    """What the learner's column shows; None when it was not read, or when there is nothing to say."""
    own = [column for column in columns if learner.own_column_url in (None, column.url)]
    for column in own:
        result = column.results.get(learner.subject)
        if result is not None and result.score is not None:
            return Shown(column, result)
    # Without a column of one's own the grade may stand in any: missing from all of them is missing.
    is_known_missing = is_whole or learner.own_column_url is not None
    return Shown(own[0], None) if own and learner.is_expected and is_known_missing else None


def _as_stored(points: Decimal | None) -> Decimal | None:
    """A number of the LMS's as far as it fits; one beyond all measure counts as none."""
    if points is None or abs(points) >= BEYOND_MEASURE:
        return None
    return round(points, STORED_PLACES).normalize()


def _write_failure(database: Database, placement_id: int, reason: str) -> None:
    with database.writing() as connection:
        connection.execute(update(Placement).where(Placement.id == placement_id).values(results_failure=reason))


def _write_success(database: Database, placement_id: int, began_at: datetime, column: LineItemFacts | None) -> None:
    values: dict[str, object] = {"results_read_at": began_at, "results_failure": None}
    with database.writing() as connection:
        connection.execute(update(Placement).where(Placement.id == placement_id).values(**values))
        if column is not None:
            note_column(connection, placement_id, maximum=_as_stored(column.maximum), due_at=column.due_at)
