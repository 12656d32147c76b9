"""What happened, why, who can mend it, by which button, and what happens then: one entry for each way to fail.

Keyed by the reason that `lti.quirks` finds in the LMS's answer (status and text), where need be by its family too.
`%(platform)s` and `%(student)s` are filled in when the page is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tool.language import lazy_gettext as _

Who = Literal["you", "admin", "operator", "nobody"]
Button = Literal["again", "refresh", "relink", "csv", "none"]


@dataclass(frozen=True, slots=True)
class Remedy:
    """Texts are lazy: `str()` them while a page is made."""

    happened: object
    why: object
    who: Who
    fix: object
    button: Button = "again"


BY_REASON: Mapping[str, Remedy] = {
    "not_enrolled": Remedy(
        _("%(platform)s does not know %(student)s as a student of this course."),
        _("The student left the course, is inactive in it, or opened the link from another section."),
        "you",
        _(
            "Check the class list in %(platform)s. If the student is on it, ask for the link to be opened once from there."
        ),
    ),
    "column_gone": Remedy(
        _("The gradebook column is no longer associated with this link."),
        _("The assignment was deleted or replaced in %(platform)s, or it no longer uses Passback."),
        "you",
        _(
            "If the column was moved, open the link once from the course: Passback takes the column it finds there. "
            "If it was deleted, add the assignment again, or enter the scores by hand from the CSV file."
        ),
        "relink",
    ),
    "course_gone": Remedy(
        _("The course no longer exists in %(platform)s."),
        _("It was deleted, or its contents were moved to another course."),
        "you",
        _("Open the link from the new course. Scores of the old one are in the CSV file."),
        "csv",
    ),
    "column_missing": Remedy(
        _("The link has no gradebook column."),
        _("It was added in %(platform)s as a plain link, and the LMS does not let Passback make a column."),
        "you",
        _("Add it as a graded assignment with points, or ask the administrator to allow Passback to manage columns."),
        "relink",
    ),
    "unpublished": Remedy(
        _("The assignment is not published in %(platform)s yet."),
        _("An unpublished assignment takes no scores. Links made by Passback start unpublished."),
        "you",
        _("Publish the assignment. The scores follow by themselves."),
    ),
    "concluded": Remedy(
        _("The course has ended in %(platform)s."),
        _("A concluded course takes no scores."),
        "you",
        _("Ask for the course to be reopened, or enter the scores by hand from the CSV file."),
        "csv",
    ),
    "attempts_used_up": Remedy(
        _("%(platform)s allows %(student)s no further attempt."),
        _("The number of attempts is limited there, and this hand-in would be one more."),
        "you",
        _("Raise the number of attempts of the assignment in %(platform)s."),
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
    "locked_or_deleting": Remedy(
        _("%(platform)s could not store the score."),
        _("The grade or the column is locked in the gradebook, or the activity is being deleted."),
        "you",
        _("Unlock it in the gradebook of %(platform)s."),
    ),
    "scope_missing": Remedy(
        _("%(platform)s does not let Passback send scores."),
        _(
            "The permission “score” (https://purl.imsglobal.org/spec/lti-ags/scope/score) was not given, or was taken away."
        ),
        "admin",
        _("The administrator of %(platform)s allows it in the settings of the tool."),
    ),
    "tool_not_in_course": Remedy(
        _("%(platform)s no longer lets Passback work in this course."),
        _("The tool was removed from the course, or the column belongs to another tool."),
        "admin",
        _("Add the tool to the course again, or link the assignment anew."),
        "relink",
    ),
    "key_refused": Remedy(
        _("%(platform)s refuses Passback's key."),
        _(
            "The tool was switched off there, its client id changed, or %(platform)s cannot read the tool's public keys."
        ),
        "admin",
        _("The administrators of %(platform)s and of Passback compare the client id and the key set address."),
    ),
    "platform_cannot_read_our_keys": Remedy(
        _("%(platform)s could not read Passback's public keys."),
        _("Its server cannot reach the key set address, or refuses its port."),
        "admin",
        _("The administrator makes sure that %(platform)s can open the key set address from its own network."),
    ),
    "token_refused": Remedy(
        _("%(platform)s refused to let Passback in."),
        _("The tool was switched off there, or its permissions changed."),
        "admin",
        _("The administrator looks at the tool in %(platform)s."),
    ),
    "token_expired": Remedy(
        _("%(platform)s took Passback's pass for an old one."),
        _("The clocks of both sides may differ."),
        "operator",
        _("The operator of Passback compares the clocks."),
    ),
    "clock": Remedy(
        _("The clocks of %(platform)s and of Passback differ too much."),
        _("A score must not come from the future."),
        "operator",
        _("The operator of Passback sets the clock."),
    ),
    "forbidden": Remedy(
        _("%(platform)s forbids it, and does not say why."),
        _("Often a permission of the tool, or a setting of the course."),
        "admin",
        _("The administrator looks at the tool and the course in %(platform)s."),
    ),
    "host_not_allowed": Remedy(
        _("%(platform)s named an address on a server that is not known here."),
        _("Passback sends nothing to servers that its operator has not confirmed."),
        "operator",
        _("The operator of Passback confirms the server."),
    ),
    "address_refused": Remedy(
        _("%(platform)s named an address that Passback may not open."),
        _("It lies in a private network, or is not encrypted."),
        "operator",
        _("The operator of Passback looks at the registration."),
    ),
    "certificate": Remedy(
        _("The certificate of %(platform)s was not accepted."),
        _("It has expired, or belongs to another server."),
        "admin",
        _("The administrator of %(platform)s renews the certificate."),
    ),
    "platform_off": Remedy(
        _("%(platform)s is switched off in Passback."),
        _("The operator of Passback paused it."),
        "operator",
        _("Ask the operator of Passback."),
        "none",
    ),
    "cannot_clear": Remedy(
        _("The grade cannot be emptied from here."),
        _("There was none before the send, and %(platform)s is not known to empty a grade when asked."),
        "you",
        _("Clear it by hand in the gradebook of %(platform)s."),
        "none",
    ),
    "bad_request": Remedy(
        _("%(platform)s did not understand the score, or the student cannot be graded there."),
        _("A role without grades, or a message this LMS wants in another form."),
        "operator",
        _("Copy the details for the help desk."),
    ),
    "rate_limited": Remedy(
        _("%(platform)s asked for a pause."),
        _("It has much to do at the moment."),
        "nobody",
        _("Nothing to do."),
    ),
    "timeout": Remedy(
        _("%(platform)s did not answer in time."),
        _("It is down or busy."),
        "nobody",
        _("Nothing to do."),
    ),
    "connection": Remedy(
        _("%(platform)s could not be reached."),
        _("It is down, or the network between us is."),
        "nobody",
        _("Nothing to do."),
    ),
    "server_error": Remedy(
        _("%(platform)s had an error of its own."),
        _("It is being maintained, or has trouble."),
        "nobody",
        _("Nothing to do."),
    ),
    "unreadable": Remedy(
        _("%(platform)s answered with something that cannot be read."),
        _("Often a sign-in page or a page about maintenance."),
        "nobody",
        _("Nothing to do."),
    ),
    "redirected": Remedy(
        _("%(platform)s sent the score elsewhere, which Passback does not follow."),
        _("Its address may have changed. A score that follows a redirect can get lost."),
        "admin",
        _("The administrators compare the address of %(platform)s in Passback."),
    ),
}

MOODLE_BAD_SCORE = Remedy(
    _("%(platform)s refused the score of %(student)s."),
    _("Moodle says so for a student who is not enrolled, who has no role with grades, or who only switched role."),
    "you",
    _(
        "Check the participants of the course. If the student is enrolled, ask for the link to be opened once from there."
    ),
)
BY_FAMILY: Mapping[tuple[str, str], Remedy] = {("moodle", "not_enrolled"): MOODLE_BAD_SCORE}

UNKNOWN = Remedy(
    _("%(platform)s did not take the score."),
    _("It gave a reason that Passback does not know yet."),
    "operator",
    _("Copy the details for the help desk."),
)


def find_remedy(reason: str | None, family: str) -> Remedy:
    """The entry of a failure; one that nobody foresaw still has an answer."""
    if reason is None:
        return UNKNOWN
    return BY_FAMILY.get((family, reason)) or BY_REASON.get(reason) or UNKNOWN
