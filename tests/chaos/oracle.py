"""Compares three books that know nothing of each other: what was wanted, what the platforms hold, what the tool says.

Each finding is a sentence that names its cell; `violations` of a verdict are those that must not be. What the platforms
met is judged by their journal alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tests.chaos import faults
from tests.chaos.gradebook import Column, Entry, read_time
from tests.chaos.tables import Row, Tables
from tests.chaos.taken import Wanted
from tests.chaos.wanted import Key

FORERUN_SECONDS = 1.0
"""A timestamp may be ahead of the platform's clock by so much: both run on one machine, and JSON has milliseconds."""


@dataclass(slots=True)
class Verdict:
    """What is not as promised, by its kind; and what it cost."""

    lost: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    duplicate_columns: list[str] = field(default_factory=list)
    false_delivered: list[str] = field(default_factory=list)
    """The tool says *delivered*, and the gradebook says otherwise."""
    not_delivered: list[str] = field(default_factory=list)
    """The tool does not say *delivered* at the end, whatever the gradebook holds."""
    missing_rows: list[str] = field(default_factory=list)
    """Taken in or acknowledged, and the tool's tables know nothing of it, or something older."""
    older_over_newer: list[str] = field(default_factory=list)
    """A platform stored a score with an earlier timestamp over one with a later one."""
    two_scores_one_time: list[str] = field(default_factory=list)
    from_the_future: list[str] = field(default_factory=list)
    sent_after_confirmed: list[str] = field(default_factory=list)
    """The tool had written down that this very score is confirmed, and sent it once more."""
    malformed: list[str] = field(default_factory=list)

    finals: int = 0
    score_requests: int = 0
    other_requests: int = 0
    resent_after_success: int = 0
    """Score requests for what the platform had already answered well: a sender died before it could write that down."""
    fenced: int = 0
    faults: Counter[str] = field(default_factory=Counter)

    @property
    def requests_per_final(self) -> float:
        return self.score_requests / max(1, self.finals)

    def violations(self) -> dict[str, list[str]]:
        """Kind → findings, of those kinds that were found at all."""
        kinds = {name: getattr(self, name) for name in self.__slots__}
        return {name: found for name, found in kinds.items() if isinstance(found, list) and found}


def judge(
    wanted: Mapping[Key, Wanted], columns: Sequence[tuple[int, Column]], journal: Sequence[Entry], tables: Tables
) -> Verdict:
    """The three-way comparison, after everything has come to rest."""
    verdict = Verdict(finals=len(wanted), fenced=tables.fenced)
    _find_duplicate_columns(verdict, columns)
    held = _cells(columns)
    for key, wish in wanted.items():
        _compare(verdict, key, wish, held.get(key, []), tables.rows.get(key))
    for key in held.keys() - wanted.keys():
        verdict.wrong.append(f"{_name(key)}: nobody wanted a score here, and there is {held[key]}")
    _read_journal(verdict, journal)
    _find_sent_after_confirmed(verdict, columns, journal, tables)
    return verdict


def _find_duplicate_columns(verdict: Verdict, columns: Sequence[tuple[int, Column]]) -> None:
    made = Counter((platform, column.course, column.link) for platform, column in columns)
    for place, count in made.items():
        if count > 1:
            verdict.duplicate_columns.append(f"{place}: {count} columns")


def _cells(columns: Sequence[tuple[int, Column]]) -> dict[Key, list[Decimal]]:
    """What stands, column by column: of a score in the wrong one of two, neither is overlooked."""
    found: defaultdict[Key, list[Decimal]] = defaultdict(list)
    for platform, column in columns:
        for user, cell in column.cells.items():
            found[Key(platform, column.link or "", user)].append(Decimal(cell.score))
    return found


def _compare(verdict: Verdict, key: Key, wish: Wanted, held: list[Decimal], row: Row | None) -> None:
    name = _name(key)
    if not held:
        verdict.lost.append(f"{name}: wanted {wish.final}, holds nothing")
    for score in held:
        if score == wish.final:
            continue
        is_old = score in wish.scores
        (verdict.stale if is_old else verdict.wrong).append(f"{name}: wanted {wish.final}, holds {score}")
    if row is None or row.earned != wish.final:
        verdict.missing_rows.append(f"{name}: wanted {wish.final}, the tool has {row.earned if row else 'no row'}")
        return
    if not row.is_confirmed:
        verdict.not_delivered.append(f"{name}: {row.state}, {row.failure}, needs a person: {row.needs_person}")
    elif held != [row.confirmed_score]:
        verdict.false_delivered.append(f"{name}: confirmed {row.confirmed_score}, holds {held}")


def _read_journal(verdict: Verdict, journal: Iterable[Entry]) -> None:
    newest: dict[tuple[int, int | None, str | None], float] = {}
    told: dict[tuple[int, int | None, str | None, str | None], str | None] = {}
    heard: set[tuple[int, int | None, str | None, str | None]] = set()
    for entry in journal:
        if entry.fault:
            verdict.faults[entry.fault] += 1
        if entry.kind != "score":
            verdict.other_requests += 1
            continue
        verdict.score_requests += 1
        if entry.timestamp is None:
            verdict.malformed.append(f"platform {entry.platform}, column {entry.column}: no score a gradebook can take")
            continue
        cell = (entry.platform, entry.column, entry.user)
        sent = (*cell, entry.timestamp)
        at = read_time(entry.timestamp)
        if told.setdefault(sent, entry.score) != entry.score:
            verdict.two_scores_one_time.append(f"{cell}: {told[sent]} and {entry.score} at {entry.timestamp}")
        if at > entry.arrived_at + FORERUN_SECONDS:
            verdict.from_the_future.append(f"{cell}: {at - entry.arrived_at:.3f} s ahead")
        verdict.resent_after_success += sent in heard
        if not entry.stored:
            continue
        if at < newest.get(cell, 0.0):
            verdict.older_over_newer.append(f"{cell}: {entry.score} at {entry.timestamp}")
        newest[cell] = max(at, newest.get(cell, 0.0))
        if entry.fault in faults.HEARD:
            heard.add(sent)


def _find_sent_after_confirmed(
    verdict: Verdict, columns: Sequence[tuple[int, Column]], journal: Iterable[Entry], tables: Tables
) -> None:
    """Only what the tool itself had written down counts: an answer that died with its sender is nobody's fault."""
    keys = {row.id: key for key, row in tables.rows.items()}
    confirmed_at = {
        (keys[one.passback_id], round(one.timestamp, 3)): one.finished_at
        for one in tables.confirmations
        if one.passback_id in keys
    }
    links = {(platform, column.number): column.link or "" for platform, column in columns}
    for entry in journal:
        if entry.kind != "score" or entry.timestamp is None or entry.user is None:
            continue
        key = Key(entry.platform, links.get((entry.platform, entry.column or 0), ""), entry.user)
        at = confirmed_at.get((key, round(read_time(entry.timestamp), 3)))
        if at is not None and entry.arrived_at > at:
            late = entry.arrived_at - at
            verdict.sent_after_confirmed.append(f"{_name(key)}: {entry.score} again, {late:.3f} s after")


def _name(key: Key) -> str:
    return f"{key.user} on {key.link} of platform {key.platform}"
