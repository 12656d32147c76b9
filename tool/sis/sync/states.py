"""The words of the tables, with what follows from them."""

from typing import Final, Literal

Kind = Literal["changes", "selected", "nightly", "remaster", "check"]
Stage = Literal["queued", "refreshing", "checking", "items", "scores", "verifying", "done"]
RunStatus = Literal["queued", "running", "completed", "with_errors", "failed", "cancelled"]
ItemState = Literal["new", "queued", "done", "noted", "blocked", "failed"]
Step = Literal["check", "item", "score", "verify"]
Outcome = Literal["sent", "unchanged", "blocked", "warned", "skipped", "failed"]

UNFINISHED: Final = ("queued", "running")
NEEDING: Final = ("failed", "blocked")
TWINS: Final = frozenset({"item.manual_twin", "title.duplicate"})
"""Blocked because of a column that stands there: `SisItem.answer` then says which (`twins`)."""
