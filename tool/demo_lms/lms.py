"""The parts of one pretend LMS, put together; every page and address finds them through `this_lms()`."""

from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

from flask import current_app

from tool.demo_lms.journal import Journal
from tool.demo_lms.launches import LaunchDesk
from tool.demo_lms.manners.base import Manner
from tool.demo_lms.moods import Moods
from tool.demo_lms.records import Column
from tool.demo_lms.signing import PlatformKey
from tool.demo_lms.tokens import TokenDesk
from tool.demo_lms.world import World

AGS_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/"
LINE_ITEM_SCOPE = AGS_SCOPE + "lineitem"
LINE_ITEM_READ_SCOPE = AGS_SCOPE + "lineitem.readonly"
RESULT_SCOPE = AGS_SCOPE + "result.readonly"
SCORE_SCOPE = AGS_SCOPE + "score"
MEMBERS_SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
EVERY_SCOPE = (LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE, RESULT_SCOPE, SCORE_SCOPE, MEMBERS_SCOPE)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a test may turn. None: as the manner has it."""

    page_size: int | None = None
    id_token_seconds: int | None = None
    access_token_seconds: int = 3600
    granted_scopes: tuple[str, ...] = EVERY_SCOPE
    shares_names: bool = True


@dataclass(slots=True)
class Lms:
    base_url: str
    tool_url: str
    manner: Manner
    tokens: TokenDesk
    world: World = field(default_factory=World)
    launches: LaunchDesk = field(default_factory=LaunchDesk)
    key: PlatformKey = field(default_factory=PlatformKey)
    moods: Moods = field(default_factory=Moods)
    journal: Journal = field(default_factory=Journal)
    settings: Settings = field(default_factory=Settings)

    @property
    def token_url(self) -> str:
        return f"{self.base_url}/lti/token"

    @property
    def launch_url(self) -> str:
        return f"{self.tool_url}/lti/launch"

    @property
    def login_url(self) -> str:
        return f"{self.tool_url}/lti/login"

    @property
    def tool_origin(self) -> str:
        parts = urlsplit(self.tool_url)
        return f"{parts.scheme}://{parts.netloc}"

    def line_items_url(self, course_id: str) -> str:
        return self._with_query(f"{self.base_url}/api/lti/courses/{course_id}/line_items")

    def line_item_url(self, column: Column) -> str:
        return self._with_query(f"{self.base_url}/api/lti/courses/{column.course_id}/line_items/{column.number}")

    def results_url(self, column: Column) -> str:
        address, _, query = self.line_item_url(column).partition("?")
        return f"{address}/results?{query}" if query else f"{address}/results"

    def members_url(self, course_id: str) -> str:
        return f"{self.base_url}/api/lti/courses/{course_id}/names_and_roles"

    def column_at(self, course_id: str, line_item_url: str) -> Column | None:
        """The column that an address of ours names, with or without its query."""
        number = line_item_url.partition("?")[0].rpartition("/")[2]
        return self.world.column(course_id, int(number)) if number.isdecimal() else None

    def _with_query(self, address: str) -> str:
        return f"{address}?{self.manner.line_item_query}" if self.manner.line_item_query else address


def this_lms() -> Lms:
    return cast(Lms, current_app.extensions["demo_lms.parts"])
