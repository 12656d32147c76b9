"""Schoology: an app made once, installed twice (for the organization, then to its courses).

Order and labels: developers.schoology.com "LTI Apps", and guides of tools in production for the form.
"""

from tool.language import gettext
from tool.lti.canvas_configuration import DESCRIPTION, TITLE
from tool.registration.by_hand.parts import Guide, Step, ToolAddresses, Value, Way, custom_lines


def guide(tool: ToolAddresses) -> Guide:
    return Guide(
        before=(
            gettext(
                "You need the permissions “Develop apps” and “Install applications”. Without the first one “My "
                "Developer Apps” is not there: ask whoever may edit your role."
            ),
        ),
        ways=(Way(gettext("Make the app"), "", (_open_form(), _describe(), _tick(), _connect(tool))),),
        after=_install(),
    )


def _open_form() -> Step:
    return Step(gettext("In Schoology open the grid of four squares → App Center → My Developer Apps → Add App."))


def _describe() -> Step:
    return Step(
        gettext("Say what it is, from top to bottom:"),
        (
            Value("App Name", TITLE),
            Value("Description", DESCRIPTION),
            Value("Category", gettext("what fits best"), "choose"),
            Value("Recommended for", gettext("your grades"), "choose"),
            Value(
                "Available for",
                "Only people in my school",
                "choose",
                gettext("An app of your own school needs no approval by Schoology."),
            ),
            Value("Type of App", "LTI 1.3 App", "choose"),
            Value("Configuration type", "Manual", "choose"),
        ),
    )


def _tick() -> Step:
    return Step(
        gettext("Choose where it appears, what it may know, and what it may do:"),
        (
            Value(
                "Course Materials",
                gettext("tick"),
                "choose",
                gettext("Teachers then find Passback under Add Materials, and choose an assignment from a list."),
            ),
            Value(
                "Privacy",
                "Send Name and Email/Username of user who launches the tool",
                "choose",
                gettext("Without names a teacher here could not tell whose work it is."),
            ),
            *_services(),
        ),
    )


def _services() -> tuple[Value, ...]:
    return (
        Value("Assignment and Grade Services", gettext("tick"), "choose"),
        Value(
            "Use Unique Lineitem Identifiers for Linked Sections",
            gettext("tick"),
            "choose",
            gettext(
                "Linked sections share one course here, and each has a gradebook of its own. Without this tick "
                "Schoology gives them all the same column, and scores go astray."
            ),
        ),
        Value("Names and Roles Services", gettext("tick"), "choose"),
        Value(
            "Deep Linking",
            gettext("tick"),
            "choose",
            gettext("Course Materials needs it, and only links made by it bring a column of their own."),
        ),
        Value(
            "This app uses cookies",
            gettext("leave empty"),
            "choose",
            gettext("Passback manages without a pop-up for them."),
        ),
    )


def _connect(tool: ToolAddresses) -> Step:
    return Step(
        gettext("Give the addresses, agree to the terms, and submit:"),
        (
            Value("Public key type", "Keyset URL", "choose"),
            Value("JWKS URL", tool.key_set_url),
            Value("Domain/URL", tool.launch_url),
            Value("Custom Parameters", custom_lines("schoology"), "lines"),
            Value("OIDC Login Init URL", tool.login_url),
            Value("Redirect URLs", tool.launch_url),
        ),
    )


def _install() -> tuple[Step, ...]:
    return (
        Step(
            gettext(
                "In My Developer Apps open Options → API Info of Passback, and copy the Client ID into the field below."
            )
        ),
        Step(
            gettext(
                "First install: press Install LTI 1.3 App → I Agree → Continue → Add to Organization. Teachers do not "
                "see it yet."
            )
        ),
        Step(
            gettext(
                "Second install: in App Center → Organization Apps press Install/Remove of Passback, and choose all "
                "courses or some. From now on teachers see it."
            )
        ),
        Step(
            gettext(
                "In Organization Apps press Configure of Passback, and copy the whole Deployment ID below: both "
                "numbers and the hyphen, such as 8409082949-1527876651."
            )
        ),
    )
