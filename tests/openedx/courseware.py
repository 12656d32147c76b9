"""A course around lti-consumer-xblock: links that open the tool, grades, and two windows for the tests."""

# mypy: ignore-errors
# Django and the consumer are not installed where the project's types are checked.

import hashlib
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, URLResolver, include, path
from lti_consumer.data import Lti1p3LaunchData
from lti_consumer.lti_1p3.constants import LTI_1P3_ROLE_MAP
from lti_consumer.plugin import compat
from lti_consumer.utils import (
    get_lms_lti_access_token_link,
    get_lms_lti_keyset_link,
    get_lms_lti_launch_link,
)
from opaque_keys.edx.keys import UsageKey

COURSE = "Passback+LTI101+2026"
COURSE_TITLE = "Writing for readers - Passback"
DEPLOYMENT_ID = "1"  # fixed in lti-consumer-xblock
PASSPORT_NAME = "the tool"
DEFAULT_LINK = "start"

course_grades: dict[tuple[str, str], float] = {}  # (link's address, user id): share of the full mark, 0 to 1


class GradedBlock:
    """Course content as the consumer sees it when it publishes a final score into the course's grades.

    It does so only for a line item whose resourceLinkId is the link's own; others are stored and not shown.
    """

    has_score = True
    accept_grades_past_due = True

    def __init__(self, location: UsageKey) -> None:
        self.scope_ids = SimpleNamespace(usage_id=location)

    def is_past_due(self) -> bool:
        return False

    def max_score(self) -> float:
        return 1.0

    def set_user_module_score(self, user: str, share: float, _maximum: float, _comment: str | None) -> None:
        course_grades[str(self.scope_ids.usage_id), user] = share


def publish_grades_here() -> None:
    """Put this course where the consumer expects edx-platform, which is not installed."""
    compat.load_block_as_user = GradedBlock
    compat.get_user_from_external_user_id = str  # the course knows a person by the id that the tool knows


def locate(link: str) -> str:
    """A link's address in the course, and its resource link id. Any other form gets 400 in a line item."""
    block = hashlib.sha256(link.encode()).hexdigest()[:32]
    return f"block-v1:{COURSE}+type@lti_consumer+block@{block}"


def find_or_create_passport(tool_keys_url: str) -> Any:
    """The tool's registration; its client id and key stay when the same data folder is used again."""
    passport, _ = apps.get_model("lti_consumer", "Lti1p3Passport").objects.update_or_create(
        name=PASSPORT_NAME, defaults={"lti_1p3_tool_keyset_url": tool_keys_url}
    )
    return passport


def find_or_create_link(link: str, tool_origin: str, passport: Any) -> Any:
    """One configuration per link, all on one passport, as in Open edX: each link has its own line items."""
    configuration_model = apps.get_model("lti_consumer", "LtiConfiguration")
    configuration, _ = configuration_model.objects.update_or_create(
        location=UsageKey.from_string(locate(link)),
        defaults={
            "external_id": link,
            "version": configuration_model.LTI_1P3,
            "config_store": configuration_model.CONFIG_ON_DB,
            "lti_1p3_passport": passport,
            "lti_1p3_oidc_url": f"{tool_origin}/lti/login",
            "lti_1p3_launch_url": f"{tool_origin}/lti/launch",
            "lti_advantage_ags_mode": configuration_model.LTI_ADVANTAGE_AGS_PROGRAMMATIC,
        },
    )
    return configuration


class Course:
    """The pages beside the consumer's own addresses."""

    def __init__(self, base_url: str, tool_origin: str, tool_keys_url: str) -> None:
        self.base_url = base_url
        self.tool_origin = tool_origin
        self.passport = find_or_create_passport(tool_keys_url)
        # The key and token addresses need a link. The signing key is made when first asked for, and two first
        # requests at once would make two: it is made here.
        find_or_create_link(DEFAULT_LINK, tool_origin, self.passport).get_lti_consumer()

    def addresses(self) -> list[URLPattern | URLResolver]:
        return [
            path("api/", include("lti_consumer.plugin.urls")),
            path("launch", self.launch),
            path("control/platform.json", self.show_platform),
            path("control/gradebook", self.show_gradebook),
        ]

    def launch(self, request: HttpRequest) -> HttpResponse:
        """`?user=&role=&custom_NAME=&link=&name=&email=`: what a click on a link in the course does.

        The link is named by `link`, else by custom_assignment. As in Open edX at its defaults, no name and no
        e-mail address go to the tool unless given here.
        """
        asked = request.GET
        if not asked.get("user"):
            return JsonResponse({"error": "user is missing"}, status=400)
        if asked.get("role") not in LTI_1P3_ROLE_MAP:
            return JsonResponse(
                {"error": "role is not one that Open edX has", "roles": [*LTI_1P3_ROLE_MAP]}, status=400
            )
        custom = {key[len("custom_") :]: value for key, value in asked.items() if key.startswith("custom_")}
        link = asked.get("link") or custom.get("assignment") or DEFAULT_LINK
        configuration = find_or_create_link(link, self.tool_origin, self.passport)
        launch_data = Lti1p3LaunchData(
            user_id=asked["user"],
            user_role=asked["role"],
            config_id=configuration.config_id,
            resource_link_id=locate(link),
            name=asked.get("name"),
            email=asked.get("email"),
            launch_presentation_document_target="iframe",
            context_id=f"course-v1:{COURSE}",
            context_type=["course_offering"],
            context_title=COURSE_TITLE,
            context_label=f"course-v1:{COURSE}",
            custom_parameters=custom,
        )
        return HttpResponseRedirect(configuration.get_lti_consumer().prepare_preflight_url(launch_data))

    def show_platform(self, _request: HttpRequest) -> HttpResponse:
        """The entry for the tool's configuration, in PyLTI1p3's shape."""
        entry = {
            "client_id": self.passport.lti_1p3_client_id,
            "auth_login_url": get_lms_lti_launch_link(),
            "auth_token_url": get_lms_lti_access_token_link(self.passport.passport_id),
            "key_set_url": get_lms_lti_keyset_link(self.passport.passport_id),
            "deployment_ids": [DEPLOYMENT_ID],
            "name": "Open edX",
            "family": "openedx",
        }
        return JsonResponse({self.base_url: [entry]})

    def show_gradebook(self, _request: HttpRequest) -> HttpResponse:
        """Every line item with its scores, from the platform's own tables."""
        line_items = apps.get_model("lti_consumer", "LtiAgsLineItem").objects.order_by("pk")
        return JsonResponse({"line_items": [describe_line_item(line_item) for line_item in line_items]})


def describe_line_item(line_item: Any) -> dict[str, Any]:
    return {
        "id": line_item.pk,
        "link": line_item.lti_configuration.external_id,
        "label": line_item.label,
        "score_maximum": line_item.score_maximum,
        "resource_id": line_item.resource_id,
        "resource_link_id": str(line_item.resource_link_id or ""),
        "tag": line_item.tag,
        "scores": [describe_score(score) for score in line_item.scores.order_by("user_id")],
    }


def describe_score(score: Any) -> dict[str, Any]:
    """course_grade is None for a score that was accepted and is not shown in the course."""
    return {
        "user_id": score.user_id,
        "score_given": score.score_given,
        "score_maximum": score.score_maximum,
        "comment": score.comment,
        "timestamp": score.timestamp.isoformat(),
        "activity_progress": score.activity_progress,
        "grading_progress": score.grading_progress,
        "course_grade": course_grades.get((str(score.line_item.resource_link_id or ""), score.user_id)),
    }
