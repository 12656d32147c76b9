"""Reading a score as it came over the wire. Numbers stay exact: JSON digits become Decimal, never a binary float."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

SUBMISSION_EXTENSION = "https://canvas.instructure.com/lti/submission"
ACTIVITY_PROGRESS = frozenset({"Initialized", "Started", "InProgress", "Submitted", "Completed"})
GRADING_PROGRESS = frozenset({"FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"})


class MalformedScore(Exception):
    """The body is not a score; the text says in what way."""


@dataclass(frozen=True, slots=True)
class ScoreMessage:
    user_id: str
    given: Decimal | None
    maximum: Decimal | None
    timestamp: datetime
    timestamp_text: str
    activity_progress: str
    grading_progress: str
    comment: str | None
    submitted_at: datetime | None
    extension: dict[str, object]

    @property
    def is_final(self) -> bool:
        return self.grading_progress == "FullyGraded" and self.given is not None

    @property
    def is_handed_in(self) -> bool:
        return self.activity_progress in ("Submitted", "Completed")

    @property
    def has_known_words(self) -> bool:
        return self.activity_progress in ACTIVITY_PROGRESS and self.grading_progress in GRADING_PROGRESS

    @property
    def is_out_of_range(self) -> bool:
        return (self.given is not None and self.given < 0) or (self.maximum is not None and self.maximum < 0)

    def scaled_to(self, column_maximum: Decimal) -> Decimal | None:
        """The score on the column's scale; with a maximum of 0 the points are taken as they are."""
        if self.given is None or not self.maximum:
            return self.given
        return self.given * column_maximum / self.maximum


def read_score(body: bytes) -> ScoreMessage:
    """Raises MalformedScore."""
    try:
        fields = json.loads(body, parse_float=Decimal, parse_constant=_refuse_constant)
    except ValueError:
        raise MalformedScore("the body is not JSON") from None
    if not isinstance(fields, dict):
        raise MalformedScore("the body is not a JSON object")
    extension = fields.get(SUBMISSION_EXTENSION)
    extension = extension if isinstance(extension, dict) else {}
    submission = fields.get("submission")
    submitted_text = submission.get("submittedAt") if isinstance(submission, dict) else None
    return ScoreMessage(
        user_id=_read_word(fields, "userId"),
        given=_read_number(fields, "scoreGiven"),
        maximum=_read_number(fields, "scoreMaximum"),
        timestamp=read_moment(fields.get("timestamp"), "timestamp"),
        timestamp_text=str(fields.get("timestamp")),
        activity_progress=_read_word(fields, "activityProgress"),
        grading_progress=_read_word(fields, "gradingProgress"),
        comment=str(fields["comment"]) if fields.get("comment") else None,
        submitted_at=_read_optional_moment(submitted_text or extension.get("submitted_at"), "submittedAt"),
        extension=extension,
    )


def read_moment(text: object, name: str) -> datetime:
    """ISO 8601 with a time of day; without a zone it is taken as UTC. Raises MalformedScore."""
    if not isinstance(text, str) or "T" not in text:
        raise MalformedScore(f"{name} is missing or not ISO 8601")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise MalformedScore(f"{name} is not ISO 8601") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _read_optional_moment(text: object, name: str) -> datetime | None:
    return None if text is None else read_moment(text, name)


def _read_word(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise MalformedScore(f"{name} is missing")
    return str(value)


def _read_number(fields: dict[str, object], name: str) -> Decimal | None:
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise MalformedScore(f"{name} is not a number")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise MalformedScore(f"{name} is not a number") from None
    if not number.is_finite():
        raise MalformedScore(f"{name} is not a number")
    return number


def _refuse_constant(word: str) -> Decimal:
    raise ValueError(word)
