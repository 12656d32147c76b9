"""Scores that need a person, and trying them again."""

from collections.abc import Iterable
from typing import Any

import structlog
from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from tool.access import part
from tool.admin import needing
from tool.admin.gate import opens_to_operators
from tool.admin.needing import Choice, Group
from tool.admin.screens.room import blueprint, find_page, read_number, read_word, show, tried_again
from tool.admin.sessions import SignedIn
from tool.db import Database
from tool.language import gettext, lazy_gettext
from tool.passback.remedies.finding import find_remedy
from tool.wake import Bell

log = structlog.get_logger("admin")

# A remedy speaks to the teacher; here the operator reads it.
WHO = {
    "you": lazy_gettext("The teacher"),
    "admin": lazy_gettext("The administrator of the LMS"),
    "operator": lazy_gettext("You"),
    "nobody": lazy_gettext("Nobody needs to do anything"),
}


@opens_to_operators(blueprint, "/admin/needs-person")
def needs_person(operator: SignedIn) -> str:
    choice = _read_choice(request.args)
    with part(Database).reading() as connection:
        groups = needing.read_groups(connection)
        chosen = [one for one in groups if _is_in(one, choice)]
        total = sum(one.count for one in chosen)
        page, pages = find_page(total, needing.ROWS_OF_A_PAGE)
        return show(
            connection,
            operator,
            "needs_person.html",
            choice=choice,
            groups=groups,
            rows=needing.read_page(connection, choice, page),
            total=total,
            page=page,
            pages=pages,
            remedies=_remedies(chosen),
            said=tried_again(_read_count()),
        )


@opens_to_operators(blueprint, "/admin/needs-person/retry", methods=("POST",))
def retry(operator: SignedIn) -> Response:
    """One (`one`), those that were ticked (`chosen`), or all of a reason (`all`)."""
    choice = _read_choice(request.form)
    if "all" in request.form:
        count = needing.retry_all(part(Database), choice) if choice.reason else 0
        told: dict[str, Any] = {"platform_id": choice.platform_id, "reason": choice.reason, "count": count}
    else:
        typed = [request.form["one"]] if "one" in request.form else request.form.getlist("chosen")
        ids = [number for text in typed[: needing.ROWS_AT_ONCE] if (number := read_number(text))]
        done = needing.retry(part(Database), ids)
        count, told = len(done), {"passback_ids": done}
    part(Bell).ring()
    log.info("operator.retried", operator_id=operator.id, **told)
    kept: dict[str, Any] = {} if "all" in request.form else {"platform": choice.platform_id, "reason": choice.reason}
    return redirect(url_for("admin.needs_person", **kept, retried=count), 303)


def _read_choice(typed: Any) -> Choice:
    return Choice(platform_id=read_number(typed.get("platform")), reason=read_word(typed.get("reason")))


def _read_count() -> int | None:
    text = request.args.get("retried", "")
    return 0 if text == "0" else read_number(text)


def _is_in(group: Group, choice: Choice) -> bool:
    is_platform = choice.platform_id in (None, group.platform_id)
    return is_platform and choice.reason in (None, group.reason)


def _remedies(groups: Iterable[Group]) -> list[dict[str, Any]]:
    """What happened, why and who can mend it, once for each platform and reason that is shown."""
    found = []
    for group in groups:
        remedy = find_remedy(group.reason, group.family)
        names = {"platform": group.platform_name, "student": gettext("this student")}
        found.append(
            {
                "platform_id": group.platform_id,
                "platform_name": group.platform_name,
                "reason": group.reason,
                "happened": str(remedy.happened) % names,
                "why": str(remedy.why) % names,
                "who": str(WHO[remedy.who]),
                "fix": str(remedy.fix) % names,
            }
        )
    return found
