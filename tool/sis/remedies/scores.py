"""The numbers: what a SIS takes as a score."""

from collections.abc import Mapping

from tool.language import lazy_gettext as _
from tool.sis.remedies.entry import GOES_WHEN_MENDED, THIS_STUDENT_FOLLOWS, Remedy

ENTRIES: Mapping[str, Remedy] = {
    "score.range": Remedy(
        _("%(student)s has %(score)s of %(maximum)s points."),
        _("That is above the maximum or below 0. Many gradebooks take no extra credit."),
        "teacher",
        _(
            "Choose for the assignment: send the maximum instead, or leave such scores out. The office can allow extra credit in %(sis)s."
        ),
        THIS_STUDENT_FOLLOWS,
        "points",
    ),
    "score.entry_point": Remedy(
        _("%(student)s was graded without a number."),
        _("%(sis)s needs a number for each score; a text or an empty score is refused."),
        "operator",
        _("Give a score in points, or leave this student out. If you see a number here, tell whoever runs Passback."),
        THIS_STUDENT_FOLLOWS,
        "points",
    ),
    "score.exempt": Remedy(
        _("%(student)s is excused from “%(title)s”, and %(sis)s cannot show that without a number."),
        _(
            "It would show 0. Whoever set up the connection chose what happens: nothing is sent, or 0 with the mark “exempt”."
        ),
        "teacher",
        _(
            "Mark the student as exempt in %(sis)s yourself. Whoever runs Passback can change the choice for the connection."
        ),
        _("The other students' scores are sent."),
        "none",
    ),
    "score.not_numeric": Remedy(
        _("“%(title)s” is not graded by points in %(sis)s, or not here."),
        _("The column has a scale of letters or standards. Only points can be sent."),
        "teacher",
        _(
            "Set the score type of the column in %(sis)s to points, and grade by points here. If you may not, ask the school's office."
        ),
        GOES_WHEN_MENDED,
        "again",
    ),
}
