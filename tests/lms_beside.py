"""A demo LMS in this very process, over a real socket, and the tool's connection to it."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from secrets import token_hex
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import insert, select
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from tests.cast import FRACTIONS, Someone
from tests.rows import arrive, passback_of, wish_for
from tests.stage import free_port
from tests.witness import witnessed
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.demo_lms.lms import MEMBERS_SCOPE, Lms
from tool.demo_lms.lms import Settings as LmsSettings
from tool.demo_lms.moods import Mood
from tool.demo_lms.records import Cell, Column
from tool.demo_lms.registration import CLIENT_ID, DEPLOYMENT_ID, platform_entry
from tool.demo_lms.server import create_lms
from tool.lti.connector import Connector
from tool.lti.tool_keys import SigningKey, load_signing_key, make_private_pem, public_jwk
from tool.model.passbacks import Reading
from tool.model.people import Member, Person
from tool.model.work import Launch, Placement
from tool.outbound import Outbound
from tool.passback.delivery import deliver
from tool.passback.drift import drift
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.settling import settle
from tool.passback.reconcile import insist_on_results_of
from tool.registration.connection import Connections, SharedTokens
from tool.registration.platforms import KnownPlatform, TrustedPlatforms, adopt_file_platforms
from tool.settings import Platforms


@cache
def signing_key() -> SigningKey:
    """One key for all stories: making one takes longer than a story."""
    return load_signing_key(make_private_pem(None), None)


class LmsBeside:
    """The LMS, and how many requests reached it for what."""

    def __init__(self, url: str, lms: Lms, outbound: Outbound) -> None:
        self.url = url
        self.lms = lms
        self._outbound = outbound

    def reset(self) -> None:
        self.lms.world.reset()
        self.lms.journal.clear()
        self.lms.moods.change(Mood())
        self.lms.tokens.forget_all()
        self.lms.settings = LmsSettings()

    def register(self, database: Database) -> KnownPlatform:
        """The tool trusts this LMS."""
        entries = TypeAdapter(Platforms).validate_python(platform_entry(self.url, self.lms.manner.family))
        adopt_file_platforms(database, entries)
        known = TrustedPlatforms(database).known(self.url, CLIENT_ID)
        assert known is not None
        return known

    def connect(self, database: Database) -> Any:
        """platform → connector, with real tokens."""
        platforms = TrustedPlatforms(database)
        connections = Connections(SharedTokens(database, platforms, self._outbound, signing_key()), self._outbound)

        def to(platform_id: int) -> Connector | None:
            known = platforms.by_id(platform_id)
            return connections.to(known) if known else None

        return to

    def arrive(
        self, database: Database, platform: KnownPlatform, someone: Someone, link: str, **changes: Any
    ) -> Arrival:
        """Someone's launch from this LMS written down, as its own launches say it."""
        column = self.column(someone.course, link)
        scopes = [scope for scope in self.lms.settings.granted_scopes if scope != MEMBERS_SCOPE]
        ags = {"lineitems": self.lms.line_items_url(someone.course), "scope": scopes}
        told: dict[str, Any] = {
            "deployment_id": DEPLOYMENT_ID,
            "resource_link": {"id": link, "title": link},
            "ags": ags | ({"lineitem": self.lms.line_item_url(column)} if column else {}),
            "nrps": {"context_memberships_url": self.lms.members_url(someone.course)},
        }
        return arrive(database, platform, someone, **(told | changes))

    def column(self, course: str, link: str) -> Column | None:
        return next(iter(self.lms.world.bound_columns(course, link)), None)

    def type_grade(self, course: str, link: str, subject: str, score: Any) -> None:
        """A teacher types a grade into the gradebook; None empties the cell."""
        column = self.column(course, link)
        assert column is not None
        moves = self.lms.manner.typed_score_moves_timestamp
        self.lms.world.type_score(column, subject, score, moves_timestamp=moves)

    def requests(self, end_of_path: str) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = json.loads(json.dumps(self.lms.journal.read(), default=str))
        return [one for one in found if one["path"].endswith(end_of_path)]


@contextmanager
def running_lms(manner: str = "canvas") -> Iterator[LmsBeside]:
    """The LMS serves until the end of the block."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app = create_lms(base_url=url, tool_url=f"{url}/tool", manner=manner)
    keys = Response(json.dumps({"keys": [public_jwk(signing_key())]}), content_type="application/json")

    def with_our_keys(environ: Any, start: Any) -> Any:
        return (keys if environ["PATH_INFO"].startswith("/tool/") else app)(environ, start)

    server = make_server("127.0.0.1", port, witnessed(with_our_keys), threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    outbound = Outbound(allow_loopback_http=True, connect_seconds=2, total_seconds=5)
    try:
        yield LmsBeside(url, app.extensions["demo_lms.parts"], outbound)
    finally:
        outbound.close()
        server.shutdown()
        thread.join()
        server.server_close()


def write_launch(database: Database, arrival: Arrival, ends_in: timedelta = timedelta(hours=16)) -> None:
    """The launch that brought somebody, as a row."""
    with database.writing() as connection:
        connection.execute(
            insert(Launch),
            {
                "id": token_hex(16),
                "secret_digest": "0" * 64,
                "member_id": arrival.member_id,
                "placement_id": arrival.placement_id,
                "course_id": arrival.course_id,
                "is_teacher": arrival.standing.is_teacher,
                "is_learner": arrival.standing.is_learner,
                "frame_ancestors": "",
                "created_at": now(),
                "expires_at": now() + ends_in,
            },
        )


@dataclass
class CourseBeside:
    """Ada's course in such an LMS, with what a story does in it."""

    lms: LmsBeside
    database: Database
    known: KnownPlatform

    def __post_init__(self) -> None:
        self.connect = self.lms.connect(self.database)

    def opens(self, someone: Someone, link: str = FRACTIONS, **changes: Any) -> Arrival:
        return self.lms.arrive(self.database, self.known, someone, link, **changes)

    def sends(self, place: Arrival, score: int | str, **changes: Any) -> None:
        """A score of ten is wished, delivered and confirmed."""
        wish_for(self.database, self.known, place, score, **changes)
        claimed = claim(self.database, self.known.id, holder="sender", limit=1)
        settle(self.database, [deliver(one, database=self.database, connect=self.connect) for one in claimed])
        assert passback_of(self.database, place).state == "delivered", passback_of(self.database, place)

    def types(self, someone: Someone, score: Any, link: str = FRACTIONS) -> None:
        self.lms.type_grade(someone.course, link, someone.subject, score)

    def lists(self, someone: Someone, score: int | None, link: str = FRACTIONS) -> None:
        """The LMS lists a grade that did not come from here; Canvas does so only where a tool has scored before."""
        column = self.lms.column(someone.course, link)
        course = self.lms.lms.world.course(someone.course)
        assert column is not None
        assert course is not None
        points = None if score is None else Decimal(score)
        course.cells[column.number, someone.subject] = Cell(points, maximum=column.maximum, timestamp=now())

    def reads(self, place: Arrival) -> None:
        insist_on_results_of(self.database, self.connect, place.placement_id or 0)

    def readings(self) -> dict[str, Any]:
        """What was last read, by subject."""
        query = (
            select(Reading, Person.subject)
            .join(Member, Member.id == Reading.member_id)
            .join(Person, Person.id == Member.person_id)
        )
        with self.database.reading() as connection:
            return {one.subject: one for one in connection.execute(query)}

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
