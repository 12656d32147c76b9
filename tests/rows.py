"""Rows for stories about the rooms, written by the tool's own functions wherever it has one."""

import json
import shutil
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select

from tests.cast import BEN, Someone
from tests.lti.paper_lms import AGS, CLAIM, INSTRUCTOR, LEARNER, NRPS, public_entry
from tool.assessment.assignments import import_assignment
from tool.assessment.page_mark import PageMark
from tool.assessment.questions import read_assignment_file
from tool.assessment.submitting import open_work, save_answers, submit
from tool.clock import now
from tool.course.arrivals import Arrival, record_arrival
from tool.db import Database
from tool.lti import vocabulary
from tool.lti.claims import LaunchClaims, read_claims
from tool.model.base import Base
from tool.model.passbacks import Attempt, Passback
from tool.passback.ledger.entries import Claimed, Settlement, Wish
from tool.passback.ledger.turning import is_of_its_link
from tool.passback.ledger.wishing import wish
from tool.passback.policy import Decision
from tool.registration.platforms import KnownPlatform, TrustedPlatforms, adopt_file_platforms
from tool.settings import PlatformEntry

ISSUER = "https://lms.example"
CLIENT = "passback-1"
DEPLOYMENT = "install-1"
COLUMN = f"{ISSUER}/columns/7"
ALL_SCOPES = [vocabulary.SCOPE_LINE_ITEM, vocabulary.SCOPE_RESULT_READ, vocabulary.SCOPE_SCORE]
RIGHT_ANSWERS = {"half": ["0.5"], "quarter": ["0.25"]}


def open_copy(empty: Path, path: Path) -> Database:
    """A database of a story's own, out of a file that has tables; it need not survive a power cut."""
    database = Database(f"sqlite:///{shutil.copy(empty, path)}")
    event.listen(database.engine, "connect", lambda driver, _record: driver.execute("PRAGMA synchronous=OFF"))
    return database


def entry(**changes: Any) -> PlatformEntry:
    """A platform as config.json has it."""
    host = changes.pop("host", ISSUER)
    plain: dict[str, Any] = {
        "client_id": CLIENT,
        "auth_login_url": f"{host}/auth",
        "auth_token_url": f"{host}/token",
        "key_set": {"keys": [public_entry("lms-key")]},
        "deployment_ids": (DEPLOYMENT,),
        "family": "canvas",
        "name": "Paper LMS",
    }
    return PlatformEntry(**(plain | changes))


def make_platform(database: Database, *, issuer: str = ISSUER, **changes: Any) -> KnownPlatform:
    adopt_file_platforms(database, {issuer: (entry(**changes),)})
    known = TrustedPlatforms(database).known(issuer, changes.get("client_id", CLIENT))
    assert known is not None
    return known


def assignment_text(**changes: Any) -> str:
    """The file of an assignment of two questions, five points each, that goes by itself."""
    questions = [
        {"id": "half", "type": "numeric", "prompt": "What is 1/2?", "points": 5, "answer": "0.5"},
        {"id": "quarter", "type": "numeric", "prompt": "What is 1/4?", "points": 5, "answer": "0.25"},
    ]
    plain = {"id": "fractions", "title": "Fractions", "automatic_passback": True, "questions": questions}
    return json.dumps(plain | changes)


def make_assignment(database: Database, **changes: Any) -> str:
    return import_assignment(database, read_assignment_file(assignment_text(**changes))).assignment_id


def launch_claims(someone: Someone = BEN, **changes: Any) -> dict[str, Any]:
    """What a launch says of someone and a link, times and nonce aside. A name alone stands for the LTI claim of it."""
    is_teacher = someone.subject == "ada"
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": CLIENT,
        "sub": someone.subject,
        "name": someone.name,
        CLAIM + "version": "1.3.0",
        CLAIM + "message_type": vocabulary.RESOURCE_LINK_REQUEST,
        CLAIM + "deployment_id": DEPLOYMENT,
        CLAIM + "target_link_uri": "https://tool.example/lti/launch",
        CLAIM + "roles": [INSTRUCTOR if is_teacher else LEARNER],
        CLAIM + "context": {"id": someone.course, "title": "Period 3 math"},
        CLAIM + "resource_link": {"id": "link-1", "title": "Fractions"},
        CLAIM + "custom": {"assignment": "fractions"},
        AGS: {"lineitem": COLUMN, "lineitems": f"{ISSUER}/columns", "scope": ALL_SCOPES},
        NRPS: {"context_memberships_url": f"{ISSUER}/members"},
    }
    plain = {"iss", "aud", "sub", "name", "given_name", "family_name", "email", "locale"}
    services = {"ags": AGS, "nrps": NRPS, "deep_linking": vocabulary.DEEP_LINKING_SETTINGS}
    claims |= {name if name in plain else services.get(name, CLAIM + name): value for name, value in changes.items()}
    return {name: value for name, value in claims.items() if value is not None}


def read_launch(someone: Someone = BEN, **changes: Any) -> LaunchClaims:
    return read_claims(launch_claims(someone, **changes))


def arrive(database: Database, platform: KnownPlatform, someone: Someone = BEN, **changes: Any) -> Arrival:
    """Someone's launch written down: person, course, member, placement, opening."""
    claims = read_launch(someone, **({"iss": platform.facts.issuer, "aud": platform.facts.client_id} | changes))
    with database.writing() as connection:
        return record_arrival(
            connection,
            customer_id=platform.customers[claims.deployment_id],
            family=platform.facts.family,
            claims=claims,
            at=now(),
        )


def make_class(database: Database, platform: KnownPlatform, size: int, **changes: Any) -> list[Arrival]:
    """A class of learners who all opened the same link."""
    with database.writing() as connection:
        return [
            record_arrival(
                connection,
                customer_id=platform.customers[DEPLOYMENT],
                family=platform.facts.family,
                claims=read_launch(Someone(f"learner-{number}", f"Learner {number}", BEN.course), **changes),
                at=now(),
            )
            for number in range(size)
        ]


def hand_in(database: Database, place: Arrival, answers: Mapping[str, object] | None = None) -> Decision | None:
    """Save and submit, as the student's page does."""
    typed = answers if answers is not None else {name: values[0] for name, values in RIGHT_ANSWERS.items()}
    with database.writing() as connection:
        work = open_work(connection, place.placement_id or 0, place.member_id, place.assignment_id or "")
        kept = save_answers(connection, work, typed, PageMark(work.revision, "page"))
        return submit(connection, kept)


def wanted(platform: KnownPlatform, place: Arrival, score: int | str = 8, **changes: Any) -> Wish:
    """A wish of the ledger: eight of ten points, handed in at noon."""
    plain: dict[str, Any] = {
        "placement_id": place.placement_id,
        "member_id": place.member_id,
        "assignment_id": place.assignment_id,
        "platform_id": platform.id,
        "earned": Decimal(score),
        "earned_maximum": Decimal(10),
        "cause": "submitted",
        "trigger": "automatic",
        "submitted_at": datetime.fromisoformat("2026-03-02T12:00:00+00:00"),
        "is_send": True,
    }
    return Wish(**(plain | changes))


def wish_for(database: Database, platform: KnownPlatform, place: Arrival, score: int | str = 8, **changes: Any) -> None:
    with database.writing() as connection:
        wish(connection, wanted(platform, place, score, **changes))


def wish_for_all(database: Database, platform: KnownPlatform, places: list[Arrival]) -> None:
    with database.writing() as connection:
        for place in places:
            wish(connection, wanted(platform, place))


def ended(claimed: Claimed, outcome: str = "delivered", **changes: Any) -> Settlement:
    """How a try ended; delivered when nothing else is said."""
    plain: dict[str, Any] = {
        "claimed": claimed,
        "outcome": outcome,
        "started_at": now(),
        "finished_at": now(),
        "state_after": "delivered" if outcome == "delivered" else "due",
        "line_item_url": COLUMN,
    }
    return Settlement(**(plain | changes))


def passback_of(database: Database, place: Arrival) -> Any:
    """The ledger's row of someone in a placement."""
    mine = (Passback.placement_id == place.placement_id, Passback.member_id == place.member_id)
    with database.reading() as connection:
        return connection.execute(select(Passback).where(*mine)).one()


def attempts(database: Database) -> list[Any]:
    with database.reading() as connection:
        return list(connection.execute(select(Attempt).order_by(Attempt.id)))


def count_rows(database: Database) -> dict[str, int]:
    """How many rows each table has: what must not change when something is refused."""
    with database.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }


def next_due_at(database: Database) -> datetime | None:
    """When the next row falls due, if any waits."""
    with database.reading() as connection:
        found: datetime | None = connection.execute(
            select(func.min(Passback.next_try_at)).where(Passback.state == "due", is_of_its_link())
        ).scalar()
    return found
