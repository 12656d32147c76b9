"""How anything of people is deleted for good: in one transaction, not while a score of theirs is on the wire."""

import time
from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import Column, Connection, select

from tool.db import Database
from tool.errors import BadInput
from tool.model.base import Base

WAIT_SECONDS = 30.0
LOOK_SECONDS = 0.2


def erase_when_quiet(database: Database, erase: Callable[[Connection], bool], *, whose: str) -> None:
    """Call `erase`, each time in a transaction of its own, until it did it all. It returns False, having changed
    nothing, while something is on the wire: when that lasts too long, BadInput names `whose` it is."""
    give_up_at = time.monotonic() + WAIT_SECONDS
    while not _erase(database, erase):
        if time.monotonic() > give_up_at:
            raise BadInput(f"a score of this {whose} is on its way; nothing was deleted.", "Try again soon.")
        time.sleep(LOOK_SECONDS)


def naming(key: str) -> list[Column[Any]]:
    """Every column of the database that names somebody by this key, such as `members.id`."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(one.target_fullname == key for one in column.foreign_keys)
    ]


def list_named(connection: Connection, key: str, ids: Collection[int], *, but_in: Collection[str] = ()) -> set[int]:
    """Those of these ids that some row names; the tables `but_in` have no say."""
    columns = [column for column in naming(key) if column.table.name not in but_in]
    return {one for column in columns for one in connection.execute(select(column).where(column.in_(ids))).scalars()}


def _erase(database: Database, erase: Callable[[Connection], bool]) -> bool:
    with database.writing() as connection:
        if database.is_sqlite:
            # What is deleted is overwritten in the file, too.
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
        return erase(connection)
