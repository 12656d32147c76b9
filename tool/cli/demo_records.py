"""The demo's second destination: the pretend SIS, connected by what a district would hand out to an operator."""

from collections.abc import Mapping
from typing import Any

from tool.db import Database
from tool.registration.keys import ensure_secret
from tool.registration.trusted import TrustedPlatforms
from tool.settings import Settings
from tool.sis.connecting.connections import NewConnection, make_connection, switch_connection
from tool.sis.connecting.sealing import Sealing


def connect_records(database: Database, settings: Settings, lms: tuple[str, str], handed_out: Mapping[str, Any]) -> int:
    """Connect the customer of an LMS (issuer, client id) to a SIS, switched on; the connection's id.

    `handed_out` is what the demo SIS tells at /control/connection.json.
    """
    platform = TrustedPlatforms(database).known(*lms)
    if platform is None:
        raise LookupError("the demo LMS was registered just before")
    taken = {name: value for name, value in handed_out.items() if name not in ("profile", "secret_expires_on")}
    taken |= {name: taken[name] or "" for name in ("secret", "vendor_header")}
    connection = NewConnection(**taken, profile={k: v for k, v in handed_out["profile"].items() if v is not None})
    sealing = Sealing(ensure_secret(settings.keys_dir))
    connection_id = make_connection(database, sealing, next(iter(platform.customers.values())), connection)
    switch_connection(database, connection_id, is_enabled=True)
    return connection_id
