"""The words people read when a launch is refused or the LMS refuses a call, one entry for each code."""

from collections.abc import Mapping
from typing import Final, NamedTuple

_OPEN_AGAIN = "Open it again from your course."
_ASK_ADMIN = "Ask the administrator of your LMS to look at this tool's settings."


class LaunchTexts(NamedTuple):
    """What happened, what to do next, and where the standard asks for it."""

    message: str
    hint: str
    section: str


LAUNCH_TEXTS: Final[Mapping[str, LaunchTexts]] = {
    "login.missing": LaunchTexts("The LMS began the login without {about}.", _ASK_ADMIN, "Sec §5.1.1.1"),
    "login.too_long": LaunchTexts(
        "The LMS began the login with a {about} that is too long.", _ASK_ADMIN, "Sec §5.1.1.1"
    ),
    "login.unreadable": LaunchTexts(
        "The LMS began the login with a {about} that cannot be read.", _ASK_ADMIN, "Sec §5.1.1.1"
    ),
    "login.target": LaunchTexts(
        "The link in the LMS points to another site than this tool.",
        "Ask the administrator of your LMS to correct the tool's address.",
        "Sec §5.1.1.1",
    ),
    "platform.unknown": LaunchTexts(
        "This tool is not registered for the LMS {about}.",
        "An administrator must register the LMS here first, with its issuer and client id.",
        "Sec §5.1.1.1",
    ),
    "platform.ambiguous": LaunchTexts(
        "The LMS {about} did not say which of its registrations is meant.",
        "Several are known here, so the login must name the client id.",
        "Core §4.1.3",
    ),
    "platform.refused": LaunchTexts(
        "The LMS did not confirm who you are ({about}).",
        "Sign in to the LMS again and open the link once more from your course.",
        "Sec §5.1.1.5",
    ),
    "state.missing": LaunchTexts("This launch has no beginning here.", _OPEN_AGAIN, "Sec §5.1.1.3"),
    "state.forged": LaunchTexts("This launch did not begin here.", _OPEN_AGAIN, "Sec §5.1.1.3"),
    "state.expired": LaunchTexts("This launch took too long.", _OPEN_AGAIN, "Sec §5.1.1.3"),
    "state.cookie_missing": LaunchTexts(
        "Your browser did not keep the cookie that ties this launch to you.",
        "Open the link in a new window, or allow cookies for this tool.",
        "Sec §7.3.1",
    ),
    "state.other_browser": LaunchTexts("This launch began in another browser.", _OPEN_AGAIN, "Sec §7.3.1"),
    "token.missing": LaunchTexts("The LMS sent no identity token.", _OPEN_AGAIN, "Sec §5.1.1.3"),
    "token.too_long": LaunchTexts("The LMS's identity token is too large.", _ASK_ADMIN, "Sec §5.1.2"),
    "token.unreadable": LaunchTexts("The LMS's identity token cannot be read.", _OPEN_AGAIN, "Sec §5.1.2"),
    "token.algorithm": LaunchTexts(
        "The LMS's identity token is signed in a way that is not accepted.",
        "It must be signed with RS256.",
        "Sec §5.1.3",
    ),
    "token.critical_header": LaunchTexts(
        "The LMS's identity token asks for an extension that is not known here.", _ASK_ADMIN, "RFC 7515 §4.1.11"
    ),
    "token.key_id": LaunchTexts(
        "The LMS's identity token does not name the key it is signed with.", _ASK_ADMIN, "Sec §5.1.2"
    ),
    "token.issuer": LaunchTexts(
        "The identity token comes from another LMS than the one the login began with.",
        _OPEN_AGAIN,
        "Sec §5.1.3",
    ),
    "token.audience": LaunchTexts(
        "The identity token is meant for another tool or registration.", _ASK_ADMIN, "Sec §5.1.3"
    ),
    "token.signature": LaunchTexts("The signature of the LMS's identity token is wrong.", _OPEN_AGAIN, "Sec §5.1.3"),
    "token.expired": LaunchTexts(
        "The LMS's identity token has expired.",
        f"{_OPEN_AGAIN} If it happens again, the clock of the LMS or of this tool is wrong.",
        "Sec §5.1.3",
    ),
    "token.too_old": LaunchTexts(
        "The LMS's identity token was made too long ago.",
        f"{_OPEN_AGAIN} If it happens again, the clock of the LMS or of this tool is wrong.",
        "Sec §5.1.3",
    ),
    "token.lifetime": LaunchTexts(
        "The LMS's identity token would be valid for more than a day.", _ASK_ADMIN, "Sec §5.1.3"
    ),
    "clock.ahead": LaunchTexts(
        "The clock of the LMS runs ahead of this tool's clock, by more than a minute.",
        "An administrator must set the clocks right: both should follow a time server.",
        "Sec §5.1.3",
    ),
    "key.unreachable": LaunchTexts(
        "The LMS's public keys could not be read, so its signature cannot be checked.",
        "Try again in a minute. If it stays so, ask the administrator to check the key set address.",
        "Sec §6.3",
    ),
    "key.unknown": LaunchTexts(
        "The LMS signed with a key that is not among its published keys.",
        "Try again in a minute. If it stays so, ask the administrator to check the key set address.",
        "Sec §6.3",
    ),
    "nonce.mismatch": LaunchTexts("The identity token belongs to another login.", _OPEN_AGAIN, "Sec §5.1.3"),
    "nonce.used": LaunchTexts(
        "This launch was used already.", "Open it again from your course: each launch is good once.", "Sec §5.1.3"
    ),
    "claim.missing": LaunchTexts("The launch does not say its {about}.", _ASK_ADMIN, "Core §5.3"),
    "claim.invalid": LaunchTexts("The launch has a {about} that cannot be used.", _ASK_ADMIN, "Core §5.3"),
    "claim.too_long": LaunchTexts("The launch has a {about} of more than 255 characters.", _ASK_ADMIN, "Core §5.3"),
    "claim.missing:sub": LaunchTexts(
        "The LMS did not say who you are.",
        "The administrator of the LMS must let this tool receive the user's id.",
        "Core §5.3.6",
    ),
    "claim.missing:resource_link": LaunchTexts(
        "The launch does not come from an assignment.",
        "Open the tool from an assignment or a link inside a course.",
        "Core §5.3.5",
    ),
    "version.unsupported": LaunchTexts("The launch is not LTI 1.3.", _ASK_ADMIN, "Core §5.3.2"),
    "message.unknown": LaunchTexts("This kind of launch is not known here.", _ASK_ADMIN, "Core §5.3.1"),
    "message.unsupported": LaunchTexts(
        "This kind of launch is not offered by this tool.",
        "Open the assignment itself from your course.",
        "Core §5.3.1",
    ),
    "deployment.unknown": LaunchTexts(
        "This installation of the tool in the LMS is not known here.",
        "An administrator must add its deployment id to the registration.",
        "Core §5.3.3",
    ),
    "deployment.mismatch": LaunchTexts(
        "The launch names another installation of the tool than the login did.", _OPEN_AGAIN, "Core §4.1.2"
    ),
    "target.mismatch": LaunchTexts("The launch points to another page than the login did.", _OPEN_AGAIN, "Core §5.3.4"),
}

# Other rooms add codes of their own and have their own words for them.
OTHER_LAUNCH_TEXTS: Final = LaunchTexts("This launch is not accepted.", _ASK_ADMIN, "Core §5.3")

_WAIT = "Nothing to do: it is tried again by itself."
_ADMIN_LOOK = "The administrator of the LMS must look at this tool's settings there."

SERVICE_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "column_missing": (
        "The link has no gradebook column, and the LMS does not let this tool look for one or make one.",
        "Add it as a graded assignment in the LMS, or let the tool manage columns.",
    ),
    "cannot_clear": (
        "This LMS is not known to empty a grade when asked.",
        "Clear the grade by hand in the LMS's gradebook.",
    ),
    "platform_off": ("The LMS is switched off in this tool.", _ADMIN_LOOK),
    "crashed": ("Something went wrong in this tool while it was sending.", _WAIT),
    "timeout": ("The LMS did not answer in time.", _WAIT),
    "connection": ("The LMS could not be reached.", _WAIT),
    "certificate": ("The LMS's certificate was not accepted.", _ADMIN_LOOK),
    "address_refused": ("The LMS gave an address this tool may not connect to.", _ADMIN_LOOK),
    "host_not_allowed": (
        "The LMS gave an address on a host that is not known for this registration.",
        "An administrator of this tool must confirm the host before anything is sent there.",
    ),
    "too_large": ("The LMS's answer was larger than allowed.", _ADMIN_LOOK),
    "too_many_pages": ("The LMS's list has more pages than can be read.", _ADMIN_LOOK),
    "server_error": ("The LMS had an error of its own.", _WAIT),
    "rate_limited": ("The LMS asked for a pause.", _WAIT),
    "unreadable": ("The LMS answered with something that cannot be read.", _WAIT),
    "redirected": ("The LMS sent the request elsewhere, which is not followed.", _WAIT),
    "platform_cannot_read_our_keys": (
        "The LMS could not read this tool's public keys.",
        "The LMS must be able to reach this tool's key set address from its own network.",
    ),
    "clock": ("The clocks of the LMS and of this tool differ too much.", _ADMIN_LOOK),
    "token_expired": ("The LMS says that the access token has expired.", _WAIT),
    "token_refused": ("The LMS refused the access token.", _ADMIN_LOOK),
    "key_refused": (
        "The LMS refuses this tool's sign-in.",
        "The tool's key must be switched on in the LMS, and its client id and key set address must be right.",
    ),
    "scope_missing": (
        "The LMS does not allow this tool to do that.",
        "The administrator of the LMS must allow the missing service for this tool.",
    ),
    "tool_not_in_course": (
        "The LMS no longer lets this tool work in the course or with this column.",
        "Add the tool to the course again, or link the assignment anew.",
    ),
    "forbidden": ("The LMS forbids it.", _ADMIN_LOOK),
    "not_enrolled": (
        "The LMS does not know this person as a student of the course.",
        "Check that the student is enrolled and active in the LMS.",
    ),
    "column_gone": (
        "The gradebook column no longer exists in the LMS.",
        "Open the assignment once from the course, or link it again.",
    ),
    "course_gone": ("The course no longer exists in the LMS.", "Open the tool from the new course."),
    "unpublished": (
        "The assignment is not published in the LMS yet.",
        "Publish the assignment: the scores follow by themselves.",
    ),
    "concluded": ("The course has ended in the LMS.", "Scores can be sent again when the course is reopened."),
    "attempts_used_up": (
        "The LMS allows no further attempt for this student.",
        "Raise the number of attempts in the LMS, then send again.",
    ),
    "column_maximum": (
        "The column's points in the LMS do not allow this score.",
        "Check the points of the assignment in the LMS.",
    ),
    "grading_closed": (
        "The LMS does not take grades for this assignment at this time.",
        "A grading period may be closed, or the assignment may be moderated.",
    ),
    "stale_timestamp": ("The LMS holds this score or a later one already.", _WAIT),
    "locked_or_deleting": (
        "The LMS could not store the score: the grade may be locked, or the activity is being deleted.",
        "Unlock the grade in the LMS; it is tried again by itself.",
    ),
    "bad_request": ("The LMS did not accept the request.", "Send the details below to the tool's support."),
}

OTHER_SERVICE_TEXTS: Final = (
    "The LMS did not do what was asked.",
    "Send the details below to the tool's support.",
)
