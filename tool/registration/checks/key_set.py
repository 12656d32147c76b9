"""The LMS's public keys, with which it signs launches; and its clock."""

from collections.abc import Mapping
from dataclasses import dataclass

from tool.language import gettext, ngettext
from tool.lti.answers import is_html
from tool.lti.key_set import read_keys
from tool.outbound import Answer, Outbound, OutboundError
from tool.registration.checks.steps import Step, bad, good, look, unknown
from tool.registration.checks.subject import Subject
from tool.registration.checks.words import ago, explain

MAX_BYTES = 1_000_000
KIDS_SHOWN = 3
KID_CHARACTERS = 24
CLOCK_LOOK_SECONDS = 30
CLOCK_BAD_SECONDS = 60


@dataclass(frozen=True, slots=True)
class _Unusable(Exception):
    """What came is no key set with which a launch could be checked."""

    text: str
    remedy: str


def check_key_set(subject: Subject, outbound: Outbound, key_set_url: str) -> Step:
    """Fetched anew, whatever is kept; `key_set_url` is ours, for the remedies."""
    facts = subject.facts
    if facts.key_set is not None:
        return _check_written_keys(facts.key_set)
    if facts.key_set_url is None:
        return bad(
            "key_set",
            gettext("The registration names no address of them."),
            gettext("Add the address of the LMS's public keys to the registration."),
        )
    try:
        listed = _read(outbound.request("GET", facts.key_set_url, max_bytes=MAX_BYTES))
    except OutboundError as error:
        text, remedy = explain(error, facts, key_set_url)
    except _Unusable as unusable:
        text, remedy = unusable.text, unusable.remedy
    else:
        return good("key_set", f"{_describe(listed)} {_describe_kept(subject)}".strip())
    return bad("key_set", f"{facts.key_set_url}: {text} {_describe_kept(subject)}".strip(), remedy)


def check_clock(ahead_seconds: float | None) -> Step:
    """`ahead_seconds`: how far the LMS's clock is ahead of ours, from the Date of its answers."""
    if ahead_seconds is None:
        return unknown("clock", gettext("The LMS told no time, or did not answer."))
    difference = round(abs(ahead_seconds))
    if difference <= CLOCK_LOOK_SECONDS:
        return good("clock", ngettext("They differ by %(num)s second.", "They differ by %(num)s seconds.", difference))
    if ahead_seconds > 0:
        text = gettext("The clock of the LMS is %(seconds)s seconds ahead of ours.", seconds=difference)
    else:
        text = gettext("The clock of the LMS is %(seconds)s seconds behind ours.", seconds=difference)
    remedy = gettext(
        "Let both servers set their clocks by themselves (NTP): beyond 60 seconds launches and scores are refused."
    )
    return bad("clock", text, remedy) if difference > CLOCK_BAD_SECONDS else look("clock", text, remedy)


def _check_written_keys(key_set: Mapping[str, object]) -> Step:
    if not read_keys(key_set):
        return bad(
            "key_set",
            gettext("The registration holds keys, and none of them can be used."),
            gettext("Give the address of the LMS's public keys instead."),
        )
    return look(
        "key_set",
        f"{_describe(key_set)} {gettext('They are written in the registration.')}",
        gettext("When the LMS changes its keys nobody tells Passback. Give the address of its public keys instead."),
    )


def _read(answer: Answer) -> Mapping[str, object]:
    if 300 <= answer.status < 400:
        raise _Unusable(
            gettext("It sends on to another address, which is not followed."),
            gettext("Register the address it leads to."),
        )
    if answer.status != 200:
        raise _Unusable(
            gettext("It answered with status %(status)s.", status=answer.status),
            gettext("Check the address in the registration against the one the LMS names."),
        )
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        is_page = is_html(answer)
        raise _Unusable(
            gettext("A page came instead of keys.") if is_page else gettext("What came is not JSON."),
            gettext("Check the address in the registration. It must answer a server that is not signed in."),
        )
    if not read_keys(found):
        raise _Unusable(
            gettext("It lists no key that can be used: RSA of at least 2048 bits, with an id."),
            gettext("Check that it is the key set for LTI 1.3, and that the LMS has made its keys."),
        )
    return found


def _describe(key_set: Mapping[str, object]) -> str:
    kids = [kid if len(kid) <= KID_CHARACTERS else f"{kid[:KID_CHARACTERS]}…" for kid in read_keys(key_set)]
    shown = ", ".join(kids[:KIDS_SHOWN]) + (", …" if len(kids) > KIDS_SHOWN else "")
    printable = "".join(character if character.isprintable() else "\ufffd" for character in shown)
    return ngettext("%(num)s RSA key: %(kids)s.", "%(num)s RSA keys: %(kids)s.", len(kids), kids=printable)


def _describe_kept(subject: Subject) -> str:
    if subject.kept_keys_at is None:
        return ""
    return gettext("The copy that launches use is from %(ago)s.", ago=ago(subject.kept_keys_at))
