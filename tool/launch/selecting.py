"""The LMS asks a teacher to choose assignments (deep linking): who may, what is asked for, and keeping it until the
answer."""

from urllib.parse import urlsplit

import structlog
from sqlalchemy import Connection, insert

from tool.lti.claims import LaunchClaims
from tool.lti.deep_linking import ChoiceRequest, check_request, return_origin
from tool.lti.errors import LaunchRefused
from tool.lti.hosts import own_hosts
from tool.lti.quirks import serves_from
from tool.lti.roles import standing
from tool.lti.vocabulary import DEEP_LINKING_REQUEST
from tool.model.work import Selection
from tool.registration.platforms import KnownPlatform

log = structlog.get_logger("launch")


def read_choice(claims: LaunchClaims, known: KnownPlatform, *, allows_loopback: bool) -> ChoiceRequest | None:
    """What is to be chosen; None for every other launch. Raises LaunchRefused, before anything is written, for whoever
    does not teach and for a request that could not be answered."""
    if claims.message_type != DEEP_LINKING_REQUEST:
        return None
    if not standing(claims.roles).is_teacher:
        raise LaunchRefused("deep_linking.teachers_only")
    choice = check_request(claims.deep_linking, family=family_of(known, claims), allows_loopback=allows_loopback)
    _note_other_host(choice, known)
    return choice


def _note_other_host(choice: ChoiceRequest, known: KnownPlatform) -> None:
    """Another host than the platform's is no reason to refuse what is signed, but worth a line in the log."""
    host = urlsplit(return_origin(choice.return_url)).hostname or ""
    is_known = host in own_hosts(known.facts) | known.service_hosts or serves_from(known.facts.issuer, host)
    if not is_known:
        log.info("selection.other_host", platform_id=known.id, host=host)


def family_of(known: KnownPlatform, claims: LaunchClaims) -> str:
    """The very first launch of a platform tells what it is, and is read by it."""
    return known.facts.family if known.facts.family != "unknown" else claims.platform_family or "unknown"


def write_selection(connection: Connection, launch_id: str, deployment_id: str, choice: ChoiceRequest) -> None:
    """Keep the request beside its launch: its answer is made from this row, and from no form."""
    connection.execute(
        insert(Selection).values(
            launch_id=launch_id,
            deployment_id=deployment_id,
            return_url=choice.return_url,
            data=choice.data,
            accepts_links=choice.accepts_links,
            accepts_several=choice.accepts_several,
            accepts_line_items=choice.accepts_line_items,
            answered_at=None,
        )
    )
