"""The parts of one pretend SIS, put together; every page and address finds them through `this_sis()`."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app

from tool.demo_sis.gradebook import Gradebook
from tool.demo_sis.journal import Journal
from tool.demo_sis.moods import Moods
from tool.demo_sis.records import utc_now
from tool.demo_sis.school import School
from tool.demo_sis.settings import SisSettings
from tool.demo_sis.signatures import UsedNonces
from tool.demo_sis.tokens import TokenDesk

CLIENT_ID = "passback"
SECRET = "demo-sis-secret"
CONSTANT_TOKEN = "demo-sis-constant-token"
VENDOR_HEADER = "x-vendor-authorization"
VENDOR_VALUE = "passback:demo-sis-vendor-key"

ROSTERING_12 = "/ims/oneroster/rostering/v1p2"
GRADEBOOK_12 = "/ims/oneroster/gradebook/v1p2"
RESOURCES_12 = "/ims/oneroster/resources/v1p2"
ROOT_11 = "/ims/oneroster/v1p1"


@dataclass(slots=True)
class Sis:
    base_url: str
    settings: SisSettings
    school: School
    book: Gradebook
    first_settings: SisSettings
    moods: Moods = field(default_factory=Moods)
    journal: Journal = field(default_factory=Journal)
    tokens: TokenDesk = field(default_factory=TokenDesk)
    nonces: UsedNonces = field(default_factory=UsedNonces)

    @property
    def is_old(self) -> bool:
        """It speaks OneRoster 1.1."""
        return self.settings.version == "1.1"

    @property
    def rostering_url(self) -> str:
        return self.base_url + (ROOT_11 if self.is_old else ROSTERING_12)

    @property
    def gradebook_url(self) -> str:
        return self.base_url + (ROOT_11 if self.is_old else GRADEBOOK_12)

    @property
    def resources_url(self) -> str:
        return self.base_url + (ROOT_11 if self.is_old else RESOURCES_12)

    @property
    def token_url(self) -> str:
        return f"{self.base_url}/token"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.time_zone)

    def local_day(self, moment: datetime | None = None) -> date:
        """The district's calendar day of a moment, of now without one."""
        return (moment or utc_now()).astimezone(self.zone).date()


def this_sis() -> Sis:
    return cast(Sis, current_app.extensions["demo_sis.parts"])
