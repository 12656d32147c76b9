"""What an id token says: the claims of the standard, as the chosen manner gives them."""

from time import time

from tool.demo_lms.content_requests import describe_offer
from tool.demo_lms.launches import SUBMISSION_REVIEW, PendingLaunch
from tool.demo_lms.lms import MEMBERS_SCOPE, Lms
from tool.demo_lms.manners.variables import Scene
from tool.demo_lms.records import Person

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
        "aud": [lms.tool.client_id] if lms.manner.sends_audience_as_list else lms.tool.client_id,
        "sub": launch.person.sub,
        "nonce": nonce,
        "iat": issued_at,
        "exp": issued_at + lifetime_seconds,
        f"{CLAIM}version": "1.3.0",
        f"{CLAIM}message_type": launch.message_type,
        f"{CLAIM}deployment_id": lms.tool.deployment_id,
        f"{CLAIM}target_link_uri": target_link_uri(lms, launch),
        f"{CLAIM}roles": lms.manner.launch_roles(launch.person.role),
        **_describe_place(lms, launch),
        **_describe_person(lms, launch),
        **_describe_message(lms, launch),
        **_describe_services(lms, launch),
    }
    if lms.manner.sends_azp:
        claims["azp"] = lms.tool.client_id
    return {name: value for name, value in {**claims, **launch.claims}.items() if value is not None}


def target_link_uri(lms: Lms, launch: PendingLaunch) -> str:
    own_url = launch.activity.url if launch.activity else ""
    return launch.target or own_url or lms.launch_url


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
        f"{CLAIM}lis": {
            "person_sourcedid": person.sourced_id,
            "course_section_sourcedid": launch.course.section_sourced_id,
        },
    }


def _describe_message(lms: Lms, launch: PendingLaunch) -> dict[str, object]:
    custom = lms.manner.custom(lms.tool.custom, _describe_scene(lms, launch))
    message: dict[str, object] = {f"{CLAIM}custom": {**custom, **launch.custom}}
    if launch.offer is not None:
        return {**message, DEEP_LINKING_SETTINGS: describe_offer(lms, launch.offer)}
    if launch.activity is not None:
        activity = launch.activity
        message[f"{CLAIM}resource_link"] = {"id": activity.link_id, "title": activity.title, "description": ""}
    if launch.work is not None:
        message[f"{CLAIM}for_user"] = _describe_work(lms, launch.work)
    return message


def _describe_scene(lms: Lms, launch: PendingLaunch) -> Scene:
    course, activity = launch.course, launch.activity
    bound = lms.world.bound_columns(course.course_id, activity.link_id) if activity else []
    points = bound[0].maximum if bound else None
    return Scene(course, activity, launch.person, points, lms.settings.shares_names)


def _describe_work(lms: Lms, learner: Person) -> dict[str, object]:
    """`for_user` [Submission Review §4.1]."""
    described: dict[str, object] = {"user_id": learner.sub, "roles": lms.manner.launch_roles(learner.role)}
    if not lms.settings.shares_names:
        return described
    names = {"name": learner.name, "given_name": learner.given_name, "family_name": learner.family_name}
    return {**described, **names, "email": learner.email, "person_sourcedid": learner.sourced_id}


def _describe_services(lms: Lms, launch: PendingLaunch) -> dict[str, object]:
    course_id = launch.course.course_id
    services: dict[str, object] = {}
    scopes = [scope for scope in lms.granted_scopes if scope != MEMBERS_SCOPE]
    if scopes:
        services[AGS_ENDPOINT] = {
            "scope": scopes,
            "lineitems": lms.line_items_url(course_id),
            **_name_column(lms, launch),
        }
    if MEMBERS_SCOPE in lms.granted_scopes:
        services[NRPS] = {"context_memberships_url": lms.members_url(course_id), "service_versions": ["2.0"]}
    return services


def _name_column(lms: Lms, launch: PendingLaunch) -> dict[str, object]:
    """`lineitem` of the endpoint, if this launch has one."""
    activity, course_id = launch.activity, launch.course.course_id
    if activity is None:
        return {}
    if launch.message_type == SUBMISSION_REVIEW:
        is_named = launch.work_column is not None and lms.settings.review_names_column
        return {"lineitem": lms.line_item_url(launch.work_column)} if is_named and launch.work_column else {}
    link_id = activity.link_id
    if lms.settings.copies_name_old_columns and activity.copied_from is not None:
        course_id, link_id = activity.copied_from
    column = lms.manner.launch_column(lms.world.bound_columns(course_id, link_id))
    if column is None:
        return {}
    return {"lineitem": lms.line_item_url(column) if column else ""}
