"""Blackboard: an application registered once in Anthology's portal, then taken into each Learn by its client id.

Order and labels: docs.anthology.com "Registering and Managing a REST or LTI Application", and guides of tools in
production for the page of Learn.
"""

from tool.language import gettext
from tool.lti.canvas_configuration import DESCRIPTION, TITLE
from tool.registration.by_hand.parts import Guide, Step, ToolAddresses, Value, Way, custom_lines


def guide(tool: ToolAddresses) -> Guide:
    return Guide(
        before=(
            gettext(
                "The application is registered once for this installation of Passback, by whoever operates it. Every "
                "school uses the same Application ID and gets a Deployment ID of its own."
            ),
            gettext("Two applications may not share a domain: this one takes %(domain)s.", domain=tool.domain),
        ),
        ways=(
            Way(
                gettext("Register the application"),
                gettext("Only the first time, and by the operator of Passback."),
                (
                    Step(gettext("At developer.anthology.com sign in → My Applications → + .")),
                    Step(gettext("Fill in the form, from top to bottom, and register:"), _portal(tool)),
                    Step(gettext("Copy the Application ID: it is the client id below.")),
                ),
            ),
        ),
        after=_after(tool),
    )


def _portal(tool: ToolAddresses) -> tuple[Value, ...]:
    return (
        Value("Application Name", TITLE),
        Value("Description", DESCRIPTION),
        Value("Domain(s)", tool.domain),
        Value("My integration supports LTI 1.3", gettext("on"), "choose"),
        Value("Login Initiation URL", tool.login_url),
        Value("Tool Redirect URL(s)", tool.launch_url),
        Value("Tool JWKS URL", tool.key_set_url),
        Value("Signing Algorithm", "RS256", "choose"),
        Value("Custom Parameters", custom_lines("blackboard"), "lines"),
    )


def _learn() -> tuple[Value, ...]:
    return (
        Value("Tool Status", "Approved", "choose"),
        Value(
            "User Fields to Send",
            "Role in Course, Name, Email Address",
            "choose",
            gettext("Without names a teacher here could not tell whose work it is."),
        ),
        Value("Allow grade service access", "Yes", "choose"),
        Value("Allow Membership Service Access", "Yes", "choose"),
    )


def _after(tool: ToolAddresses) -> tuple[Step, ...]:
    return (
        Step(
            gettext(
                "In Learn open Administrator Panel → Integrations → LTI Tool Providers → Register LTI "
                "1.3/Advantage Tool, paste the Application ID, and submit."
            ),
            (Value("Client ID", gettext("the Application ID"), "choose"),),
        ),
        Step(
            gettext("On the page that follows set these, and copy the Deployment ID into the field below:"),
            _learn(),
        ),
        Step(
            gettext(
                "Open the menu of Passback → Manage Placements → Create Placement, so that teachers find it, and "
                "submit:"
            ),
            (
                Value("Label", TITLE),
                Value("Handle", "passback"),
                Value("Availability", "Yes", "choose"),
                Value(
                    "Type",
                    "Deep Linking content tool",
                    "choose",
                    gettext("Leave “Allow student access” empty: only teachers choose assignments."),
                ),
                Value("Tool Provider URL / Target Link URI", tool.launch_url),
            ),
        ),
    )
