"""What one stub platform holds: columns and scores, stored in the manner of an LMS; the shape of its journal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

Manner = Literal["accepting", "canvas", "moodle"]
"""`accepting` ignores timestamps: whatever comes last stands. `canvas` refuses an older one by 400 and a text,
`moodle` an equal or older one by 409."""


class Entry(NamedTuple):
    """One request as the platform met it."""

    arrived_at: float
    ended_at: float
    """When it was decided and, if so, stored; the answer goes out from here."""
    platform: int
    kind: str
    """`token`, `column_list`, `column_made`, `column_read`, `score`, `results` or `unknown`."""
    column: int | None
    user: str | None
    score: str | None
    timestamp: str | None
    fault: str | None
    """A kind of `faults`, or `outage`, `hanging`, `bucket`."""
    status: int
    stored: bool


@dataclass(slots=True)
class Cell:
    score: str
    maximum: str
    timestamp: str
    stored_at: float
    first_stored_at: float
    times: int = 1


@dataclass(slots=True)
class Column:
    number: int
    course: str
    label: str
    maximum: float
    resource_id: str | None
    tag: str | None
    link: str | None
    cells: dict[str, Cell] = field(default_factory=dict)


class Gradebook:
    """Columns by their number. Nothing keeps a second column of one link from being made: no LMS does."""

    def __init__(self) -> None:
        self.columns: dict[int, Column] = {}

    def make(self, course: str, wanted: Mapping[str, Any]) -> Column:
        column = Column(
            number=len(self.columns) + 1,
            course=course,
            label=str(wanted.get("label", "")),
            maximum=float(wanted["scoreMaximum"]),
            resource_id=wanted.get("resourceId"),
            tag=wanted.get("tag"),
            link=wanted.get("resourceLinkId"),
        )
        self.columns[column.number] = column
        return column

    def find(self, course: str, query: Mapping[str, str]) -> list[Column]:
        """The columns of a course that a filter asks for; an absent part of the filter asks for any."""

        def fits(column: Column) -> bool:
            told = {"resource_id": column.resource_id, "tag": column.tag, "resource_link_id": column.link}
            return all(told[name] == query[name] for name in told if name in query)

        return [one for one in self.columns.values() if one.course == course and fits(one)]


def refuses(manner: Manner, cell: Cell | None, timestamp: str) -> bool:
    """Whether an LMS of this manner says no to a score, by the timestamp of the one that stands."""
    if cell is None or manner == "accepting":
        return False
    new, standing = read_time(timestamp), read_time(cell.timestamp)
    return int(new) <= int(standing) if manner == "moodle" else new < standing


def store(column: Column, score: Mapping[str, Any], at: float) -> None:
    """The score stands from now on; `score` is a checked score message."""
    before = column.cells.get(score["userId"])
    column.cells[score["userId"]] = Cell(
        score=score["scoreGiven"],
        maximum=score["scoreMaximum"],
        timestamp=score["timestamp"],
        stored_at=at,
        first_stored_at=before.first_stored_at if before else at,
        times=before.times + 1 if before else 1,
    )


def read_time(text: str) -> float:
    """Seconds since 1970 of an ISO 8601 time with a zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a timestamp needs a zone")
    return moment.timestamp()
