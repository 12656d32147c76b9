"""What the pages of this room share: their blueprint, the linked classes of a course, and their tabs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from flask import Blueprint, url_for
from sqlalchemy import Connection, select

from tool.access import Visitor
from tool.errors import NotThere
from tool.language import gettext, ngettext
from tool.model.sis import SisConnection, SisSection
from tool.passback.school_records import read_standing
from tool.sis.showing.section import Nightly

blueprint = Blueprint("sis", __name__)

ROOT = "/l/<launch_id>/sis"
SECTION = f"{ROOT}/<int:section_id>"
Tab = Literal["sync", "setup", "history", "settings"]


@dataclass(frozen=True, slots=True)
class Section:
    """A class of the school's records that is linked to this course, and the connection behind it."""

    id: int
    connection_id: int
    class_title: str
    term_title: str | None
    is_class_active: bool
    is_nightly: bool
    lms_syncs: bool
    """The teacher's word, or the operator's: the LMS itself sends there."""
    read_at: datetime | None
    read_failure: str | None
    remastered_at: datetime | None
    first_sent_at: datetime | None
    sis_name: str
    """What teachers read: “Aspire”."""
    time_zone: str
    nightly_hour: int
    nightly_paused_at: datetime | None
    is_enabled: bool

    @property
    def night(self) -> Nightly:
        return Nightly(self.is_nightly, self.nightly_paused_at, self.nightly_hour, self.time_zone)


def read_sections(connection: Connection, visitor: Visitor) -> list[Section]:
    """The linked classes of the visitor's course, the oldest link first; those that were unlinked are not there."""
    rows = connection.execute(
        select(
            SisSection.id,
            SisSection.connection_id,
            SisSection.class_title,
            SisSection.term_title,
            SisSection.is_class_active,
            SisSection.is_nightly,
            (SisSection.lms_syncs | SisConnection.lms_syncs).label("lms_syncs"),
            SisSection.read_at,
            SisSection.read_failure,
            SisSection.remastered_at,
            SisSection.first_sent_at,
            SisConnection.name.label("sis_name"),
            SisConnection.time_zone,
            SisConnection.nightly_hour,
            SisConnection.nightly_paused_at,
            SisConnection.is_enabled,
        )
        .join(SisConnection, SisConnection.id == SisSection.connection_id)
        .where(
            SisSection.course_id == visitor.course_id,
            SisSection.unlinked_at.is_(None),
            SisConnection.removed_at.is_(None),
            SisConnection.customer_id == visitor.customer_id,
        )
        .order_by(SisSection.id)
    )
    return [Section(**row._mapping) for row in rows]


def find_section(connection: Connection, visitor: Visitor, section_id: int) -> Section:
    """One linked class; that of another course is simply not there."""
    for section in read_sections(connection, visitor):
        if section.id == section_id:
            return section
    raise NotThere(gettext("This class is not linked to your course."), gettext("Open Sync Grades again."))


def frame(connection: Connection, visitor: Visitor, current: Tab, section: Section | None) -> dict[str, Any]:
    """What `sis/_layout.html` shows around every page: the course, the class, the tabs, the way back."""
    is_of_a_link = visitor.placement_id is not None and visitor.assignment_id is not None
    back = "passback.overview" if is_of_a_link else "passback.course"
    return {
        "page_title": visitor.course_title or gettext("Your course"),
        "visitor": visitor,
        "csrf": visitor.csrf,
        "section": section,
        "tabs": sis_tabs(connection, visitor, current, section),
        "back_url": url_for(back, launch_id=visitor.launch_id),
        "back_title": gettext("Back to the assignment") if is_of_a_link else gettext("Back to the course"),
    }


def sis_tabs(connection: Connection, visitor: Visitor, current: Tab, section: Section | None) -> list[dict[str, Any]]:
    """The tabs of this room for `base.html`."""
    launch_id = visitor.launch_id
    places: list[tuple[Tab, str, str]] = [
        ("sync", gettext("Sync Grades"), sync_url(visitor, section)),
        ("setup", gettext("Set up"), url_for("sis.setup", launch_id=launch_id)),
    ]
    if section is not None:
        at: dict[str, Any] = {"launch_id": launch_id, "section_id": section.id}
        places.append(("history", gettext("History"), url_for("sis.history", **at)))
        places.append(("settings", gettext("Settings"), url_for("sis.settings", **at)))
    needing = read_standing(connection, visitor.customer_id, visitor.course_id).needing
    return [
        {
            "title": title,
            "url": url,
            "is_current": key == current,
            "has_dot": key == "sync" and needing > 0,
            "dot_text": ngettext("%(num)s item needs you", "%(num)s items need you", needing),
        }
        for key, title, url in places
    ]


def sync_url(visitor: Visitor, section: Section | None, **query: Any) -> str:
    return url_for("sis.sync", launch_id=visitor.launch_id, section=section.id if section else None, **query)


def item_url(visitor: Visitor, section: Section, placement_id: int, **more: Any) -> str:
    more |= {"launch_id": visitor.launch_id, "section_id": section.id, "placement_id": placement_id}
    return url_for("sis.item", **more)
