"""The page of an LMS admin who came by an invitation and registers by hand: choose the LMS, fill in its form, paste the
ids back, and see what is still missing."""

import structlog
from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tool.access import ANYONE, FormSeal, NotForYou, digest, is_own_form, opens, part
from tool.db import Database
from tool.errors import BadInput
from tool.language import gettext, told
from tool.model.platforms import Platform
from tool.registration.by_hand import GUIDES, ToolAddresses
from tool.registration.deployments import add_deployment
from tool.registration.invitations import Invited, find_invitation, using
from tool.registration.missing import read_progress
from tool.registration.platforms import TrustedPlatforms, take_in
from tool.registration.presets import PRESETS, Preset, find_preset
from tool.registration.typed import BLANKS, WORDS, Typed, find_flaw_of_deployment, read_typed
from tool.settings import Settings

blueprint = Blueprint("by_hand", __name__)

log = structlog.get_logger("registration")


@opens(blueprint, "/lti/invited/<secret>", to=ANYONE)
def invited(secret: str) -> Response:
    """Which LMS is it? Once one is registered: how far it is."""
    found = _find(secret)
    if found.platform_id is not None:
        return _progress(secret, found)
    page = render_template("registration/by_hand_choose.html", secret=secret, presets=PRESETS)
    return make_response(page)


@opens(blueprint, "/lti/invited/<secret>/<preset_key>", to=ANYONE)
def form(secret: str, preset_key: str) -> Response:
    found, preset = _find(secret), _find_preset(preset_key)
    if found.platform_id is not None:
        return redirect(url_for("by_hand.invited", secret=secret), 303)
    return _form(secret, preset, None, 200)


@opens(blueprint, "/lti/invited/<secret>/<preset_key>", to=ANYONE, methods=("POST",))
def register(secret: str, preset_key: str) -> Response:
    found, preset = _find(secret), _find_preset(preset_key)
    _require_own_form(secret)
    typed = read_typed(preset, request.form, allows_loopback_http=not part(Settings).is_production)
    if typed.flaws:
        return _form(secret, preset, typed, 400)
    try:
        platform_id = _take_in(found, typed)
    except BadInput as refusal:
        return _form(secret, preset, typed, 400, trouble=told(refusal)[0])
    part(TrustedPlatforms).forget()
    log.info("registration.by_hand", platform_id=platform_id, invitation_id=found.id, is_approved=found.approves)
    return redirect(url_for("by_hand.invited", secret=secret), 303)


@opens(blueprint, "/lti/invited/<secret>/deployment", to=ANYONE, methods=("POST",))
def name_deployment(secret: str) -> Response:
    """The LMS told the deployment id only after the tool was installed."""
    found = _find(secret)
    _require_own_form(secret)
    if found.platform_id is None:
        return redirect(url_for("by_hand.invited", secret=secret), 303)
    deployment_id = request.form.get("deployment_id", "").strip(BLANKS)
    row = _read_platform(found.platform_id)
    flaw: str | None = find_flaw_of_deployment(row.family, row.client_id, deployment_id)
    if not 1 <= len(deployment_id) <= 255 or not deployment_id.isprintable():
        flaw = "missing" if not deployment_id else "unreadable"
    if flaw is not None:
        return _progress(secret, found, trouble=str(WORDS[flaw]), typed=deployment_id)
    # A platform that waits is looked at with everything it brings; one that is trusted already gets nothing more on
    # the word of an invitation that does not approve.
    is_held = not found.approves and row.approved_at is not None
    try:
        add_deployment(part(Database), found.platform_id, deployment_id, is_held=is_held)
    except BadInput as refusal:
        return _progress(secret, found, trouble=told(refusal)[0], typed=deployment_id)
    part(TrustedPlatforms).forget()
    log.info("registration.deployment_named", platform_id=found.platform_id, is_held=is_held)
    return redirect(url_for("by_hand.invited", secret=secret), 303)


def _take_in(found: Invited, typed: Typed) -> int:
    """All in one transaction: the platform, and the end of the invitation."""
    with using(part(Database), found.id) as use:
        return take_in(part(Database), typed.issuer, typed.entry, is_approved=found.approves, also=use.end_with)


def _find(secret: str) -> Invited:
    with part(Database).reading() as connection:
        found = find_invitation(connection, secret)
    if found is None:
        raise NotForYou(
            gettext("This invitation is not good any more: it was used, withdrawn, or its time is over."),
            gettext("Ask whoever sent you the link for a new one."),
            status=404,
        )
    return found


def _find_preset(key: str) -> Preset:
    preset = find_preset(key)
    if preset is None:
        raise NotForYou(
            gettext("There is no such page."), gettext("Open the link of your invitation again."), status=404
        )
    return preset


def _read_platform(platform_id: int) -> Platform:
    with part(Database).session() as session:
        row = session.get_one(Platform, platform_id)
        session.expunge(row)
        return row


def _form(secret: str, preset: Preset, typed: Typed | None, status: int, *, trouble: str | None = None) -> Response:
    page = render_template(
        "registration/by_hand.html",
        secret=secret,
        csrf=_mark(secret),
        preset=preset,
        guide=GUIDES[preset.guide](ToolAddresses(part(Settings).base_url)),
        values=typed.values if typed else {},
        flaws=typed.flaws if typed else {},
        trouble=trouble,
    )
    return make_response(page, status)


def _progress(secret: str, found: Invited, *, trouble: str | None = None, typed: str = "") -> Response:
    platform_id = found.platform_id or 0
    with part(Database).reading() as connection:
        progress = read_progress(connection, platform_id)
    page = render_template(
        "registration/by_hand_done.html",
        secret=secret,
        csrf=_mark(secret),
        platform=_read_platform(platform_id),
        progress=progress,
        trouble=trouble,
        typed=typed,
    )
    return make_response(page, 400 if trouble else 200)


def _require_own_form(secret: str) -> None:
    if not is_own_form(_mark(secret)):
        raise NotForYou(
            gettext("This form was not sent from the page it belongs to."),
            gettext("Open the link of your invitation again and repeat what you did."),
            status=403,
        )


def _mark(secret: str) -> str:
    """Goes into the forms of this invitation's pages."""
    return part(FormSeal).seal("invited", digest(secret))
