"""Moodle: a tool configured manually by the site's administrator.

Order and labels: moodle mod/lti/edit_form.php and its language file, version 4.5.
"""

from tool.language import gettext
from tool.lti.canvas_configuration import DESCRIPTION, TITLE
from tool.registration.by_hand.parts import Guide, Step, ToolAddresses, Value, Way, custom_lines


def guide(tool: ToolAddresses) -> Guide:
    return Guide(
        before=(
            gettext("You need to be an administrator of the site."),
            gettext("Moodle must be able to reach this tool from its own server: it reads the public keys here."),
        ),
        ways=(
            Way(
                gettext("Configure a tool manually"),
                "",
                (
                    Step(
                        gettext(
                            "In Moodle open Site administration → Plugins → Activity modules → External tool → Manage "
                            "tools → configure a tool manually."
                        )
                    ),
                    Step(gettext("Under “Tool settings”, from top to bottom:"), _settings(tool)),
                    Step(gettext("Under “Services”:"), _services()),
                    Step(gettext("Under “Privacy”, and save:"), _privacy()),
                ),
            ),
        ),
        after=(
            Step(
                gettext(
                    "Back in Manage tools press the list sign on the card of Passback (View configuration details). "
                    "Copy Client ID and Deployment ID into the fields below; “Platform ID” is the address of your site."
                )
            ),
            Step(
                gettext(
                    "In a course, add the activity “Passback”, press “Select content”, and choose an assignment. Where "
                    "Moodle asks for it, tick “Allow Passback to add grades in the gradebook”: without it there is no "
                    "column."
                )
            ),
        ),
    )


def _settings(tool: ToolAddresses) -> tuple[Value, ...]:
    return (
        Value("Tool name", TITLE),
        Value("Tool URL", tool.launch_url),
        Value("Tool description", DESCRIPTION),
        Value("LTI version", "LTI 1.3", "choose"),
        Value("Public key type", "Keyset URL", "choose"),
        Value("Public keyset", tool.key_set_url),
        Value("Initiate login URL", tool.login_url),
        Value("Redirection URI(s)", tool.launch_url, "copy", gettext("Exactly so: Moodle compares each letter.")),
        Value("Custom parameters", custom_lines("moodle"), "lines"),
        Value(
            "Tool configuration usage",
            "Show in activity chooser and as a preconfigured tool",
            "choose",
        ),
        Value("Default launch container", "Embed, without blocks", "choose"),
        Value(
            "Supports Deep Linking (Content-Item Message)",
            gettext("tick"),
            "choose",
            gettext("With it teachers choose an assignment from a list, and the column comes with it."),
        ),
        Value("Content Selection URL", tool.launch_url),
    )


def _services() -> tuple[Value, ...]:
    return (
        Value(
            "IMS LTI Assignment and Grade Services",
            "Use this service for grade sync and column management",
            "choose",
            gettext("With “grade sync only” links that have no column yet get none."),
        ),
        Value(
            "IMS LTI Names and Role Provisioning",
            "Use this service to retrieve members' information as per privacy settings",
            "choose",
        ),
        Value("Tool Settings", "Do not use this service", "choose"),
    )


def _privacy() -> tuple[Value, ...]:
    return (
        Value(
            "Share launcher's name with tool",
            "Always",
            "choose",
            gettext("Without names a teacher here could not tell whose work it is."),
        ),
        Value("Share launcher's email with tool", "Always", "choose", gettext("Never is fine as well.")),
        Value(
            "Accept grades from the tool",
            "Always",
            "choose",
            gettext("With “Delegate to teacher” single activities may have no column."),
        ),
        Value("Force SSL", gettext("tick"), "choose"),
    )
