"""What is known beforehand of each vendor."""

import pytest

from tool.errors import BadInput
from tool.sis.vendors import GENERIC, presets, profile_of

VENDORS = ["aeries", "aspire", "eschoolplus", "infinite_campus", "powerschool", "skyward", GENERIC]


def test_the_vendors_that_are_known() -> None:
    assert list(presets()) == VENDORS


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_preset_is_a_profile_and_names_its_sources(vendor: str) -> None:
    assert profile_of(vendor, {}).vendor == vendor
    assert presets()[vendor].sources


@pytest.mark.parametrize(
    ("vendor", "field", "value"),
    [
        ("infinite_campus", "vendor_header", "x-vendor-authorization"),
        ("infinite_campus", "whole_points", True),
        ("aspire", "title_limit", 30),
        ("aspire", "needs_email", True),
        ("powerschool", "line_item_metadata", {"scoreType": "POINTS"}),
        ("eschoolplus", "auth", "oauth1"),
        (GENERIC, "title_limit", None),
    ],
)
def test_what_the_vendors_documents_say(vendor: str, field: str, value: object) -> None:
    assert getattr(profile_of(vendor, {}), field) == value


def test_a_connection_may_differ_in_single_fields() -> None:
    assert profile_of("aspire", {"title_limit": 50}).title_limit == 50
    assert profile_of("aspire", {"title_limit": 50}).needs_email


@pytest.mark.parametrize("differs", [{"colour": "red"}, {"ids": "mine"}, {"page_size": "many"}])
def test_what_no_profile_can_have_is_refused(differs: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="profile: "):
        profile_of(GENERIC, differs)
