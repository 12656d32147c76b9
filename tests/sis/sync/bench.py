"""Ada's class linked to the demo SIS, and everything a run needs to go there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import delete, select, update

from tests.cast import ADA, BEN, CLEO, DIEGO, JAYA, LINH, MATEUSZ, SIOBHAN, ZOE
from tests.rows import arrive, hand_in, make_assignment, make_platform
from tests.sis.linking.school_beside import MATH, SchoolBeside
from tests.sis.oracle import check_request
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.demo_sis.control import start_again
from tool.demo_sis.moods import Mood
from tool.demo_sis.settings import SisSettings
from tool.demo_sis.tables import describe_column
from tool.model.people import Course
from tool.model.sis import SisConnection, SisPeriod, SisSection
from tool.model.sis_syncs import SisItem, SisRun, SisRunLine, SisScore
from tool.model.work import Assignment
from tool.passback import acts
from tool.sis.connecting.connections import NewConnection, make_connection, opener, switch_connection
from tool.sis.connecting.sealing import Sealing
from tool.sis.linking.acting import Actor
from tool.sis.linking.categories import associate
from tool.sis.linking.reading import refresh
from tool.sis.linking.sections import Place, link_class
from tool.sis.oneroster.client import OneRoster
from tool.sis.sync.asking import RunState, ask_for_run, state_of_run
from tool.sis.sync.running import run
from tool.sis.sync.standing import ItemView, read_items

BASE_URL = "https://tool.example"
BENS, CLEOS = "SIS-00100", "stu-2041"
"""Ben bears the SIS's id in the LMS; Cleo is known by her e-mail."""
SECOND_LINK = "link-2"


class Bench:
    """Two students, one assignment of ten points; *Homework* is associated. Nobody has handed in yet."""

    def __init__(self, database: Database, beside: SchoolBeside, **settings: Any) -> None:
        self.database, self.beside, self.sis = database, beside, beside.sis
        start_again(self.sis)
        self.sis.school.reset(self.sis.local_day())
        self.sis.settings = SisSettings(**settings)
        make_assignment(database, automatic_passback=True)
        self.platform = make_platform(database)
        lis = {"person_sourcedid": BENS}
        self.ben = arrive(database, self.platform, BEN, email="ben@school.example", lis=lis)
        self.cleo = arrive(database, self.platform, CLEO, email="cleo@school.example")
        self.ada = arrive(database, self.platform, ADA, email="ada@school.example")
        self.change(Assignment, category="Homework", assigned_at=datetime.now(UTC) - timedelta(days=2))
        sealing = Sealing("0" * 64)
        self.connection_id = self._connect(sealing)
        self.open_client = opener(database, sealing, beside.outbound)
        self.section_id = self.link(MATH)

    def _connect(self, sealing: Sealing) -> int:
        told = {name: value for name, value in self.beside.agreement.items() if value is not None}
        told["profile"] = dict(told["profile"]) | {"requests_per_second": 0}
        customer = select(Course.customer_id).where(Course.id == self.ada.course_id)
        with self.database.reading() as connection:
            customer_id = connection.execute(customer).scalar_one()
        made = make_connection(self.database, sealing, customer_id, NewConnection(**told))
        switch_connection(self.database, made, is_enabled=True)
        return made

    def link(self, class_id: str) -> int:
        client = self.open_client(self.connection_id)
        assert client is not None
        found = client.find_class(class_id)
        assert found is not None
        place = Place(self.ada.course_id, self.connection_id, self.ada.member_id)
        section_id = link_class(self.database, place, found, teacher_id="TCH-010", lms_syncs=False)
        refresh(self.database, client, section_id)
        with self.database.writing() as connection:
            associate(connection, Actor(self.ada.member_id, section_id), {"Homework": f"cat-hw-{class_id[6:]}"})
        return section_id

    @property
    def placement_id(self) -> int:
        assert self.ada.placement_id is not None
        return self.ada.placement_id

    @property
    def actor(self) -> Actor:
        return Actor(self.ada.member_id, self.section_id)

    @staticmethod
    def past(days: int = 1) -> datetime:
        return datetime.now(UTC) - timedelta(days=days)

    # ── here ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def add_assignment(self, **changes: Any) -> dict[str, Arrival]:
        """A second assignment, opened by everybody."""
        make_assignment(self.database, **({"id": "decimals", "title": "Decimals"} | changes))
        self.change(Assignment, category="Homework", assigned_at=datetime.now(UTC) - timedelta(days=2))
        link = {"resource_link": {"id": SECOND_LINK}, "custom": {"assignment": changes.get("id", "decimals")}}
        return {who.subject: arrive(self.database, self.platform, who, **link) for who in (BEN, CLEO, ADA)}

    def add_classmates(self) -> list[Arrival]:
        """Six more students, known by the SIS's ids, all of them with their work handed in."""
        names = ((JAYA, 7), (LINH, 8), (MATEUSZ, 9), (DIEGO, 3), (SIOBHAN, 10), (ZOE, 11))
        lis = [(who, {"person_sourcedid": f"SIS-{100 + number:05}"}) for who, number in names]
        places = [arrive(self.database, self.platform, who, lis=told) for who, told in lis]
        self.hand_in(*places)
        return places

    def hand_in(self, *places: Arrival, **answers: object) -> None:
        for place in places or (self.ben, self.cleo):
            hand_in(self.database, place, answers or None)

    def override(self, place: Arrival, score: int, *, is_for_sis: bool = True) -> None:
        with self.database.writing() as connection:
            number = Decimal(score)
            acts.override(connection, self._at(place), place.member_id, number, "", is_for_sis=is_for_sis)

    def remove_override(self, place: Arrival) -> None:
        with self.database.writing() as connection:
            acts.remove_override(connection, self._at(place), place.member_id)

    def _at(self, place: Arrival) -> acts.Actor:
        return acts.Actor(self.ada.member_id, place.placement_id or 0, self.platform.id)

    def change(self, table: Any, *conditions: Any, **values: Any) -> None:
        with self.database.writing() as connection:
            connection.execute(update(table).where(*conditions).values(**values))

    def rows(self, table: Any, *conditions: Any) -> list[Any]:
        with self.database.reading() as connection:
            return list(connection.execute(select(table).where(*conditions).order_by(table.id)))

    def view(self, placement_id: int | None = None) -> ItemView:
        wanted = placement_id or self.placement_id
        with self.database.reading() as connection:
            found = read_items(connection, self.section_id, datetime.now(UTC))
        return next(one for one in found if one.placement_id == wanted)

    def ask(self, kind: Any = "changes", **more: Any) -> int:
        with self.database.writing() as connection:
            return ask_for_run(connection, self.section_id, kind, self.ada.member_id, **more)

    def sync(self, kind: Any = "changes", **more: Any) -> Any:
        """One press of *Sync*, done to its end; the row of the run."""
        return self.do(self.ask(kind, **more))

    def do(self, run_id: int) -> Any:
        run(self.database, self.open_client, run_id, base_url=BASE_URL)
        [row] = self.rows(SisRun, SisRun.id == run_id)
        return row

    def watch(self, name: str, then: Callable[[], None], *, before: bool = False) -> None:
        """From now on something happens beside, each time just after (or before) the SIS is asked this."""
        open_client = self.open_client

        def open_watched(connection_id: int) -> OneRoster | None:
            return cast(OneRoster, _Watched(open_client(connection_id), name, then, before=before))

        self.open_client = open_watched

    def lines(self, run_id: int) -> list[tuple[str, str, str | None]]:
        """(step, outcome, code) of a run, in order."""
        return [(one.step, one.outcome, one.code) for one in self.rows(SisRunLine, SisRunLine.run_id == run_id)]

    def state(self, run_id: int) -> RunState:
        with self.database.reading() as connection:
            return state_of_run(connection, run_id)

    def limit_titles(self, limit: int) -> None:
        """What the operator noted of the SIS."""
        self.change(SisConnection, profile={"requests_per_second": 0, "title_limit": limit})

    def off_by_default(self) -> None:
        self.change(SisConnection, sync_by_default=False)

    def forget_reading(self) -> None:
        self.change(SisSection, read_at=self.past())

    def rows_of_periods(self) -> list[Any]:
        with self.database.reading() as connection:
            return list(connection.execute(select(SisPeriod).order_by(SisPeriod.starts_on)))

    def forget_runs(self) -> None:
        with self.database.writing() as connection:
            for table in (SisRunLine, SisRun):
                connection.execute(delete(table))

    def forget_syncs(self) -> None:
        """As if nothing had ever been synced, on both sides."""
        with self.database.writing() as connection:
            for table in (SisRunLine, SisRun, SisScore, SisItem):
                connection.execute(delete(table))
            connection.execute(update(SisSection).values(first_sent_at=None, remastered_at=None))
        start_again(self.sis)

    # ── there ────────────────────────────────────────────────────────────────────────────────────────────────────

    def set_mood(self, name: Any, **more: Any) -> None:
        self.sis.moods.change(Mood(name, **more))

    def type_there(self, student_id: str, score: int, title: str = "Fractions") -> None:
        """A teacher types over a score in the SIS itself."""
        [mark] = [
            mark
            for mark in self.sis.book.marks(MATH)
            if mark.student_id == student_id and mark.column_id == self.columns()[title]["sourced_id"]
        ]
        self.sis.book.put_mark(replace(mark, score=Decimal(score), is_typed_by_hand=True))

    def expel(self, student_id: str) -> None:
        """The student has left the class; nobody has read that yet."""
        mine = next(o for o in self.sis.school.enrolments_of(MATH) if o.person_id == student_id)
        self.sis.school.enrol(replace(mine, is_active=False))

    def columns(self, class_id: str = MATH) -> dict[str, dict[str, Any]]:
        """What stands in the gradebook, by title."""
        return {one.title: describe_column(self.sis, one) for one in self.sis.book.columns(class_id)}

    def scores(self, title: str = "Fractions") -> dict[str, Decimal | None]:
        """Student → score."""
        return {who: mark["score"] for who, mark in self.columns()[title]["results"].items()}

    def asked(self, method: str = "PUT") -> list[str]:
        """The addresses that were asked so, in order; each request is held against 1EdTech's own file."""
        found = []
        for one in self.sis.journal.read():
            text = one["text"]
            headers = {"Authorization": f"{one['authorization']} x", "Content-Type": str(one["content_type"])}
            url = f"{self.sis.base_url}{one['path']}" + (f"?{one['query']}" if one["query"] else "")
            check_request(str(one["method"]), url, headers, str(text).encode() if text else None)
            if one["method"] == method:
                found.append(str(one["path"]))
        return found

    def picture(self) -> Any:
        """The class's whole gradebook without the moments of writing: what must not depend on accidents."""
        shown = []
        columns: list[dict[str, Any]] = [describe_column(self.sis, one) for one in self.sis.book.columns(MATH)]
        for column in sorted(columns, key=lambda column: str(column["title"])):
            marks = {
                who: {k: v for k, v in mark.items() if k != "changed_at"} for who, mark in column["results"].items()
            }
            shown.append({k: v for k, v in column.items() if k != "changed_at"} | {"results": marks})
        return shown


class _Watched:
    """A client beside which something happens when it is asked a certain thing."""

    def __init__(self, real: OneRoster | None, name: str, then: Callable[[], None], *, before: bool) -> None:
        self._real, self._name, self._then, self._before = real, name, then, before

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._real, name)
        if name != self._name:
            return call

        def ask(*arguments: Any) -> Any:
            if self._before:
                self._then()
            answer = call(*arguments)
            if not self._before:
                self._then()
            return answer

        return ask
