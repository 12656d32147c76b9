"""What keeps everything of a section back, said once on each page, and refused where somebody presses all the same."""

from dataclasses import dataclass

from sqlalchemy import Connection

from tool.access import Visitor
from tool.errors import BadInput
from tool.language import gettext
from tool.sis.linking.sections import may_sync
from tool.sis.screens.room import Section
from tool.sis.showing.refusals import say_refusal


@dataclass(frozen=True, slots=True)
class Stop:
    """Why nothing goes, and what that means."""

    title: str
    text: str


def why_stopped(connection: Connection, visitor: Visitor, section: Section) -> Stop | None:
    """None: this visitor may sync this section."""
    refusal = may_sync(connection, section.connection_id, visitor.person_id)
    names = {"sis": section.sis_name, "platform": visitor.platform_name}
    if refusal is not None:
        return Stop(*say_refusal(refusal, section.sis_name, visitor.platform_name))
    if section.lms_syncs:
        return Stop(
            gettext("%(platform)s already sends these grades to %(sis)s, so Passback does not.", **names),
            gettext("Two roads would make two columns for each assignment. If that is not so, say it under Set up."),
        )
    if not section.is_class_active:
        return Stop(
            gettext("%(class)s is no longer active in %(sis)s.", **names | {"class": section.class_title}),
            gettext("Link the class of the present term under Set up."),
        )
    return None


def insist(connection: Connection, visitor: Visitor, section: Section) -> None:
    """Raises BadInput where nothing may be sent."""
    stop = why_stopped(connection, visitor, section)
    if stop is not None:
        raise BadInput(stop.title, stop.text)
