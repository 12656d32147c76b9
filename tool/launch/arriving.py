"""From a verified launch to a recorded one, in one transaction."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from sqlalchemy import Connection, Insert, insert, select

from tool.access import digest
from tool.clock import now
from tool.course.arrivals import Arrival, record_arrival
from tool.course.roster import ask_for_roster
from tool.db import Database, upserting
from tool.launch.frames import origins_of_launch
from tool.launch.selecting import family_of, write_selection
from tool.lti.deep_linking import ChoiceRequest
from tool.lti.errors import LaunchRefused
from tool.lti.id_token import VerifiedLaunch
from tool.model.work import Launch, Placement
from tool.registration.platforms import KnownPlatform, learn_family
from tool.spoken import short_locale

# A long school day with an essay in it; afterwards the page says to open it again, and the answers are still there.
LAUNCH_LIFE = timedelta(hours=16)


@dataclass(frozen=True, slots=True)
class RecordedLaunch:
    launch_id: str
    secret: str
    """For this launch's cookie; only its digest is stored."""
    secret_digest: str
    arrival: Arrival


def record_launch(
    database: Database,
    known: KnownPlatform,
    verified: VerifiedLaunch,
    choice: ChoiceRequest | None = None,
    *,
    carries_token: bool = False,
) -> RecordedLaunch:
    """Spend the nonce and write everything the launch tells; LaunchRefused when the nonce was spent before. `choice` is
    what a deep linking launch asks for; `carries_token`: its browser keeps no cookie."""
    claims, at = verified.claims, now()
    launch_id, secret = secrets.token_urlsafe(16), secrets.token_urlsafe(32)
    with database.writing() as connection:
        arrival = record_arrival(
            connection,
            customer_id=known.customers[claims.deployment_id],
            family=family_of(known, claims),
            claims=claims,
            at=at,
        )
        told = _what_it_tells(known, verified, arrival)
        kept = {"id": launch_id, "secret_digest": digest(secret), "carries_token": carries_token}
        _write_launch(connection, told | kept | {"created_at": at, "expires_at": at + LAUNCH_LIFE})
        if choice is not None:
            write_selection(connection, launch_id, claims.deployment_id, choice)
        if arrival.standing.is_teacher:
            ask_for_roster(connection, arrival.course_id)
    if known.facts.family == "unknown" and claims.platform_family not in (None, "unknown"):
        learn_family(database, known.id, str(claims.platform_family))
    return RecordedLaunch(launch_id, secret, digest(secret), arrival)


def _what_it_tells(known: KnownPlatform, verified: VerifiedLaunch, arrival: Arrival) -> dict[str, object]:
    """What a launch's row takes from the launch itself."""
    claims, standing = verified.claims, arrival.standing
    return {
        "nonce_digest": verified.nonce_digest,
        "member_id": arrival.member_id,
        "placement_id": arrival.placement_id,
        "course_id": arrival.course_id,
        "is_teacher": standing.is_teacher,
        "is_learner": standing.is_learner and not standing.is_teacher,
        "frame_ancestors": origins_of_launch(known.facts, claims),
        "locale": short_locale(claims.person.locale),
        "return_url": claims.return_url,
    }


def _write_launch(connection: Connection, values: dict[str, object]) -> None:
    """The unique key decides: of the same token posted eight times at once, one is the first; of the others nothing is
    written at all. [Sec §5.1.3]"""
    if connection.execute(_launching(connection.dialect.name), values).first() is None:
        raise LaunchRefused("nonce.used")


@cache
def _launching(dialect: str) -> Insert:
    """Prepared once: building it would cost more than running it."""
    # Asked for by name: how many rows an INSERT wrote is not told on every database.
    return upserting(dialect, Launch).on_conflict_do_nothing(index_elements=["nonce_digest"]).returning(Launch.id)


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
        connection.execute(insert(Launch), values | {"nonce_digest": None, "created_at": now()})
    return new_id, secret
