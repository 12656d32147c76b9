"""What a launch says, read into values: required claims are checked, optional ones are taken or left.

[Core §5.3, §5.4] Reading proves nothing: only `id_token` may call a launch verified.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tool.lti import vocabulary as v
from tool.lti.custom_parameters import read_custom, read_history
from tool.lti.deep_linking import DeepLinkingClaims, read_deep_linking
from tool.lti.due_dates import DueClaims, read_due_claims
from tool.lti.errors import LaunchRefused
from tool.lti.quirks import name_family
from tool.lti.unverified import MAX_ID_CHARACTERS, read_id, read_object, read_text, read_texts, read_web_url
from tool.lti.wanted import CONTEXT_HISTORY_PARAMETER, LINK_HISTORY_PARAMETER

_MAX_URL_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class PersonClaims:
    """The person as far as the LMS's privacy settings tell."""

    name: str | None
    given_name: str | None
    family_name: str | None
    email: str | None
    sourced_id: str | None
    locale: str | None


@dataclass(frozen=True, slots=True)
class ContextClaims:
    """The course [Core §5.4.1]."""

    id: str
    label: str | None
    title: str | None
    types: tuple[str, ...]
    section_sourced_id: str | None
    """What the school records call it [Core App. D]."""


@dataclass(frozen=True, slots=True)
class ResourceLinkClaims:
    """The link that was followed [Core §5.3.5]."""

    id: str
    title: str | None
    description: str | None


@dataclass(frozen=True, slots=True)
class AgsClaims:
    """Where scores go [AGS §3.1]. An empty line item, which Moodle sends, is none."""

    lineitem: str | None
    lineitems: str | None
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class NrpsClaims:
    """Where the members are read [NRPS §3.6.1]."""

    memberships_url: str


@dataclass(frozen=True, slots=True)
class LaunchClaims:
    """One launch."""

    issuer: str
    client_id: str
    deployment_id: str
    message_type: str
    target_link_uri: str
    subject: str
    roles: tuple[str, ...]
    person: PersonClaims
    context: ContextClaims | None
    resource_link: ResourceLinkClaims | None
    ags: AgsClaims | None
    nrps: NrpsClaims | None
    custom: Mapping[str, str]
    due: DueClaims | None
    """None when the launch was not asked to tell it."""
    platform_family: str | None
    return_url: str | None
    document_target: str | None
    for_user_id: str | None
    deep_linking: DeepLinkingClaims | None
    """What is asked for, unchecked; None when nothing is."""

    @property
    def context_history(self) -> tuple[str, ...]:
        """Ids of the courses this one was copied from, newest first."""
        return read_history(self.custom_value(CONTEXT_HISTORY_PARAMETER))

    @property
    def link_history(self) -> tuple[str, ...]:
        """Ids of the links this one was copied from, newest first; few LMSs know them."""
        return read_history(self.custom_value(LINK_HISTORY_PARAMETER))

    def custom_value(self, name: str) -> str | None:
        """A custom parameter by its name in any case: Schoology lower-cases names, Moodle sends both."""
        if name in self.custom:
            return self.custom[name]
        wanted = name.lower()
        return next((value for key, value in self.custom.items() if key.lower() == wanted), None)


def read_claims(payload: Mapping[str, object]) -> LaunchClaims:
    """Read a launch's payload. Raises LaunchRefused naming the first required claim that is missing or unusable."""
    issuer = read_id(payload.get("iss"), "iss")
    client_id = read_client_id(payload)
    message_type = _read_message_type(payload)
    deployment_id = read_id(payload.get(v.DEPLOYMENT_ID), "deployment_id")
    target_link_uri = _read_target(payload)
    presentation = read_object(payload.get(v.LAUNCH_PRESENTATION))
    platform = read_object(payload.get(v.TOOL_PLATFORM))
    return LaunchClaims(
        issuer=issuer,
        client_id=client_id,
        deployment_id=deployment_id,
        message_type=message_type,
        target_link_uri=target_link_uri,
        subject=read_id(payload.get("sub"), "sub"),
        roles=_read_roles(payload),
        person=_read_person(payload, presentation),
        context=_read_context(payload),
        resource_link=_read_resource_link(payload, message_type),
        ags=_read_ags(payload),
        nrps=_read_nrps(payload),
        custom=read_custom(read_object(payload.get(v.CUSTOM))),
        due=read_due_claims(read_object(payload.get(v.CUSTOM))),
        platform_family=name_family(read_text(platform.get("product_family_code"))),
        return_url=read_web_url(presentation.get("return_url")),
        document_target=read_text(presentation.get("document_target")),
        for_user_id=read_text(read_object(payload.get(v.FOR_USER)).get("user_id")),
        deep_linking=read_deep_linking(payload),
    )


def read_client_id(payload: Mapping[str, object]) -> str:
    """The client the token is meant for [Sec §5.1.3; OIDC Core §3.1.3.7].

    With several audiences the authorized party must say which; where it is given it must be an audience.
    """
    audience = payload.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if not audiences:
        raise LaunchRefused("claim.missing:aud")
    if not isinstance(audiences, list) or not all(isinstance(one, str) for one in audiences):
        raise LaunchRefused("claim.invalid:aud")
    party = payload.get("azp")
    if party is None and len(audiences) == 1:
        return read_id(audiences[0], "aud")
    if party not in audiences:
        raise LaunchRefused("token.audience")
    return read_id(party, "azp")


def _read_message_type(payload: Mapping[str, object]) -> str:
    message_type = read_id(payload.get(v.MESSAGE_TYPE), "message_type")
    version = read_id(payload.get(v.LTI_VERSION), "version")
    if message_type not in v.KNOWN_MESSAGES:
        raise LaunchRefused("message.unknown")
    if version != v.VERSION:
        raise LaunchRefused("version.unsupported")
    return message_type


def _read_target(payload: Mapping[str, object]) -> str:
    target = payload.get(v.TARGET_LINK_URI)
    if target is None or target == "":
        raise LaunchRefused("claim.missing:target_link_uri")
    if not isinstance(target, str) or len(target) > _MAX_URL_CHARACTERS:
        raise LaunchRefused("claim.invalid:target_link_uri")
    return target


def _read_roles(payload: Mapping[str, object]) -> tuple[str, ...]:
    roles = payload.get(v.ROLES)
    if roles is None:
        raise LaunchRefused("claim.missing:roles")
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise LaunchRefused("claim.invalid:roles")
    return read_texts(roles)


def _read_person(payload: Mapping[str, object], presentation: Mapping[str, object]) -> PersonClaims:
    return PersonClaims(
        name=read_text(payload.get("name")),
        given_name=read_text(payload.get("given_name")),
        family_name=read_text(payload.get("family_name")),
        email=read_text(payload.get("email")),
        sourced_id=read_text(read_object(payload.get(v.LIS)).get("person_sourcedid")),
        locale=read_text(presentation.get("locale")) or read_text(payload.get("locale")),
    )


def _read_context(payload: Mapping[str, object]) -> ContextClaims | None:
    context = read_object(payload.get(v.CONTEXT))
    if not context.get("id"):
        return None
    return ContextClaims(
        id=read_id(context.get("id"), "context"),
        label=read_text(context.get("label")),
        title=read_text(context.get("title")),
        types=read_texts(context.get("type")),
        section_sourced_id=_read_sourced_id(read_object(payload.get(v.LIS)).get("course_section_sourcedid")),
    )


def _read_sourced_id(value: object) -> str | None:
    """An id of the school records; Canvas sends the name of its variable where it has none."""
    text = read_text(value)
    return None if text is None or text.startswith("$") or len(text) > MAX_ID_CHARACTERS else text


def _read_resource_link(payload: Mapping[str, object], message_type: str) -> ResourceLinkClaims | None:
    link = read_object(payload.get(v.RESOURCE_LINK))
    if not link.get("id"):
        # Schoology's app placements send none.
        if message_type == v.RESOURCE_LINK_REQUEST:
            raise LaunchRefused("claim.missing:resource_link")
        return None
    return ResourceLinkClaims(
        id=read_id(link.get("id"), "resource_link"),
        title=read_text(link.get("title")),
        description=read_text(link.get("description")),
    )


def _read_ags(payload: Mapping[str, object]) -> AgsClaims | None:
    endpoint = read_object(payload.get(v.AGS_ENDPOINT))
    if not endpoint:
        return None
    return AgsClaims(
        lineitem=read_web_url(endpoint.get("lineitem")),
        lineitems=read_web_url(endpoint.get("lineitems")),
        scopes=frozenset(read_texts(endpoint.get("scope"))),
    )


def _read_nrps(payload: Mapping[str, object]) -> NrpsClaims | None:
    url = read_web_url(read_object(payload.get(v.NRPS_SERVICE)).get("context_memberships_url"))
    return None if url is None else NrpsClaims(url)
