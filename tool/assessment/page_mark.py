"""How a page of the work names itself when it sends: whose it is, and what it knows."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Protocol

UNBEGUN = 0
"""The id of a submission that is not there before the first answer is saved."""
LARGEST_ID = 2**31 - 1  # PostgreSQL takes no larger number for one


class Marked(Protocol):
    """Of the work, what its page is marked with."""

    @property
    def submission_id(self) -> int: ...

    @property
    def assignment_id(self) -> str: ...

    @property
    def revision(self) -> int: ...


@dataclass(frozen=True, slots=True)
class PageMark:
    """Which page of the work sends, and the newest revision it knows; travels in the form as `7.1204.x2kf`, where the
    page begins with the id of its submission. One that was made before there was any is `0.0.51b8f3x2kf`: it names the
    assignment instead."""

    revision: int
    page: str

    def __str__(self) -> str:
        return f"{self.revision}.{self.page}"

    @classmethod
    def make(cls, work: Marked) -> "PageMark":
        """The mark of a page that is made now."""
        named = _short_name(work.assignment_id) if work.submission_id == UNBEGUN else ""
        return cls(work.revision, f"{work.submission_id}.{named}{secrets.token_urlsafe(3)}")

    @property
    def submission_id(self) -> int | None:
        """Whose page it is; None for one that does not say."""
        number, dot, _ = self.page.partition(".")
        return int(number) if dot and number.isdigit() and int(number) <= LARGEST_ID else None

    def names(self, assignment_id: str) -> bool:
        """Whether a page of work that was not begun is of this assignment."""
        return self.page.partition(".")[2].startswith(_short_name(assignment_id))

    @classmethod
    def read(cls, text: str) -> "PageMark":
        """A mark that nobody made counts as a page that knows nothing."""
        number, _, page = text.partition(".")
        is_made_here = number.isdigit() and len(number) < 10 and text.isascii() and text.isprintable()
        return cls(int(number), page[:16]) if is_made_here else cls(-1, "")


def _short_name(assignment_id: str) -> str:
    return hashlib.sha256(assignment_id.encode()).hexdigest()[:6]
