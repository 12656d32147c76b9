"""Launches as LMSs really send them: odd optional claims neither stop anybody nor trouble the database."""

from pathlib import Path
from typing import Any

from tests.cast import ADA, BEN
from tests.desk import TOOL, Desk
from tests.rows import CLIENT, ISSUER, count_rows, make_assignment
from tool.db import Database

NAVIGATION = {"context": {"id": "4dde05e8"}, "resource_link": {"id": "4dde05e8"}}


def test_the_first_launch_of_a_canvas_may_be_its_course_navigation(database: Database, tmp_path: Path) -> None:
    """Nobody has said yet that it is a Canvas: the launch itself says so, and is read as one."""
    make_assignment(database)
    desk = Desk(database, tmp_path, {"family": "unknown"})

    launched = desk.launch(desk.browser(), ADA, **NAVIGATION, tool_platform={"product_family_code": "canvas"})

    assert launched.location.endswith("/course")
    assert count_rows(database)["placements"] == 0
    desk.parts.platforms.forget()
    known = desk.parts.platforms.known(ISSUER, CLIENT)
    assert known is not None
    assert known.facts.family == "canvas"
    desk.outbound.close()


ODD_CLAIMS: list[dict[str, Any]] = [
    {"locale": "x" * 300},
    {"launch_presentation": {"locale": "de-CH", "return_url": "javascript:alert(1)"}},
    {"name": "\0Ben\ud800", "email": 7},
    {"context": {"id": "c" * 255, "title": "t" * 5000}},
    {"lis": "nothing", "custom": [], "ags": "none", "nrps": []},
    {"roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"] * 500},
]


def test_odd_claims_are_left_aside(desk: Desk) -> None:
    refused = [changes for changes in ODD_CLAIMS if desk.launch(desk.browser(), BEN, **changes).status_code != 303]

    assert refused == []


def test_a_link_without_an_assignment_says_so_to_each(counter: Desk) -> None:
    new_link: dict[str, Any] = {"resource_link": {"id": "link-new", "title": "New"}, "custom": None}

    assert "not ready yet" in counter.open(counter.browser(), BEN, **new_link).text
    teacher = counter.open(counter.browser(), ADA, **new_link)
    assert "This link has no assignment yet" in teacher.text
    assert TOOL not in teacher.text
