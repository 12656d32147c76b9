"""The platforms, and one of them: what it is, what is missing, its deployments and hosts, and what may be changed."""

from collections.abc import Callable, Mapping
from typing import Any, get_args

import structlog
from flask import abort, make_response, redirect, request, url_for
from sqlalchemy import Connection, select
from werkzeug.wrappers import Response

from tool.access import part
from tool.admin import hosts, platforms
from tool.admin.gate import opens_to_operators
from tool.admin.screens.room import LARGEST_ID, blueprint, read_number, removed_in_words, show
from tool.admin.sessions import SignedIn
from tool.db import Database
from tool.errors import BadInput
from tool.language import gettext, lazy_gettext, told
from tool.model.platforms import Platform
from tool.registration.deployments import RULES, add_deployment, approve_deployment, switch_off_deployment
from tool.registration.granted import describe_granted
from tool.registration.missing import read_progress
from tool.registration.new_platforms import ID_CHARACTERS, NAME_CHARACTERS
from tool.registration.platforms import TrustedPlatforms, approve, change, confirm_host
from tool.registration.trusted import facts_of
from tool.registration.typed import BLANKS, WORDS, find_flaw_of_deployment
from tool.settings import Family

log = structlog.get_logger("admin")

FAMILIES = get_args(Family)
SAID = {
    "added": lazy_gettext("Added."),
    "approve": lazy_gettext("Approved. People may come in now."),
    "name": lazy_gettext("Renamed."),
    "family": lazy_gettext("Changed."),
    "rule": lazy_gettext("Changed."),
    "off": lazy_gettext("Switched off. Launches are refused, and its scores wait here."),
    "on": lazy_gettext("Switched on. Its scores go on by themselves."),
    "confirm_host": lazy_gettext("Confirmed. In half a minute, retry its scores under “Needs a person”."),
    "withdraw_host": lazy_gettext("Withdrawn. Nothing is sent there any more."),
    "edit": lazy_gettext("Saved. Test the connection now; scores that wait go to the new addresses."),
    "join": lazy_gettext("Joined. Whoever comes in from this deployment finds those people and courses."),
    "add": lazy_gettext("Added. Launches of this deployment are let in."),
    "admit": lazy_gettext("Approved. Launches of this deployment are let in."),
    "refuse": lazy_gettext("Switched off. Launches of this deployment are refused; people, courses and scores stay."),
}


@opens_to_operators(blueprint, "/admin/platforms")
def all_platforms(operator: SignedIn) -> str:
    with part(Database).reading() as connection:
        lines = platforms.read_lines(connection)
        return show(connection, operator, "platforms.html", lines=lines, said=_read_closed())


@opens_to_operators(blueprint, "/admin/platforms/<int:platform_id>")
def platform(operator: SignedIn, platform_id: int) -> Response:
    return _page(operator, platform_id)


@opens_to_operators(blueprint, "/admin/platforms/<int:platform_id>", methods=("POST",))
def change_platform(operator: SignedIn, platform_id: int) -> Response:
    """What `do` says, of `CHANGES`."""
    return _act(operator, platform_id, CHANGES)


@opens_to_operators(blueprint, "/admin/platforms/<int:platform_id>/deployments", methods=("POST",))
def change_deployment(operator: SignedIn, platform_id: int) -> Response:
    return _act(operator, platform_id, DEPLOYMENT_CHANGES)


Change = Callable[[Platform, Mapping[str, str]], None]


def _act(operator: SignedIn, platform_id: int, changes: Mapping[str, Change]) -> Response:
    row = find_platform(platform_id)
    word = request.form.get("do", "")
    if word not in changes:
        return _page(operator, platform_id, trouble=gettext("Nothing was chosen."))
    try:
        changes[word](row, request.form)
    except BadInput as refusal:
        return _page(operator, platform_id, trouble=told(refusal)[0])
    part(TrustedPlatforms).forget()
    log.info("operator.changed_platform", operator_id=operator.id, platform_id=platform_id, act=word)
    return redirect(url_for("admin.platform", platform_id=platform_id, said=word), 303)


def _approve(row: Platform, typed: Mapping[str, str]) -> None:  # noqa: ARG001
    approve(part(Database), row.id)


def _rename(row: Platform, typed: Mapping[str, str]) -> None:
    name = typed.get("name", "").strip(BLANKS)
    if not 1 <= len(name) <= NAME_CHARACTERS or not name.isprintable():
        raise BadInput(gettext("A name has 1 to 200 characters."))
    change(part(Database), row.id, name=name)


def _set_family(row: Platform, typed: Mapping[str, str]) -> None:
    if typed.get("family") not in FAMILIES:
        raise BadInput(gettext("Nothing was chosen."))
    change(part(Database), row.id, family=typed["family"])


def _set_rule(row: Platform, typed: Mapping[str, str]) -> None:
    if typed.get("rule") not in RULES:
        raise BadInput(gettext("Nothing was chosen."))
    change(part(Database), row.id, new_deployments=typed["rule"])


def _confirm_host(row: Platform, typed: Mapping[str, str]) -> None:
    """Only one that was refused: an operator confirms what the LMS named, and cannot mistype it."""
    with part(Database).reading() as connection:
        refused = hosts.read_refused_hosts(connection, row.id, facts_of(row), _confirmed(row))
    if typed.get("host") not in refused:
        raise BadInput(gettext("This host is not among those that were refused."))
    confirm_host(part(Database), row.id, typed["host"])


def _withdraw_host(row: Platform, typed: Mapping[str, str]) -> None:
    confirm_host(part(Database), row.id, typed.get("host", ""), is_wanted=False)


CHANGES: Mapping[str, Change] = {
    "approve": _approve,
    "name": _rename,
    "family": _set_family,
    "rule": _set_rule,
    "off": lambda row, _: change(part(Database), row.id, is_active=False),
    "on": lambda row, _: change(part(Database), row.id, is_active=True),
    "confirm_host": _confirm_host,
    "withdraw_host": _withdraw_host,
}


def _add_deployment(row: Platform, typed: Mapping[str, str]) -> None:
    deployment_id = typed.get("deployment_id", "").strip(BLANKS)
    if not deployment_id or len(deployment_id) > ID_CHARACTERS or not deployment_id.isprintable():
        raise BadInput(str(WORDS["unreadable" if deployment_id else "missing"]))
    if flaw := find_flaw_of_deployment(row.family, row.client_id, deployment_id):
        raise BadInput(str(WORDS[flaw]))
    add_deployment(part(Database), row.id, deployment_id)


def _admit_deployment(row: Platform, typed: Mapping[str, str]) -> None:
    joins = typed.get("joins", "")
    if joins and not (joins.isascii() and joins.isdecimal() and int(joins) <= LARGEST_ID):
        raise BadInput(gettext("Nothing was chosen."))
    approve_deployment(part(Database), row.id, typed.get("deployment_id", ""), joins=int(joins) if joins else None)


def _join_deployment(row: Platform, typed: Mapping[str, str]) -> None:
    if not typed.get("joins"):
        raise BadInput(gettext("Nothing was chosen."))
    _admit_deployment(row, typed)


DEPLOYMENT_CHANGES: Mapping[str, Change] = {
    "add": _add_deployment,
    "admit": _admit_deployment,
    "join": _join_deployment,
    "refuse": lambda row, typed: switch_off_deployment(part(Database), row.id, typed.get("deployment_id", "")),
}


def _page(operator: SignedIn, platform_id: int, *, trouble: str | None = None) -> Response:
    row = find_platform(platform_id)
    said = _read_closed() or SAID.get(request.args.get("said", ""))
    with part(Database).reading() as connection:
        page = show(
            connection,
            operator,
            "platform.html",
            tab="admin.all_platforms",
            platform=row,
            trouble=trouble,
            said=str(said) if said and not trouble else None,
            **_facts(connection, row),
        )
    return make_response(page, 400 if trouble else 200)


def _read_closed() -> str | None:
    """After a removal: what became of the scores that waited."""
    text = request.args.get("closed")
    if text is None:
        return None
    return removed_in_words(read_number(text) or 0)


def _facts(connection: Connection, row: Platform) -> dict[str, Any]:
    return {
        "word": platforms.word_of(row),
        "progress": read_progress(connection, row.id),
        "deployments": platforms.read_deployments(connection, row.id),
        "sharers": platforms.read_sharers(connection, row.id),
        "refused": hosts.read_refused_hosts(connection, row.id, facts_of(row), _confirmed(row)),
        "confirmed": sorted(_confirmed(row)),
        "remarks": describe_granted(row.granted),
        "families": FAMILIES,
        "rules": RULES,
    }


def _confirmed(row: Platform) -> frozenset[str]:
    return frozenset(str(host) for host in row.service_hosts or ())


def find_platform(platform_id: int) -> Platform:
    """Not found when there is none, or it was removed."""
    if platform_id > LARGEST_ID:
        abort(404)
    with part(Database).session() as session:
        row = session.scalar(select(Platform).where(Platform.id == platform_id, Platform.removed_at.is_(None)))
        if row is None:
            abort(404)
        session.expunge(row)
    return row
