"""What the tool says when it refuses something, read out of its own source: every error for a person that is made with
words. Those made with a code have their words in a catalogue, and are not found here."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.stage import ROOT

BASE = "PassbackError"
SPOKEN = {"gettext", "lazy_gettext", "ngettext", "_", "str"}
# A pretend LMS and SIS refuse on purpose; nobody's school has them.
PRETENDING = ("demo_lms", "demo_sis")
# Here which question or field is meant stands in front of the words.
ABOUT_A_FIELD = {"KeyRefused", "ChoiceRefused"}


class Refusal(NamedTuple):
    """`file` within `tool`; a part that is filled in when it happens is an ellipsis."""

    file: str
    kind: str
    message: str
    hint: str


def error_classes() -> set[str]:
    """The names of all that derive from the base of errors a person may read."""
    bases = {
        node.name: {ast.unparse(one).rpartition(".")[2] for one in node.bases}
        for _, tree in _modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {BASE}
    while True:
        more = {name for name, above in bases.items() if above & found} - found
        if not more:
            return found
        found |= more


def said_refusals() -> list[Refusal]:
    """Sorted, each wording once per file."""
    classes = error_classes()
    found = {one for file, tree in _modules() for one in _refusals_of(file, tree, classes)}
    return sorted(found)


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / "tool").rglob("*.py")):
        file = path.relative_to(ROOT / "tool")
        if file.parts[0] not in PRETENDING:
            yield str(Path(file)), ast.parse(path.read_text("utf-8"))


def _refusals_of(file: str, tree: ast.Module, classes: set[str]) -> Iterator[Refusal]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in classes:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Call) and ast.unparse(inner.func) == "super().__init__":
                    yield from _refusal(file, node.name, inner)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in classes:
            yield from _refusal(file, node.func.id, node)


def _refusal(file: str, kind: str, call: ast.Call) -> Iterator[Refusal]:
    words = [_read(one) for one in call.args[:2]]
    said = words[1:] if kind in ABOUT_A_FIELD else words
    # A single word is a code.
    if said and " " in said[0]:
        yield Refusal(file, kind, said[0], said[1] if len(said) > 1 else "")


def _read(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_read(one) for one in node.values)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SPOKEN and node.args:
        return _read(node.args[0])
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
        return _read(node.left) if isinstance(node.op, ast.Mod) else _read(node.left) + _read(node.right)
    return "…"
