"""The plain values of this room: what a vendor's profile says, what the SIS tells, what goes out, and its errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from tool.errors import PassbackError

Version = Literal["1.1", "1.2"]
Auth = Literal["oauth2", "oauth1", "bearer"]
ScoreStatus = Literal["exempt", "fully graded", "not submitted", "partially graded", "submitted"]
Kind = Literal["later", "throttled", "sign_in_again", "permanent"]


@dataclass(frozen=True, slots=True)
class Profile:
    """How one vendor's SIS wants it; `vendors/*.json` has them, a connection may differ in single fields."""

    vendor: str
    title: str
    version: Version = "1.2"
    auth: Auth = "oauth2"
    ids: Literal["ours", "theirs"] = "ours"
    """Whose ids stand in the paths: some answer a PUT with one of their own, which is stored and used afterwards."""
    title_limit: int | None = None
    """Characters a line item's title may have."""
    whole_points: bool = False
    sends_grading_period: bool = True
    exempt: Literal["exempt", "skip", "zero_and_exempt"] = "exempt"
    allows_above_maximum: bool = True
    sends_flags: bool = True
    """late, missing, incomplete, inProgress (1.2 only)."""
    category_class_key: str | None = "classId"
    """The key in a category's metadata that names its class; categories without it are everybody's."""
    line_item_metadata: Mapping[str, str] = field(default_factory=dict)
    page_size: int = 100
    requests_per_second: float = 2.0
    past_due_zero: bool = False
    """Past due and not handed in goes as 0 and *missing*."""
    period_rule: Literal["strict", "warn"] = "strict"
    vendor_header: str | None = None
    """The name of a header every gradebook request needs beside the token."""
    needs_email: bool = False
    """Students without an e-mail in the SIS cannot be exchanged (Aspire)."""


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A class of the SIS. `term_ids` has one at least where the SIS keeps the standard."""

    sourced_id: str
    title: str
    school_id: str
    term_ids: tuple[str, ...]
    is_active: bool = True
    term_title: str | None = None
    school_title: str | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A grading period. `ends_on` is the first day that is no longer in it [OR 1.2: endDate is excluded]."""

    sourced_id: str
    title: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Category:
    sourced_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A student of a class, as the SIS tells it. `identifiers` has every other id of the person, never the e-mail."""

    sourced_id: str
    name: str
    email: str | None
    identifiers: tuple[str, ...] = ()
    begins_on: date | None = None
    ends_on: date | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class LineItem:
    """A column to be put. Points are exact; `due_at` and `assigned_at` are aware."""

    sourced_id: str
    title: str
    assigned_at: datetime
    due_at: datetime
    class_id: str
    school_id: str
    category_id: str
    period_id: str | None
    maximum: Decimal
    minimum: Decimal = Decimal(0)
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """One student's score to be put. `scored_on` is a day in the district's time zone; flags go under 1.2 only."""

    sourced_id: str
    line_item_id: str
    student_id: str
    class_id: str
    status: ScoreStatus
    score: Decimal | None
    scored_on: date
    is_late: bool = False
    is_missing: bool = False
    is_incomplete: bool = False
    is_in_progress: bool = False


@dataclass(frozen=True, slots=True)
class FoundLineItem:
    """A column that stands in the SIS, as read back."""

    sourced_id: str
    title: str
    due_at: datetime | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class FoundResult:
    sourced_id: str
    line_item_id: str
    student_id: str
    status: str | None
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class Access:
    """What is needed to speak with one SIS, secrets opened. Never logged: it has no readable form."""

    version: Version
    auth: Auth
    rostering_url: str
    gradebook_url: str
    resources_url: str | None
    token_url: str | None
    client_id: str | None
    secret: str = field(repr=False)
    vendor_header: str | None = field(repr=False, default=None)
    signature_method: Literal["HMAC-SHA1", "HMAC-SHA256"] = "HMAC-SHA1"
    profile: Profile = field(default_factory=lambda: Profile("generic", "OneRoster"))


class SisError(PassbackError):
    """A call to the SIS did not do what was asked; `kind` says what to do about it, `code` why.

    later: try again by itself · throttled: the whole connection waits · sign_in_again: the credentials were refused,
    nothing more is asked · permanent: trying again changes nothing. `code` is one of the remedies' (category.unknown).
    `excerpt` is the SIS's own answer without secrets, at most 2,000 characters; it may hold personal data, so it is for
    a person's page and never for a log.
    """

    def __init__(
        self,
        kind: Kind,
        code: str,
        *,
        status: int | None = None,
        retry_at: datetime | None = None,
        excerpt: str = "",
    ) -> None:
        super().__init__(code)
        self.kind: Kind = kind
        self.code = code
        self.status = status
        self.retry_at = retry_at
        self.excerpt = excerpt
