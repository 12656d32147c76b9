"""JSON with exact numbers, written and read: a Decimal never becomes a binary float on its way."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tool.outbound import Answer


def write_json(value: object) -> str:
    """The text of mappings with text keys, sequences, texts, truths, whole numbers and Decimals.

    Raises ValueError for a number that is none (NaN), TypeError for anything else.
    """
    if isinstance(value, Decimal):
        return write_number(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(key))}: {write_json(one)}" for key, one in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return "[" + ", ".join(write_json(one) for one in value) + "]"
    if value is None or isinstance(value, str | bool | int):
        return json.dumps(value)
    raise TypeError(f"no JSON from {type(value).__name__}")


def write_number(value: Decimal) -> str:
    """Exactly its digits, without an exponent and without noughts at the end: 17.50 is 17.5."""
    if not value.is_finite():
        raise ValueError("a number of JSON is finite")
    # Not `normalize`, which rounds to the context's precision.
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_json(answer: Answer) -> Any:
    """An answer's JSON whatever its content type says, fractions as Decimals. Raises ValueError."""
    try:
        return json.loads(answer.body, parse_float=Decimal, parse_constant=lambda _: None)
    except RecursionError:
        raise ValueError("JSON nested too deeply") from None
