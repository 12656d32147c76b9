"""Who is in the course, as the LMS tells it. [NRPS §2]"""

from dataclasses import dataclass

from tool.lti import quirks
from tool.lti.access_token import Connector
from tool.lti.answers import parse_json
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
    """The whole roster, all pages, each member once [NRPS §2.4]. Raises ServiceError, never a part of the roster."""
    members: dict[str, MemberFacts] = {}
    pages = connector.pages(memberships_url, scopes=frozenset({SCOPE_MEMBERSHIPS}), accept=MEMBERSHIPS_TYPE)
    try:
        for answer in pages:
            listed = read_object(parse_json(answer)).get("members")
            if not isinstance(listed, list):
                raise quirks.classify(connector.platform.family, answer)
            for member in map(_read_member, listed):
                if member is not None:
                    members.setdefault(member.subject, member)
    except ServiceError as error:
        if error.reason != "column_gone":
            raise
        raise ServiceError("needs_person", "course_gone", status=error.status, excerpt=error.excerpt) from None
    return list(members.values())


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
