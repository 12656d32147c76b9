"""Launch, save, hand in, grade, override, send, an LMS in every mood and senders that die, in any order: nothing that
was acknowledged is lost, the newest wins, there is one column, and nothing is confirmed that was not sent."""

import shutil
import tempfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from tests.cast import ADA, BEN, CLEO, Someone
from tests.passback.conftest import PostOffice
from tests.rows import ALL_SCOPES, arrive, make_assignment, make_platform, open_copy
from tests.stub_lms import Answer, StubLms
from tool.assessment.marking import give_marks
from tool.assessment.marks import GivenMark
from tool.assessment.page_mark import PageMark
from tool.assessment.submitting import open_work, save_answers, submit
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.model.passbacks import Attempt, Passback
from tool.model.work import Grade, Submission
from tool.outbound import Outbound
from tool.passback.acts import Actor, override
from tool.passback.ledger.claiming import LEASE, claim, claim_suspect
from tool.passback.ledger.entries import Chosen, Claimed, Settlement
from tool.passback.ledger.settling import settle, settle_all
from tool.passback.ledger.wishing import wish_chosen

PEOPLE = st.sampled_from([BEN, CLEO])
ANSWERS = st.fixed_dictionaries(
    {}, optional={"half": st.sampled_from(["0.5", "1", ""]), "quarter": st.sampled_from(["0.25", "4"])}
)
MOODS = ["fine", "fine", "broken", "busy", "refusing", "loses the answer", "hangs up"]
RIGHT = {"half": "0.5", "quarter": "0.25"}
DAYS_AT_MOST = 40


class MoodyLms(StubLms):
    """Of every score it takes, it remembers which one was taken last."""

    mood = "fine"

    def _take(self, score: dict[str, Any]) -> Answer:
        if answer := self._complain():
            return answer
        if self.mood == "hangs up":
            return None
        taken = super()._take(score)
        return None if self.mood == "loses the answer" else taken

    def _make(self, wanted: dict[str, Any]) -> Answer:
        if answer := self._complain():
            return answer
        if self.mood == "hangs up":
            return None
        made = super()._make(wanted)
        return None if self.mood == "loses the answer" else made

    def _complain(self) -> Answer:
        refusals = {"broken": (500, {}), "busy": (503, {}), "refusing": (422, {"errors": "closed"})}
        return refusals.get(self.mood)

    def forget(self) -> None:
        """An empty gradebook again."""
        self.mood = "fine"
        for kept in (self.scores, self.columns, self.results, self.wanted_columns, self.journal):
            kept.clear()


class AnyOrder(RuleBasedStateMachine):
    """What was promised to Ben and Cleo is remembered here, beside the tool."""

    empty: ClassVar[Path]
    lms: ClassVar[MoodyLms]
    outbound: ClassVar[Outbound]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="any-order-"))
        self.clock = time_machine.travel(now(), tick=False)
        self.time = self.clock.start()
        self.lms.forget()
        self.places: dict[str, Arrival] = {}
        self.saved: dict[str, dict[str, str]] = {}
        self.handed_in: dict[str, Decimal] = {}
        self.wanted: dict[str, Decimal] = {}
        self.versions: dict[int, tuple[int, int]] = {}
        self.late: list[Settlement] = []

    def teardown(self) -> None:
        try:
            if self.places:
                self._everything_arrives()
        finally:
            self.clock.stop()
            self.database.close()
            shutil.rmtree(self.folder)

    @initialize()
    def open_the_link(self) -> None:
        self.database: Database = open_copy(self.empty, self.folder / "any.db")
        make_assignment(self.database)
        platform = make_platform(self.database, issuer=self.lms.url, host=self.lms.url)
        self.office = PostOffice(self.lms, self.database, platform, self.outbound)
        self.ada = self._arrives(ADA)

    def _arrives(self, someone: Someone) -> Arrival:
        gradebook = {"lineitems": f"{self.lms.url}/columns", "scope": ALL_SCOPES}
        return arrive(self.database, self.office.platform, someone, ags=gradebook)

    @rule(who=PEOPLE)
    def launch(self, who: Someone) -> None:
        self.places[who.subject] = self._arrives(who)

    @precondition(lambda self: self.places)
    @rule(data=st.data(), answers=ANSWERS, hands_in=st.booleans())
    def save(self, data: st.DataObject, answers: dict[str, str], hands_in: bool) -> None:
        left = sorted(set(self.places) - set(self.handed_in))
        if not left:
            return
        who = data.draw(st.sampled_from(left))
        place = self.places[who]
        with self.database.writing() as connection:
            work = open_work(connection, place.placement_id or 0, place.member_id, place.assignment_id or "")
            kept = save_answers(connection, work, answers, PageMark(work.revision, "page"))
            if hands_in:
                submit(connection, kept)
        self.saved[who] = answers
        if hands_in:
            earned = sum((Decimal(5) for name, right in RIGHT.items() if answers.get(name) == right), Decimal(0))
            self.handed_in[who] = earned
            assert self._row(who).earned == earned
            self._wish_follows(who)

    @precondition(lambda self: self.handed_in)
    @rule(data=st.data(), points=st.sampled_from(["0", "2.5", "5", "7"]))
    def grade(self, data: st.DataObject, points: str) -> None:
        who = data.draw(st.sampled_from(sorted(self.handed_in)))
        place = self.places[who]
        with self.database.writing() as connection:
            work = open_work(connection, place.placement_id or 0, place.member_id, place.assignment_id or "")
            mark = GivenMark("half", Decimal(points), None, None)
            give_marks(connection, work.submission_id, [mark], by=self.ada.member_id, may_exceed=True)
            score = connection.execute(
                select(Grade.score).where(Grade.submission_id == work.submission_id)
            ).scalar_one()
        second = Decimal(5 if self.saved[who].get("quarter") == RIGHT["quarter"] else 0)
        assert score == Decimal(points) + second
        assert self._row(who).earned == score
        self._wish_follows(who)

    @precondition(lambda self: self.places)
    @rule(data=st.data(), score=st.decimals(min_value=0, max_value=12, places=2))
    def override_and_send(self, data: st.DataObject, score: Decimal) -> None:
        self._override(data.draw(st.sampled_from(sorted(self.places))), score)

    def _override(self, who: str, score: Decimal) -> None:
        place = self.places[who]
        actor = Actor(self.ada.member_id, place.placement_id or 0, self.office.platform.id)
        with self.database.writing() as connection:
            override(connection, actor, place.member_id, score, "as agreed")
            chosen = Chosen(score, Decimal(10), None, "manual")
            wish_chosen(connection, self._row(who, connection).id, chosen)
        self.wanted[who] = score

    @rule(mood=st.sampled_from(MOODS), death=st.sampled_from([None, None, "first", "sent", "late", "late"]))
    def send(self, mood: str, death: str | None) -> None:
        """A sender takes what is due; it may die before it sends, before it writes down how it went, or sleep long."""
        self.lms.mood = mood
        for row in self._take():
            if death == "first":
                continue
            settlement = self.office.deliver(row)
            if death == "late":
                self.late.append(settlement)
            elif death is None:
                settle(self.database, [settlement])
        self.lms.mood = "fine"
        if death in ("first", "sent"):
            self.time.shift(LEASE + timedelta(seconds=1))

    @rule(score=st.decimals(min_value=0, max_value=12, places=2), is_overtaken=st.booleans())
    def changes_on_the_wire(self, score: Decimal, is_overtaken: bool) -> None:
        """Ada sends another number while a score is on its way; or even that one arrives first, by another sender's
        hand, because the first one slept."""
        for row in self._take():
            settlement = self.office.deliver(row)
            self._override(row.subject, score)
            if is_overtaken:
                self.time.shift(LEASE + timedelta(seconds=1))
                for newer in self._take():
                    settle(self.database, [self.office.deliver(newer)])
            self.versions_only_rise_and_none_is_confirmed_unsent()
            settle_all(self.database, [settlement])

    @precondition(lambda self: self.late)
    @rule()
    def sleeper_wakes(self) -> None:
        settle_all(self.database, [self.late.pop(0)])

    @rule(seconds=st.sampled_from([2, 30, 30, 3_600, 100_000]))
    def time_goes_by(self, seconds: int) -> None:
        self.time.shift(timedelta(seconds=seconds))

    @invariant()
    def nothing_acknowledged_is_lost(self) -> None:
        for who, answers in self.saved.items():
            with self.database.reading() as connection:
                mine = select(Submission.answers).where(Submission.member_id == self.places[who].member_id)
                assert connection.execute(mine).scalar_one() == answers
        for who, score in self.wanted.items():
            assert self._row(who).score == score

    @invariant()
    def versions_only_rise_and_none_is_confirmed_unsent(self) -> None:
        for row in self._rows():
            wished, confirmed = self.versions.get(row.id, (0, 0))
            assert row.version >= wished
            assert confirmed <= row.confirmed_version <= row.version
            self.versions[row.id] = (row.version, row.confirmed_version)
            if row.confirmed_version:
                assert row.timestamp is None or row.last_timestamp is not None
                taken = {(one["scoreGiven"], one["scoreMaximum"]) for one in self.lms.scores}
                assert (float(row.confirmed_score), float(row.confirmed_maximum)) in taken

    @invariant()
    def there_is_one_column(self) -> None:
        assert len(self.lms.columns) <= 1

    def _everything_arrives(self) -> None:
        """The LMS is well again, and days go by."""
        for _ in range(DAYS_AT_MOST):
            for row in self._take():
                settle(self.database, [self.office.deliver(row)])
            if not any(row.state == "due" for row in self._rows()):
                break
            self.time.shift(timedelta(hours=25))
        for who, score in self.wanted.items():
            row = self._row(who)
            assert (row.state, row.confirmed_version, row.confirmed_score) == ("delivered", row.version, score), row
            assert self.lms.results[who]["resultScore"] == float(score)
        with self.database.reading() as connection:
            sent = connection.execute(select(Attempt.passback_id, Attempt.version, Attempt.timestamp)).all()
        stamps = {(one.passback_id, one.version): one.timestamp for one in sent}
        assert all(stamps[one.passback_id, one.version] == one.timestamp for one in sent), "a resend repeats its time"
        for row in self._rows():
            times = [stamp for (passback_id, _), stamp in sorted(stamps.items()) if passback_id == row.id]
            assert times == sorted(set(times)), "a newer version has a later time"
        self.there_is_one_column()

    def _take(self) -> list[Claimed]:
        platform_id = self.office.platform.id
        taken = claim(self.database, platform_id, holder=f"sender at {now():%d%H%M%S}", limit=10)
        return taken or claim_suspect(self.database, platform_id, holder=f"another at {now():%d%H%M%S}")

    def _wish_follows(self, who: str) -> None:
        """Whether a grade goes by itself is for `policy` to say; once it is wished it counts as promised."""
        row = self._row(who)
        if row.version:
            self.wanted[who] = row.score

    def _rows(self) -> list[Any]:
        with self.database.reading() as connection:
            return list(connection.execute(select(Passback)))

    def _row(self, who: str, connection: Any = None) -> Any:
        mine = select(Passback).where(Passback.member_id == self.places[who].member_id)
        if connection is not None:
            return connection.execute(mine).one()
        with self.database.reading() as reading:
            return reading.execute(mine).one()


def test_in_any_order_of_events_the_newest_score_arrives_and_nothing_is_lost(
    migrated_sqlite: Path, outbound: Outbound
) -> None:
    lms = MoodyLms()

    class OnThisMachine(AnyOrder):
        pass

    OnThisMachine.empty, OnThisMachine.lms, OnThisMachine.outbound = migrated_sqlite, lms, outbound
    try:
        run_state_machine_as_test(
            OnThisMachine,
            settings=settings(
                max_examples=80, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
    finally:
        lms.stop()
