"""The gradebooks: the only writer of columns and marks. Each call is one atomic step under a lock."""

from dataclasses import replace
from secrets import token_hex
from threading import RLock

from tool.demo_sis.records import Column, Mark, utc_now


class Gradebook:
    """`revision` grows with every change."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.revision = 0
        self._columns: dict[str, Column] = {}
        self._marks: dict[tuple[str, str], Mark] = {}

    def reset(self) -> None:
        with self.lock:
            self._columns.clear()
            self._marks.clear()
            self.revision += 1

    # ── what stands there ────────────────────────────────────────────────────────────────────────────────────────

    def columns(self, class_id: str | None = None) -> list[Column]:
        with self.lock:
            return [one for one in self._columns.values() if class_id in (None, one.class_id)]

    def column(self, sourced_id: str) -> Column | None:
        with self.lock:
            return self._columns.get(sourced_id)

    def column_of(self, sent_id: str, *, by_supplied: bool) -> Column | None:
        """The column a sender's PUT means: the one with that id, or if `by_supplied` the one it made under that id."""
        with self.lock:
            found = (one for one in self._columns.values() if by_supplied and one.supplied_id == sent_id)
            return self._columns.get(sent_id) or next(found, None)

    def marks(self, class_id: str | None = None) -> list[Mark]:
        with self.lock:
            return [
                mark
                for mark in self._marks.values()
                if mark.column_id in self._columns and class_id in (None, self._columns[mark.column_id].class_id)
            ]

    def mark(self, sourced_id: str) -> Mark | None:
        return next((one for one in self.marks() if one.sourced_id == sourced_id), None)

    def mark_in(self, column_id: str, student_id: str) -> Mark | None:
        with self.lock:
            return self._marks.get((column_id, student_id))

    # ── what changes ─────────────────────────────────────────────────────────────────────────────────────────────

    def put_column(self, column: Column) -> None:
        with self.lock:
            self._columns[column.sourced_id] = replace(column, changed_at=utc_now())
            self.revision += 1

    def remove_column(self, sourced_id: str) -> None:
        """With every mark in it."""
        with self.lock:
            del self._columns[sourced_id]
            self._marks = {key: mark for key, mark in self._marks.items() if key[0] != sourced_id}
            self.revision += 1

    def put_mark(self, mark: Mark) -> None:
        """A student has one mark in a column: a later one takes its place, whatever its id."""
        with self.lock:
            self._marks[mark.column_id, mark.student_id] = replace(mark, changed_at=utc_now())
            self.revision += 1

    def remove_mark(self, mark: Mark) -> None:
        with self.lock:
            del self._marks[mark.column_id, mark.student_id]
            self.revision += 1


def own_id(kind: str) -> str:
    """An id that the SIS itself gives."""
    return f"{kind}-{token_hex(6)}"
