"""*Check before sending*: what would go, what is kept back and why. Opening it sends nothing."""

from collections.abc import Sequence
from typing import Any

from flask import render_template

from tool.access import TEACHER, Visitor, opens, part
from tool.clock import now
from tool.db import Database
from tool.sis.remedies import tell
from tool.sis.rules.finding import Finding
from tool.sis.screens.choosing import typed_items
from tool.sis.screens.places import places_of
from tool.sis.screens.room import SECTION, Section, blueprint, find_section, frame, item_url, sync_url
from tool.sis.screens.stopping import why_stopped
from tool.sis.showing.going import Looked, look
from tool.sis.showing.trouble import Places, tell_findings
from tool.sis.sync.gathering import gather


@opens(blueprint, f"{SECTION}/check", to=TEACHER, methods=("GET", "POST"))
def check(visitor: Visitor, section_id: int) -> str:
    """All items, or the chosen ones; the form comes by POST so that a long choice stays out of the address."""
    chosen, left_out = typed_items("item"), typed_items("leave_out")
    with part(Database).reading() as connection:
        section = find_section(connection, visitor, section_id)
        looked = [look(facts) for facts in gather(connection, section.id, None, now())]
        stop = why_stopped(connection, visitor, section)
        page = frame(connection, visitor, "sync", section)
    wanted = [one for one in looked if not chosen or one.facts.placement_id in chosen]
    ready = [one for one in wanted if one.fate == "ready"]
    going = [one for one in ready if one.facts.placement_id not in left_out]
    wide = looked[0].wide if looked else ()
    return render_template(
        "sis/check.html",
        **page,
        list_url=sync_url(visitor, section),
        kind="selected" if chosen else "changes",
        stop=stop,
        wide=_tell(wide, places_of(visitor, section, None, may_send=False)),
        wide_blocks=stop is not None or any(one.blocks for one in wide),
        items=[{"placement_id": one.facts.placement_id} for one in wanted] if chosen else [],
        ready=[_describe(visitor, section, one, left_out) for one in ready],
        blocked=[_describe(visitor, section, one, left_out) for one in wanted if one.fate == "blocked"],
        quiet=[_describe(visitor, section, one, left_out) for one in wanted if one.fate == "quiet"],
        scores=sum(one.scores for one in going),
        going=len(going),
    )


def _describe(visitor: Visitor, section: Section, looked: Looked, left_out: set[int]) -> dict[str, Any]:
    facts = looked.facts
    places = places_of(visitor, section, facts.placement_id, may_send=False)
    reason = looked.reason
    return {
        "placement_id": facts.placement_id,
        "title": facts.title,
        "url": item_url(visitor, section, facts.placement_id),
        "scores": looked.scores,
        "kept_back": looked.kept_back,
        "is_left_out": facts.placement_id in left_out,
        "because": tell(reason.code, reason.about).happened if reason else None,
        "findings": _tell(looked.own, places),
    }


def _tell(findings: Sequence[Finding], places: Places) -> list[dict[str, Any]]:
    """What keeps something back comes first."""
    return tell_findings(sorted(findings, key=lambda one: not one.blocks), places)
