"""What an import found: values that the page shows and the store keeps."""

from dataclasses import dataclass
from typing import Literal

from tool.assessment.questions import AssignmentFile
from tool.errors import BadInput

Status = Literal["kept", "changed", "lost"]

UPLOAD_BYTES = 5_000_000
"""The largest file that is read."""


class ImportRefused(BadInput):
    """The file is not read at all; the message says why, the hint what to do. Nothing was stored."""


class Lost(Exception):
    """One item has no counterpart here; the text is the reason as the teacher reads it."""


@dataclass(frozen=True, slots=True)
class ItemReport:
    """One item of the file: as `number` of its assessment, and what became of it."""

    number: int
    name: str
    kind: str
    status: Status
    notes: tuple[str, ...]
    questions: tuple[int, ...]
    """Numbers of our questions that came of it; several when it had several answers."""


@dataclass(frozen=True, slots=True)
class FoundAssignment:
    """One assignment of the file; `file` is None when nothing of it can be stored, and `notes` say why."""

    title: str
    file: AssignmentFile | None
    items: tuple[ItemReport, ...]
    notes: tuple[str, ...]

    def count(self, status: Status) -> int:
        return sum(item.status == status for item in self.items)


@dataclass(frozen=True, slots=True)
class Found:
    """Everything in one upload; `notes` concern the file as a whole."""

    assignments: tuple[FoundAssignment, ...]
    notes: tuple[str, ...] = ()
