"""Errands that failed, and asking for them again."""

import structlog
from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from tool.access import part
from tool.admin import failing
from tool.admin.gate import opens_to_operators
from tool.admin.screens.room import blueprint, find_page, read_number, read_word, show, tried_again
from tool.admin.sessions import SignedIn
from tool.db import Database

log = structlog.get_logger("admin")


@opens_to_operators(blueprint, "/admin/errands")
def failed_errands(operator: SignedIn) -> str:
    kind = read_word(request.args.get("kind"))
    with part(Database).reading() as connection:
        kinds = failing.read_kinds(connection)
        total = sum(one.count for one in kinds if kind in (None, one.name))
        page, pages = find_page(total, failing.ROWS_OF_A_PAGE)
        return show(
            connection,
            operator,
            "errands.html",
            kind=kind,
            kinds=kinds,
            rows=failing.read_page(connection, kind, page),
            total=total,
            page=page,
            pages=pages,
            said=tried_again(read_number(request.args.get("retried"))),
        )


@opens_to_operators(blueprint, "/admin/errands/retry", methods=("POST",))
def ask_again(operator: SignedIn) -> Response:
    """One errand (`one`), or all of a kind (`all`)."""
    errand_id, kind = read_number(request.form.get("one")), read_word(request.form.get("all"))
    count = 0
    if errand_id is not None:
        count = failing.ask_again(part(Database), errand_id)
    elif kind is not None:
        count = failing.ask_all_again(part(Database), kind)
    log.info("operator.asked_again", operator_id=operator.id, errand_id=errand_id, kind=kind, count=count)
    shown = read_word(request.form.get("kind"))
    return redirect(url_for("admin.failed_errands", kind=shown, retried=count or None), 303)
