"""Is a request one of the Assignment and Grade Services? Asked of 1EdTech's own OpenAPI file, by openapi-core.

The file is not part of the project: the folder that PASSBACK_ORACLE_DIR names has it, or nothing is checked.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

FOLDER = "PASSBACK_ORACLE_DIR"
FILE_NAME = "ims_lti_ags_v2p0_openapi3_v1p0.json"
SCORE = "application/vnd.ims.lis.v1.score+json"
LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"

HOST = "https://lms.example"
ADDRESSES = {
    "scores": "/course/lineitems/7/scores",
    "results": "/course/lineitems/7/results",
    "line items": "/course/lineitems",
    "line item": "/course/lineitems/7",
}
ANSWERED_IN = {
    "GET results": RESULTS,
    "GET line items": LINE_ITEMS,
    "POST line items": LINE_ITEM,
    "GET line item": LINE_ITEM,
    "PUT line item": LINE_ITEM,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it arrived."""

    method: str
    target: str
    accept: str
    content_type: str
    body: bytes

    @property
    def subject(self) -> str:
        """What it is about. Addresses are each LMS's own, only their ends are the standard's [AGS §3.3.4, §3.4.4]."""
        end = self.target.partition("?")[0].rpartition("/")[2]
        if end in ("scores", "results"):
            return end
        if "lineitemcontainer" in self.accept or self.method == "POST":
            return "line items"
        return "line item"


class OnPaper:
    """The request at the addresses of the OpenAPI file, as openapi-core wants to see it."""

    host_url = HOST

    def __init__(self, asked: Asked) -> None:
        self.path = ADDRESSES[asked.subject]
        self.method = asked.method.lower()
        self.content_type = asked.content_type.partition(";")[0].strip()
        self.body = asked.body or None
        query = ImmutableMultiDict(parse_qsl(asked.target.partition("?")[2], keep_blank_values=True))
        self.parameters = RequestParameters(query=query, header=Headers(), cookie=ImmutableMultiDict())


def oracle_file() -> Path | None:
    """1EdTech's file; None where no folder was named. Raises FileNotFoundError if it is not in the folder."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return None
    path = Path(folder) / FILE_NAME
    if not path.is_file():
        raise FileNotFoundError(f"{FOLDER} names {folder}, and {FILE_NAME} is not in it")
    return path


@cache
def rules(path: Path) -> OpenAPI:
    """The file as rules. It is not itself valid OpenAPI (its Link headers lack a schema): that is not asked of it."""
    read: dict[str, Callable[[bytes], Any]] = dict.fromkeys((SCORE, LINE_ITEM), read_strictly)
    config = Config(spec_validator_cls=None, extra_media_type_deserializers=read)
    return OpenAPI.from_dict(json.loads(path.read_text()), config=config)


def complaints(asked: Asked, path: Path) -> Iterator[str]:
    """What is wrong with a request, in words."""
    try:
        rules(path).validate_request(OnPaper(asked))
    except OpenAPIError as problem:
        yield _in_words(problem)
    except ValueError as problem:
        yield f"its body is no JSON: {problem}"
    # What the file says in its descriptions only.
    if asked.method in ("POST", "PUT") and not asked.body:
        yield "it has no body"
    answered_in = ANSWERED_IN.get(f"{asked.method} {asked.subject}")
    if answered_in and answered_in not in asked.accept:
        yield f"it does not accept {answered_in}"
    if asked.subject == "scores":
        yield from _complaints_of_score(asked.body)


def _complaints_of_score(body: bytes) -> Iterator[str]:
    try:
        score = json.loads(body)
    except ValueError:
        return
    if isinstance(score, dict) and "scoreGiven" in score:
        if "scoreMaximum" not in score:
            yield "scoreGiven without scoreMaximum"
        if isinstance(score["scoreGiven"], int | float) and score["scoreGiven"] < 0:
            yield "scoreGiven below 0"


def read_strictly(body: bytes) -> Any:
    """JSON as the standard has it: Python's own reader also takes NaN and Infinity."""
    return json.loads(body, parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _in_words(problem: Exception) -> str:
    cause = problem.__cause__ or problem
    flaws = [str(flaw.message) for flaw in getattr(cause, "schema_errors", ())]
    return "; ".join(flaws) or str(cause)


def read_arrivals(text: str) -> list[Asked]:
    """Lines of the witness's file."""
    return [
        Asked(one["method"], one["target"], one["accept"], one["content-type"], one["body"].encode("latin-1"))
        for one in map(json.loads, text.splitlines())
    ]
