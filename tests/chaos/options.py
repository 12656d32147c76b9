"""A run's options from the command line: one for each field of its dataclass, by its name and with its default."""

import argparse
import dataclasses
from collections.abc import Sequence
from typing import Any, TypeVar

T = TypeVar("T")


def read_options(plain: T, module: str, about: str | None, arguments: Sequence[str], **choices: Sequence[str]) -> T:
    """`plain` with what the arguments say; `choices` by the fields' names."""
    parser = argparse.ArgumentParser(
        prog=f"python -m tests.chaos.{module}", description=about, formatter_class=argparse.RawTextHelpFormatter
    )
    names = [one.name for one in dataclasses.fields(plain)]  # type: ignore[arg-type]
    for name in names:
        value: Any = getattr(plain, name)
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            type=type(value),
            default=value,
            choices=choices.get(name),
            help=f"{value} unless told",
        )
    return type(plain)(**vars(parser.parse_args(arguments)))


DATABASES = ("sqlite", "postgres")
MANNERS = ("accepting", "canvas", "moodle")
