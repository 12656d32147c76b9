"""The world of one run: a database of its own, Passback's configuration, the platforms in it, and everyone arrived."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
import psycopg
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.chaos.calls import CLIENT_ID
from tests.chaos.wanted import ASSIGNMENT, Plan, Student, assignment_file
from tests.conftest import POSTGRES
from tests.lti.paper_lms import AGS, CLAIM, LEARNER
from tests.rows import ALL_SCOPES
from tests.stage import free_port
from tool.assessment.assignments import import_assignment
from tool.assessment.questions import read_assignment_file
from tool.clock import now
from tool.course.arrivals import record_arrival
from tool.db import Database
from tool.lti.claims import read_claims
from tool.lti.vocabulary import RESOURCE_LINK_REQUEST
from tool.migrations.upgrading import upgrade
from tool.registration.platforms import KnownPlatform, TrustedPlatforms, adopt_file_platforms
from tool.settings import Settings, load_settings

DEPLOYMENT = "chaos-install"
LMS_KEY = "lms-key"
AT_ONCE = 500
FAMILIES = {"accepting": "canvas", "canvas": "canvas", "moodle": "moodle"}


@dataclass(frozen=True, slots=True)
class World:
    folder: Path
    plan: Plan
    tool_port: int
    platform_urls: list[str]

    @property
    def tool_url(self) -> str:
        return f"http://localhost:{self.tool_port}"

    @property
    def config(self) -> Path:
        return self.folder / "config.json"

    @property
    def settings(self) -> Settings:
        return load_settings(self.config)

    def open_database(self) -> Database:
        return Database(self.settings.database_url)


@contextmanager
def made_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database, `sqlite` or `postgres`; a PostgreSQL one is dropped at the end."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/passback.db"
        return
    name = f"passback_chaos_{os.getpid()}_{abs(hash(folder)) % 10**6}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    try:
        yield f"{POSTGRES.rsplit('/', 1)[0]}/{name}"
    finally:
        with psycopg.connect(POSTGRES, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def make_world(folder: Path, plan: Plan, database_url: str, platform_urls: list[str], manner: str) -> World:
    """Tables, configuration, the assignment, and every fed student's launch written down. Who hands in by HTTP comes
    by a launch of their own."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    (folder / "lms.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    world = World(folder, plan, free_port(), platform_urls)
    config = {
        "base_url": world.tool_url,
        "database_url": database_url,
        "keys_dir": str(folder / "keys"),
        "platforms": {url: [_entry(url, key, FAMILIES[manner])] for url in platform_urls},
    }
    world.config.write_text(json.dumps(config))
    plan.write(folder / "plan.json")
    database = world.open_database()
    upgrade(database)
    import_assignment(database, read_assignment_file(assignment_file()))
    adopt_file_platforms(database, world.settings.platforms)
    known = known_platforms(world, database)
    for begin in range(0, len(plan.fed), AT_ONCE):
        _arrive(database, known, plan.fed[begin : begin + AT_ONCE])
    database.close()
    return world


def known_platforms(world: World, database: Database) -> list[KnownPlatform]:
    """The tool's platforms in the order of the stub's."""
    trusted = TrustedPlatforms(database)
    found = [trusted.known(url, CLIENT_ID) for url in world.platform_urls]
    return [one for one in found if one is not None]


def _entry(url: str, key: rsa.RSAPrivateKey, family: str) -> dict[str, Any]:
    public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {
        "client_id": CLIENT_ID,
        "auth_login_url": f"{url}/auth",
        "auth_token_url": f"{url}/token",
        "key_set": {"keys": [{**public, "kid": LMS_KEY, "alg": "RS256", "use": "sig"}]},
        "deployment_ids": [DEPLOYMENT],
        "family": family,
        "name": f"Chaos {url}",
    }


def _arrive(database: Database, known: list[KnownPlatform], students: list[Student]) -> None:
    with database.writing() as connection:
        for student in students:
            platform = known[student.platform]
            record_arrival(
                connection,
                customer_id=platform.customers[DEPLOYMENT],
                family=platform.facts.family,
                claims=read_claims(launch_claims(student, platform.facts.issuer)),
                at=now(),
            )


def launch_claims(student: Student, issuer: str) -> dict[str, Any]:
    """What a launch of a student says, times and nonce aside. Its link has no column yet; the tool may make one."""
    return {
        "iss": issuer,
        "aud": CLIENT_ID,
        "sub": student.subject,
        "name": f"Student {student.number}",
        CLAIM + "version": "1.3.0",
        CLAIM + "message_type": RESOURCE_LINK_REQUEST,
        CLAIM + "deployment_id": DEPLOYMENT,
        CLAIM + "target_link_uri": "http://localhost/lti/launch",
        CLAIM + "roles": [LEARNER],
        CLAIM + "context": {"id": student.course, "title": student.course},
        CLAIM + "resource_link": {"id": student.link, "title": "Chaos"},
        CLAIM + "custom": {"assignment": ASSIGNMENT},
        AGS: {"lineitems": f"{issuer}/courses/{student.course}/line_items", "scope": ALL_SCOPES},
    }
