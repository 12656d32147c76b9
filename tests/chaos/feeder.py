"""Puts wanted scores into the tool by the tool's own writer, each in a short transaction: a process of its own.

`python -m tests.chaos.feeder FOLDER '{"seconds": 8, "first": 1, "last": 3, "part": 0, "parts": 1}'` spreads the plan's
events of these versions over so many seconds (0: as fast as it goes) and writes each one that is committed into
FOLDER/fed-0.jsonl. Several may feed at once, each its part of the students.
"""

import json
import sys
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from tests.chaos.calls import CLIENT_ID
from tests.chaos.wanted import ASSIGNMENT, MAXIMUM, Event, Key, Plan
from tool.clock import now
from tool.db import Database
from tool.model.people import Course, Member, Person
from tool.model.platforms import Customer, Platform
from tool.model.work import Opening, Placement
from tool.passback.ledger.entries import Wish
from tool.passback.ledger.wishing import wish
from tool.settings import load_settings

AGAIN_SECONDS = 0.2


class Place(NamedTuple):
    """Where a student's score is written."""

    placement_id: int
    member_id: int
    platform_id: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one feeder feeds."""

    seconds: float = 0.0
    first: int = 1
    last: int = 1
    part: int = 0
    parts: int = 1

    @property
    def log(self) -> str:
        return f"fed-{self.part}.jsonl"

    def has(self, event: Event) -> bool:
        return self.first <= event.version <= self.last and event.student.number % self.parts == self.part


def feed(folder: Path, share: Share) -> None:
    plan = Plan.read(folder / "plan.json")
    settings = load_settings(folder / "config.json")
    database = Database(settings.database_url, pool_size=1)
    places = find_places(database, list(settings.platforms))
    events = [event for event in plan.events() if share.has(event)]
    began_at = time.monotonic()
    with (folder / share.log).open("a") as log:
        for position, event in enumerate(events):
            time.sleep(max(0.0, began_at + share.seconds * position / len(events) - time.monotonic()))
            feed_one(database, plan, places[event.student.key], event)
            write_line(log, event)
    database.close()


def find_places(database: Database, issuers: list[str]) -> dict[Key, Place]:
    """Where everybody is, by what the platforms call it."""
    query: Any = (
        select(Platform.issuer, Placement.resource_link_id, Person.subject, Placement.id, Member.id, Platform.id)
        .join(Opening, Opening.placement_id == Placement.id)
        .join(Member, Member.id == Opening.member_id)
        .join(Person, Person.id == Member.person_id)
        .join(Course, Course.id == Placement.course_id)
        .join(Customer, Customer.id == Course.customer_id)
        .join(Platform, Platform.id == Customer.platform_id)
        .where(Platform.client_id == CLIENT_ID)
    )
    with database.reading() as connection:
        return {
            Key(issuers.index(issuer), link, subject): Place(*ids)
            for issuer, link, subject, *ids in connection.execute(query)
        }


def feed_one(database: Database, plan: Plan, place: Place, event: Event) -> None:
    """One score to be sent. Tried until it is committed, as a page does that says "not saved, try again"."""
    wanted = Wish(
        **place._asdict(),
        assignment_id=ASSIGNMENT,
        earned=Decimal(plan.score(event.student, event.version)),
        earned_maximum=Decimal(MAXIMUM),
        cause="submitted" if event.version == 1 else "further_attempt",
        trigger="automatic",
        submitted_at=now(),
        is_send=True,
    )
    while True:
        try:
            with database.writing() as connection:
                wish(connection, wanted)
            return
        except DBAPIError:
            time.sleep(AGAIN_SECONDS)


def write_line(log: TextIO, event: Event) -> None:
    """Committed, so it counts from here on."""
    log.write(json.dumps([time.time(), *event.student.key, event.version]) + "\n")
    log.flush()


if __name__ == "__main__":
    feed(Path(sys.argv[1]), Share(**json.loads(sys.argv[2])))
