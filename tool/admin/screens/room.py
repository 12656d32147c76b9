"""What the operator's pages share: their blueprint, their frame with its tabs, and how a query is read."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import Connection, func, select

from tool.admin.gate import page_mark
from tool.admin.sessions import SignedIn
from tool.language import gettext, lazy_gettext
from tool.model.errands import Errand
from tool.model.passbacks import Passback
from tool.model.platforms import Deployment, Platform

blueprint = Blueprint("admin", __name__)

PAGES = (
    ("admin.overview", lazy_gettext("Overview")),
    ("admin.needs_person", lazy_gettext("Needs a person")),
    ("admin.failed_errands", lazy_gettext("Failed errands")),
    ("admin.all_platforms", lazy_gettext("Platforms")),
    ("admin.invitations", lazy_gettext("Invitations")),
    ("admin.school_records", lazy_gettext("School records")),
)
LARGEST_ID = 2**31 - 1


def show(connection: Connection, operator: SignedIn, template: str, *, tab: str | None = None, **facts: Any) -> str:
    """A page in the operator's frame; `tab` is the endpoint of the tab it belongs to, where it is not its own."""
    tabs = _tabs(connection, tab or request.endpoint)
    return render_template(f"admin/{template}", operator=operator, csrf=page_mark(operator), tabs=tabs, **facts)


def read_number(text: str | None) -> int | None:
    """An id as somebody typed it into an address; None for what no row can have."""
    is_number = text is not None and text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST_ID))
    return int(text) if is_number and text is not None and 0 < int(text) <= LARGEST_ID else None


def read_word(text: str | None) -> str | None:
    """A reason or a kind as it stands in an address."""
    return text if text and text.isprintable() else None


def find_page(total: int, rows_of_a_page: int) -> tuple[int, int]:
    """The page that was asked for, or the last one there is; and how many there are."""
    pages = max(1, -(-total // rows_of_a_page))
    return min(read_number(request.args.get("page")) or 1, pages), pages


def _tabs(connection: Connection, current: str | None) -> list[dict[str, object]]:
    needing = select(func.count()).where(Passback.state == "due", Passback.needs_person).scalar_subquery()
    failing = select(func.count(Errand.failure)).scalar_subquery()
    waiting = select(func.count()).where(Platform.is_active, Platform.approved_at.is_(None)).scalar_subquery()
    held = select(func.count(Deployment.held_at)).scalar_subquery()
    in_need, failed, pending = connection.execute(select(needing, failing, waiting + held)).one()
    counts = {"admin.needs_person": in_need, "admin.failed_errands": failed, "admin.all_platforms": pending}
    return [
        {
            "title": str(title),
            "url": url_for(endpoint),
            "is_current": endpoint == current,
            "count": counts.get(endpoint),
        }
        for endpoint, title in PAGES
    ]


def tried_again(count: int | None) -> str | None:
    """What a page says after a retry."""
    if count is None:
        return None
    return gettext("Nothing was chosen.") if count == 0 else gettext("Tried again now: %(count)s", count=count)


def removed_in_words(closed: int) -> str:
    """What a page says after a removal: how many waiting scores were closed with it."""
    return gettext("Removed. Waiting scores that were closed and are not sent: %(count)s.", count=closed)
