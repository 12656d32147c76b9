"""The words people read when a launch is refused, one entry for each code."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from tool.errors import marked as _

_OPEN_AGAIN = _("Open it again from your course.")
_OPEN_AGAIN_OR_CLOCK = _(
    "Open it again from your course. If it happens again, the clock of the LMS or of this tool is wrong."
)
_ASK_ADMIN = _("Ask the administrator of your LMS to look at this tool's settings.")


class LaunchTexts(NamedTuple):
    """What happened, what to do next, and where the standard asks for it."""

    message: str
    hint: str
    section: str


LAUNCH_TEXTS: Final[Mapping[str, LaunchTexts]] = {
    "login.missing": LaunchTexts(_("The LMS began the login without {about}."), _ASK_ADMIN, "Sec §5.1.1.1"),
    "login.too_long": LaunchTexts(
        _("The LMS began the login with a {about} that is too long."), _ASK_ADMIN, "Sec §5.1.1.1"
    ),
    "login.unreadable": LaunchTexts(
        _("The LMS began the login with a {about} that cannot be read."), _ASK_ADMIN, "Sec §5.1.1.1"
    ),
    "login.target": LaunchTexts(
        _("The link in the LMS points to another site than this tool."),
        _("Ask the administrator of your LMS to correct the tool's address."),
        "Sec §5.1.1.1",
    ),
    "platform.unknown": LaunchTexts(
        _("This tool is not registered for the LMS {about}."),
        _("An administrator must register the LMS here first, with its issuer and client id."),
        "Sec §5.1.1.1",
    ),
    "platform.waiting": LaunchTexts(
        _("This LMS is registered here, and waits for approval."),
        _("The operator of this tool has to approve it. Open it again from your course after that."),
        "Sec §5.1.1.1",
    ),
    "platform.ambiguous": LaunchTexts(
        _("The LMS {about} did not say which of its registrations is meant."),
        _("Several are known here, so the login must name the client id."),
        "Core §4.1.3",
    ),
    "platform.refused": LaunchTexts(
        _("The LMS did not confirm who you are ({about})."),
        _("Sign in to the LMS again and open the link once more from your course."),
        "Sec §5.1.1.5",
    ),
    "state.missing": LaunchTexts(_("This launch has no beginning here."), _OPEN_AGAIN, "Sec §5.1.1.3"),
    "state.forged": LaunchTexts(_("This launch did not begin here."), _OPEN_AGAIN, "Sec §5.1.1.3"),
    "state.expired": LaunchTexts(_("This launch took too long."), _OPEN_AGAIN, "Sec §5.1.1.3"),
    "state.cookie_missing": LaunchTexts(
        _("Your browser did not keep the cookie that ties this launch to you."),
        _("Open the link in a new window, or allow cookies for this tool."),
        "Sec §7.3.1",
    ),
    "state.other_browser": LaunchTexts(_("This launch began in another browser."), _OPEN_AGAIN, "Sec §7.3.1"),
    "token.missing": LaunchTexts(_("The LMS sent no identity token."), _OPEN_AGAIN, "Sec §5.1.1.3"),
    "token.too_long": LaunchTexts(_("The LMS's identity token is too large."), _ASK_ADMIN, "Sec §5.1.2"),
    "token.unreadable": LaunchTexts(_("The LMS's identity token cannot be read."), _OPEN_AGAIN, "Sec §5.1.2"),
    "token.algorithm": LaunchTexts(
        _("The LMS's identity token is signed in a way that is not accepted."),
        _("It must be signed with RS256."),
        "Sec §5.1.3",
    ),
    "token.critical_header": LaunchTexts(
        _("The LMS's identity token asks for an extension that is not known here."), _ASK_ADMIN, "RFC 7515 §4.1.11"
    ),
    "token.key_id": LaunchTexts(
        _("The LMS's identity token does not name the key it is signed with."), _ASK_ADMIN, "Sec §5.1.2"
    ),
    "token.issuer": LaunchTexts(
        _("The identity token comes from another LMS than the one the login began with."),
        _OPEN_AGAIN,
        "Sec §5.1.3",
    ),
    "token.audience": LaunchTexts(
        _("The identity token is meant for another tool or registration."), _ASK_ADMIN, "Sec §5.1.3"
    ),
    "token.signature": LaunchTexts(_("The signature of the LMS's identity token is wrong."), _OPEN_AGAIN, "Sec §5.1.3"),
    "token.expired": LaunchTexts(
        _("The LMS's identity token has expired."),
        _OPEN_AGAIN_OR_CLOCK,
        "Sec §5.1.3",
    ),
    "token.too_old": LaunchTexts(
        _("The LMS's identity token was made too long ago."),
        _OPEN_AGAIN_OR_CLOCK,
        "Sec §5.1.3",
    ),
    "token.lifetime": LaunchTexts(
        _("The LMS's identity token would be valid for more than a day."), _ASK_ADMIN, "Sec §5.1.3"
    ),
    "clock.ahead": LaunchTexts(
        _("The clock of the LMS runs ahead of this tool's clock, by more than a minute."),
        _("An administrator must set the clocks right: both should follow a time server."),
        "Sec §5.1.3",
    ),
    "key.unreachable": LaunchTexts(
        _("The LMS's public keys could not be read, so its signature cannot be checked."),
        _("Try again in a minute. If it stays so, ask the administrator to check the key set address."),
        "Sec §6.3",
    ),
    "key.unknown": LaunchTexts(
        _("The LMS signed with a key that is not among its published keys."),
        _("Try again in a minute. If it stays so, ask the administrator to check the key set address."),
        "Sec §6.3",
    ),
    "nonce.mismatch": LaunchTexts(_("The identity token belongs to another login."), _OPEN_AGAIN, "Sec §5.1.3"),
    "nonce.used": LaunchTexts(
        _("This launch was used already."), _("Open it again from your course: each launch is good once."), "Sec §5.1.3"
    ),
    "claim.missing": LaunchTexts(_("The launch does not say its {about}."), _ASK_ADMIN, "Core §5.3"),
    "claim.invalid": LaunchTexts(_("The launch has a {about} that cannot be used."), _ASK_ADMIN, "Core §5.3"),
    "claim.too_long": LaunchTexts(_("The launch has a {about} of more than 255 characters."), _ASK_ADMIN, "Core §5.3"),
    "claim.missing:sub": LaunchTexts(
        _("The LMS did not say who you are."),
        _("The administrator of the LMS must let this tool receive the user's id."),
        "Core §5.3.6",
    ),
    "claim.missing:resource_link": LaunchTexts(
        _("The launch does not come from an assignment."),
        _("Open the tool from an assignment or a link inside a course."),
        "Core §5.3.5",
    ),
    "version.unsupported": LaunchTexts(_("The launch is not LTI 1.3."), _ASK_ADMIN, "Core §5.3.2"),
    "message.unknown": LaunchTexts(
        _("This kind of launch is not known here."), _("Open the assignment itself from your course."), "Core §5.3.1"
    ),
    "deep_linking.return_url": LaunchTexts(
        _("The LMS wants the choice sent to an address that is not safe."),
        _("The administrator of the LMS must have it served over https."),
        "DL §4.4.1",
    ),
    "deep_linking.teachers_only": LaunchTexts(
        _("Assignments are chosen by the teachers of the course."),
        _("If you teach it, check your role in the LMS. If you learn in it, open the assignment itself."),
        "DL §4.4",
    ),
    "deployment.unknown": LaunchTexts(
        _("This installation of the tool in the LMS is not known here."),
        _("An administrator must add its deployment id to the registration."),
        "Core §5.3.3",
    ),
    "deployment.held": LaunchTexts(
        _("This installation of the tool in the LMS waits for approval."),
        _("The operator of this tool sees that it was opened and has to approve it. Open it again after that."),
        "Core §5.3.3",
    ),
    "deployment.off": LaunchTexts(
        _("This installation of the tool is switched off here."), _("Ask the operator of this tool."), "Core §5.3.3"
    ),
    "course.ended": LaunchTexts(
        _("This course has ended here."),
        _("Ask the operator of this tool, if it should go on. Grades that stand in the LMS stay there."),
        "Core §5.4.1",
    ),
    "deployment.mismatch": LaunchTexts(
        _("The launch names another installation of the tool than the login did."), _OPEN_AGAIN, "Core §4.1.2"
    ),
    "target.mismatch": LaunchTexts(
        _("The launch points to another page than the login did."), _OPEN_AGAIN, "Core §5.3.4"
    ),
}

# Other rooms add codes of their own and have their own words for them.
OTHER_LAUNCH_TEXTS: Final = LaunchTexts(_("This launch is not accepted."), _ASK_ADMIN, "Core §5.3")
