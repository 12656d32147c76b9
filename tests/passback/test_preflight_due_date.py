"""Before class, the due date on both sides: the same, two different ones, or one that a side knows nothing of."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cast import ADA, BEN, FRACTIONS
from tests.lms_beside import CourseBeside, LmsBeside, running_lms
from tests.rows import arrive, make_assignment, make_platform
from tests.web import Desk
from tool.course.arrivals import Arrival
from tool.course.columns import find_or_make_column, forget_column
from tool.db import Database
from tool.lti.vocabulary import SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=7)


class Line:
    """The line about the due date on Ada's page: its mark, its words, and where which time is shown."""

    def __init__(self, page: str) -> None:
        found = re.search(r"<dt>Due date</dt>(.*?)</dd>", page, re.DOTALL)
        assert found, page
        self.times = {
            where: datetime.fromisoformat(at)
            for where, at in re.findall(r'<p>([^<:]+): <time datetime="([^"]+)" class="when">', found[1])
        }
        self.words = " ".join(re.sub(r"<[^>]*>", " ", found[1]).split())
        self.is_good = self.words.startswith("Good The same")


def look(
    database: Database, folder: Path, *, here: datetime | None, there: datetime | str | None, **changes: Any
) -> Line:
    make_assignment(database, **({"due_at": here.isoformat()} if here else {}))
    told = {"due_at": there.isoformat() if isinstance(there, datetime) else there} if there else {}
    place = arrive(database, make_platform(database, **changes), ADA, custom={"assignment": "fractions", **told})
    return Line(Desk(database, folder, place).get("preflight"))


@pytest.mark.parametrize("apart", [timedelta(0), timedelta(seconds=59), timedelta(seconds=-59)])
def test_the_same_on_both_sides(database: Database, tmp_path: Path, apart: timedelta) -> None:
    """23:59 here is 23:59:59 in Canvas."""
    line = look(database, tmp_path, here=NOON, there=NOON + apart)

    assert line.is_good
    assert line.times == {"Here": NOON}


@pytest.mark.parametrize("apart", [timedelta(minutes=1), timedelta(days=-365)])
def test_two_dates_are_both_shown(database: Database, tmp_path: Path, apart: timedelta) -> None:
    line = look(database, tmp_path, here=NOON, there=NOON + apart, family="schoology")

    assert line.words.startswith("Good to know The two differ: students see one date here and another there.")
    assert line.times == {"Here": NOON, "Paper LMS": NOON + apart}


def test_canvas_may_mean_the_later_date_of_some(database: Database, tmp_path: Path) -> None:
    line = look(database, tmp_path, here=NOON, there=LATER, family="canvas")

    assert "unless Canvas tells the later date of some students only" in line.words


def test_only_here(database: Database, tmp_path: Path) -> None:
    line = look(database, tmp_path, here=NOON, there="$ResourceLink.submission.endDateTime")

    assert line.words.startswith("Good to know Only here: Paper LMS has told none.")
    assert line.times == {"Here": NOON}


def test_only_in_the_lms(database: Database, tmp_path: Path) -> None:
    line = look(database, tmp_path, here=None, there=NOON)

    assert line.words.startswith("Good to know Only in Paper LMS.")
    assert line.times == {"Paper LMS": NOON}


def test_nowhere(database: Database, tmp_path: Path) -> None:
    line = look(database, tmp_path, here=None, there=None)

    assert line.words == "Good to know None here, and Paper LMS has told none."
    assert line.times == {}


@pytest.fixture(scope="module", params=["canvas", "moodle"])
def shared_lms(request: pytest.FixtureRequest) -> Iterator[LmsBeside]:
    with running_lms(request.param) as lms:
        yield lms


class Reader:
    """Ada's course in an LMS whose columns are read."""

    def __init__(self, lms: LmsBeside, database: Database) -> None:
        lms.reset()
        make_assignment(database)
        self.lms, self.world = lms, lms.lms.world
        self.course = CourseBeside(lms, database, lms.register(database))

    def sets(self, due_at: datetime | None) -> None:
        self.world.set_due_date(ADA.course, FRACTIONS, due_at)

    def reads(self, place: Arrival) -> Any:
        self.course.reads(place)
        return self.course.placement(place)


@pytest.fixture
def reader(shared_lms: LmsBeside, database: Database) -> Reader:
    return Reader(shared_lms, database)


def test_the_column_is_read_with_its_due_date(reader: Reader) -> None:
    ada = reader.course.opens(ADA)
    reader.sets(NOON)
    place = reader.reads(ada)

    assert place.line_item_due_at == (NOON if reader.lms.lms.manner.name == "Canvas" else None)
    assert place.line_item_maximum == Decimal(20)

    reader.sets(None)
    assert reader.reads(ada).line_item_due_at is None


def test_a_column_that_may_not_be_read_keeps_its_earlier_word(reader: Reader) -> None:
    ada = reader.course.opens(ADA)
    reader.sets(NOON)
    known = reader.reads(ada)

    settings = reader.lms.lms.settings
    kept = set(settings.granted_scopes) - {SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ}
    reader.lms.lms.settings = replace(settings, granted_scopes=tuple(kept))
    reader.course.opens(ADA)
    reader.sets(LATER)
    place = reader.reads(ada)

    assert place.line_item_due_at == known.line_item_due_at
    assert place.line_item_maximum == known.line_item_maximum == Decimal(20)


@pytest.mark.parametrize("shared_lms", ["canvas"], indirect=True)
def test_the_activitys_own_date_goes_before_that_of_a_launch(reader: Reader, tmp_path: Path) -> None:
    """A launch of Ada's tells the latest date of any student; the column that of the class."""
    database = reader.course.database
    make_assignment(database, due_at=NOON.isoformat())
    ada = reader.course.opens(ADA, custom={"assignment": "fractions", "due_at": LATER.isoformat()})
    desk = Desk(database, tmp_path, ada)
    assert Line(desk.get("preflight")).times == {"Here": NOON, "Demo LMS": LATER}

    reader.sets(NOON)
    reader.reads(ada)
    assert Line(desk.get("preflight")).is_good

    with database.writing() as connection:
        forget_column(connection, ada.placement_id or 0, reader.course.placement(ada).line_item_url)
    assert Line(desk.get("preflight")).times == {"Here": NOON, "Demo LMS": LATER}


@pytest.mark.parametrize("shared_lms", ["canvas"], indirect=True)
def test_a_column_that_is_found_tells_its_due_date_at_once(reader: Reader) -> None:
    ben = reader.course.opens(
        BEN, ags={"lineitems": reader.lms.lms.line_items_url(BEN.course), "scope": [SCOPE_LINE_ITEM]}
    )
    reader.sets(NOON)
    connector = reader.course.connect(reader.course.known.id)
    find_or_make_column(reader.course.database, connector, ben.placement_id or 0)

    assert reader.course.placement(ben).line_item_due_at == NOON
