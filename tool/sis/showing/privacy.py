"""Which setting of an LMS lets Passback know who the students are, in the words that its administrator finds there."""

from collections.abc import Mapping

from tool.language import gettext, lazy_gettext

SETTINGS: Mapping[str, object] = {
    "canvas": lazy_gettext(
        "In Canvas: Apps › Passback › Privacy Level; of a key made by hand, in the key itself. Choose “Public”."
    ),
    "moodle": lazy_gettext(
        "In Moodle: Manage tools › Passback › Privacy. Set “Share launcher's name with tool” and "
        "“Share launcher's email with tool” to “Always”."
    ),
    "schoology": lazy_gettext(
        "In Schoology: the app's settings › Privacy. Choose “Send Name and Email/Username of user who launches the "
        "tool”."
    ),
    "brightspace": lazy_gettext(
        "In Brightspace: the deployment's Security Settings. Tick Name, Email and Org Defined Id, and not Anonymous."
    ),
    "blackboard": lazy_gettext(
        "In Blackboard: the tool provider's “User Fields to Send”. Tick Role in Course, Name and Email Address."
    ),
    "openedx": lazy_gettext(
        "In Open edX: the settings of the LTI component. Allow it to request the user's name and e-mail address."
    ),
}
"""By the family of the LMS; the words are those of `registration.by_hand`."""


def say_setting(family: str, platform: str) -> str:
    """One sentence for the administrator of the LMS."""
    known = SETTINGS.get(family)
    if known is not None:
        return str(known)
    return gettext(
        "In %(platform)s: where Passback is set up as a tool. Let it know the name and e-mail address of who opens it.",
        platform=platform,
    )
