"""From a verified launch to a recorded one, in one transaction."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, insert, select

from tool.access import digest
from tool.clock import now
from tool.course.arrivals import Arrival, record_arrival
from tool.course.roster import ask_for_roster
from tool.db import Database, upsert
from tool.launch.frames import origins_of_launch
from tool.lti.errors import LaunchRefused
from tool.lti.id_token import VerifiedLaunch
from tool.model.work import Launch, Placement, UsedNonce
from tool.registration.platforms import KnownPlatform, learn_family

# A long school day with an essay in it; afterwards the page says to open it again, and the answers are still there.
LAUNCH_LIFE = timedelta(hours=16)
LOCALE_CHARACTERS = 35


@dataclass(frozen=True, slots=True)
class RecordedLaunch:
    launch_id: str
    secret: str
    """For this launch's cookie; only its digest is stored."""
    arrival: Arrival


def record_launch(database: Database, known: KnownPlatform, verified: VerifiedLaunch) -> RecordedLaunch:
    """Spend the nonce and write everything the launch tells; LaunchRefused when the nonce was spent before."""
    claims, at = verified.claims, now()
    launch_id, secret = secrets.token_urlsafe(16), secrets.token_urlsafe(32)
    with database.writing() as connection:
        _spend_nonce(connection, verified)
        arrival = record_arrival(
            connection,
            customer_id=known.customers[claims.deployment_id],
            # The very first launch of a platform tells what it is, and is read by it.
            family=known.facts.family if known.facts.family != "unknown" else claims.platform_family or "unknown",
            claims=claims,
            at=at,
        )
        connection.execute(
            insert(Launch),
            {
                "id": launch_id,
                "secret_digest": digest(secret),
                "member_id": arrival.member_id,
                "placement_id": arrival.placement_id,
                "course_id": arrival.course_id,
                "is_teacher": arrival.standing.is_teacher,
                "is_learner": arrival.standing.is_learner and not arrival.standing.is_teacher,
                "frame_ancestors": origins_of_launch(known.facts, claims),
                "locale": _short_locale(claims.person.locale),
                "return_url": claims.return_url,
                "created_at": at,
                "expires_at": at + LAUNCH_LIFE,
            },
        )
        if arrival.standing.is_teacher:
            ask_for_roster(connection, arrival.course_id)
    if known.facts.family == "unknown" and claims.platform_family not in (None, "unknown"):
        learn_family(database, known.id, str(claims.platform_family))
    return RecordedLaunch(launch_id, secret, arrival)


def _short_locale(locale: str | None) -> str | None:
    """A longer one is no language tag, and has no room in its column."""
    return locale if locale and len(locale) <= LOCALE_CHARACTERS else None


def _spend_nonce(connection: Connection, verified: VerifiedLaunch) -> None:
    """The unique key decides: of the same token posted eight times at once, one is the first. [Sec §5.1.3]"""
    spent = connection.execute(
        upsert(connection, UsedNonce)
        .values(digest=verified.nonce_digest, expires_at=verified.nonce_expires_at)
        .on_conflict_do_nothing()
        # Asked for by name: how many rows an INSERT wrote is not told on every database.
        .returning(UsedNonce.digest)
    )
    if spent.first() is None:
        raise LaunchRefused("nonce.used")


def enter_placement(database: Database, launch_id: str, placement_id: int) -> tuple[str, str] | None:
    """From the course's own pages into one of its placements: a launch of its own, as long as the first one lives.

    Returns its id and secret; None when the placement is not one of this launch's course.
    """
    new_id, secret = secrets.token_urlsafe(16), secrets.token_urlsafe(32)
    with database.writing() as connection:
        row = connection.execute(
            select(Launch)
            .join(Placement, Placement.course_id == Launch.course_id)
            .where(Launch.id == launch_id, Placement.id == placement_id)
        ).first()
        if row is None:
            return None
        values = dict(row._mapping) | {"id": new_id, "secret_digest": digest(secret), "placement_id": placement_id}
        connection.execute(insert(Launch), values | {"created_at": now()})
    return new_id, secret
