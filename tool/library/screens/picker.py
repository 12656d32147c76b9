"""Choosing assignments for the LMS (deep linking): the list, the choice, and the page that carries the answer back."""

from typing import Any

import structlog
from flask import current_app, g, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from tool.access import TEACHER, Visitor, opens, part
from tool.db import Database
from tool.errors import BadInput
from tool.language import gettext, ngettext
from tool.library.picker import Trouble, judge_choice, promise
from tool.library.screens.room import blueprint, list_choices, new_url
from tool.library.selections import (
    MOST_CHOSEN,
    Asked,
    Choice,
    ChoiceSeal,
    choose_once,
    is_the_one,
    open_choice,
    read_asked,
    read_chosen,
    seal_choice,
)
from tool.library.shelf import is_on_shelf
from tool.lti.deep_linking import Envelope, return_origin, sign_answer
from tool.registration.keys import CurrentKey
from tool.registration.platforms import KnownPlatform, TrustedPlatforms
from tool.settings import Settings

log = structlog.get_logger("library")

LAUNCH_ENDPOINT = "launch.launch"


@opens(blueprint, "/l/<launch_id>/choose", to=TEACHER)
def choose(visitor: Visitor) -> str:
    """The teacher's assignments, to choose from; nothing is stored by looking."""
    with part(Database).reading() as connection:
        asked = _open_request(connection, visitor)
        return _show(connection, visitor, asked, chosen=request.args.getlist("assignment"))


@opens(blueprint, "/l/<launch_id>/choose", to=TEACHER, methods=("POST",))
def choose_these(visitor: Visitor) -> tuple[str, int] | str | Response:
    """The choice, or nothing at all (cancel): on to the page that answers. A search comes here too, so that what is
    ticked stays ticked."""
    chosen = list(dict.fromkeys(request.form.getlist("assignment")))
    do = request.form.get("do", "")
    with part(Database).reading() as connection:
        asked = _open_request(connection, visitor)
        if do == "search":
            return _show(connection, visitor, asked, chosen=chosen)
        if do == "cancel" or not asked.accepts_links:
            chosen = []
        else:
            on_shelf = {one for one in chosen[: MOST_CHOSEN + 1] if is_on_shelf(connection, visitor, one)}
            trouble = judge_choice(asked, chosen, on_shelf)
            if trouble is not None:
                return _show(connection, visitor, asked, chosen=chosen, wrong=_say(trouble)), 400
    with part(Database).writing() as connection:
        choice = choose_once(connection, visitor.launch_id, chosen)
    if choice is None:
        raise _answered()
    log.info("selection.answered", platform_id=visitor.platform_id, items=len(chosen))
    sealed = seal_choice(part(ChoiceSeal), choice)
    return redirect(url_for("library.answer", launch_id=visitor.launch_id, choice=sealed), 303)


@opens(blueprint, "/l/<launch_id>/answer", to=TEACHER)
def answer(visitor: Visitor) -> str:
    """The signed answer in a form that sends itself: to the address of the signed request, and to no other."""
    choice = open_choice(part(ChoiceSeal), visitor, request.args.get("choice", ""))
    key = CurrentKey(part(Database), part(Settings))()
    with part(Database).reading() as connection:
        asked = read_asked(connection, visitor.launch_id)
        if asked is None or choice is None or not is_the_one(connection, choice):
            raise _answered()
        items = read_chosen(connection, choice.assignment_ids)
    signed = sign_answer(_envelope(visitor, asked, choice), items, key)
    # The LMS may lead on to its other host: browsers hold what follows a form to the same list.
    g.form_targets = f"{return_origin(asked.return_url)} {visitor.frame_ancestors}"
    return render_template(
        "library/picker_answer.html", visitor=visitor, return_url=asked.return_url, jwt=signed, count=len(items)
    )


def _open_request(connection: Connection, visitor: Visitor) -> Asked:
    asked = read_asked(connection, visitor.launch_id)
    if asked is None:
        raise BadInput(
            gettext("Your LMS did not ask for an assignment to be chosen here."),
            gettext("Add an assignment from your course: the LMS then opens the list to choose from."),
        )
    if asked.is_answered:
        raise _answered()
    return asked


def _answered() -> BadInput:
    return BadInput(
        gettext("This choice was sent to your LMS already, or it waited too long."),
        gettext("To choose something else, begin again from your course."),
    )


def _show(connection: Connection, visitor: Visitor, asked: Asked, *, chosen: list[str], wrong: str = "") -> str:
    """The page with the list; `wrong` says what keeps the choice from being sent."""
    frame: dict[str, Any] = {"visitor": visitor, "csrf": visitor.csrf}
    if not asked.accepts_links:
        return render_template("library/picker_not_wanted.html", **frame)
    search = request.form.get("search", "")
    family = _platform_of(visitor).facts.family
    rows = list_choices(connection, visitor, search)
    listed = {row.assignment_id for row in rows}
    return render_template(
        "library/picker.html",
        **frame,
        rows=[{"row": row, "promise": promise(asked, family, row.points)} for row in rows],
        search=search,
        chosen=set(chosen),
        chosen_elsewhere=[one for one in chosen if one not in listed] if asked.accepts_several else [],
        accepts_several=asked.accepts_several,
        wrong=wrong,
        new_url=new_url(visitor),
    )


def _say(trouble: Trouble) -> str:
    texts = {
        "none": gettext("Choose an assignment first."),
        "several": gettext("Your LMS takes one assignment at a time. Choose one of them."),
        "too_many": ngettext(
            "At most %(num)s assignment at a time.", "At most %(num)s assignments at a time.", MOST_CHOSEN
        ),
        "gone": gettext("One of these assignments is no longer in your library. Choose again."),
    }
    return texts[trouble]


def _platform_of(visitor: Visitor) -> KnownPlatform:
    known = part(TrustedPlatforms).by_id(visitor.platform_id)
    if known is None:
        raise BadInput(gettext("Your LMS is switched off in this tool."), gettext("Ask your school."))
    return known


def _envelope(visitor: Visitor, asked: Asked, choice: Choice) -> Envelope:
    return Envelope(
        platform=_platform_of(visitor).facts,
        deployment_id=asked.deployment_id,
        launch_url=current_app.config["TOOL_ORIGIN"] + url_for(LAUNCH_ENDPOINT),
        data=asked.data,
        accepts_line_items=asked.accepts_line_items,
        nonce=choice.nonce,
        chosen_at=choice.chosen_at,
    )
