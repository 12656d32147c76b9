"""Verdicts in a teacher's words, as plain dictionaries for the templates."""

from decimal import Decimal
from typing import Any

from tool.language import gettext, lazy_gettext
from tool.lti.vocabulary import SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ, SCOPE_RESULT_READ, SCOPE_SCORE
from tool.passback.choosing import Line
from tool.passback.remedies import find_remedy, find_roster_remedy
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
    "override": lazy_gettext("the score to send was overridden"),
    "completion": lazy_gettext("complete/incomplete"),
    "came_back": lazy_gettext("the link had another assignment in between"),
    "other_assignment": lazy_gettext("the gradebook holds the score of another assignment"),
    "other_column": lazy_gettext("the link has another gradebook column now"),
    "undone": lazy_gettext("the last send was undone"),
}

# An override was taken away, or complete/incomplete was: the work itself did not change.
COUNTS_AGAIN = lazy_gettext("the score of the work counts again")


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
        "is_about_override": verdict.cause in ("override", "overridden"),
        "earned": verdict.earned,
        "earned_maximum": verdict.earned_maximum,
        "to_send": verdict.to_send.score if verdict.to_send else None,
        "to_send_maximum": verdict.to_send.maximum if verdict.to_send else None,
        "is_above_maximum": bool(verdict.to_send and verdict.to_send.is_above_maximum),
        "override": verdict.override,
        "override_reason": verdict.override_reason,
        "override_by": verdict.override_by or gettext("No name given"),
        "override_at": verdict.override_at,
        "override_earned": verdict.override_earned,
        "override_is_outdated": verdict.override_is_outdated,
        "override_is_for_sis": verdict.override_is_for_sis,
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
        "has_explanation": verdict.status == "accepted_not_shown"
        or (verdict.status == "queued" and verdict.failure is not None),
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
        "is_column_of_other_points": _is_of_other_points(link),
        "column_text": None if has_column else _no_column_text(link),
        "troubles": _troubles(link, is_worthless=is_worthless),
        "can_send": SCOPE_SCORE in link.scopes,
        "can_read": SCOPE_RESULT_READ in link.scopes,
        "can_see_column": SCOPE_LINE_ITEM_READ in link.scopes,
        "stop": _stop(link),
    }


def _is_of_other_points(link: Link) -> bool:
    """Whether the column is worth more or less than the assignment, and Passback may change it."""
    is_other = link.line_item_maximum is not None and link.line_item_maximum not in (link.points, Decimal(0))
    return is_other and link.line_item_url is not None and SCOPE_LINE_ITEM in link.scopes


def _no_column_text(link: Link) -> str:
    if link.is_column_elsewhere:
        return str(find_remedy("column_of_another_course", link.family).happened) % {"platform": link.platform_name}
    return column_text(link.line_items_url, " ".join(link.scopes))


def _stop(link: Link) -> dict[str, str] | None:
    """Nothing at all goes to this LMS at the moment: why, and who mends it."""
    if link.stopped_by is None:
        return None
    remedy = find_remedy(link.stopped_by, link.family)
    names = {"platform": link.platform_name, "student": gettext("a student")}
    return {"happened": str(remedy.happened) % names, "why": str(remedy.why) % names, "fix": str(remedy.fix) % names}


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
                "%(platform)s offers no class list: only students who opened the link are here. "
                "Ask who is missing to open it once.",
                platform=link.platform_name,
            )
        )
    elif link.roster_failure is not None:
        found.append(_roster_trouble(link, link.roster_failure))
    return found


def _roster_trouble(link: Link, reason: str) -> str:
    remedy = find_roster_remedy(reason)
    names = {"platform": link.platform_name}
    return " ".join(str(text) % names for text in (remedy.happened, remedy.why, remedy.fix, remedy.then))


def _because(link: Link, verdict: Verdict) -> str | None:
    if verdict.status == "not_launched":
        return gettext("ask for it to be opened once in %(platform)s", platform=link.platform_name)
    if verdict.status == "changed_in_lms" and verdict.in_lms is not None:
        return _changed_there(link)
    if verdict.status == "changed" and verdict.cause is not None:
        return str(CAUSES.get(verdict.cause, COUNTS_AGAIN))
    if verdict.status == "accepted_not_shown":
        return gettext("%(platform)s took it, and shows nothing", platform=link.platform_name)
    return reason_text(verdict.cause, verdict.questions)


def _changed_there(link: Link) -> str:
    told = gettext("%(platform)s holds another grade than the one sent", platform=link.platform_name)
    if link.family != "moodle":
        return told
    # Moodle accepts a score over an overridden grade, and goes on showing the override.
    return told + "; " + gettext("one overridden in its gradebook stays until the override is taken off there")


def _has_other_scale(verdict: Verdict) -> bool:
    ours = verdict.sent_maximum or verdict.earned_maximum
    theirs: Decimal | None = verdict.in_lms_maximum
    return theirs is not None and ours is not None and theirs != ours
