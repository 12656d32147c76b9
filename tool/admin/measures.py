"""Numbers for monitoring, in the text format of Prometheus: read from the rows at each scrape, so that every process of
an installation tells the same. Platforms by id and name; nothing about people."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Connection

from tool.admin.health import Installation, PlatformHealth, read_installation, read_platforms
from tool.clock import now

Gauge = Callable[[PlatformHealth], float | None]
"""A platform's number, or None where there is nothing to tell."""


def _rest_seconds(one: PlatformHealth) -> float:
    until = one.lane.paused_until
    return 0.0 if until is None else max(0.0, (until - now()).total_seconds())


OF_PLATFORM: tuple[tuple[str, str, Gauge], ...] = (
    ("waiting", "Scores on their way, those that need a person aside", lambda one: one.ledger.waiting),
    ("oldest_waiting_seconds", "Age of the oldest of them", lambda one: _age_seconds(one.ledger.oldest_waiting_at)),
    ("needs_person", "Scores that fail until a person mends something", lambda one: one.ledger.needs_person),
    ("in_flight", "Scores leased to a sender", lambda one: one.ledger.in_flight),
    ("most_in_flight", "Requests the platform may get at once", lambda one: one.lane.most_in_flight),
    ("breaker_open", "1 while the platform does not answer", lambda one: int(one.lane.broken_at is not None)),
    ("paused_seconds", "How much longer the platform asked for a pause", _rest_seconds),
    ("last_success_timestamp_seconds", "The last good answer", lambda one: _stamp(one.lane.last_success_at)),
    ("last_failure_timestamp_seconds", "The last failure", lambda one: _stamp(one.lane.last_failure_at)),
    ("token_expires_timestamp_seconds", "Our access token's end", lambda one: _stamp(one.token_expires_at)),
    ("roster_failures", "Courses whose class list could not be read", lambda one: one.rosters_failing),
    ("reading_failures", "Placements whose grades could not be read", lambda one: one.readings_failing),
)


def read_measures(connection: Connection) -> bytes:
    """The page of one scrape."""
    families = list(_measure(read_platforms(connection), read_installation(connection)))
    registry = CollectorRegistry()
    registry.register(_Once(families))
    return generate_latest(registry)


class _Once(Collector):
    """What was read for this scrape."""

    def __init__(self, families: Iterable[GaugeMetricFamily]) -> None:
        self._families = families

    def collect(self) -> Iterable[GaugeMetricFamily]:
        return self._families


def _measure(platforms: list[PlatformHealth], installation: Installation) -> Iterator[GaugeMetricFamily]:
    labels = ["platform_id", "platform"]
    active = [one for one in platforms if one.is_active]
    for name, meaning, number_of in OF_PLATFORM:
        family = GaugeMetricFamily(f"passback_{name}", meaning, labels=labels)
        for one in active:
            if (number := number_of(one)) is not None:
                family.add_metric([str(one.id), one.name], number)
        yield family
    failing = GaugeMetricFamily("passback_failing", "Scores whose last try failed", labels=[*labels, "reason"])
    for one in active:
        for reason, count in one.failing.items():
            failing.add_metric([str(one.id), one.name, reason], count)
    yield failing
    yield GaugeMetricFamily("passback_senders_alive", "Senders seen lately", value=installation.senders_alive)
    yield _by_kind("passback_errands_due", "Errands due now", installation.errands_waiting)
    yield _by_kind("passback_errands_failing", "Errands whose last run failed", installation.errands_failing)
    keys = GaugeMetricFamily("passback_signing_key_age_seconds", "Since when each key is published", labels=["kid"])
    for key in installation.keys:
        keys.add_metric([key.kid], _age_seconds(key.published_at) or 0)
    yield keys


def _by_kind(name: str, meaning: str, counts: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, meaning, labels=["kind"])
    for kind, count in sorted(counts.items()):
        family.add_metric([kind], count)
    return family


def _age_seconds(moment: datetime | None) -> float | None:
    return None if moment is None else max(0.0, (now() - moment).total_seconds())


def _stamp(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
