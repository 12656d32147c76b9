"""The control address of the stub platforms: what they met and hold, and how they are to behave from now on."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Protocol

from tests.chaos.calls import Weather
from tests.chaos.gradebook import Entry, Gradebook
from tests.chaos.tokens import Tokens
from tests.chaos.wire import Reply, Request


class Watched(Protocol):
    """What there is to see of a platform."""

    number: int
    weather: Weather
    gradebook: Gradebook
    tokens: Tokens
    journal: list[Entry]
    in_flight: int
    most_in_flight: int


class Control:
    """`GET /journal`, `/gradebook`, `/counters`; `POST /change`
    with `{"platform": number or null, ...}` and any values of `Weather` or of the tokens' two lifetimes."""

    def __init__(self, platforms: Sequence[Watched]) -> None:
        self._platforms = platforms

    def begin(self, _request: Request, /) -> float:
        return 0.0

    def end(self) -> None:
        """Nothing is counted here."""

    def answer(self, request: Request) -> Reply:
        match (request.method, request.path):
            case ("GET", "/journal"):
                return _json([entry for one in self._platforms for entry in one.journal])
            case ("GET", "/gradebook"):
                return _json(
                    [{"platform": one.number, **asdict(column)} for one in self._platforms for column in _columns(one)]
                )
            case ("GET", "/counters"):
                return _json([_count(one) for one in self._platforms])
            case ("POST", "/change"):
                self._change(**json.loads(request.body))
                return _json({})
        return Reply(404)

    def _change(self, platform: int | None = None, **values: Any) -> None:
        for one in self._platforms:
            if platform not in (None, one.number):
                continue
            for name, value in values.items():
                setattr(one.tokens if hasattr(one.tokens, name) else one.weather, name, value)
            if "true_seconds" in values:
                one.tokens.end_all()


def _columns(one: Watched) -> list[Any]:
    return list(one.gradebook.columns.values())


def _count(one: Watched) -> dict[str, int]:
    return {
        "requests": len(one.journal),
        "cells": sum(len(column.cells) for column in _columns(one)),
        "in_flight": one.in_flight,
        "most_in_flight": one.most_in_flight,
    }


def _json(content: Any) -> Reply:
    return Reply(200, json.dumps(content).encode())
