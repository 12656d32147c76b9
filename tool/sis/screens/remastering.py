"""*Remaster*: how many scores would go again, and then the run; nothing goes by opening the page."""

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from tool.access import TEACHER, Visitor, opens, part
from tool.clock import now
from tool.db import Database
from tool.errors import BadInput
from tool.language import gettext
from tool.sis.screens.choosing import known_items, typed_items
from tool.sis.screens.room import SECTION, blueprint, find_section, frame, sync_url
from tool.sis.screens.stopping import insist, why_stopped
from tool.sis.showing.going import duration_text, look
from tool.sis.sync.asking import ask_for_run
from tool.sis.sync.gathering import gather
from tool.sis.sync.standing import read_items
from tool.wake import Bell


@opens(blueprint, f"{SECTION}/remaster", to=TEACHER)
def remaster(visitor: Visitor, section_id: int) -> str:
    """Every item that would go, with the number of its scores."""
    at = now()
    with part(Database).reading() as connection:
        section = find_section(connection, visitor, section_id)
        facts = gather(connection, section.id, None, at)
        succeeded = {one.placement_id: one.succeeded_at for one in read_items(connection, section.id, at)}
        page = frame(connection, visitor, "settings", section)
        stop = why_stopped(connection, visitor, section)
    # What has nothing new to send is exactly what a remaster is for.
    looked = [look(one) for one in facts] if stop is None else []
    going = [one for one in looked if one.scores and (one.fate == "ready" or one.is_unchanged)]
    scores = sum(one.scores for one in going)
    rows = [
        {
            "placement_id": one.facts.placement_id,
            "title": one.facts.title,
            "scores": one.scores,
            "succeeded_at": succeeded.get(one.facts.placement_id),
        }
        for one in going
    ]
    return render_template(
        "sis/remaster.html", **page, rows=rows, scores=scores, duration=duration_text(scores, len(rows), facts)
    )


@opens(blueprint, f"{SECTION}/remaster", to=TEACHER, methods=("POST",))
def start_remaster(visitor: Visitor, section_id: int) -> Response:
    """Send everything that is ticked, changed or not; once in 24 hours."""
    with part(Database).writing() as connection:
        section = find_section(connection, visitor, section_id)
        insist(connection, visitor, section)
        chosen = sorted(typed_items("item") & known_items(connection, visitor))
        if not chosen or request.form.get("sure") != "yes":
            raise BadInput(gettext("Nothing is chosen."), gettext("Go back and tick at least one assignment."))
        ask_for_run(connection, section.id, "remaster", visitor.member_id, placement_ids=chosen)
    part(Bell).ring()
    return redirect(sync_url(visitor, section), 303)
