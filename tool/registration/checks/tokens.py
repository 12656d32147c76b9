"""An access token for each permission by itself: an LMS that lacks one of them may still give the others."""

from collections.abc import Mapping

from tool.language import gettext
from tool.language import lazy_gettext as _
from tool.lti.access_token import TokenSource
from tool.lti.errors import ServiceError
from tool.lti.platform import PlatformFacts
from tool.lti.vocabulary import SCOPE_LINE_ITEM, SCOPE_MEMBERSHIPS, SCOPE_RESULT_READ, SCOPE_SCORE
from tool.registration.checks.asking import BoundedOutbound
from tool.registration.checks.steps import Step, bad, good, look, unknown
from tool.registration.checks.words import explain, quote

SCOPES: Mapping[str, str] = {
    "token.score": SCOPE_SCORE,
    "token.lineitem": SCOPE_LINE_ITEM,
    "token.result": SCOPE_RESULT_READ,
    "token.members": SCOPE_MEMBERSHIPS,
}
# Without the first nothing arrives; without the others something is missing, and the rest works.
WITHOUT: Mapping[str, object] = {
    "token.score": _("No score can be sent."),
    "token.lineitem": _("Scores go only to links that the LMS gave a column itself."),
    "token.result": _("Grades changed in the LMS are not noticed."),
    "token.members": _("Students who have not opened a link yet are not listed."),
}
SERVICES: Mapping[str, object] = {
    "canvas": _("In Canvas, switch this scope on in the developer key: %(scope)s"),
    "moodle": _(
        "In Moodle, in the settings of the tool, under Services: grade sync and column management, and names "
        "and roles. The missing scope: %(scope)s"
    ),
    "schoology": _(
        "In Schoology, tick Assignment and Grade Services and Names and Roles in the settings of the app. "
        "The missing scope: %(scope)s"
    ),
}
ANY_SERVICE = _("The administrator of the LMS allows it in the settings of the tool: %(scope)s")


def check_tokens(
    facts: PlatformFacts, tokens: TokenSource | None, outbound: BoundedOutbound, key_set_url: str
) -> list[Step]:
    """A step for each permission. `tokens` None: we cannot sign. What refuses one token for another reason than its
    permission refuses all, so that is told once."""
    if tokens is None:
        return [_cannot_sign(), *_not_asked(list(SCOPES)[1:])]
    steps: list[Step] = []
    for key, scope in SCOPES.items():
        outbound.begin_step()
        try:
            granted = tokens.token(facts, frozenset({scope})).scopes
        except ServiceError as error:
            if error.reason != "scope_missing":
                text, remedy = explain(error, facts, key_set_url)
                steps.append(bad(key, text + quote(error), remedy))
                return steps + _not_asked(list(SCOPES)[len(steps) :])
            granted = frozenset()
        steps.append(_judge(key, scope, facts.family, is_granted=scope in granted))
    return steps


def _judge(key: str, scope: str, family: str, *, is_granted: bool) -> Step:
    if is_granted:
        return good(key, gettext("Granted."))
    text = f"{gettext('Not granted.')} {WITHOUT[key]}"
    remedy = str(SERVICES.get(family, ANY_SERVICE)) % {"scope": scope}
    return bad(key, text, remedy) if key == "token.score" else look(key, text, remedy)


def _cannot_sign() -> Step:
    return bad(
        "token.score",
        gettext("Passback cannot sign its request: its private key is not on this machine, or cannot be opened."),
        gettext("Whoever runs Passback copies the keys folder from a machine that has it: passback keys list"),
    )


def _not_asked(keys: list[str]) -> list[Step]:
    return [unknown(key, gettext("Not asked for, since no access token was given.")) for key in keys]
