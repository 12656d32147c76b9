"""The page about faults names tests that exist."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "reliability.md").read_text()


def names_of_tests() -> set[str]:
    trees = [ast.parse(path.read_text()) for path in (ROOT / "tests").rglob("test_*.py")]
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_fault_is_shown_by_a_test_that_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE))

    assert len(named) > 30
    assert named - names_of_tests() == set()


def test_every_fault_is_spoken_of() -> None:
    assert {int(number) for number in re.findall(r"\bF(\d+)\b", PAGE)} == set(range(1, 36))
