"""Testing the connection, for the administrator of an LMS who came by an invitation and registered it."""

import structlog
from flask import Blueprint, abort, make_response, render_template
from sqlalchemy import select
from werkzeug.wrappers import Response

from tool.access import ANYONE, FormSeal, NotForYou, digest, is_own_form, opens, part
from tool.db import Database
from tool.language import gettext
from tool.model.platforms import Platform
from tool.registration.checking import check_platform
from tool.registration.checks.steps import Step
from tool.registration.checks.turns import CheckedJustNow
from tool.registration.invitations import find_invitation
from tool.settings import Settings

blueprint = Blueprint("checking", __name__)

log = structlog.get_logger("registration")


@opens(blueprint, "/lti/invited/<secret>/check", to=ANYONE)
def check_page(secret: str) -> str:
    """Nothing is asked before the button is pressed."""
    return _page(secret, _find_platform(secret))


@opens(blueprint, "/lti/invited/<secret>/check", to=ANYONE, methods=("POST",))
def check(secret: str) -> Response:
    platform_id = _find_platform(secret)
    if not is_own_form(_mark(secret)):
        raise NotForYou(
            gettext("This form was not sent from the page it belongs to."),
            gettext("Open the page again and repeat what you did."),
            status=403,
        )
    try:
        steps = check_platform(part(Database), part(Settings), platform_id, invited=True)
    except CheckedJustNow as refusal:
        response = make_response(_page(secret, platform_id, said=f"{refusal.message} {refusal.hint}"), 429)
        response.headers["Retry-After"] = str(refusal.wait_seconds)
        return response
    bad = [step.key for step in steps if step.state == "bad"]
    log.info("registration.tested", platform_id=platform_id, bad=bad)
    return make_response(_page(secret, platform_id, steps))


def _find_platform(secret: str) -> int:
    """The one platform that was registered by this invitation, and no other."""
    with part(Database).reading() as connection:
        invited = find_invitation(connection, secret)
    if invited is None or invited.platform_id is None:
        abort(404)
    return invited.platform_id


def _page(secret: str, platform_id: int, steps: list[Step] | None = None, *, said: str | None = None) -> str:
    with part(Database).reading() as connection:
        name = connection.execute(select(Platform.name).where(Platform.id == platform_id)).scalar_one()
    return render_template(
        "registration/check.html", secret=secret, csrf=_mark(secret), platform_name=name, steps=steps, said=said
    )


def _mark(secret: str) -> str:
    """Goes into the form of this invitation's page."""
    return part(FormSeal).seal("check", digest(secret))
