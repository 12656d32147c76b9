"""How this SIS is set up: which version of OneRoster it speaks, who may come in, and what its gradebook refuses."""

from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

SCOPES_12 = "https://purl.imsglobal.org/spec/or/v1p2/scope/"
SCOPES_11 = "https://purl.imsglobal.org/spec/or/v1p1/scope/"
ROSTER = "roster.readonly"
ROSTER_CORE = "roster-core.readonly"
READ = "gradebook.readonly"
READ_CORE = "gradebook-core.readonly"
PUT = "gradebook.createput"
POST = "gradebook.createpost"
DELETE = "gradebook.delete"
EVERY_SCOPE = (ROSTER, ROSTER_CORE, READ, READ_CORE, PUT, POST, DELETE)

Version = Literal["1.2", "1.1"]
Auth = Literal["oauth2", "oauth1", "bearer"]
Ids = Literal["ours", "theirs"]
Answer = Literal["pairs", "object", "nothing"]
Filters = Literal["known", "ignored", "refused"]


@dataclass(frozen=True, slots=True)
class SisSettings:
    """What a test or an operator may turn.

    Of the door: `version` (the addresses of the other are not there), `auth`, `needs_vendor_header` (on every gradebook
    address), `granted_scopes` (without their common beginning), `token_seconds`, `is_secret_expired` (nothing that was
    agreed on opens any more), `signature_method` (the one that OAuth 1.0a may use; "" for either).
    Of the wire: `is_strict` (what the official schema refuses is refused; if not, it takes what Google's suite sends),
    `ids` ("ours": the sender's ids are kept; "theirs": the SIS gives its own), `tells_ids` (how: sourcedIdPairs, the
    whole object, or not at all), `remembers_ids` (a repeated PUT with the sender's id finds what it made),
    `page_size` (most records a page), `filters`, `wraps_errors` (in imsx_StatusInfo), `category_class_key` (where in a
    category's metadata its class stands; "" for nowhere).
    Of the gradebook: `checks_dates` (due in a grading period of the class and not before assigned), `title_limit`
    (None: any), `needs_whole_points`, `needs_unique_titles`, `allows_above_maximum`, `needs_numbers` (graded work has
    one), `takes_exempt` (otherwise exempt work is kept as 0). `time_zone`: the district's.
    """

    version: Version = "1.2"
    auth: Auth = "oauth2"
    is_strict: bool = True
    ids: Ids = "ours"
    tells_ids: Answer = "pairs"
    remembers_ids: bool = True
    needs_vendor_header: bool = False
    granted_scopes: tuple[str, ...] = EVERY_SCOPE
    token_seconds: int = 3600
    is_secret_expired: bool = False
    signature_method: str = ""
    page_size: int = 100
    filters: Filters = "known"
    wraps_errors: bool = False
    category_class_key: str = "classId"
    checks_dates: bool = True
    title_limit: int | None = None
    needs_whole_points: bool = False
    needs_unique_titles: bool = False
    allows_above_maximum: bool = True
    needs_numbers: bool = True
    takes_exempt: bool = True
    time_zone: str = "America/Chicago"

    @property
    def scope_prefix(self) -> str:
        return SCOPES_12 if self.version == "1.2" else SCOPES_11


WORDS: dict[str, tuple[str, ...]] = {
    "version": get_args(Version),
    "auth": get_args(Auth),
    "ids": get_args(Ids),
    "tells_ids": get_args(Answer),
    "filters": get_args(Filters),
    "signature_method": ("", "HMAC-SHA1", "HMAC-SHA256"),
}
"""Settings that are one of a few words."""


def change_settings(present: SisSettings, changes: dict[str, Any]) -> SisSettings:
    """Raises ValueError, with a sentence, for a name or a word that is not known."""
    known = SisSettings.__slots__
    if unknown := set(changes) - set(known):
        raise ValueError(f"unknown setting {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")
    for name, words in WORDS.items():
        if name in changes and changes[name] not in words:
            raise ValueError(f"{name} is one of {', '.join(word or 'empty' for word in words)}")
    if changes.get("page_size", 1) < 1:
        raise ValueError("page_size is 1 at least")
    scopes = changes.get("granted_scopes")
    return replace(present, **{**changes, **({} if scopes is None else {"granted_scopes": tuple(scopes)})})
