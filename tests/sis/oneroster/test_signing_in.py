"""Who we are: tokens, constant bearers, signatures, the vendor's own header; what is renewed and what is given up."""

import base64
import hmac
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, unquote

import pytest
import time_machine

from tests.sis.oneroster.columns import COLUMN, SCORE
from tests.sis.oneroster.conftest import SECRET, with_profile
from tests.sis.oneroster.pretend_sis import GRADEBOOK, OLD, ROSTERING, STORED, PretendSis, Received, Reply, complain
from tool.outbound import Outbound
from tool.sis.oneroster.client import OneRoster
from tool.sis.oneroster.tokens import TokenShelf
from tool.sis.plain import Access, SisError

SCOPES = "https://purl.imsglobal.org/spec/or/v1p2/scope/"
WANTED = {SCOPES + name for name in ("roster.readonly", "gradebook.readonly", "gradebook.createput")}
COLUMN_PATH = f"{GRADEBOOK}/lineItems/{COLUMN.sourced_id}"
NO_CATEGORIES = Reply(200, {"categories": []}, {"X-Total-Count": "0"})


def token(value: str = "token-1", **more: Any) -> Reply:
    return Reply(200, {"access_token": value, "token_type": "bearer", "expires_in": 3600} | more)


def failure(client: OneRoster) -> SisError:
    with pytest.raises(SisError) as caught:
        client.put_line_item(COLUMN)
    return caught.value


def test_a_token_is_asked_for_as_the_standard_says(sis: PretendSis, client: OneRoster) -> None:
    granted = client.ask_token()
    (asked,) = sis.asked("POST", "/token")
    form = parse_qs(asked.body.decode())

    assert granted == WANTED
    assert asked.headers["Authorization"] == "Basic " + base64.b64encode(f"passback:{SECRET}".encode()).decode()
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert form["grant_type"] == ["client_credentials"]
    assert set(form["scope"][0].split(" ")) == WANTED


@pytest.mark.parametrize(
    ("told", "granted"),
    [
        ({"scope": SCOPES + "roster.readonly"}, {SCOPES + "roster.readonly"}),
        ({"scope": "roster.readonly gradebook.readonly"}, {SCOPES + "roster.readonly", SCOPES + "gradebook.readonly"}),
        ({"scope": [SCOPES + "roster.readonly"]}, {SCOPES + "roster.readonly"}),
        ({"scope": ""}, WANTED),
        ({}, WANTED),
    ],
)
def test_what_was_granted_is_what_the_sis_says(
    sis: PretendSis, client: OneRoster, told: dict[str, Any], granted: set[str]
) -> None:
    sis.on("POST", "/token", token(**told))

    assert client.ask_token() == granted


def test_the_right_to_delete_is_asked_for_only_when_something_is_deleted(sis: PretendSis, client: OneRoster) -> None:
    path = f"{GRADEBOOK}/results/r-1"
    sis.on("PUT", COLUMN_PATH, STORED)
    sis.on("DELETE", path, Reply(204))
    client.put_line_item(COLUMN)
    client.delete_result("r-1")
    first, second = (set(parse_qs(one.body.decode())["scope"][0].split()) for one in sis.asked("POST", "/token"))

    assert second - first == {SCOPES + "gradebook.delete"}
    assert len(sis.asked("DELETE", path)) == 1


def test_a_token_serves_until_shortly_before_its_end(sis: PretendSis, client: OneRoster) -> None:
    sis.on("POST", "/token", token("one", expires_in="600"), token("two", expires_in=600))
    sis.on("PUT", COLUMN_PATH, STORED)
    with time_machine.travel(datetime(2026, 11, 20, 6, tzinfo=UTC), tick=False) as clock:
        for seconds in (0, 565, 6):
            clock.shift(timedelta(seconds=seconds))
            client.put_line_item(COLUMN)

    sent = [one.headers["Authorization"] for one in sis.asked("PUT", COLUMN_PATH)]
    assert sent == ["Bearer one", "Bearer one", "Bearer two"]


@pytest.mark.parametrize("lifetime", [None, "soon", 0, -1, True, 1.5, [], "9" * 5000])
def test_a_lifetime_that_is_none_is_an_hour(sis: PretendSis, client: OneRoster, lifetime: Any) -> None:
    sis.on("POST", "/token", token(expires_in=lifetime))
    sis.on("PUT", COLUMN_PATH, STORED)
    for _ in range(2):
        client.put_line_item(COLUMN)

    assert len(sis.asked("POST", "/token")) == 1


def test_clients_of_one_process_share_a_shelf_but_not_with_other_credentials(
    sis: PretendSis, access: Access, outbound: Outbound
) -> None:
    shelf = TokenShelf()
    sis.on("PUT", COLUMN_PATH, STORED)
    for one in (access, access, replace(access, secret="another")):
        OneRoster(one, outbound, tokens=shelf).put_line_item(COLUMN)

    assert len(sis.asked("POST", "/token")) == 2


def test_four_at_once_ask_for_one_token(sis: PretendSis, client: OneRoster) -> None:
    sis.on("PUT", COLUMN_PATH, STORED)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: client.put_line_item(COLUMN), range(8))) == {COLUMN.sourced_id}

    assert len(sis.asked("POST", "/token")) == 1


def test_a_refused_token_is_renewed_once(sis: PretendSis, client: OneRoster) -> None:
    sis.on("POST", "/token", token("old"), token("new"))
    sis.on("PUT", COLUMN_PATH, complain(401), STORED)
    client.put_line_item(COLUMN)

    sent = [one.headers["Authorization"] for one in sis.asked("PUT", COLUMN_PATH)]
    assert sent == ["Bearer old", "Bearer new"]
    assert len({one.body for one in sis.asked("PUT", COLUMN_PATH)}) == 1


def test_four_refused_at_once_renew_once(sis: PretendSis, client: OneRoster) -> None:
    sis.on("POST", "/token", token("old"), token("new"))
    sis.on("PUT", COLUMN_PATH, lambda one: STORED if one.headers["Authorization"] == "Bearer new" else complain(401))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: client.put_line_item(COLUMN), range(4)))

    assert len(sis.asked("POST", "/token")) == 2


def test_refused_twice_nothing_more_is_asked(sis: PretendSis, client: OneRoster) -> None:
    sis.on("PUT", COLUMN_PATH, complain(401, "Token token-1 is not welcome"))
    error = failure(client)

    assert (error.kind, error.code, error.status) == ("sign_in_again", "auth.expired", 401)
    assert len(sis.asked("PUT", COLUMN_PATH)) == len(sis.asked("POST", "/token")) == 2
    assert "token-1" not in error.excerpt


def test_refused_credentials_are_told_without_the_secret(sis: PretendSis, client: OneRoster) -> None:
    sis.on("POST", "/token", Reply(401, {"error": "invalid_client", "secret": SECRET}))
    error = failure(client)

    assert (error.kind, error.code) == ("sign_in_again", "auth.expired")
    assert "invalid_client" in error.excerpt
    assert SECRET not in error.excerpt
    assert SECRET not in str(error)
    assert sis.asked("PUT", COLUMN_PATH) == []


def test_a_missing_token_address_is_an_address_to_mend(access: Access, outbound: Outbound) -> None:
    assert failure(OneRoster(replace(access, token_url=None), outbound)).code == "sis.route"


def test_a_constant_bearer_is_never_renewed(sis: PretendSis, old_access: Access, outbound: Outbound) -> None:
    path = f"{OLD}/lineItems/{COLUMN.sourced_id}"
    sis.on("PUT", path, complain(401, f"who is {SECRET}?"))
    client = OneRoster(old_access, outbound)
    error = failure(client)

    assert (error.kind, error.code) == ("sign_in_again", "auth.expired")
    assert [one.headers["Authorization"] for one in sis.asked("PUT", path)] == [f"Bearer {SECRET}"]
    assert sis.asked("POST", "/token") == []
    assert SECRET not in error.excerpt
    assert client.ask_token() == frozenset()


def test_1_1_by_oauth2_asks_for_the_scopes_of_1_1(sis: PretendSis, old_access: Access, outbound: Outbound) -> None:
    """Aeries."""
    aeries = replace(old_access, auth="oauth2", token_url=sis.url + "/token")

    assert OneRoster(aeries, outbound).ask_token() == {one.replace("v1p2", "v1p1") for one in WANTED}


def test_a_signed_request_arrives_signed(sis: PretendSis, old_access: Access, outbound: Outbound) -> None:
    """The signature's own tests are beside its room; here, that what is signed is what is sent."""
    path = f"{OLD}/lineItems/{COLUMN.sourced_id}"
    sis.on("PUT", path, STORED)
    OneRoster(replace(old_access, auth="oauth1"), outbound).put_line_item(COLUMN)
    (asked,) = sis.asked("PUT", path)

    assert asked.headers["Authorization"].startswith('OAuth oauth_consumer_key="passback"')
    assert is_signed(asked, sis.url)


def test_a_signed_query_is_signed_too(sis: PretendSis, old_access: Access, outbound: Outbound) -> None:
    sis.on("GET", f"{OLD}/teachers", Reply(200, {"users": [{"sourcedId": "t-1", "email": "ada+x@school.example"}]}))
    client = OneRoster(replace(old_access, auth="oauth1", signature_method="HMAC-SHA256"), outbound)

    assert client.find_teacher_id("ada+x@school.example") == "t-1"
    assert all(is_signed(one, sis.url) for one in sis.asked("GET", f"{OLD}/teachers"))


def is_signed(asked: Received, host: str) -> bool:
    """Reckoned anew from the request as it arrived, with the standard library alone."""
    told = {k: unquote(v) for k, v in re.findall(r'(\w+)="([^"]*)"', asked.headers["Authorization"])}
    signature = told.pop("oauth_signature")
    pairs = sorted((quote(k, safe="~"), quote(v, safe="~")) for k, v in [*asked.query, *told.items()])
    joined = "&".join(f"{k}={v}" for k, v in pairs)
    base = "&".join(quote(part, safe="~") for part in (asked.method, host + asked.path, joined))
    hashed = told["oauth_signature_method"].removeprefix("HMAC-").lower()
    key = quote(SECRET, safe="~") + "&"
    return signature == base64.b64encode(hmac.new(key.encode(), base.encode(), hashed).digest()).decode()


def test_the_vendors_header_goes_with_every_gradebook_request_and_no_other(
    sis: PretendSis, access: Access, outbound: Outbound
) -> None:
    """Infinite Campus."""
    campus = replace(with_profile(access, vendor_header="x-vendor-authorization"), vendor_header="passback:k3y")
    sis.on("GET", f"{ROSTERING}/gradingPeriods", Reply(200, {"academicSessions": []}))
    sis.on("GET", f"{GRADEBOOK}/classes/c/categories", NO_CATEGORIES)
    sis.on("GET", f"{GRADEBOOK}/classes/c/lineItems", Reply(200, {"lineItems": []}))
    sis.on("PUT", COLUMN_PATH, STORED)
    sis.on("PUT", f"{GRADEBOOK}/results/{SCORE.sourced_id}", STORED)
    client = OneRoster(campus, outbound)
    client.read_categories("c")
    client.read_line_items("c")
    client.put_line_item(COLUMN)
    client.put_result(SCORE)
    client.find_class("c")

    for one in sis.received:
        wanted = "passback:k3y" if one.path.startswith(GRADEBOOK) else None
        assert one.headers.get("x-vendor-authorization") == wanted, one.path


def test_a_refused_vendor_is_told_from_refused_credentials(sis: PretendSis, access: Access, outbound: Outbound) -> None:
    campus = replace(with_profile(access, vendor_header="x-vendor-authorization"), vendor_header="passback:k3y")
    sis.on("GET", f"{GRADEBOOK}/classes/c/categories", complain(401, "passback:k3y and k3y are unknown"))
    with pytest.raises(SisError) as caught:
        OneRoster(campus, outbound).read_categories("c")

    assert (caught.value.kind, caught.value.code) == ("sign_in_again", "auth.vendor")
    assert "k3y" not in caught.value.excerpt
