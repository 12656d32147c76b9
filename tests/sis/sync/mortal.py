"""A tool that dies at a given step: before or after anything it says to the SIS or writes down."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from tool.db import Database
from tool.sis.oneroster.client import OneRoster


class Killed(BaseException):
    """The process ended here, without last words."""


class Fuse:
    """Burns down with every step; at the last one everything ends."""

    def __init__(self, steps: int) -> None:
        self.left = steps
        self.is_burnt = False

    def burn(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.is_burnt = True
            raise Killed


class MortalDatabase(Database):
    """The same database; it may end just before a transaction is committed, or just after."""

    def __init__(self, real: Database, fuse: Fuse) -> None:
        self._real, self._fuse = real, fuse
        self.is_sqlite, self.engine = real.is_sqlite, real.engine

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._real.writing() as connection:
            yield connection
            self._fuse.burn()
        self._fuse.burn()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._real.reading() as connection:
            yield connection


class MortalClient:
    """The same client; it may end before a call leaves, or when the answer has not been read."""

    def __init__(self, real: OneRoster, fuse: Fuse) -> None:
        self._real, self._fuse = real, fuse

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call = getattr(self._real, name)

        def die_around(*arguments: Any) -> Any:
            self._fuse.burn()
            answer = call(*arguments)
            self._fuse.burn()
            return answer

        return die_around
