"""The ground of a part: a database, stub platforms, everybody arrived, and their scores wished for at one moment."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import update

from tests.bench.machine import OTHER_CORES, pinned
from tests.bench.process import running
from tests.chaos.feeder import find_places
from tests.chaos.lms import Platforms
from tests.chaos.tables import Reader
from tests.chaos.wanted import ASSIGNMENT, MAXIMUM, Plan
from tests.chaos.world import World, made_database, make_world
from tool.clock import now
from tool.db import SCORE, Database, tell
from tool.model.passbacks import Passback
from tool.passback.ledger.entries import Wish
from tool.passback.ledger.wishing import wish

KINDS = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Ground:
    kind: str
    """Of its database."""
    world: World
    platforms: Platforms
    database: Database
    reader: Reader
    keys_url: str
    """Of the key set; a path says in how many milliseconds it answers."""

    @property
    def plan(self) -> Plan:
        return self.world.plan

    @property
    def folder(self) -> Path:
        return self.world.folder

    @property
    def environment(self) -> dict[str, str]:
        return {"PASSBACK_CONFIG": str(self.world.config)}

    def publish_keys(self, seconds: float) -> None:
        """The platforms' keys are fetched from an address that takes so long; known at the tool's next start."""
        config = json.loads(self.world.config.read_text())
        for (entry,) in config["platforms"].values():
            entry.pop("key_set", None)
            entry["key_set_url"] = f"{self.keys_url}/{round(seconds * 1000)}"
        self.world.config.write_text(json.dumps(config))

    def wish_for_all(self, score: int) -> None:
        """The first wish of every student, committed at one moment."""
        places = find_places(self.database, self.world.platform_urls)
        with self.database.writing() as connection:
            for place in places.values():
                wish(
                    connection,
                    Wish(
                        **place._asdict(),
                        assignment_id=ASSIGNMENT,
                        earned=Decimal(score),
                        earned_maximum=Decimal(MAXIMUM),
                        cause="submitted",
                        trigger="automatic",
                        submitted_at=now(),
                        is_send=True,
                    ),
                )

    def wish_again_for_all(self, score: int) -> None:
        """As `wish` raises a row to a further version, for everybody in one statement."""
        at = now()
        with self.database.writing() as connection:
            connection.execute(
                update(Passback).values(
                    state="due",
                    score=Decimal(score),
                    earned=Decimal(score),
                    version=Passback.version + 1,
                    hand_in_version=Passback.version + 1,
                    submitted_at=at,
                    wished_at=at,
                    timestamp=None,
                    next_try_at=at,
                )
            )
            tell(connection, SCORE)


@contextmanager
def open_ground(kind: str, plan: Plan) -> Iterator[Ground]:
    """`kind` of database: `sqlite` or `postgres`. The stub platforms do not share the tool's core."""
    with ExitStack() as stack:
        name = stack.enter_context(TemporaryDirectory(prefix="passback-bench-"))
        folder = Path(name)
        database_url = stack.enter_context(made_database(kind, folder))
        with pinned(OTHER_CORES):
            platforms = stack.enter_context(Platforms(plan.platforms))
        world = make_world(folder, plan, database_url, platforms.urls, "accepting")
        keys = stack.enter_context(
            running(folder, "tests.bench.key_set", str(folder / "lms.pem"), ready="keys on", cores=OTHER_CORES)
        )
        database = world.open_database()
        stack.callback(database.close)
        reader = Reader(world.settings.database_url, platforms.urls)
        stack.callback(reader.close)
        yield Ground(KINDS[kind], world, platforms, database, reader, keys.log.read_text().split()[-1])
