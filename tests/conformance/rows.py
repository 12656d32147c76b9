"""Which test proves which row: `python -m tests.conformance.rows` writes the tables of docs/security.md anew.

A test is named after its row (`test_b12_…`, `test_a32_and_a33_…`), or has the row in the ids of its parameters
(`id="A26 no audience"`). What stands in other rooms' stories, and what no test can decide, is said in `CHECKED`.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.conformance.checked import CHECKED

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- rows: begin -->", "<!-- rows: end -->"
NAMED = re.compile(r"test_((?:[ab]\d+_(?:and_|to_)?)+)(\w+)")
IN_ID = re.compile(r"([AB]\d+)\b[\s:,·]*(.*)")
SECTIONS = {
    "Login": ("A", 1, 12),
    "Bad payloads": ("A", 13, 24),
    "Claims and token, one by one": ("A", 25, 52),
    "State, nonce, replay": ("A", 53, 60),
    "Good launches": ("A", 61, 88),
    "Deep linking": ("A", 89, 96),
    "Names and roles": ("A", 97, 101),
    "Assignments and grades": ("A", 102, 114),
    "Keys, tokens, transport": ("A", 115, 123),
    "Platform storage": ("A", 124, 127),
    "Dynamic registration": ("A", 128, 130),
    "Known weaknesses": ("B", 1, 36),
}


@dataclass
class Proof:
    """What one test says of one row."""

    path: Path
    words: str
    cases: list[str] = field(default_factory=list)


def all_rows() -> list[str]:
    return [f"{letter}{number}" for letter, first, last in SECTIONS.values() for number in range(first, last + 1)]


def collect() -> dict[str, list[Proof]]:
    """Row → its tests, in the order of the files."""
    found: dict[str, list[Proof]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text("utf-8")
        if re.search(r"def test_[ab]\d|[\"'][AB]\d", text):
            try:
                tree = ast.parse(text)
            except SyntaxError:
                continue  # its rows are missing, then, and it fails by itself
            lists = {
                target.id: node.value
                for node in tree.body
                if isinstance(node, ast.Assign | ast.AnnAssign) and node.value
                for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
                if isinstance(target, ast.Name)
            }
            for test in ast.walk(tree):
                if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
                    for row, proof in proofs_of(test, lists, path.relative_to(ROOT)):
                        found[row].append(proof)
    return found


def proofs_of(test: ast.FunctionDef, lists: dict[str, ast.expr], path: Path) -> Iterator[tuple[str, Proof]]:
    named = NAMED.match(test.name)
    rows = [one.upper() for one in re.findall(r"[ab]\d+", named[1])] if named else []
    words = (named[2] if named else test.name.removeprefix("test_")).replace("_", " ")
    cases: dict[str, list[str]] = defaultdict(list)
    for text in ids_of(test, lists):
        if case := IN_ID.match(text):
            cases[case[1]].append(case[2])
    if named and "_to_" in named[1] and not cases:
        rows = between(rows[0][0], rows[0][1:], rows[-1][1:])
    # Where ids are made by a loop, the test that counts them says in its own words which rows they are.
    for letter, first, last in re.findall(
        r"\b([AB])(\d+)–[AB](\d+)\b", (ast.get_docstring(test) or "") if named else ""
    ):
        rows += between(letter, first, last)
    # "A15 to A24" with cases is of those that the cases name.
    for row in sorted(cases) if cases and named and "_to_" in named[1] else dict.fromkeys([*rows, *cases]):
        yield row, Proof(path, words, [one for one in cases.get(row, []) if one])


def between(letter: str, first: str, last: str) -> list[str]:
    return [f"{letter}{number}" for number in range(int(first), int(last) + 1)]


def ids_of(test: ast.FunctionDef, lists: dict[str, ast.expr]) -> Iterator[str]:
    """Ids of the parameters, written at the test or in a list of the same file."""
    todo: list[ast.AST] = list(test.decorator_list)
    seen: set[str] = set()
    while todo:
        for node in ast.walk(todo.pop()):
            if isinstance(node, ast.keyword) and node.arg in ("id", "ids"):
                yield from texts(ast.walk(node))
            if isinstance(node, ast.Dict):
                yield from texts(one for one in node.keys if one)
            if isinstance(node, ast.Name) and node.id in lists and node.id not in seen:
                seen.add(node.id)
                todo.append(lists[node.id])


def texts(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for one in nodes:
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def missing(found: dict[str, list[Proof]]) -> list[str]:
    """Rows without a test and without a written check."""
    return [row for row in all_rows() if row not in found and row not in CHECKED]


def tables() -> str:
    found = collect()
    lines: list[str] = []
    for title, (letter, first, last) in SECTIONS.items():
        lines += [
            f"### {title} ({letter}{first}–{letter}{last})",
            "",
            "| Row | What holds | Where |",
            "| --- | --- | --- |",
        ]
        lines += [row_line(f"{letter}{number}", found) for number in range(first, last + 1)]
        lines.append("")
    return "\n".join(lines).rstrip()


def row_line(row: str, found: dict[str, list[Proof]]) -> str:
    proofs = found.get(row, [])
    said = [one.words + (f" ({', '.join(one.cases)})" if one.cases else "") for one in proofs]
    paths = [str(one.path) for one in proofs]
    if check := CHECKED.get(row):
        said.append(check.words)
        paths += check.evidence
    where = ", ".join(f"[{path.removeprefix('tests/')}](../{path})" for path in dict.fromkeys(paths))
    return f"| {row} | {'; '.join(said).replace('|', chr(92) + '|') or '—'} | {where or '—'} |"


def page_with(text: str, generated: str) -> str:
    head, _, rest = text.partition(BEGIN)
    return f"{head}{BEGIN}\n\n{generated}\n\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(page_with(PAGE.read_text("utf-8"), tables()), "utf-8")
    print(f"{PAGE.relative_to(ROOT)} is written; rows without a test: {', '.join(missing(collect())) or 'none'}")
    sys.exit(bool(missing(collect())))
