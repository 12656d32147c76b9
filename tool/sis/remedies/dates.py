"""Due dates, grading periods, the ends of terms."""

from collections.abc import Mapping

from tool.language import lazy_gettext as _
from tool.sis.remedies.entry import GOES_WHEN_MENDED, NOTHING_SENT, Remedy

ENTRIES: Mapping[str, Remedy] = {
    "due.missing": Remedy(
        _("“%(title)s” has no due date."),
        _("%(sis)s needs one: it decides the grading period."),
        "teacher",
        _("Set a due date, or say when the assignment was given out: then it is due a week later."),
        GOES_WHEN_MENDED,
        "due",
    ),
    "due.inferred": Remedy(
        _("“%(title)s” goes with the due date %(due)s."),
        _("Nobody set one, so it is a week after the assignment was given out."),
        "nobody",
        _("Nothing has to be done. Set a date of your own if this one does not fit."),
        _("After the first sync it no longer moves by itself."),
        "due",
    ),
    "due.before_assigned": Remedy(
        _("“%(title)s” is due before it was given out."),
        _("It is due %(due)s and was given out %(assigned)s. %(sis)s refuses that."),
        "teacher",
        _("Correct one of the two dates."),
        GOES_WHEN_MENDED,
        "due",
    ),
    "due.outside_period": Remedy(
        _("The due date of “%(title)s” is in no open grading period."),
        _("It is due %(due)s. The open periods of %(class)s are: %(periods)s."),
        "teacher",
        _("Choose a due date within one of them. The nearest is: %(nearest)s."),
        GOES_WHEN_MENDED,
        "due",
    ),
    "due.many": Remedy(
        _("“%(title)s” has %(dates)s different due dates in %(class)s."),
        _("%(sis)s knows one due date for a whole class. With several the grades come out wrong."),
        "teacher",
        _("Set one due date for the class. It is that of the school's records; students keep theirs in the LMS."),
        _("Until then the date that the LMS told you goes."),
        "due",
    ),
    "period.closed": Remedy(
        _("%(sis)s takes no more grades for %(period)s."),
        _("The school's office has closed it."),
        "office",
        _("Ask the office to open it. Or leave it as it is, or choose a due date in an open period."),
        _("Nothing is sent to this period until its dates change there or you press “Try again”."),
        "again",
    ),
    "period.over": Remedy(
        _("%(period)s is over; “%(title)s” was due in it."),
        _("The office may have closed it. %(sis)s tells the dates only."),
        "nobody",
        _("Nothing has to be done yet."),
        _("It is sent. If %(sis)s refuses it, you are told."),
        "due",
    ),
    "term.disabled": Remedy(
        _("“%(title)s” was switched off when its term ended."),
        _("%(period)s is over, and what no longer changes is not sent night after night."),
        "teacher",
        _("Switch it on again if a score of that term still has to go."),
        _("What stands in %(sis)s stays as it is."),
        "none",
    ),
    "grades_frozen": Remedy(
        _("The final grades are frozen."),
        _(
            "They were rolled to the transcript, or nobody is named as instructor. That is about final grades; Passback sends scores of assignments."
        ),
        "office",
        _("Final grades are entered in %(sis)s. Ask the office there."),
        NOTHING_SENT,
        "none",
    ),
}
