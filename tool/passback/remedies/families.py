"""Where one LMS means something of its own by an answer, or a whole class is refused alike."""

from collections.abc import Mapping

from tool.language import lazy_gettext as _
from tool.passback.remedies.entry import MARKED_WHEN_READ, Remedy

_NOT_KNOWN = _("%(platform)s does not know %(student)s as a student of this course.")
_NONE_KNOWN = _("%(platform)s knows none of the students whose scores were sent.")

BY_FAMILY: Mapping[tuple[str, str], Remedy] = {
    # Moodle has one answer for a student it does not grade and for a message it does not understand.
    ("moodle", "not_enrolled"): Remedy(
        _("%(platform)s refused the score of %(student)s."),
        _("Moodle says so for a student who is not enrolled, who has no role with grades, or who only switched role."),
        "you",
        _(
            "Check the participants of the course and the student's role. If both are right, ask for the link to be opened once from there; if it is refused again, copy the details for the help desk."
        ),
        "refresh",
    ),
    # Moodle tells no reason with its 401, and Apache may drop the header that carries the pass.
    ("moodle", "token_refused"): Remedy(
        _("%(platform)s refused to let Passback in."),
        _(
            "Moodle says no more. Either the tool may not use grade services there, or Moodle's web server does not pass on the Authorization header."
        ),
        "admin",
        _(
            "The administrator of %(platform)s sets the tool's service “Assignment and Grade Services” to grade sync, and looks at the web server."
        ),
    ),
    # In Canvas a course past its end answers like a column that is gone.
    ("canvas", "column_gone"): Remedy(
        _("The gradebook column is no longer associated with this link, or the course has ended."),
        _(
            "The assignment was deleted, replaced or copied in %(platform)s, or it no longer uses Passback. Canvas says the same once a course is past its end. A copy has a link and a column of its own."
        ),
        "you",
        _(
            "If the course has ended, ask for it to be reopened. Otherwise find the column again, re-link the assignment, or enter the scores by hand from the CSV file."
        ),
        "relink",
    ),
    ("canvas", "not_enrolled"): Remedy(
        _NOT_KNOWN,
        _(
            "The student left the course, is inactive in it, or the section has ended. Canvas also says so while the course is not published."
        ),
        "you",
        _(
            "Check the people of the course in %(platform)s, and that it is published. If the student is on the list, ask for the link to be opened once from there."
        ),
        "refresh",
        MARKED_WHEN_READ,
    ),
    ("brightspace", "not_enrolled"): Remedy(
        _NOT_KNOWN,
        _("The student is not enrolled, or the role there does not have “Can be graded in Grades”."),
        "you",
        _("Check the class list in %(platform)s. The permission of the role is the administrator's."),
        "refresh",
        MARKED_WHEN_READ,
    ),
}

# A single student who is refused left, most often; when nobody is known, the ids themselves do not fit.
EVERYBODY = Remedy(
    _NONE_KNOWN,
    _(
        "The privacy level of the tool hides who the students are, so the ids of their launches are not those of the course."
    ),
    "admin",
    _(
        "The administrator of %(platform)s changes the privacy level of the tool, so that it may know the students. After that each student opens the link once."
    ),
)
EVERYBODY_BY_FAMILY: Mapping[str, Remedy] = {
    "canvas": Remedy(
        _NONE_KNOWN,
        _(
            "The privacy level of the tool is private or anonymous, so the ids of the launches are not those of the course. Canvas also says so while the course is not published."
        ),
        "admin",
        _(
            "First make sure that the course is published. If it is, the administrator of %(platform)s sets the privacy level of the tool to public. After that each student opens the link once."
        ),
    ),
    "moodle": Remedy(
        _("%(platform)s refused the scores of all students that were sent."),
        _(
            "The role of the students has no grades in Moodle, the privacy settings of the tool hide who they are, or Moodle does not understand Passback's message."
        ),
        "admin",
        _(
            "The administrator of %(platform)s looks at “Graded roles” in the grade settings, and at the privacy settings of the tool. If both are right, copy the details for the help desk."
        ),
    ),
}

_TOOK_IT = _("%(platform)s took the score of %(student)s, and shows nothing.")
_LOOK_AGAIN = _("Then read %(platform)s again. If it still shows nothing, send the score again.")

# No error, so the row says so by its status: accepted is not shown.
NOT_SHOWN = Remedy(
    _TOOK_IT,
    _("Often the course or the assignment is not published, the column is hidden, or it is in another gradebook."),
    "you",
    _("Publish it, and look at the column in the gradebook of %(platform)s."),
    "refresh",
    _LOOK_AGAIN,
)
NOT_SHOWN_BY_FAMILY: Mapping[str, Remedy] = {
    "canvas": Remedy(
        _TOOK_IT,
        _(
            "Often the course or the assignment is not published, or the grades wait to be posted. A column that is not the assignment's own does not show in the gradebook."
        ),
        "you",
        _("Publish it, post the grades, and look at the assignment in the gradebook of %(platform)s."),
        "refresh",
        _LOOK_AGAIN,
    ),
    "moodle": Remedy(
        _TOOK_IT,
        _("The grade type of the activity is “None” or “Text”: Moodle then accepts every score and keeps none."),
        "you",
        _("Set the grade type of the activity to “Point” in %(platform)s, and look whether its column is hidden."),
        "refresh",
        _LOOK_AGAIN,
    ),
    "openedx": Remedy(
        _TOOK_IT,
        _("Open edX does not publish a score of 0, and takes none after its due date unless it is told to."),
        "you",
        _("Look at the due date in %(platform)s, and allow late scores there. A 0 is entered by hand."),
        "refresh",
        _LOOK_AGAIN,
    ),
}
