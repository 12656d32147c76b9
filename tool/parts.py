"""What the pages and the sender are made of, opened once and shared by both in one process."""

from dataclasses import dataclass

from tool.db import Database
from tool.outbound import Outbound
from tool.registration.trusted import TrustedPlatforms
from tool.settings import Settings
from tool.wake import Bell


@dataclass(frozen=True)
class Parts:
    """Open for the life of the process."""

    settings: Settings
    database: Database
    platforms: TrustedPlatforms
    outbound: Outbound
    bell: Bell
