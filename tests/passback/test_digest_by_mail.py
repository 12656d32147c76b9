"""The morning's mail, by its whole road: the night asks, the LMS is read, the runner writes, a mail server takes it."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import or_, select, update

from tests.cast import ADA, BEN, CLASSMATES, CLEO, Someone
from tests.errands.bench import row
from tests.lms_beside import CourseBeside, LmsBeside, running_lms, signing_key
from tests.lti.paper_lms import INSTRUCTOR
from tests.post_office import PostOffice, open_post_office
from tests.rows import make_assignment, passback_of, wish_for
from tests.stage import wait_until
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.demo_lms.moods import Mood
from tool.demo_lms.records import Person
from tool.model.errands import Errand
from tool.model.people import Course
from tool.model.platforms import Platform
from tool.outbound import Outbound
from tool.passback.delivery import deliver
from tool.passback.digest import REMINDED_AFTER, Trouble, is_news
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.settling import settle
from tool.passback.nightly import LOOKED_AT_FOR, MORNING, NIGHT, ask_for_readings, next_night
from tool.registration.platforms import TrustedPlatforms
from tool.settings import Settings
from tool.wake import Bell
from tool.worker import in_threads, make_loops, seed_errands

ADAS_ADDRESS = "ada@school.example"
GRACES_ADDRESS = "grace@school.example"


@pytest.fixture(scope="module")
def lms() -> Iterator[LmsBeside]:
    with running_lms() as running:
        yield running


@dataclass
class School:
    """Ada's course, a mail server, and nights that pass."""

    lms: LmsBeside
    database: Database
    folder: Path
    clock: Any
    office: PostOffice
    mail_url: str | None = None
    places: dict[str, Arrival] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lms.reset()
        make_assignment(self.database)
        self.mail_url = self.office.url
        self.course = CourseBeside(self.lms, self.database, self.lms.register(self.database))
        self.ada = self.course.opens(ADA, email=ADAS_ADDRESS)
        for someone in (BEN, CLEO):
            self.places[someone.subject] = self.course.opens(someone, email=f"{someone.subject}@school.example")
        seed_errands(self.database)

    def delivers(self, someone: Someone, score: int = 8) -> None:
        self.course.sends(self.places[someone.subject], score)

    def fails_for(self, someone: Someone, score: int = 8) -> None:
        """The LMS says that nobody of that name is a student of the course."""
        place = self.places[someone.subject]
        self.lms.lms.moods.change(Mood(name="refuse"))
        wish_for(self.database, self.course.known, place, score)
        claimed = claim(self.database, self.course.known.id, holder="sender", limit=1)
        settle(self.database, [deliver(one, database=self.database, connect=self.course.connect) for one in claimed])
        self.lms.lms.moods.change(Mood())
        assert passback_of(self.database, place).needs_person

    def co_teacher(self) -> None:
        """Grace teaches with Ada; the class list tells it."""
        course = self.lms.lms.world.course(ADA.course)
        assert course is not None
        course.people["grace"] = Person("grace", "Grace", "Stone", "teacher", "SIS-00011")
        self.course.opens(Someone("grace", "Grace Stone", ADA.course), roles=[INSTRUCTOR], email=GRACES_ADDRESS)

    def night(self) -> None:
        """From one o'clock until the digests are out; what falls due is done by the worker's own runner."""
        one_o_clock = next_night(now())
        for moment in (one_o_clock, one_o_clock + NIGHT, one_o_clock + NIGHT + MORNING):
            self.clock.move_to(moment + timedelta(seconds=1))
            self.works()

    def nights(self, count: int) -> None:
        for _ in range(count):
            self.night()

    def works(self) -> None:
        """The runner does everything that is due by now."""
        settings = Settings(keys_dir=self.folder / "keys", mail_url=self.mail_url, mail_from="passback@school.example")
        outbound = Outbound(allow_loopback_http=True)
        loops = make_loops(settings, self.database, TrustedPlatforms(self.database), outbound, Bell())
        with in_threads(loops.runner):
            wait_until(self.is_idle, 30)
        outbound.close()

    def is_idle(self) -> bool:
        is_busy = or_(Errand.due_at <= now(), Errand.lease_holder.is_not(None))
        with self.database.reading() as connection:
            return connection.execute(select(Errand.id).where(is_busy)).first() is None

    def errand(self) -> Any:
        return row(self.database, "digest", self.ada.course_id)


@pytest.fixture
def school(lms: LmsBeside, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[School]:
    monkeypatch.setattr("tool.worker.CurrentKey", lambda *_: signing_key)
    with ExitStack() as stack:
        office = stack.enter_context(open_post_office())
        clock = stack.enter_context(time_machine.travel(datetime.now(UTC), tick=True))
        yield School(lms, database, tmp_path, clock, office)


def test_ada_is_written_once_what_needs_her(school: School) -> None:
    school.delivers(BEN)
    school.fails_for(CLEO)
    school.night()

    [letter] = school.office.letters
    assert letter.recipients == [ADAS_ADDRESS]
    assert letter.message["Subject"] == "Grades that need you: Period 3 math"
    assert "- Fractions: 1 could not be delivered\n" in letter.whole
    # The class list was read in the same night: all of them have names and addresses here.
    for student in (BEN, CLEO, *CLASSMATES):
        for word in (*student.name.split(), student.subject):
            assert not re.search(rf"\b{word}\b", letter.whole, re.IGNORECASE), word


def test_each_teacher_is_written_in_her_own_language(school: School) -> None:
    """Grace's latest launch was in Mexican Spanish; one that names no language takes nothing back."""
    school.co_teacher()
    grace = Someone("grace", "Grace Stone", ADA.course)
    school.course.opens(grace, roles=[INSTRUCTOR], email=GRACES_ADDRESS, locale="es_MX")
    school.course.opens(grace, roles=[INSTRUCTOR], email=GRACES_ADDRESS)
    school.fails_for(CLEO)
    school.night()

    letters = {one.recipients[0]: one for one in school.office.letters}
    assert letters[ADAS_ADDRESS].message["Content-Language"] == "en"
    assert "1 could not be delivered" in letters[ADAS_ADDRESS].whole
    assert letters[GRACES_ADDRESS].message["Content-Language"] == "es"
    assert "could not be delivered" not in letters[GRACES_ADDRESS].whole


def test_a_grade_changed_in_the_gradebook_is_news_too(school: School) -> None:
    school.delivers(BEN)
    school.night()
    assert school.office.letters == []

    school.course.types(BEN, Decimal(3))
    school.night()

    [letter] = school.office.letters
    assert "- Fractions: 1 was changed in the gradebook\n" in letter.whole


def test_nothing_is_written_when_nothing_needs_anybody(school: School) -> None:
    school.delivers(BEN)
    school.delivers(CLEO)
    school.night()

    assert school.office.letters == []
    assert school.errand().finished_at is not None, "the night asked, and somebody looked"


def test_the_same_is_not_written_again_until_a_week_has_passed(school: School) -> None:
    school.delivers(BEN)
    school.fails_for(CLEO)
    school.nights(7)
    assert len(school.office.letters) == 1

    school.night()
    assert len(school.office.letters) == 2


def test_a_second_reason_is_written_the_next_morning(school: School) -> None:
    school.delivers(BEN)
    school.fails_for(CLEO)
    school.night()
    school.course.types(BEN, Decimal(3))
    school.night()

    assert len(school.office.letters) == 2
    assert "- Fractions: 1 could not be delivered, 1 was changed in the gradebook\n" in school.office.letters[1].whole


def test_what_was_mended_and_comes_back_is_news(school: School) -> None:
    school.fails_for(CLEO)
    school.night()
    school.delivers(CLEO, 9)
    school.night()
    assert len(school.office.letters) == 1

    school.fails_for(CLEO, 10)
    school.night()
    assert len(school.office.letters) == 2


def test_a_night_that_is_asked_for_twice_writes_once(school: School) -> None:
    """The process was started again, or the night came late."""
    school.fails_for(CLEO)
    for _ in range(2):
        ask_for_readings(school.database)
        seed_errands(school.database)
    school.clock.move_to(now() + NIGHT + MORNING)
    school.works()
    ask_for_readings(school.database)
    school.clock.move_to(now() + NIGHT + MORNING)
    school.works()

    assert len(school.office.letters) == 1


def test_without_a_mail_server_the_errand_ends_quietly(school: School) -> None:
    school.mail_url = None
    school.fails_for(CLEO)
    school.night()

    errand = school.errand()
    assert (errand.failure, errand.due_at) == (None, None)
    assert errand.finished_at is not None
    assert school.office.letters == []


@pytest.mark.parametrize("trouble", ["closed", "busy"])
def test_a_mail_server_in_trouble_is_tried_again_within_the_hour(school: School, trouble: str) -> None:
    school.co_teacher()
    school.fails_for(CLEO)
    if trouble == "closed":
        school.mail_url = "smtp://127.0.0.1:9"
    school.office.is_busy = trouble == "busy"
    school.night()
    assert school.office.letters == []
    assert school.errand().failure is None

    school.mail_url, school.office.is_busy = school.office.url, False
    school.clock.move_to(now() + timedelta(hours=1))
    school.works()
    assert sorted(school.office.written_to()) == [[ADAS_ADDRESS], [GRACES_ADDRESS]]


def test_an_address_that_is_refused_keeps_no_letter_from_the_others(school: School) -> None:
    school.co_teacher()
    school.office.refuses = {ADAS_ADDRESS}
    school.fails_for(CLEO)
    school.night()

    assert school.office.written_to() == [[GRACES_ADDRESS]]
    assert school.errand().due_at is None, "no better in an hour"

    school.office.refuses = set()
    school.night()
    assert school.office.written_to() == [[GRACES_ADDRESS], [ADAS_ADDRESS]]


@pytest.mark.parametrize(
    "address",
    [
        f"{ADAS_ADDRESS}, ben@school.example",
        f"{ADAS_ADDRESS}\nBcc: ben@school.example",
        "Ada",
        f"Ada <{ADAS_ADDRESS}>",
    ],
)
def test_what_is_no_address_gets_no_letter(school: School, address: str) -> None:
    school.course.opens(ADA, email=address)
    school.co_teacher()
    school.fails_for(CLEO)
    school.night()

    assert school.office.written_to() == [[GRACES_ADDRESS]]
    assert school.errand().failure is None


def test_titles_with_line_breaks_are_written_on_one_line(school: School) -> None:
    school.fails_for(CLEO)
    with school.database.writing() as connection:
        connection.execute(update(Course).values(title="Period 3\r\nBcc: ben@school.example\n" + "math " * 100))
    school.night()

    [letter] = school.office.letters
    assert letter.recipients == [ADAS_ADDRESS]
    assert letter.message["Bcc"] is None
    assert letter.message["Subject"].startswith("Grades that need you: Period 3 Bcc: ben@school.example math math")
    assert letter.message["Subject"].endswith("math…")


def test_a_teacher_who_left_is_not_written_to(school: School) -> None:
    school.co_teacher()
    school.delivers(BEN)
    course = school.lms.lms.world.course(ADA.course)
    assert course is not None
    del course.people["grace"]
    school.fails_for(CLEO)
    school.night()

    assert school.office.written_to() == [[ADAS_ADDRESS]]


def test_a_platform_that_was_switched_off_troubles_nobody(school: School) -> None:
    school.fails_for(CLEO)
    with school.database.writing() as connection:
        connection.execute(update(Platform).values(is_active=False))
    school.night()

    assert school.office.letters == []


def test_a_course_that_ended_long_ago_is_left_alone(school: School) -> None:
    school.fails_for(CLEO)
    school.clock.move_to(now() + LOOKED_AT_FOR)
    school.night()

    assert school.office.letters == []


ONE: Trouble = (1, 7, "error")
OTHER: Trouble = (1, 8, "changed_in_lms")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("troubles", "told", "ago", "is_written"),
    [
        ({ONE}, set(), None, True),
        (set(), set(), None, False),
        ({ONE}, {ONE}, timedelta(days=1), False),
        ({ONE}, {ONE, OTHER}, timedelta(days=1), False),
        ({ONE, OTHER}, {ONE}, timedelta(hours=1), True),
        ({(1, 7, "changed_in_lms")}, {ONE}, timedelta(hours=1), True),
        ({ONE}, {ONE}, REMINDED_AFTER, False),
        ({ONE}, {ONE}, REMINDED_AFTER + timedelta(seconds=1), True),
        (set(), {ONE}, timedelta(days=30), False),
    ],
)
def test_what_is_news(troubles: set[Trouble], told: set[Trouble], ago: timedelta | None, is_written: bool) -> None:
    mailed_at = None if ago is None else NOON - ago

    assert is_news(frozenset(troubles), frozenset(told), mailed_at, NOON) is is_written
