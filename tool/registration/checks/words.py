"""What an LMS's refusal means here, in plain words, and what mends it; and how long ago something was."""

from collections.abc import Mapping
from datetime import datetime

from tool.clock import now
from tool.language import gettext, ngettext
from tool.language import lazy_gettext as _
from tool.lti.answers import explain_outbound
from tool.lti.errors import ServiceError
from tool.lti.platform import PlatformFacts
from tool.outbound import OutboundError

MINUTE, HOUR, DAY = 60, 3600, 86_400
EXCERPT_CHARACTERS = 200

_LATER = _("Test again in a few minutes. If it stays so, look at the LMS's own log for this moment.")
_FIREWALL = _("Check the address, and whether a firewall lets Passback's server out to it. Then test again.")
_SETTINGS = _("In the LMS, look at the settings of the tool and at the services it may use.")
_ANOTHER_COURSE = _("Open Passback once from a course that runs, then test again.")

Words = tuple[object, object]
"""What happened, and what mends it."""

TOO_SLOW = _("Not tested: the LMS took too long before.")
_TOKEN_REFUSED: Words = (_("The LMS refused its own access token."), _SETTINGS)

WORDS: Mapping[str, Words] = {
    "timeout": (_("It did not answer in time."), _FIREWALL),
    "connection": (_("It could not be reached."), _FIREWALL),
    "certificate": (
        _("Its certificate was not accepted."),
        _(
            "Renew the certificate of that server, and let it send the whole chain. "
            "Browsers are more patient than servers."
        ),
    ),
    "address_refused": (
        _("It lies where Passback may not connect: on a private network, on an unusual port, or without https."),
        _("Register the address under which the LMS is reached from the internet, with https."),
    ),
    "host_not_allowed": (
        _("It lies on a host that does not belong to this registration, so no access token is sent there."),
        _("If that host belongs to the LMS, whoever runs Passback confirms it on the page of the platform."),
    ),
    "too_large": (_("Its answer was larger than Passback accepts."), _LATER),
    "too_many_pages": (_("Its list has more pages than Passback reads."), _LATER),
    "server_error": (_("The LMS had an error of its own."), _LATER),
    "rate_limited": (_("The LMS asked for a pause."), _("Test again in a few minutes.")),
    "unreadable": (
        _("It answered with something that cannot be read: often a sign-in page, or a page about maintenance."),
        _("Check the address. It must answer a server that is not signed in."),
    ),
    "redirected": (
        _("It sends on to another address, which is not followed."),
        _("Register the address it leads to."),
    ),
    "platform_cannot_read_our_keys": (
        _("The LMS could not read Passback's public keys."),
        _(
            "The LMS must be able to open %(jwks)s from its own network. "
            "In Moodle, look also under Security → HTTP security at the blocked hosts and the allowed ports."
        ),
    ),
    "clock": (
        _("The LMS says that the time of Passback's request is wrong."),
        _("Let both servers set their clocks by themselves (NTP), then test again."),
    ),
    "scope_missing": (_("The LMS does not give this permission."), _SETTINGS),
    "token_refused": _TOKEN_REFUSED,
    "token_expired": _TOKEN_REFUSED,
    "tool_not_in_course": (
        _("The LMS says that Passback does not belong to this course any more."),
        _("Add Passback to the course again, or open it once from another course and test again."),
    ),
    "forbidden": (_("The LMS forbids it, and does not say why."), _SETTINGS),
    "concluded": (_("The course has ended in the LMS."), _ANOTHER_COURSE),
    "course_gone": (_("The LMS does not know the course any more."), _ANOTHER_COURSE),
    "column_gone": (_("The LMS does not know the column or the course any more."), _ANOTHER_COURSE),
}
OTHER: Words = (_("The LMS did not do what was asked."), _SETTINGS)

KEY_REFUSED = _("The LMS refuses Passback's sign-in: the client id, or our public keys, are not what it expects.")
KEY_REMEDIES: Mapping[str, object] = {
    "canvas": _(
        "In Canvas, under Admin → Developer Keys: the state of the key is ON, its number is %(client_id)s, "
        "and its public JWK URL is %(jwks)s."
    ),
    "moodle": _(
        "In Moodle, in the settings of the tool: the client id is %(client_id)s, the public key type is a keyset URL, "
        "and that URL is %(jwks)s. Moodle's server must be able to open it."
    ),
    "schoology": _("In Schoology, in the settings of the app: its id is %(client_id)s, and its JWKS URL is %(jwks)s."),
    "blackboard": _(
        "In the developer portal of Blackboard: the application's id is %(client_id)s and its JWKS URL is %(jwks)s. "
        "In Blackboard itself the tool is approved."
    ),
    "brightspace": _(
        "In Brightspace: the client id is %(client_id)s and the keyset URL is %(jwks)s. "
        "Here the token audience is https://api.brightspace.com/auth/token."
    ),
}
ANY_KEY_REMEDY = _(
    "In the LMS, look whether the tool is switched on, whether its client id is %(client_id)s, "
    "and whether the address of its public keys is %(jwks)s."
)


def explain(error: ServiceError | OutboundError, facts: PlatformFacts, key_set_url: str) -> tuple[str, str]:
    """What happened and what mends it; `key_set_url` is ours."""
    refusal = explain_outbound(error) if isinstance(error, OutboundError) else error
    if refusal.reason == "key_refused":
        happened, remedy = KEY_REFUSED, KEY_REMEDIES.get(facts.family, ANY_KEY_REMEDY)
    else:
        happened, remedy = WORDS.get(refusal.reason, OTHER)
    said = str(happened)
    if refusal.status is not None:
        said += " " + gettext("Its status was %(status)s.", status=refusal.status)
    return said, str(remedy) % {"client_id": facts.client_id, "jwks": key_set_url}


def quote(error: ServiceError) -> str:
    """The answer of a token address, which names nobody; what looks like a token was taken out of it before."""
    excerpt = error.excerpt[:EXCERPT_CHARACTERS]
    if excerpt.startswith("<"):
        return ""
    return " " + gettext("It said: %(answer)s", answer=excerpt) if excerpt else ""


def ago(moment: datetime) -> str:
    seconds = max(0, int((now() - moment).total_seconds()))
    if seconds < MINUTE:
        return gettext("less than a minute ago")
    if seconds < HOUR:
        return ngettext("%(num)s minute ago", "%(num)s minutes ago", seconds // MINUTE)
    if seconds < DAY:
        return ngettext("%(num)s hour ago", "%(num)s hours ago", seconds // HOUR)
    return ngettext("%(num)s day ago", "%(num)s days ago", seconds // DAY)
