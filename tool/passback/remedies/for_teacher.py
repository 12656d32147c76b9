"""What a teacher can mend, in the course or in its gradebook."""

from collections.abc import Mapping

from tool.language import lazy_gettext as _
from tool.passback.remedies.entry import FOLLOWS, MARKED_WHEN_READ, Remedy

ENTRIES: Mapping[str, Remedy] = {
    "not_enrolled": Remedy(
        _("%(platform)s does not know %(student)s as a student of this course."),
        _("The student left the course, is inactive in it, or opened the link from another section."),
        "you",
        _(
            "Check the class list in %(platform)s. If the student is on it, ask for the link to be opened once from there."
        ),
        "refresh",
        MARKED_WHEN_READ,
    ),
    "column_gone": Remedy(
        _("The gradebook column is no longer associated with this link."),
        _(
            "The assignment was deleted, replaced or copied in %(platform)s, or it no longer uses Passback. A copy has a link and a column of its own."
        ),
        "you",
        _("Find the column again, re-link the assignment, or enter the scores by hand from the CSV file."),
        "relink",
    ),
    "tool_not_in_course": Remedy(
        _("The assignment in %(platform)s is no longer associated with this tool."),
        _("The assignment was changed to another tool, or the tool was removed from the course."),
        "you",
        _(
            "Find the column again, re-link the assignment, or enter the scores by hand from the CSV file. If the tool was removed, its administrator adds it to the course again."
        ),
        "relink",
    ),
    "course_gone": Remedy(
        _("The course no longer exists in %(platform)s."),
        _("It was deleted, or its contents were moved to another course."),
        "you",
        _("Open the link from the new course. Scores of the old one are in the CSV file."),
        "csv",
        _("Work handed in from the new course goes to the gradebook of the new course."),
    ),
    "column_missing": Remedy(
        _("The link has no gradebook column."),
        _("It was added in %(platform)s as a plain link, and the LMS does not let Passback make a column."),
        "you",
        _("Add it as a graded assignment with points, or ask the administrator to allow Passback to manage columns."),
        "relink",
    ),
    "column_of_another_course": Remedy(
        _("%(platform)s named a gradebook column that belongs to another course. Nothing was sent there."),
        _("The course is a copy, and this link still leads to the gradebook of the course it was copied from."),
        "you",
        _(
            "Find the column again, so that this course gets one of its own, or add the assignment to this course anew. Where your grades would go is on the page “Where grades go” of the course."
        ),
        "relink",
    ),
    "unpublished": Remedy(
        _("The assignment is not published in %(platform)s yet."),
        _("An unpublished assignment takes no scores. Links made by Passback start unpublished."),
        "you",
        _("Publish the assignment."),
        then=FOLLOWS,
    ),
    "concluded": Remedy(
        _("The course has ended in %(platform)s."),
        _("A concluded course takes no scores."),
        "you",
        _("Ask for the course to be reopened, or enter the scores by hand from the CSV file."),
        "csv",
        _("The scores are kept here, and go once a day if the course is opened again."),
    ),
    "attempts_used_up": Remedy(
        _("%(platform)s allows %(student)s no further attempt."),
        _("The number of attempts is limited there, and this hand-in would be one more."),
        "you",
        _("Raise the number of attempts of the assignment in %(platform)s, or enter this one score by hand."),
    ),
    "column_maximum": Remedy(
        _("The points of the column do not allow this score."),
        _("The column is worth 0 points, or does not take more than its maximum."),
        "you",
        _("Set the points of the assignment in %(platform)s."),
    ),
    "grading_closed": Remedy(
        _("%(platform)s takes no grade for this assignment at this time."),
        _("The grading period is closed, or the assignment is moderated."),
        "you",
        _("Open the grading period or finish the moderation."),
    ),
    "checkpoints": Remedy(
        _("%(platform)s takes no score for this kind of assignment."),
        _("It is a discussion with checkpoints, where each part has a grade of its own."),
        "you",
        _("Add Passback as an assignment of its own, or enter the scores by hand from the CSV file."),
        "csv",
    ),
    "locked_or_deleting": Remedy(
        _("%(platform)s could not store the score."),
        _("The grade or the column is locked in the gradebook, or the activity is being deleted."),
        "you",
        _("Unlock it in the gradebook of %(platform)s."),
        then=FOLLOWS,
    ),
    "cannot_clear": Remedy(
        _("The grade cannot be emptied from here."),
        _("There was none before the send, and %(platform)s is not known to empty a grade when asked."),
        "you",
        _("Clear it by hand in the gradebook of %(platform)s."),
        "none",
        _("Nothing more is sent for it."),
    ),
    "changed_in_lms": Remedy(
        _("Somebody changed the grade in %(platform)s."),
        _("It is newer than the score from here, so it was not overwritten."),
        "you",
        _("Compare both and decide: keep theirs, replace it, or use theirs here too."),
        "refresh",
        _("Nothing is sent for %(student)s until you decide."),
    ),
}
