"""What the tool asked of gradebooks, written down where it arrives: every pretend LMS of the tests tells it here.

One file for a test run, named by the environment so that the processes of the tests write into the same one. Nothing is
written where nobody named a file. Knows the standard library only: Open edX's platform runs without our packages.
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

FILE = "AGS_WITNESS_FILE"
OURS = "Passback/"
OTHER_SERVICES = "membershipcontainer"
AGS_TYPES = re.compile(r"vnd\.ims\.lis\.v\d\.(lineitem|lineitemcontainer|score|result|resultcontainer)\b")
AGS_PATHS = re.compile(r"/(scores|results)$|/(line_?items?|columns)(/|$)")

Application = Callable[[Any, Any], Any]
_read_up_to: dict[str, int] = {}


def saw(method: str, target: str, headers: Mapping[str, str], body: bytes) -> None:
    """A request arrived; `target` is its path with its query. Kept if the tool asked it of a gradebook."""
    path = os.environ.get(FILE)
    if path is None:
        return
    told = {name.lower(): value for name, value in headers.items()}
    if is_about_grades(target, told):
        kept = {"method": method, "target": target, "body": body.decode("latin-1")}
        kept |= {name: told.get(name, "") for name in ("accept", "content-type")}
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(kept) + "\n")


def arrived_since() -> str:
    """The whole lines that were written since this was asked last."""
    path = os.environ[FILE]
    with Path(path).open("rb") as file:
        file.seek(_read_up_to.get(path, 0))
        lines, ended, _unfinished = file.read().rpartition(b"\n")
        _read_up_to[path] = _read_up_to.get(path, 0) + len(lines + ended)
    return lines.decode()


def is_about_grades(target: str, headers: Mapping[str, str]) -> bool:
    """By media type or by address, so that a wrong one of the two hides nothing. What the tests themselves ask of a
    pretend LMS, to try it, is not the tool's."""
    types = f"{headers.get('accept', '')} {headers.get('content-type', '')}"
    if not headers.get("user-agent", "").startswith(OURS) or OTHER_SERVICES in types:
        return False
    return bool(AGS_TYPES.search(types) or AGS_PATHS.search(target.partition("?")[0]))


def witnessed(application: Application) -> Application:
    """The same WSGI application, with what it is asked written down."""

    def meet(environ: Any, start: Any) -> Any:
        if os.environ.get(FILE):
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            query = environ.get("QUERY_STRING", "")
            target = environ["PATH_INFO"] + (f"?{query}" if query else "")
            saw(environ["REQUEST_METHOD"], target, _headers(environ), body)
        return application(environ, start)

    return meet


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    named = {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
    return named | {"content-type": environ.get("CONTENT_TYPE", "")}
