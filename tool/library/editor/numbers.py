"""Numbers as teachers of any country type them, in the spelling of the assignment file."""

import re

from tool.assessment.autograding import TYPED_AS

# "1,500" is fifteen hundred in one country and one and a half in the next: a wrong guess would be a wrong key.
TWO_MEANINGS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
DECIMAL = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?((?:[eE][+-]?[0-9]{1,2})?)")


def has_two_meanings(text: str) -> bool:
    """Whether a comma may part thousands as well as decimals."""
    return TWO_MEANINGS.fullmatch(_closed_up(text)) is not None


def spell_number(text: str) -> str:
    """`0,5`, `.5`, `1 000`, `−3` as `0.5`, `0.5`, `1000`, `-3`; what is no number stays as it is."""
    plain = _closed_up(text).translate(TYPED_AS)
    found = DECIMAL.fullmatch(plain)
    if found is None or not (found[2] or found[3]):
        return plain
    sign, whole, part, exponent = found.groups()
    return f"{sign}{whole or '0'}{'.' + part if part else ''}{exponent}"


def _closed_up(text: str) -> str:
    return "".join(text.split())
