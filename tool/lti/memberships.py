"""Who is in the course, as the LMS tells it. [NRPS §2]"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tool.lti import quirks
from tool.lti.answers import parse_json
from tool.lti.connector import Connector
from tool.lti.errors import ServiceError
from tool.lti.unverified import read_object, read_text, read_texts
from tool.lti.vocabulary import MEMBERSHIPS_TYPE, SCOPE_MEMBERSHIPS


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """One member. Names are absent where the LMS's privacy settings say so; roles may be short words (Moodle)."""

    subject: str
    roles: tuple[str, ...]
    status: str
    name: str | None
    given_name: str | None
    family_name: str | None
    email: str | None
    sourced_id: str | None


def read_members(connector: Connector, memberships_url: str) -> list[MemberFacts]:
    """The whole roster, all pages, each member once [NRPS §2.4]. Raises ServiceError, never a part of the roster.

    An LMS may name the link in the address it gives, and refuse that very address (Schoology; Canvas for a link that
    is not the tool's any more): it is then asked once without the link.
    """
    try:
        return _read_pages(connector, memberships_url)
    except ServiceError as error:
        if error.status not in (400, 404) or not _names_link(memberships_url):
            raise _of_roster(error) from None
    try:
        return _read_pages(connector, _without_link(memberships_url))
    except ServiceError as error:
        raise _of_roster(error) from None


def _read_pages(connector: Connector, memberships_url: str) -> list[MemberFacts]:
    members: dict[str, MemberFacts] = {}
    for answer in connector.pages(memberships_url, scopes=frozenset({SCOPE_MEMBERSHIPS}), accept=MEMBERSHIPS_TYPE):
        listed = read_object(parse_json(answer)).get("members")
        if not isinstance(listed, list):
            raise quirks.classify(connector.platform.family, answer)
        for member in map(_read_member, listed):
            if member is not None:
                members.setdefault(member.subject, member)
    return list(members.values())


def _names_link(url: str) -> bool:
    return any(name == "rlid" for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True))


def _without_link(url: str) -> str:
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "rlid"]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def _of_roster(error: ServiceError) -> ServiceError:
    """What a refusal means where no score and no column is at stake."""
    reason = {"column_gone": "course_gone", "not_enrolled": "bad_request"}.get(error.reason)
    if reason is None:
        return error
    return ServiceError("needs_person", reason, status=error.status, excerpt=error.excerpt)


def _read_member(entry: object) -> MemberFacts | None:
    fields = read_object(entry)
    user = fields.get("user_id")
    subject = read_text(str(user) if isinstance(user, int) else user)
    if subject is None:
        return None
    return MemberFacts(
        subject=subject,
        roles=read_texts(fields.get("roles")),
        status=read_text(fields.get("status")) or "Active",
        name=read_text(fields.get("name")),
        given_name=read_text(fields.get("given_name")),
        family_name=read_text(fields.get("family_name")),
        email=read_text(fields.get("email")),
        sourced_id=read_text(fields.get("lis_person_sourcedid")),
    )
