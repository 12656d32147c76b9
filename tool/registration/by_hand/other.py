"""Any other LMS that is certified for LTI Advantage: the standard's own names [Sec §5, §6; Core §4]."""

from tool.language import gettext
from tool.lti.canvas_configuration import TITLE
from tool.lti.wanted import WANTED_SCOPES
from tool.registration.by_hand.parts import Guide, Step, ToolAddresses, Value, Way, custom_lines


def guide(tool: ToolAddresses) -> Guide:
    return Guide(
        before=(gettext("The LMS must speak LTI 1.3 with Assignment and Grade Services 2.0."),),
        ways=(
            Way(
                gettext("Make a tool of LTI 1.3"),
                gettext("Every LMS orders its form in another way; these are the names of the standard."),
                (
                    Step(
                        gettext("Give it these values:"),
                        (
                            Value("Name", TITLE),
                            Value("Tool URL / Target link URI", tool.launch_url),
                            Value("Deep linking URL / Content selection URL", tool.launch_url),
                            Value("Initiate login URL / OIDC login URL", tool.login_url),
                            Value("Redirection URIs", tool.launch_url),
                            Value("Public keyset URL / JWKS URL", tool.key_set_url),
                            Value("Custom parameters", custom_lines("unknown"), "lines"),
                        ),
                    ),
                    Step(
                        gettext("Let it use these services:"),
                        (Value("Scopes", "\n".join(WANTED_SCOPES), "lines"),),
                    ),
                    Step(
                        gettext(
                            "Let launches and class lists tell names: without them nobody can tell whose work it is."
                        )
                    ),
                ),
            ),
        ),
        after=(
            Step(
                gettext("Copy what the LMS shows of itself, the client id and the deployment id into the fields below.")
            ),
        ),
    )
