"""What a run has to know of a section and the connection behind it, besides the facts that are checked."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from tool.model.sis import SisCategory, SisConnection, SisPeriod, SisSection
from tool.sis.linking.matches import Lists
from tool.sis.linking.terms import present_for
from tool.sis.plain import Category, Period, Profile
from tool.sis.rules.facts import ConnectionFacts, KnownPeriod, SectionFacts
from tool.sis.vendors import profile_of

# What a test found, and what a class that was read since then shows to be over.
TOLD_BY_TEST = frozenset({"auth.scope", "sis.route", "auth.vendor", "auth.expired"})
OVER_WHEN_READ = frozenset({"sis.route", "auth.expired"})


@dataclass(frozen=True, slots=True)
class Agreement:
    """One section: where it is, how its SIS wants things, and what holds for all of its items."""

    section_id: int
    course_id: int
    connection_id: int
    class_id: str
    school_id: str
    zone: ZoneInfo
    profile: Profile
    sync_by_default: bool
    connection: ConnectionFacts
    section: SectionFacts


def read_agreement(connection: Connection, section_id: int, lists: Lists) -> Agreement:
    """`lists` tell whether the LMS names anybody."""
    section = connection.execute(select(SisSection).where(SisSection.id == section_id)).one()
    school = connection.execute(select(SisConnection).where(SisConnection.id == section.connection_id)).one()
    return Agreement(
        section_id=section_id,
        course_id=section.course_id,
        connection_id=school.id,
        class_id=section.class_id,
        school_id=section.school_id,
        zone=ZoneInfo(school.time_zone),
        profile=profile_of(school.vendor, school.profile | {"version": school.version, "auth": school.auth}),
        sync_by_default=school.sync_by_default,
        connection=ConnectionFacts(
            name=school.name,
            is_enabled=school.is_enabled,
            is_removed=school.removed_at is not None,
            lms_syncs=school.lms_syncs,
            secret_expires_on=school.secret_expires_on,
            has_vendor_header=school.sealed_vendor_header is not None,
            test_failures=_failures(school, section),
        ),
        section=_section_facts(connection, section, lists),
    )


def _section_facts(connection: Connection, section: Any, lists: Lists) -> SectionFacts:
    return SectionFacts(
        title=section.class_title,
        is_linked=section.unlinked_at is None,
        is_class_active=section.is_class_active,
        lms_syncs=section.lms_syncs,
        teacher_id=section.teacher_id,
        associated_for=section.associated_for,
        present_for=present_for(connection, section.id),
        read_at=section.read_at,
        read_failure=section.read_failure,
        periods=tuple(_read_periods(connection, section.id)),
        categories=tuple(_read_categories(connection, section.id)),
        lms_names_people=_names_anybody(lists),
    )


def _failures(school: Any, section: Any) -> Mapping[str, str]:
    """What the last *Test connection* found, as far as nothing since shows it to be mended."""
    is_read_since = school.tested_at is not None and section.read_at is not None and section.read_at > school.tested_at
    found: dict[str, str] = {}
    for step in school.test_steps or ():
        code = step.get("code") if isinstance(step, dict) and step.get("state") == "bad" else None
        if code in TOLD_BY_TEST and not (is_read_since and code in OVER_WHEN_READ):
            found[code] = ""
    return found


def _read_periods(connection: Connection, section_id: int) -> Iterable[KnownPeriod]:
    mine = select(SisPeriod).where(SisPeriod.section_id == section_id).order_by(SisPeriod.starts_on)
    for row in connection.execute(mine):
        yield KnownPeriod(Period(row.sourced_id, row.title, row.starts_on, row.ends_on), row.closed_at)


def _read_categories(connection: Connection, section_id: int) -> Iterable[Category]:
    mine = select(SisCategory).where(SisCategory.section_id == section_id).order_by(SisCategory.title)
    for row in connection.execute(mine):
        yield Category(row.sourced_id, row.title)


def _names_anybody(lists: Lists) -> bool:
    """Canvas sends the bare name of a variable where it has no value."""
    told = [value.strip() for one in lists.ours for value in (one.sourced_id, one.email) if value]
    return not lists.ours or any(value and not re.match(r"\$", value) for value in told)
