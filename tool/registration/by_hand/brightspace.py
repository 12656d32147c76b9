"""Brightspace: a registration, a deployment of it, and a link.

Order and labels: documentation.brightspace.com "Register an external learning tool for LTI Advantage" and "Tool
deployment".
"""

from tool.language import gettext
from tool.lti.canvas_configuration import DESCRIPTION, TITLE
from tool.registration.by_hand.parts import Guide, Step, ToolAddresses, Value, Way, custom_lines
from tool.registration.presets import BRIGHTSPACE_AUDIENCE

EXTENSIONS = "Assignment and Grade Services · Deep Linking · Names and Role Provisioning Services"


def guide(tool: ToolAddresses) -> Guide:
    return Guide(
        before=(
            gettext(
                "You need the permissions “Manage LTI Advantage Tool Registrations” and “Manage LTI Advantage Tool "
                "Deployments”."
            ),
        ),
        ways=(
            Way(
                gettext("Standard registration"),
                "",
                (
                    Step(
                        gettext(
                            "In Brightspace open the gear → Manage Extensibility → LTI Advantage → Register Tool, and "
                            "choose Standard."
                        )
                    ),
                    Step(gettext("Fill in the form, from top to bottom, and register:"), _registration(tool)),
                ),
            ),
        ),
        after=_after(tool),
    )


def _registration(tool: ToolAddresses) -> tuple[Value, ...]:
    return (
        Value("Name", TITLE),
        Value("Description", DESCRIPTION),
        Value("Domain", tool.base_url),
        Value("Redirect URLs", tool.launch_url),
        Value("OpenID Connect Login URL", tool.login_url),
        Value("Target Link URI", tool.launch_url),
        Value("Keyset URL", tool.key_set_url),
        Value("Extensions", EXTENSIONS, "choose"),
        Value("Roles: Send Institution Role", gettext("tick"), "choose"),
        Value(
            "Custom Parameters", custom_lines("brightspace"), "lines", gettext("One row for each: name, then value.")
        ),
    )


def _after(tool: ToolAddresses) -> tuple[Step, ...]:
    return (
        Step(
            gettext(
                "Brightspace now shows its own values. Copy the Client Id into the field below. The others are known "
                "here; compare the one that often goes wrong:"
            ),
            (Value("Brightspace OAuth2 Audience", BRIGHTSPACE_AUDIENCE, "choose"),),
        ),
        Step(
            gettext("Press View Deployments → New Deployment, fill it in, and create it:"),
            (
                Value("Tool", TITLE, "choose"),
                Value("Name", TITLE),
                Value("Extensions", EXTENSIONS, "choose"),
                Value(
                    "Security Settings",
                    "Name · Email · User ID · Org Defined Id · Org Unit Information · Link Information",
                    "choose",
                    gettext("Not Anonymous: without names a teacher here could not tell whose work it is."),
                ),
                Value("Make tool available to", gettext("the org units that shall use it"), "choose"),
            ),
        ),
        Step(gettext("Copy the Deployment Id that is shown into the field below.")),
        Step(
            gettext("Press View Links → New Link, so that teachers choose from a list:"),
            (
                Value("Name", TITLE),
                Value("URL", tool.launch_url),
                Value("Type", "Deep Linking Quicklink", "choose"),
            ),
        ),
        Step(gettext("Last, switch the registration to Enabled.")),
    )
