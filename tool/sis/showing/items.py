"""Items as plain dictionaries for the templates: the list of *Sync Grades*, its filters, and one item's page."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tool.language import gettext
from tool.sis.linking.categories import Associations
from tool.sis.rules.checks.saying import say_number
from tool.sis.rules.facts import ItemFacts
from tool.sis.rules.titles import sis_title
from tool.sis.showing.describing import reason
from tool.sis.showing.times import field_of, local_time
from tool.sis.showing.words import ITEM_LOOKS, item_look
from tool.sis.sync.standing import ItemView
from tool.sis.words import ITEM_EXPLANATIONS

QUIET = frozenset({"opted_out", "term_closed"})
TO_BE_LOOKED_AT = frozenset({"error", "attention", "noted"})


def is_wanted(view: ItemView, status: str, query: str) -> bool:
    return (not status or view.status == status) and query.casefold() in view.title.casefold()


def count_statuses(views: Sequence[ItemView], shown: str) -> list[dict[str, Any]]:
    """The filters, what waits for the teacher first."""
    counted: Counter[str] = Counter(one.status for one in views)
    return [
        {"key": key, "look": item_look(key), "count": counted[key], "is_shown": key == shown}
        for key in ITEM_LOOKS
        if counted[key]
    ]


def describe_item(view: ItemView, sis: str, time_zone: str) -> dict[str, Any]:
    """One row of the list."""
    return {
        "placement_id": view.placement_id,
        "title": view.title,
        "sis_title": view.sis_title if view.sis_title not in (None, view.title) else None,
        "category": view.category,
        "sis_category": view.sis_category,
        "category_note": None if view.sis_category or not view.category else gettext("not associated"),
        "due": local_time(view.due_at, time_zone) if view.due_at else None,
        "due_note": due_note(view.due_source),
        "succeeded_at": view.succeeded_at,
        "status": view.status,
        "look": item_look(view.status),
        "is_quiet": view.status in QUIET,
        "is_unseen": view.is_unseen,
        "because": _because(view, sis),
        "action": gettext("View error") if view.status == "error" else _why(view.status),
    }


def due_note(source: str | None) -> str | None:
    return gettext("inferred: assigned + 7 days") if source == "inferred" else None


def describe_whole(facts: ItemFacts, view: ItemView, row: Any | None, time_zone: str) -> dict[str, Any]:
    """The item's own page; `row` is its SisItem where it has one."""
    limit = facts.profile.title_limit
    return describe_item(view, facts.connection.name, time_zone) | {
        "title": facts.title,
        "name": facts.name,
        "sis_title": facts.sis_title,
        "title_limit": limit,
        "cut": sis_title(facts.name, limit) if limit is not None and len(facts.name) > limit else None,
        "because": None if view.status in TO_BE_LOOKED_AT else str(ITEM_EXPLANATIONS.get(view.status, "")),
        "syncs": facts.syncs and facts.disabled_for is None,
        "due_field": field_of(facts.due.at if facts.due else None, time_zone),
        "due_text": due_text(facts, row),
        "assigned": local_time(facts.assigned_at, time_zone) if facts.assigned_at else None,
        "counts_in_grade": facts.counts_in_grade,
        "points": facts.points,
        "asks_above": not facts.profile.allows_above_maximum,
        "line_item_id": facts.line_item_id,
    }


def due_text(facts: ItemFacts, row: Any | None) -> str:
    """Where the due date comes from, and whether it still moves."""
    if facts.due is None:
        return gettext("There is no due date yet.")
    if row is not None and row.due_at is not None:
        if row.due_source == "inferred":
            return gettext(
                "Inferred when it was first sent (assigned + 7 days); it stays so that the column stays put."
            )
        return gettext("Set; it stays as it was sent until you change it. Emptied: reckoned anew.")
    if facts.due.source == "inferred":
        return gettext("Inferred, because nobody set one: assigned + 7 days. It stays so once it was sent.")
    return gettext("The assignment's own due date. Type another for the school's records only.")


def above_choices(chosen: str, maximum: Decimal | None) -> list[dict[str, Any]]:
    """What becomes of a score above the maximum where the SIS takes none."""
    texts = {
        "ask": gettext("Keep it back and tell me"),
        "cap": gettext("Send the maximum, %(points)s, instead", points=say_number(maximum) if maximum else "–"),
        "skip": gettext("Leave such students out"),
    }
    return [{"value": value, "text": text, "is_chosen": value == chosen} for value, text in texts.items()]


def category_choices(known: Associations, chosen: str) -> list[dict[str, Any]]:
    """Our categories, each with what it is in the SIS; the item's own is there in any case."""
    titles = {one.sourced_id: one.title for one in known.offered}
    theirs = {row.category: titles.get(row.chosen or "") for row in known.rows}
    theirs.setdefault(chosen, None)
    return [
        {
            "value": category,
            "text": gettext(
                "%(ours)s → %(theirs)s",
                ours=category or gettext("No category"),
                theirs=title or gettext("not associated"),
            ),
            "is_chosen": category == chosen,
        }
        for category, title in theirs.items()
    ]


def _because(view: ItemView, sis: str) -> str | None:
    if view.code is None or view.status == "successful":
        return None
    return reason(view.code, {"sis": sis, "title": view.sis_title or view.title})


def _why(status: str) -> str | None:
    return gettext("Why?") if status in TO_BE_LOOKED_AT else None
