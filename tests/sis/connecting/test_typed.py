"""What an operator types, held against what can be: addresses above all."""

from typing import Any

import pytest

from tool.sis.connecting.typed import WORDS, TypedConnection, read_connection, read_lines

FORM = {
    "name": "Aspire",
    "version": "1.2",
    "auth": "oauth2",
    "rostering_url": "https://sis.example/ims/oneroster/rostering/v1p2",
    "gradebook_url": "https://sis.example/ims/oneroster/gradebook/v1p2",
    "token_url": "https://sis.example/token",
    "client_id": "passback",
    "secret": "hunter2",
    "signature_method": "HMAC-SHA1",
    "time_zone": "America/Denver",
    "nightly_hour": "0",
    "teachers": "all",
    "ids": "ours",
    "exempt": "skip",
    "period_rule": "strict",
    "requests_per_second": "2",
}


def read(
    *, stored: dict[str, object] | None = None, in_production: bool = True, **changes: str | None
) -> TypedConnection:
    form = {name: value for name, value in (FORM | changes).items() if value is not None}
    return read_connection("aspire", form, stored=stored, allows_loopback_http=not in_production)


def test_a_whole_form_is_a_connection() -> None:
    typed = read(teacher_emails=" Ada@School.example \n\nbob@school.example")

    assert typed.flaws == {}
    assert typed.new is not None
    assert (typed.new.nightly_hour, typed.new.teacher_emails) == (0, ("ada@school.example", "bob@school.example"))


def test_only_what_differs_from_the_vendor_is_kept() -> None:
    like_the_vendor = read(title_limit="30", needs_email="1", allows_above_maximum="1", sends_grading_period="1")
    otherwise = read(title_limit="50", needs_email=None, allows_above_maximum="1", sends_grading_period="1")

    assert like_the_vendor.new is not None
    assert otherwise.new is not None
    assert dict(like_the_vendor.new.profile) == {"sends_flags": False}
    assert dict(otherwise.new.profile) == {"title_limit": 50, "needs_email": False, "sends_flags": False}


def test_what_is_stored_and_not_asked_for_stays() -> None:
    typed = read(stored={"category_class_key": "ic.classId", "title_limit": 12}, title_limit="30", needs_email="1")

    assert typed.new is not None
    assert typed.new.profile["category_class_key"] == "ic.classId"
    assert "title_limit" not in typed.new.profile


@pytest.mark.parametrize("field", ["rostering_url", "gradebook_url", "resources_url", "token_url"])
@pytest.mark.parametrize(
    ("url", "in_production", "code"),
    [
        ("https://sis.example/x", True, None),
        ("http://sis.example/x", True, "not_https"),
        ("http://sis.example/x", False, "not_https"),
        ("http://127.0.0.1:9100/x", True, "not_https"),
        ("http://127.0.0.1:9100/x", False, None),
        ("http://[::1]:9100/x", False, None),
        ("http://localhost:9100/x", False, None),
        ("http://localhost.evil.example/x", False, "not_https"),
        ("https://user:password@sis.example/x", True, "no_address"),
        ("https://sis.example\\@evil.example/x", True, "no_address"),
        ("ftp://sis.example/x", True, "no_address"),
        ("javascript:alert(1)", True, "no_address"),
        ("https://", True, "no_address"),
    ],
)
def test_an_address_is_https_or_in_development_of_this_machine(
    field: str, url: str, in_production: bool, code: str | None
) -> None:
    typed = read(in_production=in_production, **dict[str, Any]({field: url}))

    flaw = {name: told for name, told in typed.flaws.items() if name == field}
    assert flaw == ({field: WORDS[code]} if code else {})


@pytest.mark.parametrize(
    ("auth", "missing"),
    [
        ("oauth2", {"token_url", "client_id", "secret"}),
        ("oauth1", {"client_id", "secret"}),
        ("bearer", {"secret"}),
    ],
)
def test_each_way_of_signing_in_needs_what_it_needs(auth: str, missing: set[str]) -> None:
    typed = read(auth=auth, token_url="", client_id="", secret="")

    assert set(typed.flaws) == missing
    assert all(told == WORDS["missing"] for told in typed.flaws.values())


def test_where_a_secret_is_stored_none_is_needed() -> None:
    assert read(stored={}, secret="").flaws == {}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "x" * 201, "too_long"),
        ("name", "a\x00b", "unreadable"),
        ("client_id", "a\tb", "unreadable"),
        ("time_zone", "", "zone"),
        ("time_zone", "../etc/passwd", "zone"),
        ("time_zone", "America", "zone"),
        ("nightly_hour", "-1", "hour"),
        ("nightly_hour", "24", "hour"),
        ("nightly_hour", "²", "hour"),
        ("nightly_hour", "9" * 5000, "hour"),
        ("secret_expires_on", "30.06.2027", "day"),
        ("teacher_emails", "ada@school.example\nnobody", "emails"),
        ("title_limit", "9" * 5000, "number"),
        ("title_limit", "0", "number"),
        ("requests_per_second", "0", "rate"),
        ("requests_per_second", "nan", "rate"),
        ("requests_per_second", "1e3", "rate"),
        ("ids", None, "choice"),
        ("auth", "magic", "choice"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(field: str, value: str | None, code: str) -> None:
    changes: dict[str, Any] = {field: value}
    typed = read(**changes)

    assert typed.flaws == {field: WORDS[code]}
    assert typed.new is None


def test_secrets_are_never_among_the_values_that_are_shown_again() -> None:
    typed = read(name="", vendor_header="key:hunter3")

    assert "hunter" not in str(typed.values)
    assert "hunter" not in repr(typed)


def test_addresses_are_read_from_lines_and_lists() -> None:
    assert read_lines("a@b.example, c@d.example;e@f.example\r\n\r\n g@h.example") == [
        *("a@b.example", "c@d.example", "e@f.example", "g@h.example")
    ]
