"""What a test orders at a control address: read, or refused with a sentence."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar, cast

from flask import Response, request

from tool.demo_sis.body_checks import read_day
from tool.demo_sis.moods import MOOD_NAMES, TARGETS, Mood, Target
from tool.demo_sis.replies import as_json

Order = Mapping[str, Any]
Found = TypeVar("Found")


class BadOrder(Exception):
    """What a test asked for makes no sense; the text says why."""


def answer_bad_order(problem: BadOrder) -> Response:
    return as_json({"error": str(problem)}, 400)


def read_order() -> dict[str, Any]:
    order = request.get_json(force=True, silent=True)
    if not isinstance(order, dict):
        raise BadOrder("send a JSON object")
    return order


def ordered(order: Order, name: str, among: Mapping[str, Found]) -> Found:
    """The record that the order's `name` is the id of. Raises BadOrder."""
    found = among.get(str(order.get(name)))
    if found is None:
        raise BadOrder(f"no such {name}; known: {', '.join(among)}")
    return found


def ordered_text(order: Order, name: str) -> str:
    if not isinstance(order.get(name), str) or not order[name].strip():
        raise BadOrder(f"{name} is missing")
    return str(order[name])


def ordered_day(order: Order, name: str, usual: date) -> date:
    day = read_day(order[name]) if order.get(name) is not None else usual
    if day is None:
        raise BadOrder(f"{name} is a date such as 2026-11-19")
    return day


def read_points(value: object) -> Decimal:
    """Raises BadOrder unless it is a number of 0 or more."""
    try:
        points = Decimal(str(value))
    except InvalidOperation:
        raise BadOrder("that is not a number") from None
    if not points.is_finite() or points < 0:
        raise BadOrder("points are a number of 0 or more")
    return points


def read_mood(order: Order) -> Mood:
    """Raises BadOrder. What is not named has its default."""
    name, target = order.get("mood"), order.get("target") or "all"
    if name not in MOOD_NAMES or target not in TARGETS:
        raise BadOrder(f"mood is one of {', '.join(MOOD_NAMES)}; target one of {', '.join(TARGETS)}")
    count, retry_after = order.get("for_requests"), order.get("retry_after", 2)
    try:
        return Mood(
            name=name,
            for_requests=None if count is None else max(int(count), 1),
            after_requests=max(int(order.get("after_requests", 0)), 0),
            retry_after=None if retry_after is None else int(retry_after),
            delay_seconds=float(order.get("delay_seconds", 2)),
            target=cast(Target, target),
            text=str(order.get("text") or ""),
        )
    except (TypeError, ValueError):
        raise BadOrder("for_requests, after_requests, retry_after and delay_seconds are numbers") from None
