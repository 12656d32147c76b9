"""Hosts that a platform named for scores or class lists and that were refused: nothing is sent to a host which neither
its registration names nor an operator confirmed, since the token would go with it."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Connection, select

from tool.lti import quirks
from tool.lti.errors import ServiceError
from tool.lti.hosts import own_hosts, read_service_address
from tool.lti.platform import PlatformFacts
from tool.model.passbacks import Passback
from tool.model.people import Course
from tool.model.platforms import Customer
from tool.model.work import Opening, Placement

REFUSED = "host_not_allowed"
# A platform has a handful of hosts, and each of its addresses names one.
LOOKED_AT = 1000


def read_refused_hosts(
    connection: Connection, platform_id: int, facts: PlatformFacts, confirmed: frozenset[str]
) -> dict[str, int]:
    """Host → how many addresses on it failed only because of it, the most frequent first."""
    known = own_hosts(facts) | confirmed
    counted: Counter[str] = Counter()
    for url in _refused_urls(connection, platform_id):
        try:
            host = read_service_address(url).host
        except ServiceError:
            continue  # no address at all: nothing that could be confirmed
        if host not in known and not quirks.serves_from(facts.issuer, host):
            counted[host] += 1
    return dict(counted.most_common())


def _refused_urls(connection: Connection, platform_id: int) -> Iterator[str]:
    of_scores = (
        select(Placement.line_item_url, Opening.line_item_url, Course.line_items_url)
        .join(Passback, Passback.placement_id == Placement.id)
        .join(Course, Course.id == Placement.course_id)
        .outerjoin(Opening, (Opening.placement_id == Placement.id) & (Opening.member_id == Passback.member_id))
        .where(Passback.platform_id == platform_id, Passback.state == "due", Passback.failure == REFUSED)
    )
    of_readings = (
        select(Placement.line_item_url)
        .join(Course, Course.id == Placement.course_id)
        .join(Customer, Customer.id == Course.customer_id)
        .where(Customer.platform_id == platform_id, Placement.results_failure == REFUSED)
    )
    of_rosters = (
        select(Course.memberships_url)
        .join(Customer, Customer.id == Course.customer_id)
        .where(Customer.platform_id == platform_id, Course.roster_failure == REFUSED)
    )
    for query in (of_scores, of_readings, of_rosters):
        for row in connection.execute(query.distinct().limit(LOOKED_AT)):
            yield from dict.fromkeys(url for url in row if url)
