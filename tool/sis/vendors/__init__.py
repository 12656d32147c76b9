"""What is known beforehand of each vendor's SIS: data in files beside this one with their sources; `words` has what a
person should know.

Built from the standard and the vendors' documents; no file here was tried on the product it is named after.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from tool.errors import BadInput
from tool.sis.plain import Profile

GENERIC = "generic"


class Preset(BaseModel):
    """One vendor; what a person reads about it stands in `words`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    profile: dict[str, Any]
    sync_by_default: bool = True
    time_zone: str = ""
    """Where all its districts lie, for a vendor of one state."""
    sources: list[str]


@cache
def presets() -> Mapping[str, Preset]:
    """Every vendor by its key, the plain standard last."""
    names = sorted(one.name for one in files(__package__).iterdir() if one.name.endswith(".json"))
    keys = [name.removesuffix(".json") for name in names]
    ordered = sorted(keys, key=lambda key: (key == GENERIC, key))
    return {
        key: Preset.model_validate_json(files(__package__).joinpath(f"{key}.json").read_text("utf-8"))
        for key in ordered
    }


def profile_of(vendor: str, differs: Mapping[str, object]) -> Profile:
    """The vendor's profile with what differs for one connection; raises BadInput for what no profile can have."""
    preset = presets().get(vendor) or presets()[GENERIC]
    plain = asdict(Profile(vendor, preset.title))
    told = {name: value for name, value in differs.items() if name not in ("vendor", "title")}
    unknown = set(told) - {field.name for field in fields(Profile)}
    if unknown:
        raise BadInput(f"profile: {sorted(unknown)[0]} is not known")
    try:
        return TypeAdapter(Profile).validate_python(plain | preset.profile | told)
    except ValidationError as problem:
        first = problem.errors()[0]
        raise BadInput(f"profile: {'.'.join(str(one) for one in first['loc'])}: {first['msg']}") from None
