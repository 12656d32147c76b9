"""Dynamic registration by an invitation's link.

The LMS shows the registration in a frame of its own. Looking at it uses nothing up, whoever looks (a preview of the
link in a chat, a browser that fetches ahead); the button does it.
"""

import structlog
from flask import Blueprint, Response, current_app, g, make_response, render_template, request, url_for
from sqlalchemy import select

from tool.access import ANYONE, FormSeal, digest, is_own_form, opens, part
from tool.db import Database
from tool.errors import BadInput
from tool.language import told
from tool.lti.dynamic_registration import OurAddresses, asks_for_choosing
from tool.lti.errors import RegistrationRefused
from tool.lti.platform_configuration import frame_origin
from tool.model.platforms import Deployment, Platform
from tool.outbound import Outbound
from tool.registration.granted import describe_granted, scope_words
from tool.registration.invitations import Invited, find_invitation, invitation_url
from tool.registration.refusals import words_for
from tool.registration.signing_up import Offer, make_offer, read_offer, sign_up
from tool.registration.trusted import TrustedPlatforms
from tool.settings import Settings

blueprint = Blueprint("signing_up", __name__)

log = structlog.get_logger("registration")


@opens(blueprint, "/lti/register", to=ANYONE)
def register_uninvited() -> Response:
    _let_frame(request.args.get("openid_configuration"))
    return _refused(RegistrationRefused("invitation.unknown"), status=404)


@opens(blueprint, "/lti/register/<secret>", to=ANYONE)
def look_at_registration(secret: str) -> Response:
    """What will be asked of the LMS, and one button. Without an LMS behind it: what to do with the link."""
    url = request.args.get("openid_configuration")
    _let_frame(url)
    invited = _find(secret)
    if invited is None:
        return _refused(RegistrationRefused("invitation.unknown"), status=404)
    if invited.platform_id is not None:
        return _done(secret, invited.platform_id)
    if not url:
        return _page(
            "invited.html", secret=secret, link=invitation_url(part(Settings).base_url, secret), note=invited.note
        )
    try:
        # A link with an LMS of the sender's choice behind it would get the token of the one it is pasted into.
        if any(len(request.args.getlist(name)) > 1 for name in ("openid_configuration", "registration_token")):
            raise RegistrationRefused("repeated")
        token = request.args.get("registration_token")
        offer = make_offer(part(Outbound), _our_addresses(), url, token, allows_loopback=_allows_loopback())
    except RegistrationRefused as refusal:
        return _refused(refusal)
    return _confirm(secret, offer, token)


@opens(blueprint, "/lti/register/<secret>", to=ANYONE, methods=("POST",))
def register(secret: str) -> Response:
    """The button: the LMS registers us, we write it down, and its window may close."""
    invited = _find(secret)
    if invited is None:
        return _refused(RegistrationRefused("invitation.unknown"), status=404)
    text = request.form.get("offer", "")
    if not is_own_form(_mark(secret, text)):
        return _refused(RegistrationRefused("form"))
    offer = read_offer(text)
    g.frame_ancestors = " ".join(offer.configuration.frame_origins)
    if invited.platform_id is not None:
        return _done(secret, invited.platform_id)
    if invited.state == "busy":
        return _refused(RegistrationRefused("invitation.busy"), status=409)
    token = request.form.get("registration_token")
    try:
        platform_id = sign_up(part(Database), part(Outbound), invited, offer, token)
    except RegistrationRefused as refusal:
        return _refused(refusal)
    except BadInput as refusal:
        return _failed(*told(refusal), "", 409)
    part(TrustedPlatforms).forget()
    log.info("registration.done", platform_id=platform_id, family=offer.configuration.family)
    return _done(secret, platform_id)


def _find(secret: str) -> Invited | None:
    with part(Database).reading() as connection:
        return find_invitation(connection, secret)


def _mark(secret: str, offer: str) -> str:
    """Seals what the page shows: the button does exactly that, and no page of anybody else has it."""
    return part(FormSeal).seal("registration", digest(f"{digest(secret)}:{digest(offer)}"))


def _allows_loopback() -> bool:
    return not part(Settings).is_production


def _our_addresses() -> OurAddresses:
    origin = current_app.config["TOOL_ORIGIN"]
    return OurAddresses(
        base_url=origin,
        login_url=origin + url_for("launch.login"),
        launch_url=origin + url_for("launch.launch"),
        key_set_url=origin + url_for("registration.public_keys"),
        icon_url=origin + url_for("static", filename="mark.svg"),
    )


def _let_frame(url: str | None) -> None:
    """A refusal is read inside the LMS, where an unframed one would be an empty box. It holds nothing to press."""
    origin = frame_origin(url, allows_loopback=_allows_loopback()) if url else None
    g.frame_ancestors = origin or ""


def _confirm(secret: str, offer: Offer, token: str | None) -> Response:
    g.frame_ancestors = " ".join(offer.configuration.frame_origins)
    text = offer.as_text()
    return _page(
        "confirm.html",
        secret=secret,
        configuration=offer.configuration,
        permissions=scope_words(str(offer.proposal["scope"]).split()),
        lets_choose=asks_for_choosing(offer.proposal),
        offer=text,
        token=token or "",
        csrf=_mark(secret, text),
    )


def _done(secret: str, platform_id: int) -> Response:
    asked = (Platform.name, Platform.family, Platform.issuer, Platform.approved_at, Platform.granted)
    of_platform = select(Deployment.id).where(Deployment.platform_id == platform_id, Deployment.is_active)
    with part(Database).reading() as connection:
        platform = connection.execute(select(*asked).where(Platform.id == platform_id)).one()
        has_deployment = connection.execute(of_platform).first() is not None
    return _page(
        "done.html",
        secret=secret,
        platform=platform,
        has_deployment=has_deployment,
        remarks=describe_granted(platform.granted),
    )


def _refused(refusal: RegistrationRefused, status: int = 400) -> Response:
    """Only the code is written down: an address may hold a token."""
    log.info("registration.refused", code=refusal.code, outcome_unknown=refusal.outcome_unknown)
    message, hint = words_for(refusal)
    return _failed(message, hint, refusal.excerpt, status)


def _failed(message: str, hint: str, excerpt: str, status: int) -> Response:
    return make_response(_text("failed.html", message=message, hint=hint, excerpt=excerpt), status)


def _page(template: str, **facts: object) -> Response:
    return make_response(_text(template, **facts))


def _text(template: str, **facts: object) -> str:
    return render_template(f"registration/{template}", **facts)
