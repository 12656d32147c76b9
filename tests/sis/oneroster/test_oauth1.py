"""OAuth 1.0a: the RFC's own examples, and signatures that oauthlib made of the same requests."""

import re
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
import time_machine

from tool.outbound import OutboundError
from tool.sis.oneroster.oauth1 import SignatureMethod, make_signature, sign_request, write_base_string

KEY, SECRET = "key-1", "s&cr%t é"


def test_the_signed_request_of_the_rfc() -> None:
    """RFC 5849 §1.2: the photo itself, with the token's secret."""
    oauth = {
        "oauth_consumer_key": "dpf43f3p2l4k3l03",
        "oauth_token": "nnch734d00sl2jdk",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "137131202",
        "oauth_nonce": "chapoH",
    }
    url = "http://photos.example.net/photos?file=vacation.jpg&size=original"
    base = write_base_string("GET", url, oauth.items())

    assert make_signature(base, "kd94hf93k423kf44", "HMAC-SHA1", "pfkkdhi9sl3r4s00") == "MdpQcU8iPSUjWoN/UDMsK2sui9I="


def test_the_base_string_of_the_rfc() -> None:
    """RFC 5849 §3.4.1.1, with its form body's pairs in the query."""
    oauth = {
        "oauth_consumer_key": "9djdj82h48djs9d2",
        "oauth_token": "kkk9d7dh3k39sjv7",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "137131201",
        "oauth_nonce": "7d8f3e4a",
    }
    url = "http://EXAMPLE.com:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b&c2&a3=2+q"

    assert write_base_string("post", url, oauth.items()) == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D"
        "%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1"
        "%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    )


@pytest.mark.parametrize(
    ("method", "url", "hashed", "signature"),
    [
        (
            "GET",
            "https://sis.example/ims/oneroster/v1p1/classes/a%20b/lineItems?limit=100&offset=0",
            "HMAC-SHA1",
            "RGb67H0F//AIAD2/le9KFr7nEb0=",
        ),
        (
            "GET",
            "https://sis.example/ims/oneroster/v1p1/classes/a%20b/lineItems?limit=100&offset=0",
            "HMAC-SHA256",
            "N4fuFkwnoIklsPydgY4bcQvh7CzfV63WuMi5HUm+yXw=",
        ),
        (
            "GET",
            "https://sis.example:8443/aeries/ims/oneroster/v1p1/teachers"
            "?limit=2&offset=0&filter=email%3D%27ada%2Bx%40school.example%27",
            "HMAC-SHA1",
            "m/oHyO1YNwc8kO/v3Hwh3lbyCrU=",
        ),
        (
            "PUT",
            "https://sis.example/ims/oneroster/v1p1/results/r~1%2F2",
            "HMAC-SHA256",
            "hecpTmx7hwL/3oRFSQAn1di1BgCsABLmghbcLCMJB44=",
        ),
        ("GET", "https://sis.example/x?b=2&a=1&a=&c=%C3%A9%20%2B", "HMAC-SHA1", "HRAIJbDH6AKELcStj2YI4LaGIaA="),
    ],
)
def test_signatures_are_those_of_oauthlib(method: str, url: str, hashed: SignatureMethod, signature: str) -> None:
    oauth = {
        "oauth_nonce": "abc",
        "oauth_timestamp": "1764000000",
        "oauth_version": "1.0",
        "oauth_signature_method": hashed,
        "oauth_consumer_key": KEY,
    }

    assert make_signature(write_base_string(method, url, oauth.items()), SECRET, hashed) == signature


@time_machine.travel(datetime(2026, 11, 20, 6, 0, tzinfo=UTC), tick=False)
def test_the_header_has_all_that_was_signed_and_is_good_once() -> None:
    url = "https://sis.example/ims/oneroster/v1p1/categories?limit=100"
    first, second = (sign_request("GET", url, KEY, SECRET, "HMAC-SHA256") for _ in range(2))
    told = {name: unquote(value) for name, value in re.findall(r'(\w+)="([^"]*)"', first)}
    signature = told.pop("oauth_signature")

    assert first.startswith("OAuth ")
    assert told["oauth_timestamp"] == "1795154400"
    assert signature == make_signature(write_base_string("GET", url, told.items()), SECRET, "HMAC-SHA256")
    assert first != second


def test_an_address_that_cannot_be_reached_is_not_signed() -> None:
    with pytest.raises(OutboundError):
        sign_request("GET", "https://ada@sis.example/", KEY, SECRET, "HMAC-SHA1")
