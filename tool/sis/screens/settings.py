"""Settings of a section: whether it goes by itself at night, and the way to *Remaster*."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tool.access import TEACHER, Visitor, opens, part
from tool.clock import now
from tool.db import Database
from tool.sis.linking.acting import Actor
from tool.sis.linking.nightly import switch_nightly as write_nightly
from tool.sis.screens.room import SECTION, blueprint, find_section, frame
from tool.sis.screens.stopping import insist, why_stopped
from tool.sis.showing.section import free_to_remaster_at, next_night


@opens(blueprint, f"{SECTION}/settings", to=TEACHER)
def settings(visitor: Visitor, section_id: int) -> str:
    """The night with its next hour, what a remaster is for and when it was used, and the class."""
    with part(Database).reading() as connection:
        section = find_section(connection, visitor, section_id)
        page = frame(connection, visitor, "settings", section)
        stop = why_stopped(connection, visitor, section)
    return render_template(
        "sis/settings.html",
        **page,
        night=next_night(section.night, now()),
        stop=stop,
        free_at=free_to_remaster_at(section.remastered_at, now()),
    )


@opens(blueprint, f"{SECTION}/settings/nightly", to=TEACHER, methods=("POST",))
def switch_nightly(visitor: Visitor, section_id: int) -> Response:
    """The nightly sync of this section, on or off."""
    with part(Database).writing() as connection:
        section = find_section(connection, visitor, section_id)
        insist(connection, visitor, section)
        actor = Actor(visitor.member_id, section.id)
        write_nightly(connection, actor, is_on=request.form.get("nightly") == "on")
    return redirect(url_for("sis.settings", launch_id=visitor.launch_id, section_id=section_id), 303)
