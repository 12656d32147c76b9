"""Before class: will the scores of this placement find their way? A checklist, decided from what is known."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from tool.language import gettext
from tool.lti.vocabulary import SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ, SCOPE_RESULT_READ, SCOPE_SCORE
from tool.passback.students import Link

State = Literal["good", "look", "bad"]

# 23:59 here, 23:59:59 in Canvas and midnight elsewhere are one due date to people.
ONE_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist: `good`, `look` (works, but know this), `bad` (scores will not arrive)."""

    state: State
    title: str
    text: str
    times: tuple[tuple[str, datetime], ...] = ()
    """Where → when; the page shows them as it shows every time."""


def check_placement(link: Link) -> list[Check]:
    """The checks in the order in which a teacher would mend them."""
    return [
        _scopes(link),
        _column(link),
        _points(link),
        _roster(link),
        _reading(link),
        _due_date(link),
        _lateness(link),
    ]


def _scopes(link: Link) -> Check:
    title = gettext("Permission to send scores")
    if SCOPE_SCORE in link.scopes:
        return Check("good", title, gettext("%(platform)s allows it.", platform=link.platform_name))
    return Check(
        "bad",
        title,
        gettext(
            "%(platform)s does not allow it. Its administrator adds the scope “score”.", platform=link.platform_name
        ),
    )


def _column(link: Link) -> Check:
    title = gettext("Gradebook column")
    if link.line_item_url:
        return Check("good", title, gettext("There is one for this link."))
    if link.is_column_elsewhere:
        return Check(
            "bad",
            title,
            gettext(
                "%(platform)s named a column that belongs to another course, so nothing is sent there. "
                "Add the assignment to this course anew, or press “Find the column again” at a score that waits.",
                platform=link.platform_name,
            ),
        )
    if not link.line_items_url or not link.scopes & {SCOPE_LINE_ITEM, SCOPE_LINE_ITEM_READ}:
        return Check("bad", title, gettext("There is none. Add this link as a graded assignment with points."))
    return Check("look", title, gettext("There is none yet. It is looked for, or made, when the first score goes."))


def _points(link: Link) -> Check:
    title = gettext("Points")
    if link.line_item_maximum is None:
        return Check("look", title, gettext("The LMS has not told the points of its column yet."))
    if link.line_item_maximum <= 0:
        return Check("bad", title, gettext("The column is worth 0 points, so no score can show in it."))
    if link.line_item_maximum != link.points:
        return Check(
            "look",
            title,
            gettext(
                "%(ours)s points here, %(theirs)s in %(platform)s: it scales the scores.",
                ours=f"{link.points:f}",
                theirs=f"{link.line_item_maximum:f}",
                platform=link.platform_name,
            ),
        )
    return Check("good", title, gettext("The same on both sides."))


def _roster(link: Link) -> Check:
    title = gettext("Class list")
    if not link.has_roster:
        return Check("look", title, gettext("The LMS offers none: only students who opened the link are listed."))
    if link.roster_failure is not None:
        return Check("look", title, gettext("It could not be read the last time. Press Refresh to try again."))
    if link.roster_read_at is None:
        return Check("look", title, gettext("It has not been read yet."))
    return Check("good", title, gettext("It can be read."))


def _reading(link: Link) -> Check:
    title = gettext("Reading grades back")
    if SCOPE_RESULT_READ in link.scopes:
        return Check("good", title, gettext("Changes made in the LMS are seen here."))
    return Check("look", title, gettext("Not allowed: changes made in the LMS are not seen here."))


def _due_date(link: Link) -> Check:
    title, here, platform = gettext("Due date"), gettext("Here"), link.platform_name
    ours, theirs = link.due_at, link.lms_due_at
    if theirs is None:
        if ours is None:
            return Check("look", title, gettext("None here, and %(platform)s has told none.", platform=platform))
        text = gettext("Only here: %(platform)s has told none. Compare it there.", platform=platform)
        return Check("look", title, text, ((here, ours),))
    if ours is None:
        text = gettext("Only in %(platform)s. Set it here too: students see it above their work.", platform=platform)
        return Check("look", title, text, ((platform, theirs),))
    if abs(ours - theirs) < ONE_MOMENT:
        return Check("good", title, gettext("The same on both sides."), ((here, ours),))
    return Check("look", title, _two_dates(link), ((here, ours), (platform, theirs)))


def _two_dates(link: Link) -> str:
    if link.family == "canvas":
        # In a launch, Canvas gives a teacher the latest date of any section or student.
        return gettext("The two differ. Change one, unless Canvas tells the later date of some students only.")
    return gettext("The two differ: students see one date here and another there. Change one of them.")


def _lateness(link: Link) -> Check:
    title = gettext("Late work")
    texts = {
        "canvas": gettext(
            "Canvas gets the time of the hand-in, and applies its late policy to it. Later sends are no new attempt."
        ),
        "moodle": gettext("Moodle does not judge lateness of a sent score."),
        "openedx": gettext("Open edX ignores scores after its due date unless it is told to accept them."),
        "brightspace": gettext("Brightspace takes scores at any time; a score above the maximum may be cut."),
    }
    text = texts.get(
        link.family, gettext("The time of the hand-in is sent along. How your LMS treats it is its own matter.")
    )
    return Check("look" if link.family == "openedx" else "good", title, text)
