"""What a guide is made of, and where the tool is reached."""

import json
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from tool.lti.canvas_configuration import canvas_configuration
from tool.lti.wanted import custom_parameters


@dataclass(frozen=True, slots=True)
class ToolAddresses:
    """Where an LMS finds us, all on one origin."""

    base_url: str

    @property
    def login_url(self) -> str:
        return f"{self.base_url}/lti/login"

    @property
    def launch_url(self) -> str:
        return f"{self.base_url}/lti/launch"

    @property
    def key_set_url(self) -> str:
        return f"{self.base_url}/.well-known/jwks.json"

    @property
    def canvas_url(self) -> str:
        return f"{self.base_url}/lti/canvas.json"

    @property
    def domain(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    def canvas_json(self) -> str:
        """The same as under `canvas_url`, to be pasted."""
        return json.dumps(self.canvas_configuration(), indent=2)

    def canvas_configuration(self) -> dict[str, object]:
        return canvas_configuration(self.base_url, self.login_url, self.launch_url, self.key_set_url)


@dataclass(frozen=True, slots=True)
class Value:
    """What goes into one field. `copy`: a line of text · `lines`: several · `choose`: something to tick or select."""

    label: str
    text: str
    kind: Literal["copy", "lines", "choose"] = "copy"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    text: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """One method; `about` says when to take it."""

    title: str
    about: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """`before`: what stops most people, said first. `ways`: one of them is enough. `after`: the rest, for all ways."""

    ways: tuple[Way, ...]
    before: tuple[str, ...] = ()
    after: tuple[Step, ...] = field(default=())


def custom_lines(family: str) -> str:
    """The custom parameters as most forms want them: one in a line."""
    return "\n".join(f"{name}={variable}" for name, variable in custom_parameters(family).items())
