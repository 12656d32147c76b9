"""What was changed by hand, told in a teacher's words: from which to which, as far as it was written down."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from tool.language import gettext
from tool.passback.acts import ActKind
from tool.passback.students import Link
from tool.passback.words import reason_text

Detail = Mapping[str, str | None]


def recount(link: Link, act: Any) -> dict[str, Any]:
    """One act of `history.list_acts` for the page: {at, by, student, what, why}; `student` is None where it was about
    the whole link."""
    detail: Detail = act.detail
    tell = WORDS.get(act.kind)
    return {
        "at": act.acted_at,
        "by": act.by or gettext("No name given"),
        "student": None if act.member_id is None else act.student or gettext("No name given"),
        # While machines are brought to a newer version one by one, it writes what this one does not know yet.
        "what": gettext("Something this version of Passback does not know") if tell is None else tell(detail, link),
        "why": detail.get("reason"),
    }


def _override(detail: Detail, link: Link) -> str:
    said = _override_alone(detail, link)
    if detail.get("for_sis") == "no":
        return gettext("%(what)s; not for the school’s records", what=said)
    return said


def _override_alone(detail: Detail, _link: Link) -> str:
    score, before = _points(detail, "score"), _points(detail, "before")
    if before and before == score:
        return gettext("Set the override of %(score)s again", score=score)
    if before:
        return gettext("Changed the override from %(before)s to %(score)s", before=before, score=score)
    if earned := _points(detail, "earned"):
        return gettext("Overrode the score: %(score)s instead of %(earned)s", score=score, earned=earned)
    return gettext("Set the score to send to %(score)s", score=score)


def _override_removed(detail: Detail, _link: Link) -> str:
    score, earned = _points(detail, "score"), _points(detail, "earned")
    if score and earned:
        return gettext("Removed the override of %(score)s; the score here was %(earned)s", score=score, earned=earned)
    return gettext("Removed the override of %(score)s", score=score) if score else gettext("Removed the override")


def _override_kept(detail: Detail, _link: Link) -> str:
    score, earned, before = _points(detail, "score"), _points(detail, "earned"), _points(detail, "earned_before")
    if score and earned and before:
        return gettext(
            "Kept the override of %(score)s when the score here moved from %(before)s to %(earned)s",
            score=score,
            before=before,
            earned=earned,
        )
    if score and earned:
        return gettext(
            "Kept the override of %(score)s when the score here became %(earned)s", score=score, earned=earned
        )
    return gettext("Kept the override when the score here changed")


def _completion(detail: Detail, _link: Link) -> str:
    match detail.get("word"), detail.get("before"):
        case "complete", "incomplete":
            return gettext("Counted as complete instead of incomplete")
        case "incomplete", "complete":
            return gettext("Counted as incomplete instead of complete")
        case "complete", _:
            return gettext("Counted as complete")
        case "incomplete", _:
            return gettext("Counted as incomplete")
        case _:
            return gettext("Complete or incomplete goes by what was handed in again")


def _kept_theirs(detail: Detail, link: Link) -> str:
    in_lms, sent = _amount(detail, "in_lms"), _amount(detail, "sent")
    if sent is None:
        return gettext("Kept the grade in %(platform)s, %(in_lms)s", platform=link.platform_name, in_lms=in_lms)
    return gettext(
        "Kept the grade in %(platform)s, %(in_lms)s; the one sent was %(sent)s",
        platform=link.platform_name,
        in_lms=in_lms,
        sent=sent,
    )


def _adopted_theirs(detail: Detail, link: Link) -> str:
    in_lms, score, earned = _amount(detail, "in_lms"), _points(detail, "score"), _points(detail, "earned")
    if earned is None:
        return gettext(
            "Took over the grade in %(platform)s, %(in_lms)s: %(score)s is to be sent",
            platform=link.platform_name,
            in_lms=in_lms,
            score=score,
        )
    return gettext(
        "Took over the grade in %(platform)s, %(in_lms)s: %(score)s instead of %(earned)s",
        platform=link.platform_name,
        in_lms=in_lms,
        score=score,
        earned=earned,
    )


def _tried_again(detail: Detail, _link: Link) -> str:
    failure = reason_text(detail.get("failure"), ())
    if failure is None:
        return gettext("Tried the send again")
    return gettext("Tried the send again after it failed: %(failure)s", failure=failure)


def _mode(detail: Detail, _link: Link) -> str:
    if detail.get("mode") == "completion":
        return gettext("Switched from points to complete/incomplete")
    return gettext("Switched from complete/incomplete back to points")


WORDS: Mapping[ActKind, Callable[[Detail, Link], str]] = {
    "override": _override,
    "override_removed": _override_removed,
    "override_kept": _override_kept,
    "completion": _completion,
    "excused": lambda _detail, _link: gettext("Excused: nothing is sent, and no zero either"),
    "included": lambda _detail, _link: gettext("Included again"),
    "kept_theirs": _kept_theirs,
    "adopted_theirs": _adopted_theirs,
    "tried_again": _tried_again,
    "column_sought": lambda _detail, _link: gettext("Had the gradebook column looked for again"),
    "column_resized": lambda _detail, _link: gettext("Asked that the column be worth as much as the assignment"),
    "mode": _mode,
    "opted_out": lambda _detail, _link: gettext("Switched passback off for this link"),
    "opted_in": lambda _detail, _link: gettext("Switched passback on again for this link"),
}


def _amount(detail: Detail, name: str) -> str | None:
    """A grade with its scale, since the LMS's need not be ours."""
    score, maximum = _points(detail, name), _points(detail, f"{name}_maximum")
    if score is None or maximum is None:
        return score
    return gettext("%(score)s of %(maximum)s", score=score, maximum=maximum)


def _points(detail: Detail, name: str) -> str | None:
    """A number of points without trailing zeros; None where there was none, or none was written down."""
    number = detail.get(name)
    if number is None:
        return None
    text = format(Decimal(number), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
