"""How it stands with every platform, our keys and the senders."""

from tool.access import part
from tool.admin import health
from tool.admin.gate import opens_to_operators
from tool.admin.screens.room import blueprint, show
from tool.admin.sessions import SignedIn
from tool.clock import now
from tool.db import Database
from tool.sis.connecting.connections import read_connections

# The gravest first.
ORDER: dict[health.State, int] = {"broken": 0, "needs_person": 1, "late": 2, "paused": 3, "fine": 4, "new": 5, "off": 6}


@opens_to_operators(blueprint, "/admin")
def overview(operator: SignedIn) -> str:
    with part(Database).reading() as connection:
        platforms = health.read_platforms(connection)
        installation = health.read_installation(connection)
        return show(
            connection,
            operator,
            "overview.html",
            platforms=sorted(platforms, key=lambda one: ORDER[one.state]),
            installation=installation,
            ending=[one for one in read_connections(connection) if one.is_enabled and one.is_ending],
            at=now(),
        )
