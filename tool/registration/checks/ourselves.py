"""Our own side, as the LMS and its browsers see it: our address, our public keys, and who may frame our pages."""

from urllib.parse import urlencode

from tool.access import origin_of
from tool.language import gettext
from tool.lti.platform import PlatformFacts
from tool.outbound import Answer, OutboundError
from tool.registration.checks.asking import BoundedOutbound
from tool.registration.checks.steps import Step, bad, good, look, unknown
from tool.registration.checks.subject import Subject
from tool.registration.checks.words import TOO_SLOW
from tool.settings import Settings, is_loopback_url

KEY_SET_PATH = "/.well-known/jwks.json"
MAX_BYTES = 1_000_000
# Of these the address itself, or what it leads to, is at fault; other failures may be this network's own.
OUR_FAULT = ("tls", "too_large")


def check_base_url(settings: Settings, facts: PlatformFacts) -> Step:
    url = settings.base_url
    if url.startswith("https://"):
        return good("base_url", gettext("%(url)s: with https.", url=url))
    if is_loopback_url(facts.auth_token_url):
        return look(
            "base_url",
            gettext("%(url)s: on this machine alone, as the LMS is.", url=url),
            gettext("For a real LMS set base_url to an https address that it can reach."),
        )
    return bad(
        "base_url",
        gettext("%(url)s: the LMS and its browsers cannot reach it.", url=url),
        gettext("Set base_url to an https address that the LMS and its browsers can reach, and register that one."),
    )


def check_environment(settings: Settings) -> Step:
    if settings.is_production:
        return good("environment", gettext("It runs as production."))
    return look(
        "environment",
        gettext("It runs as development, which allows plain http and connections to this machine itself."),
        gettext("For real classes set “environment” to “production”."),
    )


def check_own_keys(settings: Settings, kids: frozenset[str], facts: PlatformFacts, outbound: BoundedOutbound) -> Step:
    """Our key set, fetched through our own public address. `kids`: those we publish."""
    url = settings.base_url + KEY_SET_PATH
    how = gettext(
        'In the network of the LMS open %(url)s: a text must come that begins with {"keys", without signing in.',
        url=url,
    )
    if is_loopback_url(url) and not is_loopback_url(facts.auth_token_url):
        return bad(
            "own_keys", gettext("They are published on this machine alone, where the LMS cannot read them."), how
        )
    if outbound.is_spent:
        return unknown("own_keys", str(TOO_SLOW), how)
    outbound.begin_step()
    try:
        answer = outbound.request("GET", url, max_bytes=MAX_BYTES)
    except OutboundError as error:
        if error.reason in OUR_FAULT or is_loopback_url(url):
            return bad("own_keys", f"{url}: {_explain(error)}", how)
        # Many networks do not let a server reach its own public address.
        return unknown("own_keys", gettext("From here it cannot be seen whether others reach them."), how)
    found = _read_kids(answer)
    if found is None:
        text = gettext("%(url)s answered with status %(status)s and no keys.", url=url, status=answer.status)
        remedy = gettext(
            "What stands in front of Passback must pass this address on, without signing in or leading on."
        )
        return bad("own_keys", text, remedy)
    if not kids <= found:
        text = gettext("At %(url)s there are other keys than those of this installation.", url=url)
        remedy = gettext("Let base_url lead to this very installation, and no cache keep old keys for over an hour.")
        return bad("own_keys", text, remedy)
    return good("own_keys", gettext("%(url)s can be read through our own address.", url=url))


def check_frame(settings: Settings, subject: Subject, outbound: BoundedOutbound) -> Step:
    """The headers of a login of this platform, which are those of its launches, as they arrive from our own address."""
    facts = subject.facts
    how = gettext("Open Passback once inside the LMS: the page must show, and no empty box.")
    origin = origin_of(facts.auth_login_url).lower()
    asked = {
        "iss": facts.issuer,
        "client_id": facts.client_id,
        "login_hint": "test",
        "target_link_uri": f"{settings.base_url}/lti/launch",
    }
    if not subject.is_active or not subject.is_approved:
        return unknown(
            "frame", gettext("No LMS may show our pages before its registration is approved and switched on.")
        )
    if outbound.is_spent:
        return unknown("frame", str(TOO_SLOW), how)
    outbound.begin_step()
    try:
        answer = outbound.request("GET", f"{settings.base_url}/lti/login?{urlencode(asked)}", max_bytes=MAX_BYTES)
    except OutboundError:
        return unknown("frame", gettext("From here it cannot be seen how our pages arrive."), how)
    policies = _read_ancestors(answer)
    if not policies:
        text = gettext("Our address does not answer as Passback does: the header Content-Security-Policy is missing.")
        remedy = gettext("Let what stands in front of Passback pass its headers on unchanged.")
        return bad("frame", text, remedy)
    if not all(origin in allowed for allowed in policies):
        text = gettext("Our pages do not allow %(origin)s to show them in a frame.", origin=origin)
        remedy = gettext("Let what stands in front of Passback add no frame-ancestors of its own. Then test again.")
        return bad("frame", text, remedy)
    if "x-frame-options" in answer.headers:
        text = gettext("Something in front of Passback adds X-Frame-Options, which older browsers obey.")
        return look("frame", text, gettext("Take this header away for Passback in the web server's settings."))
    return good("frame", gettext("%(origin)s may show our pages in a frame.", origin=origin))


def _explain(error: OutboundError) -> str:
    if error.reason == "tls":
        return gettext("Our own certificate was not accepted.")
    return gettext("It could not be reached, or did not answer in time.")


def _read_kids(answer: Answer) -> frozenset[str] | None:
    try:
        found = answer.json() if answer.status == 200 else None
    except ValueError:
        return None
    listed = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        return None
    return frozenset(str(one.get("kid")) for one in listed if isinstance(one, dict))


def _read_ancestors(answer: Answer) -> list[list[str]]:
    """The origins each policy lets frame the page: a browser keeps to all of them."""
    directives = answer.headers.get("content-security-policy", "").lower().replace(",", ";").split(";")
    return [words[1:] for words in map(str.split, directives) if words[:1] == ["frame-ancestors"]]
