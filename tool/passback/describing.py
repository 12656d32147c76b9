"""Verdicts in a teacher's words, as plain dictionaries for the templates."""

from decimal import Decimal
from typing import Any

from tool.language import gettext, lazy_gettext
from tool.lti.vocabulary import SCOPE_LINE_ITEM_READ, SCOPE_RESULT_READ, SCOPE_SCORE
from tool.passback.choosing import Line
from tool.passback.students import Link
from tool.passback.verdict import Status, Verdict
from tool.passback.words import automatic_text, column_text, reason_text

STATUS_WORDS: dict[Status, object] = {
    "not_launched": lazy_gettext("Not launched"),
    "in_progress": lazy_gettext("In progress"),
    "needs_grading": lazy_gettext("Needs grading"),
    "not_sent": lazy_gettext("Not yet sent"),
    "queued": lazy_gettext("Queued"),
    "successful": lazy_gettext("Successful"),
    "accepted_not_shown": lazy_gettext("Accepted, not shown"),
    "changed": lazy_gettext("Changed since sent"),
    "changed_in_lms": lazy_gettext("Changed in the LMS"),
    "error": lazy_gettext("Error"),
    "excused": lazy_gettext("Excused"),
    "opted_out": lazy_gettext("Opted out"),
    "left": lazy_gettext("Left the course"),
}

CAUSES = {
    "blanks_filled": lazy_gettext("blanks were filled in later"),
    "answers_edited": lazy_gettext("answers were edited after handing in"),
    "score_changed": lazy_gettext("you changed the score"),
    "key_changed": lazy_gettext("the answer key was changed"),
    "points_changed": lazy_gettext("the points of a question were changed"),
    "further_attempt": lazy_gettext("a further attempt"),
    "regraded": lazy_gettext("it was graded anew"),
    "override": lazy_gettext("you overrode the score"),
    "completion": lazy_gettext("complete/incomplete"),
    "other_column": lazy_gettext("the link has another gradebook column now"),
    "undone": lazy_gettext("the last send was undone"),
}


def status_word(status: Status) -> str:
    return str(STATUS_WORDS[status])


def describe_row(link: Link, verdict: Verdict, *, is_chosen: bool) -> dict[str, Any]:
    """One row of the screen: the verdict's values, its words, and which buttons it has."""
    in_lms = verdict.in_lms
    return {
        "member_id": verdict.member_id,
        "name": verdict.name or gettext("No name given"),
        "status": verdict.status,
        "word": status_word(verdict.status),
        "because": _because(link, verdict),
        "earned": verdict.earned,
        "earned_maximum": verdict.earned_maximum,
        "to_send": verdict.to_send.score if verdict.to_send else None,
        "to_send_maximum": verdict.to_send.maximum if verdict.to_send else None,
        "is_above_maximum": bool(verdict.to_send and verdict.to_send.is_above_maximum),
        "override": verdict.override,
        "override_reason": verdict.override_reason,
        "override_is_outdated": verdict.override_is_outdated,
        "completion": verdict.completion,
        "counts_as": verdict.to_send.source if verdict.to_send else None,
        "sent": verdict.sent,
        "sent_at": verdict.sent_at,
        "in_lms": in_lms,
        "in_lms_maximum": verdict.in_lms_maximum,
        "has_other_scale": _has_other_scale(verdict),
        "read_at": verdict.read_at,
        "is_changed": verdict.is_changed,
        "is_chosen": is_chosen,
        "can_choose": verdict.status not in ("left", "excused", "opted_out", "queued"),
        "can_override": verdict.status not in ("left", "excused"),
        "can_decide": verdict.status == "changed_in_lms" and in_lms is not None,
        "can_replace": verdict.status == "changed_in_lms" and verdict.to_send is not None,
        "has_error": verdict.status == "error",
    }


def describe_line(link: Link, line: Line) -> dict[str, Any]:
    """One line of the preview: old → new, or why it is left out."""
    row = describe_row(link, line.verdict, is_chosen=line.left_out is None)
    return row | {
        "old": line.old,
        "old_maximum": line.verdict.in_lms_maximum if line.verdict.read_at else line.verdict.sent_maximum,
        "is_old_read": line.verdict.read_at is not None,
        "new": line.new.score if line.new else None,
        "new_maximum": line.new.maximum if line.new else None,
        "left_out": left_out_text(link, line.left_out),
    }


def left_out_text(link: Link, reason: str | None) -> str | None:
    """Why a student is left out of a send."""
    if reason is None:
        return None
    texts = {
        "no_change": gettext("nothing changed: %(platform)s has this score already", platform=link.platform_name),
        "not_shown": gettext(
            "%(platform)s took this score and does not show it; look at the column there", platform=link.platform_name
        ),
        "no_score": gettext("there is no score yet"),
        "changed_in_lms": gettext(
            "somebody changed the grade in %(platform)s; decide on it first", platform=link.platform_name
        ),
        "left": gettext("left the course"),
        "excused": gettext("excused"),
        "not_missing": gettext("work came in, or a grade is there"),
        "cannot_clear": gettext("clear it by hand in %(platform)s", platform=link.platform_name),
    }
    return texts.get(reason) or reason_text(reason, ())


def link_facts(link: Link) -> dict[str, Any]:
    """The line over the table: automatic passback, column, roster and reading, each with what is wrong with it."""
    because = automatic_text(link.person_needed_because) if link.automatic_passback else None
    has_column = link.line_item_url is not None
    is_worthless = link.line_item_maximum is not None and link.line_item_maximum <= 0
    return {
        "is_automatic": link.automatic_passback and because is None,
        "automatic_because": because,
        "has_column": has_column,
        "column_maximum": link.line_item_maximum or link.points,
        "column_text": None if has_column else column_text(link.line_items_url, " ".join(link.scopes)),
        "troubles": _troubles(link, is_worthless=is_worthless),
        "can_send": SCOPE_SCORE in link.scopes,
        "can_read": SCOPE_RESULT_READ in link.scopes,
        "can_see_column": SCOPE_LINE_ITEM_READ in link.scopes,
    }


def _troubles(link: Link, *, is_worthless: bool) -> list[str]:
    """What keeps the screen from working as it should, each with who can mend it."""
    found = []
    if SCOPE_SCORE not in link.scopes:
        found.append(
            gettext(
                "%(platform)s does not let Passback send scores. Ask its administrator to allow the scope “score”.",
                platform=link.platform_name,
            )
        )
    if is_worthless:
        found.append(gettext("The column is worth 0 points, so no score can show in it. Give it points in the LMS."))
    if SCOPE_RESULT_READ not in link.scopes:
        found.append(
            gettext(
                "%(platform)s does not let Passback read grades back, so changes made there cannot be seen here.",
                platform=link.platform_name,
            )
        )
    elif link.results_failure not in (None, "no_column"):
        found.append(
            gettext("The grades in %(platform)s could not be read the last time.", platform=link.platform_name)
        )
    if not link.has_roster:
        found.append(
            gettext(
                "%(platform)s offers no class list: only students who opened the link are here.",
                platform=link.platform_name,
            )
        )
    elif link.roster_failure is not None:
        found.append(gettext("The class list could not be read the last time."))
    return found


def _because(link: Link, verdict: Verdict) -> str | None:
    if verdict.status == "changed_in_lms" and verdict.in_lms is not None:
        return gettext("%(platform)s holds another grade than the one sent", platform=link.platform_name)
    if verdict.status == "changed" and verdict.cause in CAUSES:
        return str(CAUSES[verdict.cause])
    if verdict.status == "accepted_not_shown":
        return gettext("%(platform)s took it, and shows nothing", platform=link.platform_name)
    return reason_text(verdict.cause, verdict.questions)


def _has_other_scale(verdict: Verdict) -> bool:
    ours = verdict.sent_maximum or verdict.earned_maximum
    theirs: Decimal | None = verdict.in_lms_maximum
    return theirs is not None and ours is not None and theirs != ours
