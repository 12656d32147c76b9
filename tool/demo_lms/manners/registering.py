"""How an LMS registers a tool: the standard's way, and what Canvas and Moodle make of it."""

from collections.abc import Mapping
from secrets import randbelow, token_hex
from typing import Any

from tool.demo_lms.manners.reply import Reply

TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
REQUIRED = (
    "response_types",
    "initiate_login_uri",
    "redirect_uris",
    "client_name",
    "jwks_uri",
    "token_endpoint_auth_method",
    TOOL_CONFIGURATION,
)
CANVAS_PREFIX = "https://canvas.instructure.com/lti/"
LINE_ITEM = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"


def find_fault(asked: object) -> str | None:
    """What is wrong with a registration, in a word."""
    if not isinstance(asked, dict):
        return "unreadable"
    missing = next((name for name in REQUIRED if not asked.get(name)), None)
    if missing is not None:
        return f"missing required attribute {missing}"
    configuration = asked[TOOL_CONFIGURATION]
    target = str(configuration.get("target_link_uri", "")).partition("://")[2].partition("/")[0]
    if not configuration.get("domain"):
        return "missing_domain"
    # In Moodle the port counts.
    return None if target == configuration["domain"] else "domain_targetlinkuri_mismatch"


class Registering:
    """The standard's way."""

    family = "unknown"
    version = "1"
    wants_token_for_configuration = False

    def make_client_id(self) -> str:
        return token_hex(8)

    def make_deployment_id(self) -> str:
        return "1"

    def describe_platform(self) -> dict[str, Any]:
        return {
            "product_family_code": self.family,
            "version": self.version,
            "messages_supported": [{"type": "LtiResourceLinkRequest"}],
            "variables": ["Context.id", "Context.id.history", "ResourceLink.id", "Person.sourcedId"],
        }

    def describe_registration(
        self, asked: Mapping[str, Any], client_id: str, deployment_id: str
    ) -> tuple[dict[str, Any], int]:
        configuration = {**asked[TOOL_CONFIGURATION], "deployment_id": deployment_id}
        return {**asked, "client_id": client_id, TOOL_CONFIGURATION: configuration}, 201

    def refuse_registration(self, fault: str) -> Reply:
        return Reply(401 if fault in ("missing", "used", "unknown") else 400, {"error": fault})


class CanvasRegistering(Registering):
    """The token is wanted from the first request on, placements have a prefix, the deployment stands at the top."""

    wants_token_for_configuration = True

    def make_client_id(self) -> str:
        return f"1000000000{randbelow(9000) + 1000}"

    def make_deployment_id(self) -> str:
        return f"{randbelow(90) + 10}:{token_hex(20)}"

    def describe_platform(self) -> dict[str, Any]:
        names = ("assignment_selection", "course_navigation", "link_selection", "module_menu", "wiki_page_menu")
        placements = [*(CANVAS_PREFIX + name for name in names), "ContentArea"]
        variables = ["ResourceLink.submission.endDateTime", "Canvas.assignment.dueAt.iso8601"]
        variables += ["Context.id.history", "Person.sourcedId", "Canvas.assignment.pointsPossible"]
        return {
            **super().describe_platform(),
            "messages_supported": [
                {"type": "LtiResourceLinkRequest", "placements": placements},
                {"type": "LtiDeepLinkingRequest", "placements": [placements[0], placements[2]]},
            ],
            "variables": variables,
            f"{CANVAS_PREFIX}account_name": "Demo School",
            f"{CANVAS_PREFIX}account_lti_guid": "demo:canvas-lms",
        }

    def describe_registration(
        self, asked: Mapping[str, Any], client_id: str, deployment_id: str
    ) -> tuple[dict[str, Any], int]:
        return {**asked, "client_id": client_id, "deployment_id": deployment_id}, 200

    def refuse_registration(self, fault: str) -> Reply:
        if fault in ("missing", "used", "unknown"):
            return Reply(401, {"errorMessage": "JWT did not include expected contents"})
        return Reply(422, {"errors": [fault]})


class MoodleRegistering(Registering):
    """200 for success, plain words for a refusal, and an HTML page for whatever it cannot read."""

    def make_client_id(self) -> str:
        return token_hex(8)[:15]

    def describe_platform(self) -> dict[str, Any]:
        content = {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea"]}
        return {
            **super().describe_platform(),
            "version": "4.5.6 (Build: 20250811)",
            "messages_supported": [{"type": "LtiResourceLinkRequest"}, content],
        }

    def describe_registration(
        self, asked: Mapping[str, Any], client_id: str, deployment_id: str
    ) -> tuple[dict[str, Any], int]:
        reply, _ = super().describe_registration(asked, client_id, deployment_id)
        return reply, 200

    def refuse_registration(self, fault: str) -> Reply:
        if fault in ("unknown", "unreadable"):
            return Reply(404, "<!DOCTYPE html><title>Error</title><p>Error</p>", "text/html; charset=utf-8")
        words = {"missing": "missing_registration_token", "used": "token_already_used"}
        status = 401 if fault in words else 400
        return Reply(status, words.get(fault, fault), "text/html; charset=utf-8")
