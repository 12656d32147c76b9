"""Testing the connection to a platform."""

import structlog
from flask import abort, make_response
from sqlalchemy import select
from werkzeug.wrappers import Response

from tool.access import part
from tool.admin.gate import opens_to_operators
from tool.admin.screens.room import LARGEST_ID, blueprint, show
from tool.admin.sessions import SignedIn
from tool.db import Database
from tool.model.platforms import Platform
from tool.registration.checking import check_platform
from tool.registration.checks.steps import Step
from tool.registration.checks.turns import CheckedJustNow
from tool.settings import Settings

log = structlog.get_logger("admin")


@opens_to_operators(blueprint, "/admin/platforms/<int:platform_id>/check")
def check_page(operator: SignedIn, platform_id: int) -> str:
    """Nothing is asked before the button is pressed."""
    return _page(operator, platform_id)


@opens_to_operators(blueprint, "/admin/platforms/<int:platform_id>/check", methods=("POST",))
def check(operator: SignedIn, platform_id: int) -> Response:
    _read_name(platform_id)
    try:
        steps = check_platform(part(Database), part(Settings), platform_id, invited=False)
    except CheckedJustNow as refusal:
        response = make_response(_page(operator, platform_id, said=f"{refusal.message} {refusal.hint}"), 429)
        response.headers["Retry-After"] = str(refusal.wait_seconds)
        return response
    bad = [step.key for step in steps if step.state == "bad"]
    log.info("operator.tested", operator_id=operator.id, platform_id=platform_id, bad=bad)
    return make_response(_page(operator, platform_id, steps))


def _page(operator: SignedIn, platform_id: int, steps: list[Step] | None = None, *, said: str | None = None) -> str:
    name = _read_name(platform_id)
    with part(Database).reading() as connection:
        return show(
            connection, operator, "check.html", platform_id=platform_id, platform_name=name, steps=steps, said=said
        )


def _read_name(platform_id: int) -> str:
    name = None
    if platform_id <= LARGEST_ID:
        with part(Database).reading() as connection:
            name = connection.execute(
                select(Platform.name).where(Platform.id == platform_id, Platform.removed_at.is_(None))
            ).scalar()
    if name is None:
        abort(404)
    return str(name)
