"""Find a platform, and write the ones we trust: the only writer of Platform, Deployment and Customer."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from tool.clock import now
from tool.db import Database, one_at_a_time
from tool.errors import BadInput
from tool.lti.platform import PlatformFacts
from tool.model.platforms import Customer, Deployment, Platform
from tool.settings import PlatformEntry, Platforms

# A platform switched off by an operator on another machine is refused within this time everywhere.
KEPT_SECONDS = 20.0

# Issuers shared by every customer of a vendor: the family is known before the first launch says so.
FAMILY_BY_ISSUER_HOST = {
    "canvas.instructure.com": "canvas",
    "canvas.beta.instructure.com": "canvas",
    "canvas.test.instructure.com": "canvas",
    "schoology.schoology.com": "schoology",
    "blackboard.com": "blackboard",
}


@dataclass(frozen=True, slots=True)
class KnownPlatform:
    """A trusted platform with its deployments; each deployment belongs to one customer."""

    id: int
    name: str
    facts: PlatformFacts
    customers: Mapping[str, int]
    """Deployment id → customer."""


class TrustedPlatforms:
    """The registry the protocol asks; kept in memory for a short while since every launch asks it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], KnownPlatform] = {}
        self._kept_until = 0.0

    def find(self, issuer: str, client_id: str | None) -> PlatformFacts | None:
        """The platform of a login; without a client id only when the issuer has exactly one."""
        if client_id is not None:
            known = self.known(issuer, client_id)
            return known.facts if known else None
        ours = [known.facts for (iss, _), known in self._all().items() if iss == issuer]
        return ours[0] if len(ours) == 1 else None

    def knows_issuer(self, issuer: str) -> bool:
        return any(iss == issuer for iss, _ in self._all())

    def knows_deployment(self, platform: PlatformFacts, deployment_id: str) -> bool:
        known = self.known(platform.issuer, platform.client_id)
        return known is not None and deployment_id in known.customers

    def known(self, issuer: str, client_id: str) -> KnownPlatform | None:
        return self._all().get((issuer, client_id))

    def by_id(self, platform_id: int) -> KnownPlatform | None:
        return next((known for known in self._all().values() if known.id == platform_id), None)

    def every(self) -> list[KnownPlatform]:
        return list(self._all().values())

    def forget(self) -> None:
        """Look at the database again at the next question."""
        self._kept_until = 0.0

    def _all(self) -> dict[tuple[str, str], KnownPlatform]:
        if time.monotonic() < self._kept_until:
            return self._kept
        with self._lock:
            if time.monotonic() >= self._kept_until:
                with self._database.session() as session:
                    self._kept = {
                        (known.facts.issuer, known.facts.client_id): known for known in read_platforms(session)
                    }
                self._kept_until = time.monotonic() + KEPT_SECONDS
        return self._kept


def read_platforms(session: Session) -> list[KnownPlatform]:
    """Every active platform with its active deployments."""
    deployments = session.scalars(select(Deployment).where(Deployment.is_active)).all()
    rows = session.scalars(select(Platform).where(Platform.is_active).order_by(Platform.id)).all()
    return [
        KnownPlatform(
            id=row.id,
            name=row.name,
            facts=_facts(row),
            customers={one.deployment_id: one.customer_id for one in deployments if one.platform_id == row.id},
        )
        for row in rows
    ]


def adopt_file_platforms(database: Database, platforms: Platforms) -> None:
    """Make the database agree with config.json: the file wins, and what left it is switched off, never deleted."""
    with database.session(writes=True) as session:
        one_at_a_time(session.connection(), Platform)
        kept = set()
        for issuer, entries in platforms.items():
            for entry in entries:
                kept.add(_write(session, issuer, entry, source="file"))
        from_file = session.scalars(select(Platform.id).where(Platform.source == "file")).all()
        gone = [platform_id for platform_id in from_file if platform_id not in kept]
        session.execute(update(Platform).where(Platform.id.in_(gone)).values(is_active=False))


def add_platforms(database: Database, platforms: Platforms, *, of_file: Platforms) -> list[str]:
    """Take in platforms for good; returns their names. Those of config.json (`of_file`) are read-only: BadInput."""
    names = []
    with database.session(writes=True) as session:
        one_at_a_time(session.connection(), Platform)
        for issuer, entries in platforms.items():
            read_only = {entry.client_id for entry in of_file.get(issuer, ())}
            for entry in entries:
                if entry.client_id in read_only:
                    raise BadInput(f"{issuer} ({entry.client_id}): stands in config.json; change it there")
                _write(session, issuer, entry, source="database")
                names.append(entry.name or _name(issuer))
    return names


def learn_family(database: Database, platform_id: int, family: str) -> None:
    """A launch told which product the platform is; kept only where nobody had said so."""
    with database.writing() as connection:
        unknown = (Platform.id == platform_id) & (Platform.family == "unknown")
        connection.execute(update(Platform).where(unknown).values(family=family))


def _row(session: Session, issuer: str, client_id: str) -> Platform | None:
    return session.scalar(select(Platform).where(Platform.issuer == issuer, Platform.client_id == client_id))


def _write(session: Session, issuer: str, entry: PlatformEntry, *, source: str) -> int:
    row = _row(session, issuer, entry.client_id)
    if row is None:
        row = Platform(issuer=issuer, client_id=entry.client_id, created_at=now())
        session.add(row)
    row.name = entry.name or _name(issuer)
    row.source = source
    row.is_active = True
    row.auth_login_url = entry.auth_login_url
    row.auth_token_url = entry.auth_token_url
    row.auth_audience = entry.auth_audience
    row.key_set_url = entry.key_set_url
    row.key_set = entry.key_set
    # A family that a launch has told stays when the file says nothing.
    told = row.family if row.family and entry.family == "unknown" else entry.family
    row.family = told if told != "unknown" else FAMILY_BY_ISSUER_HOST.get(urlsplit(issuer).hostname or "", "unknown")
    session.flush()
    _write_deployments(session, row.id, entry.deployment_ids)
    return row.id


def _write_deployments(session: Session, platform_id: int, deployment_ids: tuple[str, ...]) -> None:
    known = {
        row.deployment_id: row
        for row in session.scalars(select(Deployment).where(Deployment.platform_id == platform_id))
    }
    for deployment_id in deployment_ids:
        if deployment_id in known:
            known[deployment_id].is_active = True
            continue
        made = session.execute(
            insert(Customer).values(platform_id=platform_id, created_at=now()).returning(Customer.id)
        )
        session.add(
            Deployment(
                platform_id=platform_id,
                deployment_id=deployment_id,
                customer_id=made.scalar_one(),
                created_at=now(),
            )
        )
    for deployment_id, row in known.items():
        row.is_active = row.is_active and deployment_id in deployment_ids


def _name(issuer: str) -> str:
    return urlsplit(issuer).hostname or issuer


def _facts(row: Platform) -> PlatformFacts:
    return PlatformFacts(
        issuer=row.issuer,
        client_id=row.client_id,
        auth_login_url=row.auth_login_url,
        auth_token_url=row.auth_token_url,
        auth_audience=row.auth_audience,
        key_set_url=row.key_set_url,
        key_set=row.key_set,
        family=row.family,
    )
