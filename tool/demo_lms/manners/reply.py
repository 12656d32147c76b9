"""An answer before it is made into HTTP."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """`payload` None: an empty body; a str goes out as it is; else JSON."""

    status: int
    payload: object | None = None
    content_type: str = "application/json"
