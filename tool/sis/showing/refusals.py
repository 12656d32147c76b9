"""Why somebody may not link a class nor sync, and whom to ask."""

from tool.language import gettext
from tool.sis.linking.sections import Refusal


def say_refusal(refusal: Refusal, sis: str, platform: str) -> tuple[str, str]:
    """What is so, and what to do about it."""
    names = {"sis": sis, "platform": platform}
    match refusal:
        case "gone":
            return (
                gettext("The connection to %(sis)s was removed.", **names),
                gettext("Ask whoever runs Passback for your school whether there is another."),
            )
        case "off":
            return (
                gettext("The connection to %(sis)s is switched off.", **names),
                gettext("Whoever runs Passback for your school can switch it on."),
            )
        case "double_road":
            return (
                gettext("%(platform)s sends grades to %(sis)s itself, so Passback does not.", **names),
                gettext(
                    "Two roads would make two columns for each assignment. If that is not so, tell whoever runs "
                    "Passback for your school."
                ),
            )
        case "no_email":
            return (
                gettext(
                    "Only teachers on a list may sync to %(sis)s, and Passback does not know who you are.", **names
                ),
                gettext(
                    "%(platform)s does not tell Passback your e-mail address. Ask its administrator to share it.",
                    **names,
                ),
            )
        case "not_listed":
            return (
                gettext("You are not among the teachers who may sync to %(sis)s.", **names),
                gettext("Your school decides who may. Ask whoever runs Passback to add your e-mail address."),
            )
