"""The whole talk with a SIS that minds every rule: each version, each way of signing in, its ids and ours."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests.stage import free_port
from tool.clock import now
from tool.demo_sis.connecting import describe_connection
from tool.demo_sis.server import create_sis
from tool.demo_sis.settings import SisSettings
from tool.outbound import Outbound
from tool.sis.oneroster.client import OneRoster
from tool.sis.oneroster.ids import line_item_id, namespace_of, result_id
from tool.sis.plain import Access, LineItem, Profile, Result, SisError

OURS: UUID = namespace_of("https://passback.example", 1)


@contextmanager
def demo_sis(**settings: Any) -> Iterator[Access]:
    """A demo SIS over a real socket: how to reach it."""
    port = free_port()
    app: Flask = create_sis(base_url=f"http://127.0.0.1:{port}", settings=SisSettings(**settings))
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    sis = app.extensions["demo_sis.parts"]
    told = describe_connection(sis)
    profile = Profile("generic", "Demo SIS", version=sis.settings.version, auth=sis.settings.auth, page_size=3)
    changes: Any = told["profile"]
    names = [name for name in Access.__slots__ if name != "profile"]
    try:
        yield Access(**{name: told[name] for name in names}, profile=replace(profile, **changes))  # type: ignore[arg-type]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"needs_vendor_header": True, "wraps_errors": True, "page_size": 2},
        {"ids": "theirs", "tells_ids": "pairs", "remembers_ids": False},
        {"ids": "theirs", "tells_ids": "object", "remembers_ids": False},
        {"filters": "ignored"},
        {"filters": "refused"},
        {"version": "1.1", "auth": "oauth1", "signature_method": "HMAC-SHA1"},
        {"version": "1.1", "auth": "oauth1", "signature_method": "HMAC-SHA256"},
        {"version": "1.1", "auth": "bearer", "needs_vendor_header": True},
        {"version": "1.1", "auth": "oauth2"},
    ],
)
def test_bens_score_stands_in_the_schools_records(outbound: Outbound, settings: dict[str, Any]) -> None:
    with demo_sis(**settings) as access:
        client = OneRoster(access, outbound)
        client.ask_token()
        (found,) = client.find_classes_of_teacher("ADA@school.example")
        students = {one.name: one for one in client.read_students(found.sourced_id)}
        period = next(one for one in client.read_periods(found) if one.starts_on <= now().date() < one.ends_on)
        category = next(one for one in client.read_categories(found.sourced_id) if one.title == "Homework")
        ben = next(one for name, one in students.items() if name.startswith("Ben"))
        ours = line_item_id(OURS, found.sourced_id, "item-58")
        column = LineItem(
            sourced_id=ours,
            title="Fractions check 4",
            assigned_at=now() - timedelta(days=1),
            due_at=now() + timedelta(days=2),
            class_id=found.sourced_id,
            school_id=found.school_id,
            category_id=category.sourced_id,
            period_id=period.sourced_id,
            maximum=Decimal(20),
        )
        theirs = client.put_line_item(column)
        result = Result(
            sourced_id=result_id(OURS, theirs, ben.sourced_id),
            line_item_id=theirs,
            student_id=ben.sourced_id,
            class_id=found.sourced_id,
            status="fully graded",
            score=Decimal("17.35"),
            scored_on=now().astimezone(UTC).date(),
        )
        put = client.put_result(result)
        # Once more, as after a break: nothing stands there twice.
        assert client.put_line_item(replace(column, sourced_id=theirs, title="Fractions check 5")) == theirs
        assert client.put_result(replace(result, sourced_id=put, score=Decimal("17.5"))) == put

        assert (theirs == ours) == (settings.get("ids") != "theirs")
        assert ben.email
        assert ben.begins_on
        assert [one.title for one in client.read_line_items(found.sourced_id)].count("Fractions check 5") == 1
        (read,) = client.read_results(found.sourced_id, theirs)
        assert (read.sourced_id, read.student_id, read.score) == (put, ben.sourced_id, Decimal("17.5"))
        client.delete_result(put)
        assert client.read_results(found.sourced_id, theirs) == []


def test_a_vendor_without_its_header_hears_so(outbound: Outbound) -> None:
    with demo_sis(needs_vendor_header=True) as access:
        client = OneRoster(replace(access, vendor_header="passback:wrong"), outbound)
        assert client.find_class("class-2201")
        with pytest.raises(SisError, match=r"auth\.vendor"):
            client.read_categories("class-2201")


def test_an_expired_secret_is_told(outbound: Outbound) -> None:
    with demo_sis(is_secret_expired=True) as access, pytest.raises(SisError, match=r"auth\.expired"):
        OneRoster(access, outbound).ask_token()
