"""What a SIS complains of, read with patience: the standard's status object in any letter case and any envelope, other
habits of JSON, or a page."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tool.lti.answers import is_html
from tool.outbound import Answer
from tool.sis.oneroster.json_text import read_json

_MAX_CHARACTERS = 4000
_MAX_ENTRIES = 500
_SAYING = re.compile(
    r"(error)?(description|message|details?)|errors?|reason|exceptionmessage|messagedetail|title|warnings?"
)
_TAGS = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Complaint:
    """`major` and `minors` are the standard's codes as bare lower-case letters; `text` is lower case too."""

    major: str
    minors: frozenset[str]
    text: str
    is_page: bool = False
    is_json: bool = False

    @property
    def is_failure(self) -> bool:
        """Whether it says of itself that nothing was done, whatever the status of the answer."""
        return self.major in ("failure", "unsupported")


def read_complaint(answer: Answer) -> Complaint:
    """Whatever can be read from an answer; an empty complaint if it is none."""
    if is_html(answer):
        text = _TAGS.sub(" ", answer.text()[: 5 * _MAX_CHARACTERS])
        return Complaint("", frozenset(), _tidy(text), is_page=True)
    try:
        told = read_json(answer)
    except ValueError:
        return Complaint("", frozenset(), _tidy(answer.text()[:_MAX_CHARACTERS]))
    major, minors, said = "", set(), []
    for name, value in _walk(told):
        if name == "codemajor":
            major = _letters(value)
        elif name in ("codeminorfieldvalue", "codeminor"):
            minors.add(_letters(value))
        elif _SAYING.fullmatch(name):
            said.append(value)
    text = " ".join(said) or answer.text()[:_MAX_CHARACTERS]
    return Complaint(major, frozenset(minors), _tidy(text), is_json=True)


def _walk(value: object) -> Iterator[tuple[str, str]]:
    """Every text below with the bare name of what it stands under; a list's texts stand under the list's name."""
    waiting: list[tuple[str, object]] = [("", value)]
    for _ in range(_MAX_ENTRIES):
        if not waiting:
            return
        name, one = waiting.pop(0)
        if isinstance(one, str):
            yield name, one
        elif isinstance(one, Mapping):
            waiting += [(_letters(str(key)).removeprefix("imsx"), inner) for key, inner in one.items()]
        elif isinstance(one, list):
            waiting += [(name, inner) for inner in one]


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


def _tidy(text: str) -> str:
    return " ".join(text.lower().split())[:_MAX_CHARACTERS]
