"""The parts of one pretend LMS, put together; every page and address finds them through `this_lms()`."""

from dataclasses import dataclass, field
from typing import Literal, cast
from urllib.parse import quote, urlsplit

from flask import current_app

from tool.demo_lms.content_desk import ContentDesk
from tool.demo_lms.journal import Journal
from tool.demo_lms.launches import LaunchDesk
from tool.demo_lms.manners.base import Manner
from tool.demo_lms.moods import Moods
from tool.demo_lms.records import Column
from tool.demo_lms.registration import KnownTool
from tool.demo_lms.registration_desk import RegistrationDesk
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

Grading = Literal["delegated", "always", "never"]
LineItemWord = Literal["yes", "no", "unsaid"]
StorageWord = Literal[
    "none", "kept", "other_origin", "other_message", "changed", "changed_later", "error", "silent", "unable"
]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a test may turn. None: as the manner has it.

    Of deep linking: `accept_types`, `accepts_several`, `accepts_line_item` ("yes", "no", "unsaid") and `sends_data` are
    what its requests say; `grading`: columns are made where the tool asks, for every link, or never.
    Of copied courses: `copies_name_old_columns` makes their launches name last term's column.
    Of reviews: `review_names_column`. `message_type`: what every link on the pages launches.
    Of platform storage: "none" is offered, or it is "kept" as it should be, or answered from another origin, to another
    message, with a value "changed" or "changed_later" (when it is asked for a second time), with an error, not at all,
    or by one that says it is unable. `storage_beside`: by a frame beside the tool's and not by the page itself.
    """

    page_size: int | None = None
    id_token_seconds: int | None = None
    access_token_seconds: int = 3600
    granted_scopes: tuple[str, ...] = EVERY_SCOPE
    shares_names: bool = True
    accept_types: tuple[str, ...] | None = None
    accepts_several: bool | None = None
    accepts_line_item: LineItemWord | None = None
    sends_data: bool | None = None
    grading: Grading = "delegated"
    copies_name_old_columns: bool = False
    review_names_column: bool = True
    message_type: str | None = None
    storage: StorageWord = "none"
    storage_beside: bool = False


@dataclass(slots=True)
class Lms:
    base_url: str
    tool_url: str
    manner: Manner
    tokens: TokenDesk
    world: World = field(default_factory=World)
    launches: LaunchDesk = field(default_factory=LaunchDesk)
    contents: ContentDesk = field(default_factory=ContentDesk)
    key: PlatformKey = field(default_factory=PlatformKey)
    moods: Moods = field(default_factory=Moods)
    journal: Journal = field(default_factory=Journal)
    settings: Settings = field(default_factory=Settings)
    registrations: RegistrationDesk = field(default_factory=RegistrationDesk)
    registered: KnownTool | None = None
    """The tool as it registered itself, in place of the one that was known from the start."""

    @property
    def tool(self) -> KnownTool:
        return self.registered or KnownTool(f"{self.tool_url}/lti/login", f"{self.tool_url}/lti/launch")

    @property
    def granted_scopes(self) -> tuple[str, ...]:
        asked = self.tool.scopes
        return tuple(one for one in self.settings.granted_scopes if asked is None or one in asked)

    @property
    def token_url(self) -> str:
        return f"{self.base_url}/lti/token"

    @property
    def launch_url(self) -> str:
        return self.tool.launch_url

    @property
    def login_url(self) -> str:
        return self.tool.login_url

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

    def content_return_url(self, course_id: str, key: str) -> str:
        """Where a content answer goes; its query belongs to it."""
        return f"{self.base_url}/lti/content?course={quote(course_id)}&{self.manner.return_key}={quote(key)}"

    def column_at(self, course_id: str, line_item_url: str) -> Column | None:
        """The column that an address of ours names, with or without its query."""
        number = line_item_url.partition("?")[0].rpartition("/")[2]
        return self.world.column(course_id, int(number)) if number.isdecimal() else None

    def _with_query(self, address: str) -> str:
        return f"{address}?{self.manner.line_item_query}" if self.manner.line_item_query else address


def this_lms() -> Lms:
    return cast(Lms, current_app.extensions["demo_lms.parts"])
