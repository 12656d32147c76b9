"""Asking the SIS while a teacher waits for the page: a few seconds, and not one more."""

from tool.access import part
from tool.db import Database
from tool.outbound import InTime, Outbound
from tool.registration.keys import ensure_secret
from tool.settings import Settings
from tool.sis.connecting.connections import opener
from tool.sis.connecting.sealing import Sealing
from tool.sis.oneroster.client import OneRoster

PATIENCE_SECONDS = 10.0


def open_client(connection_id: int) -> OneRoster | None:
    """A client of a connection that lasts as long as a person may be kept waiting; None where there is none to use."""
    sealing = Sealing(ensure_secret(part(Settings).keys_dir))
    return opener(part(Database), sealing, InTime(part(Outbound), PATIENCE_SECONDS))(connection_id)
