"""What the LMS lets us read of the course that somebody came from last. Only counts are told, never who it is."""

from collections.abc import Callable
from dataclasses import replace

from tool.language import gettext, ngettext
from tool.lti.connector import Connector
from tool.lti.errors import ServiceError
from tool.lti.line_items import LineItemFacts, read_line_items
from tool.lti.memberships import read_members
from tool.lti.results import read_results
from tool.registration.checks.asking import BoundedOutbound
from tool.registration.checks.steps import Step, bad, good, look, unknown
from tool.registration.checks.subject import SeenCourse
from tool.registration.checks.words import TOO_SLOW, explain

KEYS = ("course.line_items", "course.members", "course.results")


def skip_course(reason: str, remedy: str | None = None) -> list[Step]:
    return [unknown(key, reason, remedy) for key in KEYS]


def check_course(
    course: SeenCourse | None, connector: Connector, outbound: BoundedOutbound, own_keys: str
) -> list[Step]:
    """Columns, class list and the grades of one column; `own_keys` is the address of our key set, for the remedies."""
    if course is None:
        return skip_course(
            gettext("No launch was seen yet."), gettext("Open Passback once from a course of the LMS, then test again.")
        )
    found: list[LineItemFacts] = []

    def read_columns() -> str:
        found.extend(read_line_items(connector, course.line_items_url or ""))
        return ngettext("%(num)s column can be read.", "%(num)s columns can be read.", len(found))

    def count_members() -> str:
        count = len(read_members(connector, course.memberships_url or ""))
        return ngettext("%(num)s member can be read.", "%(num)s members can be read.", count)

    def count_results() -> str:
        count = len(read_results(connector, column_url or ""))
        return ngettext("%(num)s grade can be read.", "%(num)s grades can be read.", count)

    steps = [
        _try("course.line_items", read_columns, connector, outbound, own_keys)
        if course.line_items_url
        else _no_columns(course),
        _try("course.members", count_members, connector, outbound, own_keys)
        if course.memberships_url
        else _no_members(),
    ]
    column_url = course.column_url or (found[0].url if found else None)
    if column_url is None:
        return [*steps, unknown("course.results", gettext("No column of this course is known yet."))]
    return [*steps, _try("course.results", count_results, connector, outbound, own_keys)]


def _try(key: str, read: Callable[[], str], connector: Connector, outbound: BoundedOutbound, own_keys: str) -> Step:
    if outbound.is_spent:
        return unknown(key, str(TOO_SLOW))
    outbound.begin_step()
    try:
        return good(key, read())
    except ServiceError as error:
        if error.reason == "scope_missing":
            return unknown(key, gettext("Not tested: its permission is not granted, as told above."))
        text, remedy = explain(error, connector.platform, own_keys)
        ended = bad(key, text, remedy)
        # A long list of a slow LMS is read by the sender, which has more patience; a course that has ended
        # says nothing against the connection.
        is_passing = error.reason in ("timeout", "rate_limited", "concluded", "course_gone")
        return replace(ended, state="look") if is_passing else ended


def _no_columns(course: SeenCourse) -> Step:
    remedy = gettext(
        "Allow Assignment and Grade Services for the tool in the LMS, open Passback once from a course, and test again."
    )
    if course.column_url:
        return look(
            "course.line_items",
            gettext("The last course told no address of its columns; links with a column of their own work."),
            remedy,
        )
    return bad("course.line_items", gettext("The last course told no address of its columns: no score can go."), remedy)


def _no_members() -> Step:
    return look(
        "course.members",
        gettext("The last course told no address of its class list."),
        gettext("Allow Names and Roles for the tool in the LMS, open Passback once from a course, and test again."),
    )
