"""Launches that have begun and not yet arrived. Each is named by a message hint that is good once, for five minutes."""

import json
from dataclasses import dataclass, field
from secrets import token_hex
from threading import Lock
from time import monotonic

from tool.demo_lms.content_desk import ContentOffer
from tool.demo_lms.records import Activity, Column, Course, Person

HINT_SECONDS = 300
RESOURCE_LINK = "LtiResourceLinkRequest"
DEEP_LINKING = "LtiDeepLinkingRequest"
SUBMISSION_REVIEW = "LtiSubmissionReviewRequest"


@dataclass(frozen=True, slots=True)
class PendingLaunch:
    """`activity` None: content is asked for, as `offer` says. `target` "": the link's own address, or the tool's.
    `work`: the learner whose work a review is about; `work_column` its column. `custom` goes over the link's own.
    `claims`: put over the usual ones; a None takes the claim away.
    """

    course: Course
    activity: Activity | None
    person: Person
    message_type: str = RESOURCE_LINK
    offer: ContentOffer | None = None
    target: str = ""
    work: Person | None = None
    work_column: Column | None = None
    custom: dict[str, str] = field(default_factory=dict)
    claims: dict[str, object] = field(default_factory=dict)

    @property
    def login_hint(self) -> str:
        return f"user-{self.person.sub}"


class LaunchDesk:
    def __init__(self) -> None:
        self._lock = Lock()
        self._pending: dict[str, tuple[float, PendingLaunch]] = {}

    def begin(self, launch: PendingLaunch) -> str:
        """Remembers the launch and returns its message hint: JSON text, as Moodle's, so it has quotes and braces."""
        link_id = launch.activity.link_id if launch.activity else ""
        hint = json.dumps({"launchid": f"launch_{token_hex(8)}", "link": link_id})
        with self._lock:
            oldest_allowed = monotonic() - HINT_SECONDS
            self._pending = {key: entry for key, entry in self._pending.items() if entry[0] >= oldest_allowed}
            self._pending[hint] = (monotonic(), launch)
        return hint

    def look_at(self, hint: str) -> PendingLaunch | None:
        """The launch of an unspent hint, left unspent."""
        with self._lock:
            begun_at, launch = self._pending.get(hint, (0.0, None))
            return launch if begun_at >= monotonic() - HINT_SECONDS else None

    def spend(self, hint: str) -> bool:
        """Whether the hint was still there; of several at once only one is told so."""
        with self._lock:
            return self._pending.pop(hint, None) is not None

    def forget_all(self) -> None:
        with self._lock:
            self._pending.clear()
