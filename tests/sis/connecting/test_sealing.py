"""Secrets at rest."""

import pytest

from tool.sis.connecting.sealing import CannotOpen, Sealing

HERE, ELSEWHERE = Sealing("a" * 40), Sealing("b" * 40)


def test_what_is_sealed_can_be_opened_here_and_read_nowhere() -> None:
    sealed = HERE.seal("hunter2")

    assert "hunter2" not in sealed
    assert Sealing("a" * 40).open(sealed) == "hunter2"


@pytest.mark.parametrize(
    "sealed",
    [ELSEWHERE.seal("hunter2"), "", "nonsense", HERE.seal("hunter2")[:-4]],
    ids=["elsewhere", "empty", "nonsense", "cut"],
)
def test_what_was_sealed_elsewhere_or_is_damaged_is_said_so(sealed: str) -> None:
    with pytest.raises(CannotOpen, match="cannot be opened"):
        HERE.open(sealed)
