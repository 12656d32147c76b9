"""An LMS whose rosters are written down for it, and Ada's course in it."""

from typing import Any

from sqlalchemy import select

from tests.cast import ADA
from tests.lti.rough_server import RoughServer
from tests.lti.service_desk import CountedTokens, reply_json
from tests.rows import arrive, make_assignment, make_platform
from tool.course.arrivals import Arrival
from tool.course.roster import read_roster
from tool.db import Database
from tool.lti.connector import Connector
from tool.model.people import Course, Member, Person
from tool.outbound import Outbound
from tool.registration.platforms import KnownPlatform

TEACHER = {"user_id": "ada", "roles": ["Instructor"]}
LEARNER = {"user_id": "ben", "roles": ["Learner"], "name": "Ben Carter"}


class Paper:
    """An LMS that answers with what is written down for it."""

    def __init__(self, database: Database, server: RoughServer, outbound: Outbound) -> None:
        self.database = database
        self.server = server
        self.tokens = CountedTokens()
        self._outbound = outbound
        make_assignment(database)
        self.known: KnownPlatform = make_platform(database, host=server.url)
        self.ada: Arrival = self.arrive(ADA)

    def arrive(self, someone: Any, **changes: Any) -> Arrival:
        nrps = {"context_memberships_url": self.server.url + "/members"}
        return arrive(self.database, self.known, someone, **({"nrps": nrps} | changes))

    def tells(self, *members: dict[str, Any]) -> None:
        self.server.on("/members", reply_json({"members": [TEACHER, *members]}))

    def read(self) -> None:
        def connect(_: int) -> Connector:
            return Connector(self.known.facts, self.tokens, self._outbound)

        read_roster(self.database, connect, self.ada.course_id)

    def members(self) -> dict[str, Any]:
        query = select(Member, Person.subject, Person.name).join(Person, Person.id == Member.person_id)
        with self.database.reading() as connection:
            return {row.subject: row for row in connection.execute(query)}

    def failure(self) -> str | None:
        with self.database.reading() as connection:
            found: str | None = connection.execute(select(Course.roster_failure)).scalar_one()
        return found
