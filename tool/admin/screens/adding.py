"""An operator adds a platform by hand: choose the LMS, fill in its form, paste the ids back."""

import structlog
from flask import abort, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from tool.access import part
from tool.admin.gate import opens_to_operators
from tool.admin.screens.room import blueprint, show
from tool.admin.sessions import SignedIn
from tool.db import Database
from tool.errors import BadInput
from tool.language import told
from tool.registration.by_hand import GUIDES, ToolAddresses
from tool.registration.platforms import TrustedPlatforms, take_in
from tool.registration.presets import PRESETS, Preset, find_preset
from tool.registration.typed import Typed, read_typed
from tool.settings import Settings

log = structlog.get_logger("admin")


@opens_to_operators(blueprint, "/admin/platforms/new")
def choose_platform(operator: SignedIn) -> str:
    with part(Database).reading() as connection:
        return show(connection, operator, "platform_choose.html", tab="admin.all_platforms", presets=PRESETS)


@opens_to_operators(blueprint, "/admin/platforms/new/<preset_key>")
def new_platform(operator: SignedIn, preset_key: str) -> Response:
    return _page(operator, _find(preset_key), None, 200)


@opens_to_operators(blueprint, "/admin/platforms/new/<preset_key>", methods=("POST",))
def add_platform(operator: SignedIn, preset_key: str) -> Response:
    preset = _find(preset_key)
    typed = read_typed(preset, request.form, allows_loopback_http=not part(Settings).is_production)
    if typed.flaws:
        return _page(operator, preset, typed, 400)
    try:
        platform_id = take_in(part(Database), typed.issuer, typed.entry, is_approved=True)
    except BadInput as refusal:
        return _page(operator, preset, typed, 400, trouble=told(refusal)[0])
    part(TrustedPlatforms).forget()
    log.info("operator.added_platform", operator_id=operator.id, platform_id=platform_id)
    return redirect(url_for("admin.platform", platform_id=platform_id, said="added"), 303)


def _find(key: str) -> Preset:
    preset = find_preset(key)
    if preset is None:
        abort(404)
    return preset


def _page(
    operator: SignedIn, preset: Preset, typed: Typed | None, status: int, *, trouble: str | None = None
) -> Response:
    with part(Database).reading() as connection:
        page = show(
            connection,
            operator,
            "platform_new.html",
            tab="admin.all_platforms",
            preset=preset,
            guide=GUIDES[preset.guide](ToolAddresses(part(Settings).base_url)),
            values=typed.values if typed else {},
            flaws=typed.flaws if typed else {},
            trouble=trouble,
        )
    return make_response(page, status)
