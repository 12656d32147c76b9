"""Write the platforms we trust: the only writer of Platform. Their deployments are written by `deployments`.

What reads them for the protocol is `trusted`; it is known under this module's name too.
"""

from collections.abc import Callable

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import Session

from tool.clock import now
from tool.db import Database, one_at_a_time
from tool.errors import BadInput
from tool.errors import marked as _
from tool.language import gettext
from tool.model.platforms import KeptKeySet, KeptToken, Platform
from tool.registration.borrowed import refuse_borrowed_client
from tool.registration.deployments import make_deployment, require_own, write_deployments
from tool.registration.new_platforms import NewPlatform, family_of, name_of, require_storable
from tool.registration.trusted import KnownPlatform, TrustedPlatforms
from tool.settings import PlatformEntry, Platforms

__all__ = [
    "KnownPlatform",
    "NewPlatform",
    "TrustedPlatforms",
    "add_platforms",
    "adopt_file_platforms",
    "approve",
    "change",
    "confirm_host",
    "edit",
    "learn_family",
    "take_in",
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
                names.append(entry.name or name_of(issuer))
    return names


def take_in(
    database: Database,
    issuer: str,
    entry: NewPlatform,
    *,
    is_approved: bool,
    granted: dict[str, object] | None = None,
    also: Callable[[Connection, int], None] | None = None,
) -> int:
    """Write a platform that is not known yet; returns its id. Until it is approved nobody comes in from it.

    `also` is done in the same transaction, given the id: when it raises, nothing is written. BadInput when issuer and
    client id are known, when the client id is another LMS's, or when a value cannot be stored.
    """
    require_storable(issuer, entry)
    with database.session(writes=True) as session:
        one_at_a_time(session.connection(), Platform)
        _refuse_known(_row(session, issuer, entry.client_id))
        at = now()
        row = Platform(
            issuer=issuer,
            client_id=entry.client_id,
            name=entry.name or name_of(issuer),
            family=entry.family if entry.family != "unknown" else family_of(issuer),
            auth_login_url=entry.auth_login_url,
            auth_token_url=entry.auth_token_url,
            auth_audience=entry.auth_audience,
            key_set_url=entry.key_set_url,
            source="database",
            created_at=at,
            approved_at=at if is_approved else None,
            granted=granted,
        )
        session.add(row)
        session.flush()
        for deployment_id in dict.fromkeys(entry.deployment_ids):
            make_deployment(session.connection(), row.id, deployment_id)
        refuse_borrowed_client(session.connection(), row.id)
        if also is not None:
            also(session.connection(), row.id)
        return row.id


def _refuse_known(known: Platform | None) -> None:
    if known is None:
        return
    if known.removed_at is not None:
        raise BadInput(_("This LMS was removed here. Whoever runs Passback has it back with: passback platform add"))
    # One Blackboard application, one public app of Schoology serve many schools.
    raise BadInput(
        _(
            "This LMS is registered here already, with this client id. A further installation needs no "
            "registration: open the tool there once, and it waits for approval."
        )
    )


def approve(database: Database, platform_id: int) -> None:
    """What was registered by an invitation is trusted from now on."""
    waits = (Platform.id == platform_id, Platform.approved_at.is_(None))
    with database.writing() as connection:
        connection.execute(update(Platform).where(*waits).values(approved_at=now()))


def change(database: Database, platform_id: int, **values: str | bool | list[str]) -> None:
    """Write an operator's choice: `name`, `family`, `new_deployments`, `is_active`. BadInput for a platform of
    config.json: its next start would undo it."""
    with database.writing() as connection:
        source = connection.execute(select(Platform.source).where(Platform.id == platform_id)).scalar()
        if source is None:
            raise BadInput(_("There is no such platform."))
        if source == "file":
            raise BadInput(_("This platform stands in config.json; change it there."))
        connection.execute(update(Platform).where(Platform.id == platform_id).values(**values))


def edit(database: Database, platform_id: int, entry: NewPlatform) -> None:
    """Write the client id and the addresses of `entry`; its empty key set address leaves keys that were pasted in.

    What was fetched from the old addresses is forgotten. BadInput for a platform of config.json, when the client id is
    another platform's, or when a value cannot be stored.
    """
    with database.session(writes=True) as session:
        one_at_a_time(session.connection(), Platform)
        require_own(session.connection(), platform_id)
        row = session.get_one(Platform, platform_id)
        other = _row(session, row.issuer, entry.client_id)
        if other is not None and other.id != platform_id:
            raise BadInput(gettext("Another platform of this issuer has this client id."))
        keys_move = entry.key_set_url and entry.key_set_url != row.key_set_url
        row.client_id = entry.client_id
        row.auth_login_url, row.auth_token_url = entry.auth_login_url, entry.auth_token_url
        row.auth_audience = entry.auth_audience
        if keys_move:
            row.key_set_url, row.key_set = entry.key_set_url, None
            session.execute(delete(KeptKeySet).where(KeptKeySet.platform_id == platform_id))
        session.execute(delete(KeptToken).where(KeptToken.platform_id == platform_id))
        session.flush()
        refuse_borrowed_client(session.connection(), platform_id)


def confirm_host(database: Database, platform_id: int, host: str, *, is_wanted: bool = True) -> None:
    """Scores and class lists, and the token with them, may go to this host as well; or, not wanted, no longer.

    Also for a platform of config.json, which says nothing about such hosts.
    """
    with database.session(writes=True) as session:
        row = session.get(Platform, platform_id, with_for_update=True)
        if row is None:
            raise BadInput(_("There is no such platform."))
        others: list[object] = [one for one in row.service_hosts or () if one != host]
        row.service_hosts = [*others, host] if is_wanted else others


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
        row = Platform(issuer=issuer, client_id=entry.client_id, created_at=now(), approved_at=now())
        session.add(row)
    row.name = entry.name or name_of(issuer)
    row.source = source
    row.is_active = True
    row.removed_at = None
    row.approved_at = row.approved_at or now()
    row.auth_login_url = entry.auth_login_url
    row.auth_token_url = entry.auth_token_url
    row.auth_audience = entry.auth_audience
    row.key_set_url = entry.key_set_url
    row.key_set = entry.key_set
    # A family that a launch has told stays when the file says nothing.
    told = row.family if row.family and entry.family == "unknown" else entry.family
    row.family = told if told != "unknown" else family_of(issuer)
    session.flush()
    write_deployments(session, row.id, entry.deployment_ids)
    return row.id
