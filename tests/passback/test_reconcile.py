"""Reading the gradebook back: what the LMS shows of what it accepted, and what people typed into it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from tests.cast import ADA, BEN, CLEO, ESSAY, FRACTIONS, WARM_UP, Someone
from tests.errands.bench import look, row, running
from tests.lms_beside import LmsBeside, running_lms
from tests.rows import make_assignment, passback_of, wish_for
from tests.stage import wait_until
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.demo_lms.moods import Mood
from tool.lti.errors import ServiceError
from tool.lti.vocabulary import SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ, SCOPE_RESULT_READ
from tool.model.passbacks import Reading
from tool.model.people import Person
from tool.model.work import Opening, Placement
from tool.passback.delivery import deliver
from tool.passback.drift import drift
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.settling import settle
from tool.passback.reconcile import READBACK_AFTER, ask_for_readback, insist_on_results_of, read_results_of
from tool.registration.platforms import KnownPlatform


@dataclass
class Class:
    """Ada's course in an LMS, and the tool's parts beside it."""

    lms: LmsBeside
    database: Database
    known: KnownPlatform

    def __post_init__(self) -> None:
        self.connect = self.lms.connect(self.database)

    def opens(self, someone: Someone, link: str = FRACTIONS, **changes: Any) -> Arrival:
        return self.lms.arrive(self.database, self.known, someone, link, **changes)

    def sends(self, place: Arrival, score: int | str) -> None:
        """A score of ten is wished, delivered and confirmed."""
        wish_for(self.database, self.known, place, score)
        claimed = claim(self.database, self.known.id, holder="sender", limit=1)
        settle(self.database, [deliver(one, database=self.database, connect=self.connect) for one in claimed])
        assert passback_of(self.database, place).state == "delivered"

    def types(self, someone: Someone, score: Any, link: str = FRACTIONS) -> None:
        self.lms.type_grade(someone.course, link, someone.subject, score)

    def reads(self, place: Arrival) -> None:
        insist_on_results_of(self.database, self.connect, place.placement_id or 0)

    def readings(self) -> dict[str, Any]:
        query = select(Reading, Person.subject).select_from(Reading)
        from_member = Reading.__table__.metadata.tables["members"].c
        joined = query.join(Reading.__table__.metadata.tables["members"], from_member.id == Reading.member_id).join(
            Person, Person.id == from_member.person_id
        )
        with self.database.reading() as connection:
            return {one.subject: one for one in connection.execute(joined)}

    def placement(self, place: Arrival) -> Any:
        with self.database.reading() as connection:
            return connection.execute(select(Placement).where(Placement.id == place.placement_id)).one()

    def drift(self, place: Arrival, someone: Someone) -> str:
        sent, shown = passback_of(self.database, place), self.readings().get(someone.subject)
        return drift(
            confirmed_score=sent.confirmed_score,
            confirmed_maximum=sent.confirmed_maximum,
            confirmed_at=sent.confirmed_at,
            reading_score=shown.score if shown else None,
            reading_maximum=shown.maximum if shown else None,
            read_at=shown.read_at if shown else None,
            kept_score=sent.kept_score,
            column_maximum=self.placement(place).line_item_maximum,
        )


@pytest.fixture(scope="module", params=["canvas", "moodle"])
def shared_lms(request: pytest.FixtureRequest) -> Iterator[LmsBeside]:
    with running_lms(request.param) as lms:
        yield lms


@pytest.fixture
def course(shared_lms: LmsBeside, database: Database) -> Class:
    shared_lms.reset()
    make_assignment(database)
    return Class(shared_lms, database, shared_lms.register(database))


def test_what_was_sent_is_found_in_the_gradebook(course: Class) -> None:
    ben = course.opens(BEN)
    course.sends(ben, 8)
    began_at = now()
    course.reads(ben)

    shown = course.readings()["ben"]
    assert shown.score / shown.maximum == Decimal("0.8")
    assert shown.read_at >= began_at
    assert shown.line_item_url == course.placement(ben).line_item_url
    assert course.drift(ben, BEN) == "in_step"
    place = course.placement(ben)
    assert (place.results_read_at >= began_at, place.results_failure, place.line_item_maximum) == (True, None, 20)


def test_a_grade_changed_in_the_lms_is_noticed(course: Class) -> None:
    ben = course.opens(BEN)
    course.sends(ben, 8)
    course.types(BEN, Decimal(20))
    course.reads(ben)

    assert course.drift(ben, BEN) == "changed_in_lms"


def test_a_grade_that_is_accepted_and_not_shown_is_noticed(course: Class) -> None:
    ben, cleo = course.opens(BEN), course.opens(CLEO)
    course.sends(ben, 8)
    course.sends(cleo, 5)
    column = course.lms.column("course-math", FRACTIONS)
    assert column is not None
    course.lms.lms.world.course("course-math").cells.pop((column.number, "ben"))  # type: ignore[union-attr]
    course.reads(ben)

    assert course.drift(ben, BEN) == "not_shown"
    assert course.drift(cleo, CLEO) == "in_step"


def test_a_grade_that_was_seen_and_then_emptied_is_written_down_as_empty(course: Class) -> None:
    ben = course.opens(BEN)
    course.sends(ben, 8)
    course.reads(ben)
    course.types(BEN, None)
    course.reads(ben)

    assert course.readings()["ben"].score is None


def test_nobody_without_a_grade_gets_a_row(course: Class) -> None:
    ben, cleo = course.opens(BEN), course.opens(CLEO)
    course.sends(ben, 8)
    course.reads(cleo)

    assert set(course.readings()) == {"ben"}


def test_a_result_of_a_stranger_is_passed_over(course: Class) -> None:
    """Amara has a grade in this column and was never seen here."""
    ben, amara = course.opens(BEN), course.opens(replace(CLEO, subject="amara"))
    course.sends(amara, 7)
    with course.database.writing() as connection:
        connection.execute(update(Person).where(Person.subject == "amara").values(subject="renamed"))
    course.reads(ben)

    assert "amara" not in course.readings()


def test_what_was_confirmed_while_the_lms_was_read_is_not_judged_by_that_reading(course: Class) -> None:
    ben = course.opens(BEN)
    course.reads(ben)
    course.types(BEN, Decimal(3))
    course.sends(ben, 8)
    with time_machine.travel(now() - timedelta(minutes=1)):
        course.reads(ben)

    assert course.drift(ben, BEN) == "unknown"


def test_pages_are_read_to_the_last(course: Class) -> None:
    course.lms.lms.settings = replace(course.lms.lms.settings, page_size=1)
    ben, cleo = course.opens(BEN), course.opens(CLEO)
    course.sends(ben, 8)
    course.sends(cleo, 5)
    course.reads(ben)

    assert set(course.readings()) == {"ben", "cleo"}


def test_an_older_reading_does_not_overwrite_a_newer_one(course: Class) -> None:
    ben = course.opens(BEN)
    course.sends(ben, 8)
    course.reads(ben)
    newest = course.readings()["ben"].score
    course.types(BEN, Decimal(2))
    with time_machine.travel(now() - timedelta(minutes=5)):
        course.reads(ben)

    assert course.readings()["ben"].score == newest


def test_a_link_without_a_column_has_nothing_to_read(course: Class) -> None:
    ben = course.opens(BEN, WARM_UP)
    course.reads(ben)

    place = course.placement(ben)
    assert (place.results_failure, place.results_read_at) == ("no_column", None)


def test_a_right_the_launch_did_not_grant_is_said_and_nothing_is_asked(course: Class) -> None:
    granted = course.lms.lms.settings.granted_scopes
    kept = tuple(scope for scope in granted if scope != SCOPE_RESULT_READ)
    course.lms.lms.settings = replace(course.lms.lms.settings, granted_scopes=kept)
    ben = course.opens(BEN)
    course.reads(ben)

    assert course.placement(ben).results_failure == "results_scope_missing"
    assert course.lms.requests("/results") == []


def test_a_right_taken_away_later_is_said_too(course: Class) -> None:
    ben = course.opens(BEN)
    kept = tuple(scope for scope in course.lms.lms.settings.granted_scopes if scope != SCOPE_RESULT_READ)
    course.lms.lms.settings = replace(course.lms.lms.settings, granted_scopes=kept)
    with pytest.raises(ServiceError):
        course.reads(ben)

    assert course.placement(ben).results_failure == "results_scope_missing"


def test_a_platform_switched_off_is_not_asked(course: Class) -> None:
    ben = course.opens(BEN)
    insist_on_results_of(course.database, lambda _: None, ben.placement_id or 0)

    assert course.placement(ben).results_failure == "platform_off"


def test_trouble_is_written_down_and_leaves_what_was_known(course: Class) -> None:
    ben = course.opens(BEN)
    course.sends(ben, 8)
    course.reads(ben)
    before = course.placement(ben).results_read_at
    course.lms.lms.moods.change(Mood("error500", target="services"))

    with pytest.raises(ServiceError):
        course.reads(ben)
    read_results_of(course.database, course.connect, ben.placement_id or 0)  # says nothing aloud

    place = course.placement(ben)
    assert place.results_failure is not None
    assert place.results_read_at == before
    assert course.drift(ben, BEN) == "in_step"

    course.lms.lms.moods.change(Mood())
    course.reads(ben)
    assert course.placement(ben).results_failure is None


def test_a_column_worth_nothing_is_known_as_such_and_not_compared(course: Class) -> None:
    ben = course.opens(BEN)
    course.sends(ben, 8)
    column = course.lms.column("course-math", FRACTIONS)
    assert column is not None
    course.lms.lms.world.change_column(replace(column, maximum=Decimal(0)), keeps_percentages=False)
    course.types(BEN, Decimal(0))
    course.reads(ben)

    assert course.placement(ben).line_item_maximum == 0
    assert course.drift(ben, BEN) == "unknown"


def test_what_the_column_is_worth_is_not_asked_without_the_right(course: Class) -> None:
    kept = set(course.lms.lms.settings.granted_scopes) - {SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ}
    course.lms.lms.settings = replace(course.lms.lms.settings, granted_scopes=tuple(kept))
    ben = course.opens(BEN)
    course.reads(ben)

    place = course.placement(ben)
    assert (place.line_item_maximum, place.results_failure) == (None, None)


def test_linked_sections_are_read_each_from_its_own_column(course: Class) -> None:
    """Schoology: Ben's section has one column, Cleo's another. Here the essay's column is Cleo's."""
    cleos = course.lms.column("course-math", ESSAY)
    assert cleos is not None
    ben = course.opens(BEN)
    own_url = course.lms.lms.line_item_url(cleos)
    cleo = course.opens(CLEO)
    with course.database.writing() as connection:
        connection.execute(update(Opening).where(Opening.member_id == cleo.member_id).values(line_item_url=own_url))
    course.sends(ben, 8)
    course.sends(cleo, 5)
    course.types(CLEO, Decimal(1))  # in the column that is not hers
    course.reads(ben)

    shown = course.readings()
    assert shown["cleo"].line_item_url == own_url
    assert shown["cleo"].score / shown["cleo"].maximum == Decimal("0.5")
    assert shown["ben"].line_item_url != own_url


def test_one_column_that_is_gone_does_not_hide_the_others(course: Class) -> None:
    gone = course.lms.column("course-math", ESSAY)
    assert gone is not None
    ben, cleo = course.opens(BEN), course.opens(CLEO)
    course.sends(ben, 8)
    with course.database.writing() as connection:
        own_url = course.lms.lms.line_item_url(gone)
        connection.execute(update(Opening).where(Opening.member_id == cleo.member_id).values(line_item_url=own_url))
    course.lms.lms.world.remove_column(gone)
    with pytest.raises(ServiceError):
        course.reads(ben)

    assert set(course.readings()) == {"ben"}
    assert (course.placement(ben).results_failure, course.placement(ben).results_read_at) == ("column_gone", None)


def test_a_grade_of_somebody_without_a_column_of_their_own_is_found_in_any(course: Class) -> None:
    """Cleo is known from the roster alone; her grade stands in her section's column, which Ben opened."""
    ben = course.opens(BEN)
    cleo = course.opens(CLEO, WARM_UP)
    assert cleo.course_id == ben.course_id
    course.types(CLEO, Decimal(4))
    moved = course.lms.column("course-math", FRACTIONS)
    assert moved is not None
    course.lms.lms.world.course("course-math").cells[moved.number, "cleo"] = replace(  # type: ignore[union-attr]
        course.lms.lms.world.cell(moved, "cleo"), timestamp=now(), maximum=Decimal(20)
    )
    with course.database.writing() as connection:
        connection.execute(update(Placement).where(Placement.id == ben.placement_id).values(line_item_url=None))
    course.reads(ben)

    assert course.readings()["cleo"].score == 4


def test_a_burst_of_deliveries_is_read_once_a_little_later(course: Class) -> None:
    ben = course.opens(BEN)
    place = ben.placement_id or 0
    at = now()
    for seconds in (0, 2, 4):
        with course.database.writing() as connection:
            ask_for_readback(connection, [place, place], at + timedelta(seconds=seconds))

    assert row(course.database, "results", place).due_at == at + READBACK_AFTER
    assert look(course.database, "results", place).is_waiting


def test_the_errand_reads(course: Class) -> None:
    ben = course.opens(ADA)
    place = ben.placement_id or 0
    with course.database.writing() as connection:
        ask_for_readback(connection, [place], now() - READBACK_AFTER)
    works = {"results": lambda placement_id: insist_on_results_of(course.database, course.connect, placement_id)}
    with running(course.database, works):
        wait_until(lambda: look(course.database, "results", place).finished_at, 10)

    assert course.placement(ben).results_read_at is not None
