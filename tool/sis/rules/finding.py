"""What was found before sending: one row of the remedies, with whom it is about and the values its text needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["connection", "section", "item", "student"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or worth a word.

    `blocks`: of a connection or a section nothing of the section goes, of an item the item does not go, of a student
    this one score does not go; the rest goes. Without it, it is a warning.
    `member_id` is set for `student` only. `about` fills the texts of `remedies.find_remedy(code)`: always `sis`,
    `class` and `title`, of a student `student`; days are ISO days of the district's time zone, moments `2026-11-16
    23:59`, numbers plain.
    """

    code: str
    level: Level
    blocks: bool
    member_id: int | None = None
    about: Mapping[str, str] = field(default_factory=dict)
