"""The platforms we trust, as the protocol asks for them: read from the database, kept in memory for a short while."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tool.db import Database
from tool.lti.platform import PlatformFacts
from tool.model.platforms import Deployment, Platform

# A platform switched off by an operator on another machine is refused within this time everywhere.
KEPT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class KnownPlatform:
    """A trusted platform with its deployments; each deployment belongs to one customer."""

    id: int
    name: str
    facts: PlatformFacts
    customers: Mapping[str, int]
    """Deployment id → customer."""
    service_hosts: frozenset[str] = frozenset()
    """Hosts an operator confirmed beside the registered ones."""


class TrustedPlatforms:
    """The registry the protocol asks; kept in memory for a short while since every launch asks it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], KnownPlatform] = {}
        self._waiting: frozenset[tuple[str, str]] = frozenset()
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

    def is_waiting(self, issuer: str, client_id: str | None) -> bool:
        """Whether a platform that is not trusted yet only waits for an operator."""
        self._all()
        return any(iss == issuer and client_id in (None, client) for iss, client in self._waiting)

    def forget(self) -> None:
        """Look at the database again at the next question, whatever another thread is just reading."""
        with self._lock:
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
                    self._waiting = _read_waiting(session)
                self._kept_until = time.monotonic() + KEPT_SECONDS
        return self._kept


def read_platforms(session: Session) -> list[KnownPlatform]:
    """Every active, approved platform with its active deployments."""
    deployments = session.scalars(select(Deployment).where(Deployment.is_active)).all()
    is_trusted = (Platform.is_active, Platform.approved_at.is_not(None))
    rows = session.scalars(select(Platform).where(*is_trusted).order_by(Platform.id)).all()
    return [
        KnownPlatform(
            id=row.id,
            name=row.name,
            facts=facts_of(row),
            customers={
                one.deployment_id: one.customer_id
                for one in deployments
                if one.platform_id == row.id and one.customer_id is not None
            },
            service_hosts=frozenset(str(host) for host in row.service_hosts or ()),
        )
        for row in rows
    ]


def _read_waiting(session: Session) -> frozenset[tuple[str, str]]:
    waits = (Platform.is_active, Platform.approved_at.is_(None))
    rows = session.execute(select(Platform.issuer, Platform.client_id).where(*waits))
    return frozenset((row.issuer, row.client_id) for row in rows)


def facts_of(row: Platform) -> PlatformFacts:
    """What the protocol knows of a platform, trusted or not."""
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
