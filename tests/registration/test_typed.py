"""What people paste: with blanks around, half of it, or the wrong one of two numbers. It is told beside the field."""

import pytest

from tool.registration.presets import PRESETS, find_preset
from tool.registration.typed import WORDS, Typed, read_typed

CANVAS = {"client_id": "10000000000001", "deployment_id": "42:8865aa05b4b79b64a91a86042e43af5ea8ae79eb"}
SCHOOLOGY = {"client_id": "8409082949", "deployment_id": "8409082949-1527876651"}


def read(key: str, typed: dict[str, str], *, allows_loopback_http: bool = False) -> Typed:
    preset = find_preset(key)
    assert preset is not None
    return read_typed(preset, typed, allows_loopback_http=allows_loopback_http)


def flaws(key: str, **typed: str) -> dict[str, str]:
    """Field → code."""
    codes = {str(words): code for code, words in WORDS.items()}
    return {name: codes[str(words)] for name, words in read(key, typed).flaws.items()}


def test_blanks_that_came_along_are_taken_off() -> None:
    typed = read("canvas", {name: f"\u200b \t{value}\u00a0\n" for name, value in CANVAS.items()})

    assert typed.flaws == {}
    assert typed.entry.client_id == CANVAS["client_id"]
    assert typed.entry.deployment_ids == (CANVAS["deployment_id"],)
    assert typed.issuer == "https://canvas.instructure.com"
    assert typed.entry.auth_token_url == "https://sso.canvaslms.com/login/oauth2/token"
    assert typed.entry.family == "canvas"


@pytest.mark.parametrize(
    ("key", "typed", "found"),
    [
        ("canvas", {"client_id": CANVAS["client_id"]}, {}),
        ("canvas", {}, {"client_id": "missing"}),
        ("canvas", {"client_id": "123"}, {"client_id": "canvas_client"}),
        ("canvas", {"client_id": "passback-1"}, {"client_id": "canvas_client"}),
        ("canvas-beta", CANVAS | {"deployment_id": "8865aa05b4"}, {"deployment_id": "canvas_deployment"}),
        ("canvas-own", CANVAS | {"site": ""}, {"site": "missing"}),
        ("schoology", SCHOOLOGY, {}),
        ("schoology", SCHOOLOGY | {"deployment_id": "1527876651"}, {"deployment_id": "schoology_deployment"}),
        ("schoology", SCHOOLOGY | {"deployment_id": "99-1527876651"}, {"deployment_id": "schoology_deployment"}),
        ("schoology", {"client_id": "abc"}, {"client_id": "digits"}),
        (
            "moodle",
            {"site": "moodle.example", "client_id": "x7", "deployment_id": "three"},
            {"deployment_id": "digits"},
        ),
        ("moodle", {"site": "http://moodle.example", "client_id": "x7"}, {"site": "not_https"}),
        ("moodle", {"site": "https://[", "client_id": "x7"}, {"site": "no_address"}),
        ("moodle", {"site": "two words", "client_id": "x7"}, {"site": "no_address"}),
        ("brightspace", {"client_id": "a-guid"}, {"site": "missing"}),
        ("blackboard", {"client_id": "a-guid", "deployment_id": "\x01"}, {"deployment_id": "unreadable"}),
        ("blackboard", {"client_id": "x" * 300}, {"client_id": "too_long"}),
        (
            "other",
            {"client_id": "x"},
            dict.fromkeys(("issuer", "auth_login_url", "auth_token_url", "key_set_url"), "missing"),
        ),
    ],
)
def test_each_slip_is_named(key: str, typed: dict[str, str], found: dict[str, str]) -> None:
    assert flaws(key, **typed) == found


@pytest.mark.parametrize(
    ("typed", "site"),
    [
        ("moodle.example.org", "https://moodle.example.org"),
        (" HTTPS://Moodle.Example.org/ ", "https://moodle.example.org"),
        ("https://example.org/moodle/", "https://example.org/moodle"),
    ],
)
def test_a_moodle_is_known_by_its_address(typed: str, site: str) -> None:
    read_back = read("moodle", {"site": typed, "client_id": "x7", "deployment_id": "3"})

    assert read_back.flaws == {}
    assert read_back.issuer == site
    assert read_back.entry.auth_login_url == f"{site}/mod/lti/auth.php"
    assert read_back.entry.auth_token_url == f"{site}/mod/lti/token.php"
    assert read_back.entry.key_set_url == f"{site}/mod/lti/certs.php"


def test_brightspace_has_its_constant_audience() -> None:
    typed = read("brightspace", {"site": "https://school.brightspace.com/d2l/home", "client_id": "a-guid"})

    assert typed.flaws == {}
    assert typed.entry.auth_audience == "https://api.brightspace.com/auth/token"
    assert typed.entry.auth_token_url == "https://auth.brightspace.com/core/connect/token"
    assert typed.entry.auth_login_url == "https://school.brightspace.com/d2l/lti/authenticate"
    assert typed.issuer == "https://school.brightspace.com"


def test_a_canvas_of_ones_own_may_have_kept_the_usual_issuer() -> None:
    usual = read("canvas-own", CANVAS | {"site": "canvas.school.example"})
    named = read("canvas-own", CANVAS | {"site": "canvas.school.example", "issuer": "https://canvas.school.example"})

    assert (usual.flaws, named.flaws) == ({}, {})
    assert usual.issuer == "https://canvas.instructure.com"
    assert named.issuer == "https://canvas.school.example"
    assert usual.entry.key_set_url == "https://canvas.school.example/api/lti/security/jwks"


def test_of_an_unknown_lms_everything_is_typed() -> None:
    lms = "http://127.0.0.1:9000"
    addresses = {"auth_login_url": f"{lms}/auth", "auth_token_url": f"{lms}/token", "key_set_url": f"{lms}/jwks"}
    typed = {"issuer": lms, "client_id": "passback-demo", "family": "canvas", "name": "Demo", **addresses}
    entry = read("other", typed, allows_loopback_http=True).entry

    assert read("other", typed, allows_loopback_http=True).flaws == {}
    assert (entry.family, entry.name, entry.auth_audience) == ("canvas", "Demo", None)
    assert set(flaws("other", **typed)) == set(addresses), "in production they must be encrypted"
    assert read("other", typed | {"family": "invented"}, allows_loopback_http=True).entry.family == "unknown"


def test_what_is_not_asked_for_cannot_be_slipped_in() -> None:
    evil = dict.fromkeys(("issuer", "auth_token_url", "key_set_url", "auth_audience"), "https://evil.example")
    typed = read("canvas", CANVAS | evil | {"family": "moodle"})

    assert typed.issuer == "https://canvas.instructure.com"
    assert "evil" not in repr(typed.entry)
    assert typed.entry.family == "canvas"


def test_every_preset_has_its_source_and_a_name_of_its_own() -> None:
    assert len({preset.key for preset in PRESETS}) == len(PRESETS) == 9
    assert all(preset.source.startswith("https://") for preset in PRESETS)
    assert find_preset("nonsense") is None
