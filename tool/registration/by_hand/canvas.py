"""Canvas: a developer key, switched on, then an app installed by its client id.

Order and labels of the form: canvas-lms ui/features/developer_keys_v2 (KeyForm, ManualConfigurationForm).
"""

from tool.language import gettext
from tool.lti.canvas_configuration import DESCRIPTION, PLACEMENTS, TITLE, TOOL_ID
from tool.registration.by_hand.parts import Guide, Step, ToolAddresses, Value, Way, custom_lines


def guide(tool: ToolAddresses) -> Guide:
    return Guide(
        before=(
            gettext("You need to be an administrator of the account, with the permission “Developer keys”."),
            gettext(
                "Names and e-mail addresses are asked for (privacy level “public”): without them a teacher here could "
                "not tell whose work it is."
            ),
        ),
        ways=(_enter_url(tool), _paste_json(tool), _manual_entry(tool)),
        after=_after(),
    )


def _enter_url(tool: ToolAddresses) -> Way:
    return Way(
        "Enter URL",
        gettext("The shortest way. Canvas reads everything from here, so it must be able to reach this tool."),
        (
            _open_form(),
            Step(
                gettext("Fill in the form, and save:"),
                (
                    Value("Key Name", TITLE),
                    Value("Method", "Enter URL", "choose"),
                    Value("JSON URL", tool.canvas_url),
                ),
            ),
        ),
    )


def _paste_json(tool: ToolAddresses) -> Way:
    return Way(
        "Paste JSON",
        gettext("If Canvas cannot reach this tool. The redirect URI is filled in from the JSON."),
        (
            _open_form(),
            Step(
                gettext("Fill in the form, and save:"),
                (
                    Value("Key Name", TITLE),
                    Value("Redirect URIs", tool.launch_url),
                    Value("Method", "Paste JSON", "choose"),
                    Value("LTI 1.3 Configuration", tool.canvas_json(), "lines"),
                ),
            ),
        ),
    )


def _manual_entry(tool: ToolAddresses) -> Way:
    return Way(
        "Manual Entry",
        gettext("Field by field, if the other two are not offered to you."),
        (
            _open_form(),
            Step(gettext("Fill in the form, from top to bottom:"), _required(tool)),
            Step(
                gettext("Open “LTI Advantage Services” and switch on these five:"),
                tuple(Value(label, gettext("on"), "choose") for label in SERVICES),
            ),
            Step(gettext("Open “Additional Settings”:"), _additional(tool)),
            Step(
                gettext("Under “Placements” choose these four, with their message types, and save:"),
                tuple(Value(_in_words(name), message, "choose") for name, message in PLACEMENTS.items()),
            ),
        ),
    )


SERVICES = (
    "Can create and view assignment data in the gradebook associated with the tool.",
    "Can view assignment data in the gradebook associated with the tool.",
    "Can view submission data for assignments associated with the tool.",
    "Can create and update submission results for assignments associated with the tool.",
    "Can retrieve user data associated with the context the tool is installed in.",
)


def _in_words(placement: str) -> str:
    """As Canvas's form names it: Assignment Selection."""
    return placement.replace("_", " ").title()


def _open_form() -> Step:
    return Step(gettext("In Canvas open Admin → your account → Developer Keys → + Developer Key → + LTI Key."))


def _required(tool: ToolAddresses) -> tuple[Value, ...]:
    return (
        Value("Key Name", TITLE),
        Value("Redirect URIs", tool.launch_url),
        Value("Method", "Manual Entry", "choose"),
        Value("Title", TITLE),
        Value("Description", DESCRIPTION),
        Value("Target Link URI", tool.launch_url),
        Value("OpenID Connect Initiation Url", tool.login_url),
        Value("JWK Method", "Public JWK URL", "choose"),
        Value("Public JWK URL", tool.key_set_url),
    )


def _additional(tool: ToolAddresses) -> tuple[Value, ...]:
    return (
        Value("Domain", tool.domain),
        Value("Tool Id", TOOL_ID),
        Value("Text", TITLE),
        Value("Custom Fields", custom_lines("canvas"), "lines"),
        Value("Privacy Level", "Public", "choose"),
    )


def _after() -> tuple[Step, ...]:
    return (
        Step(
            gettext(
                "Back in the list of keys set the State of the key to ON. While it is OFF, people come in but no grade "
                "goes out."
            )
        ),
        Step(
            gettext(
                "Copy the long number above “Show Key” (14 digits or more, such as 10000000000001) into the client id "
                "below."
            )
        ),
        Step(
            gettext(
                "Open Settings → Apps → View App Configurations → + App, choose “By Client ID”, paste the same number, "
                "and install."
            )
        ),
        Step(
            gettext(
                "In the list of apps open the gear of Passback → Deployment Id, and copy all of it (a number, a colon, "
                "and what follows) into the deployment id below."
            )
        ),
    )
