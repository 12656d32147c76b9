"""Invitations for LMS admins who have no account here: make one, see what became of them, withdraw them."""

from datetime import timedelta

import structlog
from flask import make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from tool.access import part
from tool.admin.gate import opens_to_operators
from tool.admin.screens.room import blueprint, read_number, show
from tool.admin.sessions import SignedIn
from tool.db import Database
from tool.errors import BadInput
from tool.language import gettext
from tool.registration.invitations import LONGEST_NOTE, invitation_url, invite, list_invitations, revoke
from tool.settings import Settings

log = structlog.get_logger("admin")

DAYS = (1, 7, 30)
USUAL_DAYS = 7


@opens_to_operators(blueprint, "/admin/invitations")
def invitations(operator: SignedIn) -> Response:
    said = gettext("Withdrawn. The link does nothing any more.") if request.args.get("said") == "withdrawn" else None
    return _page(operator, said=said)


@opens_to_operators(blueprint, "/admin/invitations", methods=("POST",))
def make_invitation(operator: SignedIn) -> Response:
    """The link is on the page that answers, and nowhere else: only its digest is kept."""
    days = read_number(request.form.get("days"))
    if days not in DAYS:
        return _page(operator, trouble=gettext("Choose how long it is good."))
    try:
        secret = invite(
            part(Database),
            note=request.form.get("note", ""),
            approves="approves" in request.form,
            valid_for=timedelta(days=days),
            made_by=operator.id,
        )
    except BadInput as refusal:
        return _page(operator, trouble=refusal.message)
    log.info("operator.invited", operator_id=operator.id)
    return _page(operator, secret=secret)


@opens_to_operators(blueprint, "/admin/invitations/withdraw", methods=("POST",))
def withdraw_invitation(operator: SignedIn) -> Response:
    invitation_id = read_number(request.form.get("one"))
    if invitation_id is None:
        return redirect(url_for("admin.invitations"), 303)
    revoke(part(Database), invitation_id)
    log.info("operator.withdrew_invitation", operator_id=operator.id, invitation_id=invitation_id)
    return redirect(url_for("admin.invitations", said="withdrawn"), 303)


def _page(
    operator: SignedIn, *, secret: str | None = None, said: str | None = None, trouble: str | None = None
) -> Response:
    with part(Database).reading() as connection:
        page = show(
            connection,
            operator,
            "invitations.html",
            tab="admin.invitations",
            invitations=list_invitations(connection),
            link=invitation_url(part(Settings).base_url, secret) if secret else None,
            days=DAYS,
            usual_days=USUAL_DAYS,
            longest_note=LONGEST_NOTE,
            said=said,
            trouble=trouble,
        )
    return make_response(page, 400 if trouble else 200)
