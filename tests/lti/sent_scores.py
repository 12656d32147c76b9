"""Ben's score, sent to the rough LMS as each family takes it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.lti.rough_server import Behaviour, reply
from tests.lti.service_desk import ServiceDesk, reply_json
from tool.lti.scores import Score, post_score

NINE = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
BENS = Score(
    user_id="ben",
    given=Decimal("7.50"),
    maximum=Decimal(10),
    timestamp=NINE,
    submitted_at=None,
    comment=None,
    is_new_submission=False,
    keeps_hand_typed_grade=False,
)
ACCEPTED: Mapping[str, Behaviour] = {
    "canvas": reply_json({"resultUrl": "https://lms.example/r/1"}),
    "openedx": reply_json({"timestamp": "x"}, 201),
    "moodle": reply(200),
    "unknown": reply(204),
}


def send(desk: ServiceDesk, family: str = "unknown", **changes: Any) -> Any:
    desk.server.on("/item/scores", ACCEPTED[family])
    post_score(desk.connector(family), desk.server.url + "/item", replace(BENS, **changes))
    return desk.sent_json("/item/scores")
