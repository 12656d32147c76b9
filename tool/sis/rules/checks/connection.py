"""The operator's agreement with the SIS: on, signed in, allowed to write, and the only road there."""

from collections.abc import Iterator
from datetime import timedelta

from tool.sis.rules.checks.saying import find, say_day
from tool.sis.rules.dates import local_day
from tool.sis.rules.facts import ItemFacts
from tool.sis.rules.finding import Finding

WARNING_DAYS = 30
"""Infinite Campus: key and secret of a district end after a year."""


def check_connection(facts: ItemFacts) -> Iterator[Finding]:
    connection = facts.connection
    if connection.is_removed or not connection.is_enabled:
        yield find(facts, "connection.off", "connection")
    if connection.lms_syncs:
        yield find(facts, "double_road", "connection")
    yield from _check_vendor_header(facts)
    yield from _check_secret(facts)
    for code in ("auth.scope", "sis.route"):
        if (detail := connection.test_failures.get(code)) is not None:
            yield find(facts, code, "connection", detail=detail)


def _check_vendor_header(facts: ItemFacts) -> Iterator[Finding]:
    """Infinite Campus answers 401 on every gradebook path without it, and rostering works."""
    header = facts.profile.vendor_header
    is_missing = header is not None and not facts.connection.has_vendor_header
    if is_missing or "auth.vendor" in facts.connection.test_failures:
        yield find(facts, "auth.vendor", "connection", header=header or "")


def _check_secret(facts: ItemFacts) -> Iterator[Finding]:
    expires_on = facts.connection.secret_expires_on
    today = local_day(facts.at, facts.zone)
    expires = say_day(expires_on) if expires_on else ""
    if "auth.expired" in facts.connection.test_failures or (expires_on is not None and expires_on <= today):
        yield find(facts, "auth.expired", "connection", expires=expires)
    elif expires_on is not None and expires_on <= today + timedelta(days=WARNING_DAYS):
        yield find(facts, "auth.expires_soon", "connection", blocks=False, expires=expires)
