"""What is known beforehand of each LMS: its addresses, and what it calls the two ids. Data, each with its source.

`{site}` stands for the address of the school's own LMS. An empty address has to be typed in.
"""

from dataclasses import dataclass

from tool.language import lazy_gettext
from tool.settings import Family

ANY_SITE = "{site}"
BRIGHTSPACE_AUDIENCE = "https://api.brightspace.com/auth/token"


@dataclass(frozen=True, slots=True)
class Preset:
    """One kind of LMS. `guide` names the page of `by_hand`; `deployment_id_name` is the LMS's own word for it."""

    key: str
    title: object
    family: Family
    guide: str
    issuer: str
    auth_login_url: str
    auth_token_url: str
    key_set_url: str
    source: str
    auth_audience: str | None = None
    client_id_name: str = "Client ID"
    deployment_id_name: str = "Deployment ID"
    asks_issuer: bool = False
    """The issuer given here is only the usual one."""

    @property
    def asks_site(self) -> bool:
        return ANY_SITE in self.auth_login_url

    @property
    def asks_addresses(self) -> bool:
        """Nothing is known of it."""
        return not self.auth_login_url


def _hosted_canvas(key: str, title: object, environment: str) -> Preset:
    return Preset(
        key=key,
        title=title,
        family="canvas",
        guide="canvas",
        # One issuer for all of Instructure's customers.
        issuer=f"https://canvas.{environment}instructure.com",
        auth_login_url=f"https://sso.{environment}canvaslms.com/api/lti/authorize_redirect",
        auth_token_url=f"https://sso.{environment}canvaslms.com/login/oauth2/token",
        key_set_url=f"https://sso.{environment}canvaslms.com/api/lti/security/jwks",
        source="https://developerdocs.instructure.com/services/canvas/external-tools/lti/file.lti_dev_key_config",
    )


PRESETS = (
    _hosted_canvas("canvas", lazy_gettext("Canvas"), ""),
    _hosted_canvas("canvas-beta", lazy_gettext("Canvas, beta environment"), "beta."),
    _hosted_canvas("canvas-test", lazy_gettext("Canvas, test environment"), "test."),
    Preset(
        key="canvas-own",
        title=lazy_gettext("Canvas on a server of your own"),
        family="canvas",
        guide="canvas",
        # What a site says that was never told its own (`lti_iss`).
        issuer="https://canvas.instructure.com",
        auth_login_url="{site}/api/lti/authorize_redirect",
        auth_token_url="{site}/login/oauth2/token",  # noqa: S106 - an address
        key_set_url="{site}/api/lti/security/jwks",
        source="https://github.com/instructure/canvas-lms/blob/master/doc/api/lti_dev_key_config.md",
        asks_issuer=True,
    ),
    Preset(
        key="schoology",
        title=lazy_gettext("Schoology"),
        family="schoology",
        guide="schoology",
        issuer="https://schoology.schoology.com",
        auth_login_url="https://lti-service.svc.schoology.com/lti-service/authorize-redirect",
        auth_token_url="https://lti-service.svc.schoology.com/lti-service/access-token",  # noqa: S106 - an address
        key_set_url="https://lti-service.svc.schoology.com/lti-service/.well-known/jwks",
        source="https://developers.schoology.com/app-platform/lti-apps",
    ),
    Preset(
        key="moodle",
        title=lazy_gettext("Moodle"),
        family="moodle",
        guide="moodle",
        issuer="{site}",
        auth_login_url="{site}/mod/lti/auth.php",
        auth_token_url="{site}/mod/lti/token.php",  # noqa: S106 - an address
        key_set_url="{site}/mod/lti/certs.php",
        source="https://github.com/moodle/moodle/blob/main/mod/lti/openid-configuration.php",
    ),
    Preset(
        key="blackboard",
        title=lazy_gettext("Blackboard Learn"),
        family="blackboard",
        guide="blackboard",
        issuer="https://blackboard.com",
        auth_login_url="https://developer.anthology.com/api/v1/gateway/oidcauth",
        auth_token_url="https://developer.anthology.com/api/v1/gateway/oauth2/jwttoken",  # noqa: S106 - an address
        key_set_url="https://developer.anthology.com/.well-known/jwks.json",
        source="https://docs.anthology.com/docs/blackboard/lti/1.3/register-an-application",
        client_id_name="Application ID (Client ID)",
    ),
    Preset(
        key="brightspace",
        title=lazy_gettext("Brightspace (D2L)"),
        family="brightspace",
        guide="brightspace",
        issuer="{site}",
        auth_login_url="{site}/d2l/lti/authenticate",
        auth_token_url="https://auth.brightspace.com/core/connect/token",  # noqa: S106 - an address
        key_set_url="{site}/d2l/.well-known/jwks",
        # The same for everybody, and another than the token address.
        auth_audience=BRIGHTSPACE_AUDIENCE,
        source="https://community.d2l.com/brightspace/kb/articles/23662-tool-registration-deployment-and-links",
        client_id_name="Client Id",
        deployment_id_name="Deployment Id",
    ),
    Preset(
        key="other",
        title=lazy_gettext("Another LMS with LTI 1.3"),
        family="unknown",
        guide="other",
        issuer="",
        auth_login_url="",
        auth_token_url="",
        key_set_url="",
        source="https://www.imsglobal.org/spec/lti/v1p3/",
        asks_issuer=True,
    ),
)

_BY_KEY = {preset.key: preset for preset in PRESETS}


def find_preset(key: str) -> Preset | None:
    return _BY_KEY.get(key)
