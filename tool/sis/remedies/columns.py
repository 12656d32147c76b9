"""The column: its category, its name, its points, and whether it is wanted there at all."""

from collections.abc import Mapping

from tool.language import lazy_gettext as _
from tool.sis.remedies.entry import GOES_WHEN_MENDED, NOTHING_SENT, REFUSED_KEPT, Remedy

ENTRIES: Mapping[str, Remedy] = {
    "category.none": Remedy(
        _("“%(title)s” has no category in %(sis)s."),
        _("%(sis)s asks for a category. Yours, %(category)s, has not been associated with one of %(class)s."),
        "teacher",
        _("Open “Categories” and choose one: %(available)s. Then sync again."),
        GOES_WHEN_MENDED,
        "categories",
    ),
    "category.unknown": Remedy(
        _("The category of “%(title)s” is no longer in %(sis)s: %(chosen)s."),
        _("It was renamed or deleted there."),
        "teacher",
        _(
            "Open “Categories” and choose from what is there now: %(available)s. If yours should be there, ask the school's office."
        ),
        GOES_WHEN_MENDED,
        "categories",
    ),
    "category.stale_term": Remedy(
        _("The categories have to be associated again for this term."),
        _(
            "Each term, and each class that is linked later, has categories of its own. What %(sis)s offers now: %(available)s."
        ),
        "teacher",
        _(
            "Open “Categories” and associate them once more. If nothing is offered, the term has not begun, or the category is new: that takes up to 24 hours."
        ),
        _("The categories are read again each night, and when you press “Refresh”. Nothing is sent before."),
        "categories",
    ),
    "category.teacher": Remedy(
        _("%(sis)s did not take the category of “%(title)s”."),
        _("It belongs to another teacher. Each teacher has categories of their own there."),
        "teacher",
        _("Open “Categories” and choose one that you made yourself: %(available)s."),
        REFUSED_KEPT,
        "categories",
    ),
    "title.long": Remedy(
        _("The name “%(title)s” is too long for %(sis)s."),
        _("It has %(length)s characters; %(sis)s takes at most %(limit)s."),
        "teacher",
        _(
            "Take the short name, “%(proposed)s”, or write one. It is the name in %(sis)s only; your assignment keeps its own."
        ),
        GOES_WHEN_MENDED,
        "title",
    ),
    "title.cut": Remedy(
        _("It is called “%(title)s” in %(sis)s."),
        _("Somebody chose this name for %(sis)s. The assignment is called “%(original)s”."),
        "nobody",
        _("Nothing has to be done. You may write another name."),
        _("It is sent under this name."),
        "title",
    ),
    "title.duplicate": Remedy(
        _("There is more than one “%(title)s” in %(class)s."),
        _(
            "Another item that syncs, or columns that stand in %(sis)s already, have the same name. %(sis)s cannot tell them apart."
        ),
        "teacher",
        _("Give this one another name in %(sis)s, or delete the columns there that you do not need."),
        GOES_WHEN_MENDED,
        "title",
    ),
    "title.empty": Remedy(
        _("The assignment has no name."),
        _("%(sis)s makes no column without a name."),
        "teacher",
        _("Give it a name."),
        GOES_WHEN_MENDED,
        "title",
    ),
    "item.manual_twin": Remedy(
        _("%(sis)s has a column “%(title)s” already."),
        _("Somebody made it there by hand, or it was sent from elsewhere. Two columns of one name are mostly refused."),
        "teacher",
        _(
            "If it is this assignment, say so: its scores are then overwritten by those from here. If not, choose another name."
        ),
        GOES_WHEN_MENDED,
        "adopt",
    ),
    "item.lost": Remedy(
        _("The column of “%(title)s” is no longer in %(sis)s."),
        _("It was deleted there, or the gradebook was made anew."),
        "teacher",
        _(
            "Make it again: a column of the same name is looked for, else a new one is made. To keep it deleted, switch “Sync to SIS” off."
        ),
        _("All its scores are then sent once more. Until you choose, nothing is sent for it."),
        "forget",
    ),
    "item.uncategorized": Remedy(
        _("“%(title)s” was sent, but it does not show in the gradebook of %(sis)s."),
        _("%(sis)s holds it as an uncategorized assignment until somebody files it."),
        "teacher",
        _(
            "Open the uncategorized assignments in %(sis)s and file it. The school's office can set what happens by itself."
        ),
        _("Its scores are there already and show once it is filed."),
        "none",
    ),
    "item.deleted_here": Remedy(
        _("%(sis)s still shows “%(title)s”."),
        _("What is deleted or switched off here is never deleted there."),
        "teacher",
        _("Delete the column in %(sis)s, if it should go."),
        NOTHING_SENT,
        "none",
    ),
    "points.none": Remedy(
        _("“%(title)s” is worth no points."),
        _("%(sis)s takes points only, more than 0."),
        "teacher",
        _("Give the assignment points."),
        GOES_WHEN_MENDED,
        "points",
    ),
    "points.fraction": Remedy(
        _("“%(title)s” is worth %(points)s points."),
        _("%(sis)s takes whole points for an assignment. A score may have a fraction, the total may not."),
        "teacher",
        _("Change the points of its questions so that they add up to a whole number."),
        GOES_WHEN_MENDED,
        "points",
    ),
    "opted_out": Remedy(
        _("“%(title)s” is opted out."),
        _("“Sync to SIS” is off for it."),
        "teacher",
        _("Switch “Sync to SIS” on if it should go."),
        _("What stands in %(sis)s stays as it is. After you switch it on, the scores of that moment are sent."),
        "none",
    ),
    "not_counted": Remedy(
        _("“%(title)s” does not go by itself at night."),
        _("It does not count in the grade."),
        "teacher",
        _("Let it count in the grade, or send it yourself with “Sync selected”."),
        _("Without either nothing is sent for it."),
        "none",
    ),
    "unpublished": Remedy(
        _("“%(title)s” is not published."),
        _("Students cannot open it yet, so it does not belong in the school's records."),
        "teacher",
        _("Publish the assignment and its course."),
        GOES_WHEN_MENDED,
        "again",
    ),
    "nothing_yet": Remedy(
        _("“%(title)s” is waiting: %(graded)s of %(students)s students are graded."),
        _("It goes by itself when all are graded, or when the due date has passed: %(due)s."),
        "nobody",
        _("Grade what is handed in, or wait. What is graded can be sent earlier with “Sync selected”."),
        _("The night after that it goes by itself."),
        "none",
    ),
    "nothing_new": Remedy(
        _("There is nothing new to send for “%(title)s”."),
        _("All its scores stand in %(sis)s as they were sent last."),
        "nobody",
        _("Nothing has to be done. If a score is missing there although it was sent, use “Remaster”."),
        _("The next change is sent by itself."),
        "none",
    ),
}
