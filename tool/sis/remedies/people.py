"""Who is who: students, the teacher, the class."""

from collections.abc import Mapping

from tool.language import lazy_gettext as _
from tool.sis.remedies.entry import GOES_WHEN_MENDED, NOTHING_SENT, REFUSED_KEPT, THIS_STUDENT_FOLLOWS, Remedy

ENTRIES: Mapping[str, Remedy] = {
    "student.unmatched": Remedy(
        _("%(student)s is not matched with a student of %(sis)s."),
        _("The LMS tells no id of %(sis)s, and the e-mail addresses differ or are missing."),
        "teacher",
        _(
            "Match by hand. If it is the whole class, ask the LMS's administrator to let Passback see names and e-mail addresses."
        ),
        THIS_STUDENT_FOLLOWS,
        "match",
    ),
    "student.ambiguous": Remedy(
        _(
            "More than one student of %(sis)s could be %(student)s, or more than one person here could be the same student."
        ),
        _("An id or an e-mail address belongs to two of them. Passback never guesses."),
        "teacher",
        _("Choose who it is."),
        THIS_STUDENT_FOLLOWS,
        "match",
    ),
    "student.changed": Remedy(
        _("It is no longer sure who %(student)s is in %(sis)s."),
        _(
            "The latest class list says something else than the one of before: another id, or an e-mail address that moved."
        ),
        "teacher",
        _("Say who it is. What was sent before stays where it is."),
        THIS_STUDENT_FOLLOWS,
        "match",
    ),
    "student.not_in_class": Remedy(
        _("%(student)s is not in %(class)s."),
        _("The student left the class, moved to another section, or starts later."),
        "teacher",
        _("Read the class list again. If the student is there, check that the right class is linked."),
        THIS_STUDENT_FOLLOWS,
        "refresh",
    ),
    "privacy.email": Remedy(
        _("%(sis)s has no e-mail address for %(student)s."),
        _(
            "It takes scores only of students whose record has one. A user name with a blank in it can be the cause too."
        ),
        "office",
        _("Ask the school's office to complete the record."),
        THIS_STUDENT_FOLLOWS,
        "refresh",
    ),
    "privacy.anonymous": Remedy(
        _("The LMS tells Passback neither names nor e-mail addresses."),
        _("Its privacy level for Passback is “anonymous”. So no student can be found in %(sis)s by itself."),
        "lms_admin",
        _(
            "Ask the LMS's administrator to set the privacy level of Passback to “public” and to pass on the id of the SIS. Until then, match by hand."
        ),
        _("After the next opening of the course, students are matched by themselves."),
        "match",
    ),
    "class.unlinked": Remedy(
        _("This course is not linked to a class of %(sis)s."),
        _("Nobody linked it yet, or it was unlinked or cross-listed since."),
        "teacher",
        _("Link the class. After cross-listing, associate the categories again."),
        GOES_WHEN_MENDED,
        "link",
    ),
    "class.inactive": Remedy(
        _("%(class)s is no longer active in %(sis)s."),
        _("The school's office deleted it, or replaced it by another."),
        "teacher",
        _("Link the class that took its place. If there is none, ask the office."),
        NOTHING_SENT,
        "link",
    ),
    "class.not_teacher": Remedy(
        _("%(sis)s does not know you as a teacher of %(class)s."),
        _("Another teacher is the teacher of record, or your e-mail address there is not that of the LMS."),
        "office",
        _("Ask the school's office to add you to the class. Or the teacher of record links it and syncs."),
        _("It is sent all the same; some schools refuse it then."),
        "refresh",
    ),
    "section.unread": Remedy(
        _("%(class)s could not be read from %(sis)s."),
        _("The last reading of its students, periods and categories did not end well."),
        "nobody",
        _("Press “Refresh”. If it fails again, look at what is said about the connection."),
        _("It is read again each night. What was read before stays in use; without it, nothing is sent."),
        "refresh",
    ),
    "double_road": Remedy(
        _("The LMS sends grades to %(sis)s too."),
        _("Two roads make two columns for each assignment, and two grades for each student."),
        "teacher",
        _(
            "Use one of them. Either switch the sync of the LMS off for this class, and say so here, or leave it to the LMS. An administrator can answer for all classes."
        ),
        NOTHING_SENT,
        "link",
    ),
    "overwritten": Remedy(
        _("%(student)s has %(theirs)s in %(sis)s, which is not what was sent."),
        _("Somebody changed it there. Passback sends what stands here, so the next sync overwrites it."),
        "teacher",
        _("Change the score here. Or keep theirs for this student, or opt the assignment out."),
        REFUSED_KEPT,
        "opt_out",
    ),
}
