"""One step of a test of the connection, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tool.language import lazy_gettext as _

State = Literal["good", "look", "bad", "unknown"]
"""`look`: it works, or may; somebody should look at it. `unknown`: it could not be tested."""

NAMES: Mapping[str, object] = {
    "registration": _("Registration"),
    "addresses": _("Addresses of the LMS"),
    "key_set": _("Public keys of the LMS"),
    "clock": _("Clocks"),
    "token.score": _("Permission to send scores"),
    "token.lineitem": _("Permission to make gradebook columns"),
    "token.result": _("Permission to read grades back"),
    "token.members": _("Permission to read class lists"),
    "course.line_items": _("Gradebook columns of a course"),
    "course.members": _("Class list of a course"),
    "course.results": _("Grades of a column"),
    "own_keys": _("Our public keys"),
    "base_url": _("Our address"),
    "environment": _("Our environment"),
    "frame": _("Pages inside the LMS"),
    "deployments": _("Deployments"),
    "last_launch": _("Last launch"),
    "last_score": _("Last score"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What was looked at, how it stands, and what mends it; texts in the language of whoever asked."""

    name: str
    state: State
    text: str
    remedy: str | None = None
    key: str = ""
    """The same in every language: one of `NAMES`."""


def good(key: str, text: str) -> Step:
    return Step(str(NAMES[key]), "good", text, None, key)


def look(key: str, text: str, remedy: str) -> Step:
    return Step(str(NAMES[key]), "look", text, remedy, key)


def bad(key: str, text: str, remedy: str) -> Step:
    return Step(str(NAMES[key]), "bad", text, remedy, key)


def unknown(key: str, text: str, remedy: str | None = None) -> Step:
    return Step(str(NAMES[key]), "unknown", text, remedy, key)
