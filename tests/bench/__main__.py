"""The bench: `python -m tests.bench [part…]` measures, prints, and writes docs/figures.md when nothing is left out."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from tests.bench import hand_ins, launches, scaling, sending, waiting
from tests.bench.figures import Section, write_page
from tests.bench.machine import look_at_machine
from tests.bench.process import PRODUCT_PYTHON
from tests.bench.sizes import WHOLE, Sizes
from tests.chaos.run import end_on_signals
from tests.conftest import POSTGRES, postgres_answers

PAGE = Path(__file__).resolve().parents[2] / "docs" / "figures.md"
PARTS: dict[str, Callable[[Sizes, list[str]], Section]] = {
    "launches": launches.run,
    "sending": sending.run,
    "hand_ins": hand_ins.run,
    "waiting": waiting.run,
    "scaling": lambda sizes, _kinds: scaling.run(sizes),
}


def main(named: list[str]) -> None:
    end_on_signals()
    before, began_at = look_at_machine(), time.monotonic()
    print(f"{before}\n", flush=True)
    kinds = ["sqlite", *(["postgres"] if postgres_answers() else [])]
    if "postgres" not in kinds:
        print("No PostgreSQL answers on 127.0.0.1:5432 (PASSBACK_TEST_POSTGRES names another): SQLite alone.\n")
    sections = []
    for name in named or PARTS:
        if name == "scaling" and "postgres" not in kinds:
            continue
        print(name, flush=True)
        sections.append(PARTS[name](WHOLE, kinds))
    minutes, after = (time.monotonic() - began_at) / 60, look_at_machine()
    remarks = [*_remarks(kinds), f"The run took {minutes:.0f} minutes; load average at its end {after.load:.1f}."]
    if not named:
        write_page(PAGE, sections, before, remarks)
        print(f"\nwritten to {PAGE.name}")
    print("\n".join(remarks))


def _remarks(kinds: list[str]) -> list[str]:
    return [
        "Passback ran in an environment of its own, without what the tests bring along."
        if sys.executable != PRODUCT_PYTHON
        else "Passback ran in the environment of its tests.",
        _of_databases(kinds),
    ]


def _of_databases(kinds: list[str]) -> str:
    if "postgres" not in kinds:
        return "Without PostgreSQL: none answered."
    with psycopg.connect(POSTGRES) as connection:
        told = [connection.execute(f"SHOW {name}".encode()).fetchone() for name in ("server_version", "fsync")]
    version, fsync = (row[0] for row in told if row)
    return f"PostgreSQL {version} on the same machine, fsync {fsync}; SQLite with synchronous=FULL."


if __name__ == "__main__":
    main(sys.argv[1:])
