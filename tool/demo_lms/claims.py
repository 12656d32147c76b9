"""What an id token says: the claims of the standard, as the chosen manner gives them."""

from time import time

from tool.demo_lms.launches import RESOURCE_LINK, PendingLaunch
from tool.demo_lms.lms import MEMBERS_SCOPE, Lms
from tool.demo_lms.registration import CLIENT_ID, DEPLOYMENT_ID

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
AGS_ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
DEEP_LINKING_SETTINGS = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
COURSE_SECTION = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection"


def build_claims(lms: Lms, launch: PendingLaunch, nonce: str) -> dict[str, object]:
    issued_at = int(time())
    lifetime_seconds = lms.settings.id_token_seconds or lms.manner.id_token_seconds
    claims: dict[str, object] = {
        "iss": lms.base_url,
        "aud": [CLIENT_ID] if lms.manner.sends_audience_as_list else CLIENT_ID,
        "sub": launch.person.sub,
        "nonce": nonce,
        "iat": issued_at,
        "exp": issued_at + lifetime_seconds,
        f"{CLAIM}version": "1.3.0",
        f"{CLAIM}message_type": launch.message_type,
        f"{CLAIM}deployment_id": DEPLOYMENT_ID,
        f"{CLAIM}target_link_uri": target_link_uri(lms),
        f"{CLAIM}roles": lms.manner.launch_roles(launch.person.role),
        **_describe_place(lms, launch),
        **_describe_person(lms, launch),
        **_describe_message(lms, launch),
        **_describe_services(lms, launch),
    }
    if lms.manner.sends_azp:
        claims["azp"] = CLIENT_ID
    return {name: value for name, value in {**claims, **launch.claims}.items() if value is not None}


def target_link_uri(lms: Lms) -> str:
    return lms.launch_url


def _describe_place(lms: Lms, launch: PendingLaunch) -> dict[str, object]:
    course = launch.course
    context = {"id": course.course_id, "label": course.label, "title": course.title, "type": [COURSE_SECTION]}
    return_url = f"{lms.base_url}/courses/{course.course_id}/gradebook"
    presentation = {"document_target": "iframe", "return_url": return_url, "locale": "en"}
    platform = {"guid": "demo-lms", "name": "Demo LMS", "version": lms.manner.version}
    return {
        f"{CLAIM}context": context,
        f"{CLAIM}launch_presentation": presentation,
        f"{CLAIM}tool_platform": {**platform, "product_family_code": lms.manner.family},
    }


def _describe_person(lms: Lms, launch: PendingLaunch) -> dict[str, object]:
    if not lms.settings.shares_names:
        return {}
    person = launch.person
    return {
        "name": person.name,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "email": person.email,
        f"{CLAIM}lis": {"person_sourcedid": person.sourced_id, "course_section_sourcedid": ""},
    }


def _describe_message(lms: Lms, launch: PendingLaunch) -> dict[str, object]:
    activity = launch.activity
    if launch.message_type == "LtiDeepLinkingRequest":
        return {
            DEEP_LINKING_SETTINGS: {
                "deep_link_return_url": f"{lms.base_url}/courses/{launch.course.course_id}/gradebook",
                "accept_types": ["ltiResourceLink"],
                "accept_presentation_document_targets": ["iframe", "window"],
                "accept_multiple": True,
            }
        }
    message: dict[str, object] = {
        f"{CLAIM}resource_link": {"id": activity.link_id, "title": activity.title, "description": ""},
        f"{CLAIM}custom": lms.manner.custom(activity),
    }
    if launch.message_type != RESOURCE_LINK:
        message[f"{CLAIM}for_user"] = {"user_id": launch.course.gradable_people[0].sub}
    return message


def _describe_services(lms: Lms, launch: PendingLaunch) -> dict[str, object]:
    course_id = launch.course.course_id
    services: dict[str, object] = {}
    scopes = [scope for scope in lms.settings.granted_scopes if scope != MEMBERS_SCOPE]
    if scopes:
        endpoint: dict[str, object] = {"scope": scopes, "lineitems": lms.line_items_url(course_id)}
        column = lms.manner.launch_column(lms.world.bound_columns(course_id, launch.activity.link_id))
        if column is not None and launch.message_type == RESOURCE_LINK:
            endpoint["lineitem"] = lms.line_item_url(column) if column else ""
        services[AGS_ENDPOINT] = endpoint
    if MEMBERS_SCOPE in lms.settings.granted_scopes:
        services[NRPS] = {"context_memberships_url": lms.members_url(course_id), "service_versions": ["2.0"]}
    return services
