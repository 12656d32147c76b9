"""A school's own host for scores is refused, offered to Grace, confirmed, and then the score arrives."""

from urllib.parse import urlsplit

from tests.admin.failures import in_gradebook, send_due
from tests.cast import BEN, FRACTIONS
from tests.lms_beside import CourseBeside
from tests.operators import Operator
from tests.rows import passback_of, wish_for
from tool.db import Database
from tool.registration.platforms import TrustedPlatforms

RETRY = "/admin/needs-person/retry"


def hosts_of(database: Database, platform_id: int) -> frozenset[str]:
    known = TrustedPlatforms(database).by_id(platform_id)
    assert known is not None
    return known.service_hosts


def test_a_score_waits_for_its_host_and_arrives(course: CourseBeside, grace: Operator) -> None:
    column = course.lms.column(BEN.course, FRACTIONS)
    assert column is not None
    # The same server, by another name than the one that was registered.
    elsewhere = course.lms.lms.line_item_url(column).replace("127.0.0.1", "localhost")
    scopes = list(course.lms.lms.settings.granted_scopes)
    ags = {"lineitem": elsewhere, "lineitems": course.lms.lms.line_items_url(BEN.course), "scope": scopes}
    place = course.opens(BEN, ags=ags)
    wish_for(course.database, course.known, place, 8)
    assert send_due(course) == ["needs_person"]
    assert passback_of(course.database, place).failure == "host_not_allowed"
    assert course.lms.requests("/scores") == []

    path = f"/admin/platforms/{course.known.id}"
    assert 'data-refused="localhost"' in grace.open(path)
    assert grace.press(path, do="confirm_host", host="evil.example").status_code == 400
    assert grace.press(path, do="confirm_host", host="localhost").status_code == 303
    page = grace.open(path)
    assert 'data-confirmed="localhost"' in page
    assert "data-refused" not in page
    assert hosts_of(course.database, course.known.id) == {"localhost"}

    grace.press(RETRY, all="1", platform=str(course.known.id), reason="host_not_allowed")
    course.connect = course.lms.connect(course.database)
    assert send_due(course) == ["delivered"]
    assert in_gradebook(course, BEN) == 16

    grace.press(path, do="withdraw_host", host="localhost")
    assert hosts_of(course.database, course.known.id) == frozenset()


def test_known_hosts_are_not_offered(course: CourseBeside, grace: Operator) -> None:
    """Another failure says nothing about a host."""
    place = course.opens(BEN)
    wish_for(course.database, course.known, place, 8)
    assert urlsplit(course.lms.url).hostname == "127.0.0.1"
    assert "None was refused" in grace.open(f"/admin/platforms/{course.known.id}")
