"""Choosing for the LMS, as the standard has it: what is asked for, and the signed answer. [DL §4.4, §4.5]"""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import jwt
import pytest

from tests.lti.paper_lms import make_facts, refusal, rsa_key
from tool.lti import vocabulary as v
from tool.lti.deep_linking import (
    ChoiceRequest,
    ChosenItem,
    Envelope,
    check_request,
    make_item,
    read_deep_linking,
    return_origin,
    sign_answer,
)
from tool.lti.tool_keys import SigningKey

RETURN = "https://lms.example/courses/2/deep_link?data=kept"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEY = SigningKey("our-key", rsa_key("tool"))
FRACTIONS = ChosenItem("fractions", "Fractions", Decimal("12.5"), due_at=None, closes_at=None)


def ask(*, family: str = "unknown", allows_loopback: bool = False, **settings: Any) -> ChoiceRequest:
    """A request, read and checked; the settings of every LMS, some of them changed or (None) left out."""
    plain: dict[str, Any] = {
        "deep_link_return_url": RETURN,
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe", "window"],
    }
    told = {name: value for name, value in (plain | settings).items() if value is not None}
    claims = read_deep_linking({v.DEEP_LINKING_SETTINGS: told})
    return check_request(claims, family=family, allows_loopback=allows_loopback)


def envelope(family: str = "unknown", **changes: Any) -> Envelope:
    plain: dict[str, Any] = {
        "platform": make_facts(family=family),
        "deployment_id": "course-install",
        "launch_url": "https://tool.example/lti/launch",
        "data": None,
        "accepts_line_items": True,
        "nonce": "nonce-of-this-choice",
        "chosen_at": NOON,
    }
    return Envelope(**(plain | changes))


def read_answer(token: str) -> dict[str, Any]:
    """As an LMS reads it, which has our public key."""
    claims: dict[str, Any] = jwt.decode(
        token,
        rsa_key("tool").public_key(),
        algorithms=["RS256"],
        audience="https://lms.example",
        options={"verify_exp": False, "verify_iat": False},
    )
    return claims


def test_the_answer_says_all_that_the_standard_asks_a90() -> None:
    """A90"""
    token = sign_answer(envelope(data=" kept <as> it is "), [FRACTIONS], KEY)

    answer = read_answer(token)
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "typ": "JWT", "kid": "our-key"}
    assert (answer["iss"], answer["aud"]) == ("passback-1", "https://lms.example")
    assert answer["exp"] - answer["iat"] <= 600
    assert answer["iat"] <= NOON.timestamp() < answer["exp"]
    assert answer["nonce"] == "nonce-of-this-choice"
    assert answer[v.DEPLOYMENT_ID] == "course-install"
    assert answer[v.LTI_VERSION] == "1.3.0"
    assert answer[v.MESSAGE_TYPE] == "LtiDeepLinkingResponse"
    assert answer[v.DEEP_LINKING_DATA] == " kept <as> it is "
    [item] = answer[v.CONTENT_ITEMS]
    assert (item["type"], item["title"], item["url"]) == ("ltiResourceLink", "Fractions", envelope().launch_url)
    assert item["custom"]["assignment"] == "fractions"


@pytest.mark.parametrize(("given", "echoed"), [(None, {}), ("", {v.DEEP_LINKING_DATA: ""})])
def test_data_is_echoed_only_when_it_was_given_a90(given: str | None, echoed: dict[str, str]) -> None:
    """A90: PyLTI1p3 answers null where nothing was said."""
    answer = read_answer(sign_answer(envelope(data=ask(data=given).data), [], KEY))

    assert {name: value for name, value in answer.items() if name == v.DEEP_LINKING_DATA} == echoed


def test_one_choice_has_one_answer_letter_for_letter() -> None:
    assert sign_answer(envelope(), [FRACTIONS], KEY) == sign_answer(envelope(), [FRACTIONS], KEY)


def test_nothing_chosen_is_an_empty_list_a94() -> None:
    """A94"""
    assert read_answer(sign_answer(envelope(), [], KEY))[v.CONTENT_ITEMS] == []


@pytest.mark.parametrize("types", [["html", "link"], [], None, "ltiResourceLink"])
def test_links_are_offered_only_where_they_are_taken_a91(types: Any) -> None:
    """A91"""
    assert not ask(accept_types=types).accepts_links
    assert ask(accept_types=["html", "ltiResourceLink"]).accepts_links


@pytest.mark.parametrize(
    ("told", "taken"), [(True, True), ("true", True), (False, False), ("false", False), (1, False)]
)
def test_several_are_taken_only_where_the_lms_says_so_a92(told: Any, taken: bool) -> None:
    """A92"""
    assert ask(accept_multiple=told).accepts_several is taken
    assert not ask().accepts_several


def test_a_column_comes_along_only_where_the_lms_takes_it_a92() -> None:
    """A92: false and absent mean none. Moodle, Schoology and Canvas never say that they take one, and do."""
    assert ask(accept_lineitem=True).accepts_line_items
    assert [ask(family=one).accepts_line_items for one in ("unknown", "blackboard", "brightspace")] == [False] * 3
    assert all(ask(family=one).accepts_line_items for one in ("moodle", "schoology", "canvas"))
    assert not any(ask(family=one, accept_lineitem=False).accepts_line_items for one in ("moodle", "unknown"))
    assert "lineItem" not in make_item(envelope(accepts_line_items=False), FRACTIONS)


def test_the_column_is_ours_and_worth_the_points_a93() -> None:
    """A93"""
    item: Any = make_item(envelope("canvas"), FRACTIONS)

    assert item["lineItem"] == {
        "scoreMaximum": 12.5,
        "label": "Fractions",
        "resourceId": "fractions",
        "tag": "fractions",
    }


@pytest.mark.parametrize(
    ("points", "column"),
    [("20", 20), ("12.5", 13), ("7.5", 8), ("7.4", 7), ("250", 100), ("100.4", 100), ("0.25", 1), ("0.5", 1)],
)
def test_moodle_gets_whole_numbers_up_to_a_hundred_a93(points: str, column: int) -> None:
    """A93: anything else is refused on saving, or makes a column that swallows every score."""
    item: Any = make_item(envelope("moodle"), replace(FRACTIONS, points=Decimal(points)))

    assert item["lineItem"]["scoreMaximum"] == column
    assert isinstance(item["lineItem"]["scoreMaximum"], int)


def test_due_is_not_locked() -> None:
    """The end of an item's availability locks it on Canvas and on Schoology, results included."""
    dated = replace(FRACTIONS, due_at=NOON, closes_at=NOON.replace(hour=18))
    for family in ("canvas", "schoology", "unknown"):
        assert make_item(envelope(family), dated)["submission"] == {"endDateTime": "2026-03-02T12:00:00.000Z"}

    assert "available" not in make_item(envelope("canvas"), dated)
    assert "available" not in make_item(envelope("schoology"), dated)
    assert make_item(envelope(), dated)["available"] == {"endDateTime": "2026-03-02T18:00:00.000Z"}
    assert {"submission", "available"}.isdisjoint(make_item(envelope(), FRACTIONS))


def test_the_link_brings_what_its_launches_are_to_tell() -> None:
    """Schoology repeats only the parameters that came with the link."""
    custom: Any = make_item(envelope("schoology"), FRACTIONS)["custom"]

    assert custom["context_id_history"] == "$Context.id.history"
    assert custom["resource_link_id_history"] == "$ResourceLink.id.history"
    assert custom["due_at"] == "$com.schoology.Assignment.dueDateIso"


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "http://lms.example/back", "http://localhost/back", "//lms.example/back"),
        *("https://ada@lms.example/back", "https://lms.example;x/back", "https:///back", "data:text/html,x", "back"),
        *("https://lms.example'/back", "HTTPS://lms.exämple/back"),
    ],
)
def test_an_unsafe_return_address_is_refused_a96(url: str) -> None:
    """A96: nor one that would write itself into the content policy."""
    assert refusal(lambda: ask(deep_link_return_url=url)).code == "deep_linking.return_url"


def test_what_cannot_be_an_address_is_refused_a96() -> None:
    """A96"""
    assert refusal(lambda: ask(deep_link_return_url=None)).code == "claim.missing:deep_link_return_url"
    assert refusal(lambda: ask(deep_link_return_url=["x"])).code == "claim.invalid:deep_link_return_url"
    assert refusal(lambda: ask(deep_link_return_url="https://lms.example/\n")).code.startswith("claim.invalid")


def test_https_of_any_host_is_taken_as_it_stands_a96() -> None:
    """A96: it came signed. Canvas's carries the data in its query, which stays."""
    url = "https://School.example:8443/back?data=%7B%22a%22%3A1%7D&x=1#f"

    assert ask(deep_link_return_url=url).return_url == url
    assert return_origin(url) == "https://school.example:8443"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:9000", "[::1]:9000"])
def test_in_development_the_lms_may_be_on_this_machine(host: str) -> None:
    assert ask(deep_link_return_url=f"http://{host}/back", allows_loopback=True).return_url == f"http://{host}/back"
    assert refusal(lambda: ask(deep_link_return_url="http://localhost.example/", allows_loopback=True))


@pytest.mark.parametrize("data", [7, {"a": 1}, "half \ud800", "nul \0"])
def test_data_that_could_not_be_given_back_is_refused(data: object) -> None:
    assert refusal(lambda: ask(data=data)).code == "claim.invalid:data"


@pytest.mark.parametrize("settings", [None, [], "settings", {}])
def test_a_request_without_settings_is_refused(settings: object) -> None:
    claims = read_deep_linking({v.DEEP_LINKING_SETTINGS: settings})

    refused = refusal(lambda: check_request(claims, family="moodle", allows_loopback=True))
    assert refused.code == "claim.missing:deep_linking_settings"
