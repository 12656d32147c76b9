"""Names fixed by the standards: claims, scopes, media types, messages, roles, one spelling each."""

from typing import Final

VERSION: Final = "1.3.0"

# Claims [Core §5.3, §5.4]
MESSAGE_TYPE: Final = "https://purl.imsglobal.org/spec/lti/claim/message_type"
LTI_VERSION: Final = "https://purl.imsglobal.org/spec/lti/claim/version"
DEPLOYMENT_ID: Final = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"
TARGET_LINK_URI: Final = "https://purl.imsglobal.org/spec/lti/claim/target_link_uri"
RESOURCE_LINK: Final = "https://purl.imsglobal.org/spec/lti/claim/resource_link"
ROLES: Final = "https://purl.imsglobal.org/spec/lti/claim/roles"
CONTEXT: Final = "https://purl.imsglobal.org/spec/lti/claim/context"
TOOL_PLATFORM: Final = "https://purl.imsglobal.org/spec/lti/claim/tool_platform"
LAUNCH_PRESENTATION: Final = "https://purl.imsglobal.org/spec/lti/claim/launch_presentation"
LIS: Final = "https://purl.imsglobal.org/spec/lti/claim/lis"
CUSTOM: Final = "https://purl.imsglobal.org/spec/lti/claim/custom"
FOR_USER: Final = "https://purl.imsglobal.org/spec/lti/claim/for_user"
AGS_ENDPOINT: Final = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS_SERVICE: Final = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"

# Claims of deep linking [DL §4.4, §4.5]
DEEP_LINKING_SETTINGS: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
CONTENT_ITEMS: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/content_items"
DEEP_LINKING_DATA: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/data"

# Messages
RESOURCE_LINK_REQUEST: Final = "LtiResourceLinkRequest"
DEEP_LINKING_REQUEST: Final = "LtiDeepLinkingRequest"
DEEP_LINKING_RESPONSE: Final = "LtiDeepLinkingResponse"
SUBMISSION_REVIEW_REQUEST: Final = "LtiSubmissionReviewRequest"
KNOWN_MESSAGES: Final = frozenset({RESOURCE_LINK_REQUEST, DEEP_LINKING_REQUEST, SUBMISSION_REVIEW_REQUEST})

# The one kind of item that is offered for choosing
RESOURCE_LINK_ITEM: Final = "ltiResourceLink"

# Scopes [AGS §3.1; NRPS §2.1]
SCOPE_LINE_ITEM: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
SCOPE_LINE_ITEM_READ: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly"
SCOPE_RESULT_READ: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
SCOPE_SCORE: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
SCOPE_MEMBERSHIPS: Final = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"

# Media types
LINE_ITEM_TYPE: Final = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS_TYPE: Final = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULTS_TYPE: Final = "application/vnd.ims.lis.v2.resultcontainer+json"
SCORE_TYPE: Final = "application/vnd.ims.lis.v1.score+json"
MEMBERSHIPS_TYPE: Final = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

# Roles [Core, appendix A]
CONTEXT_ROLE: Final = "http://purl.imsglobal.org/vocab/lis/v2/membership"
TEST_USER_ROLE: Final = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"

# Canvas's own addition to a score
CANVAS_SUBMISSION: Final = "https://canvas.instructure.com/lti/submission"
