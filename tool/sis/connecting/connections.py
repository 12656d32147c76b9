"""Connections to schools' records: made, changed, switched off, removed, and opened for whoever asks or sends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select, update

from tool.clock import now
from tool.db import Database
from tool.errors import BadInput, NotThere
from tool.errors import marked as _
from tool.model.platforms import Customer, Platform
from tool.model.sis import SisConnection, SisSection
from tool.outbound import Outbound
from tool.sis.connecting.pacing import SharedPace
from tool.sis.connecting.sealing import Sealing
from tool.sis.oneroster.client import OneRoster
from tool.sis.oneroster.tokens import TokenShelf
from tool.sis.plain import Access, Auth, Version
from tool.sis.vendors import profile_of

WARNED_BEFORE = timedelta(days=30)
# Longer than a test may take: afterwards the process that ran it is given up.
TEST_LEASE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class NewConnection:
    """What an operator agreed with a district. An empty `secret` or `vendor_header` keeps the one that is stored."""

    name: str
    vendor: str
    version: Version
    auth: Auth
    rostering_url: str
    gradebook_url: str
    time_zone: str
    secret: str = field(default="", repr=False)
    vendor_header: str = field(default="", repr=False)
    resources_url: str | None = None
    token_url: str | None = None
    client_id: str | None = None
    signature_method: str = "HMAC-SHA1"
    secret_expires_on: date | None = None
    nightly_hour: int = 2
    profile: Mapping[str, object] = field(default_factory=dict)
    sync_by_default: bool = True
    teachers: str = "all"
    teacher_emails: tuple[str, ...] = ()
    lms_syncs: bool = False


@dataclass(frozen=True, slots=True)
class ConnectionLine:
    """One line of the operator's list. `sections`: classes that teachers linked."""

    id: int
    name: str
    vendor: str
    version: str
    customer_id: int
    platform_name: str
    is_enabled: bool
    is_paused: bool
    lms_syncs: bool
    secret_expires_on: date | None
    tested_at: datetime | None
    sections: int

    @property
    def is_ending(self) -> bool:
        return is_ending(self.secret_expires_on)


def make_connection(database: Database, sealing: Sealing, customer_id: int, new: NewConnection) -> int:
    """Store it, switched off; returns its id. Raises BadInput when the customer has one of that name."""
    profile_of(new.vendor, new.profile)
    with database.writing() as connection:
        customer = select(Customer.id).where(Customer.id == customer_id, Customer.closed_at.is_(None))
        if connection.execute(customer).scalar() is None:
            raise NotThere(_("There is no such customer."), _("Choose one of the list."))
        _refuse_same_name(connection, customer_id, new.name, None)
        values = _values(sealing, new) | {"customer_id": customer_id, "is_enabled": False, "created_at": now()}
        made = insert(SisConnection).values(**({"sealed_secret": sealing.seal("")} | values))
        return int(connection.execute(made.returning(SisConnection.id)).scalar_one())


def change_connection(database: Database, sealing: Sealing, connection_id: int, new: NewConnection) -> None:
    """Store what was typed anew; the last test no longer speaks of it."""
    profile_of(new.vendor, new.profile)
    with database.writing() as connection:
        row = find_connection(connection, connection_id)
        _refuse_same_name(connection, row.customer_id, new.name, connection_id)
        values = _values(sealing, new) | {"test_steps": None, "tested_at": None}
        connection.execute(update(SisConnection).where(SisConnection.id == connection_id).values(**values))


def switch_connection(database: Database, connection_id: int, **switches: object) -> None:
    """`is_enabled`, `lms_syncs`, or `nightly_paused_at`."""
    with database.writing() as connection:
        find_connection(connection, connection_id)
        connection.execute(update(SisConnection).where(SisConnection.id == connection_id).values(**switches))


def begin_test(database: Database, connection_id: int) -> datetime | None:
    """Take the turn to test it; None while somebody else does. While it is tested, no step is stored."""
    with database.writing() as connection:
        find_connection(connection, connection_id)
        mine = select(SisConnection.test_steps, SisConnection.tested_at).where(SisConnection.id == connection_id)
        last, began_at = connection.execute(mine.with_for_update()).one(), now()
        # A clock that was set back must not close the test for ever.
        if last.test_steps == [] and began_at - TEST_LEASE < last.tested_at <= began_at:
            return None
        ours = update(SisConnection).where(SisConnection.id == connection_id)
        connection.execute(ours.values(test_steps=[], tested_at=began_at))
        return began_at


def keep_test(database: Database, connection_id: int, began_at: datetime, steps: list[object] | None) -> None:
    """How the test that began then ended: keys, states and codes, and nothing that names anybody; None: it broke off.
    What was changed meanwhile was not tested."""
    with database.writing() as connection:
        mine = update(SisConnection).where(SisConnection.id == connection_id, SisConnection.tested_at == began_at)
        connection.execute(mine.values(test_steps=steps, tested_at=now() if steps else None))


def remove_connection(database: Database, connection_id: int, sealing: Sealing) -> None:
    """Nothing more goes there; what was sent stays there, and its secrets are forgotten here."""
    with database.writing() as connection:
        row = find_connection(connection, connection_id)
        gone: dict[str, Any] = {
            "removed_at": now(),
            "is_enabled": False,
            "sealed_secret": sealing.seal(""),
            "sealed_vendor_header": None,
            # The name is free again for another.
            "name": f"{row.name[:180]} ({row.id})",
        }
        connection.execute(update(SisConnection).where(SisConnection.id == connection_id).values(**gone))


def find_connection(connection: Connection, connection_id: int) -> Any:
    """The row; raises NotThere."""
    mine = select(SisConnection).where(SisConnection.id == connection_id, SisConnection.removed_at.is_(None))
    row = connection.execute(mine).first()
    if row is None:
        raise NotThere(_("There is no such connection."), _("Open the list of connections again."))
    return row


def is_ending(expires_on: date | None) -> bool:
    """Whether credentials run out within 30 days, or did."""
    return expires_on is not None and expires_on <= (now() + WARNED_BEFORE).date()


def read_connections(connection: Connection) -> list[ConnectionLine]:
    """Every connection that was not removed, by name. `tested_at` is None while it is tested."""
    linked = (
        select(func.count())
        .where(SisSection.connection_id == SisConnection.id, SisSection.unlinked_at.is_(None))
        .scalar_subquery()
    )
    rows = connection.execute(
        select(SisConnection, Platform.name.label("platform_name"), linked.label("sections"))
        .join(Customer, Customer.id == SisConnection.customer_id)
        .join(Platform, Platform.id == Customer.platform_id)
        .where(SisConnection.removed_at.is_(None))
        .order_by(SisConnection.name, SisConnection.id)
    )
    return [
        ConnectionLine(
            *(row.id, row.name, row.vendor, row.version, row.customer_id, row.platform_name, row.is_enabled),
            *(row.nightly_paused_at is not None, row.lms_syncs, row.secret_expires_on),
            *(row.tested_at if row.test_steps else None, row.sections),
        )
        for row in rows
    ]


def access_of(database: Database, sealing: Sealing, connection_id: int) -> Access | None:
    """What is needed to speak with the SIS, enabled or not; None where it was removed. Raises CannotOpen."""
    with database.reading() as connection:
        mine = select(SisConnection).where(SisConnection.id == connection_id, SisConnection.removed_at.is_(None))
        row = connection.execute(mine).first()
    if row is None:
        return None
    header = row.sealed_vendor_header
    return Access(
        version=row.version,
        auth=row.auth,
        rostering_url=row.rostering_url,
        gradebook_url=row.gradebook_url,
        resources_url=row.resources_url,
        token_url=row.token_url,
        client_id=row.client_id,
        secret=sealing.open(row.sealed_secret),
        vendor_header=sealing.open(header) if header else None,
        signature_method=row.signature_method,
        profile=profile_of(row.vendor, row.profile | {"version": row.version, "auth": row.auth}),
    )


def opener(database: Database, sealing: Sealing, outbound: Outbound) -> Callable[[int], OneRoster | None]:
    """Opens a client of a connection that may be used now: enabled, not removed, not served by the LMS, its customer
    and platform alive. The clients of one opener share their tokens, and all clients of a connection its pace."""
    shelf = TokenShelf()

    def open_client(connection_id: int) -> OneRoster | None:
        with database.reading() as connection:
            if connection.execute(_usable(connection_id)).scalar() is None:
                return None
        access = access_of(database, sealing, connection_id)
        if access is None:
            return None
        pace = SharedPace(database, connection_id, access.profile.requests_per_second, outbound)
        return OneRoster(access, outbound, pace=pace, tokens=shelf)

    return open_client


def _usable(connection_id: int) -> Select[int]:
    return (
        select(SisConnection.id)
        .join(Customer, Customer.id == SisConnection.customer_id)
        .join(Platform, Platform.id == Customer.platform_id)
        .where(SisConnection.id == connection_id, SisConnection.is_enabled, SisConnection.removed_at.is_(None))
        .where(SisConnection.lms_syncs.is_(False), Customer.closed_at.is_(None), Platform.is_active)
    )


def _refuse_same_name(connection: Connection, customer_id: int, name: str, but: int | None) -> None:
    same = select(SisConnection.id).where(SisConnection.customer_id == customer_id, SisConnection.name == name)
    found = connection.execute(same).scalar()
    if found is not None and found != but:
        raise BadInput(_("This customer has a connection of that name already."), _("Choose another name."))


def _values(sealing: Sealing, new: NewConnection) -> dict[str, Any]:
    plain = ("name", "vendor", "version", "auth", "rostering_url", "gradebook_url", "resources_url", "token_url")
    more = ("client_id", "signature_method", "secret_expires_on", "time_zone", "nightly_hour", "sync_by_default")
    values: dict[str, Any] = {name: getattr(new, name) for name in (*plain, *more, "teachers", "lms_syncs")}
    values |= {"profile": dict(new.profile), "teacher_emails": list(new.teacher_emails)}
    if new.secret:
        values["sealed_secret"] = sealing.seal(new.secret)
    if new.vendor_header:
        values["sealed_vendor_header"] = sealing.seal(new.vendor_header)
    return values
