"""What a dynamic registration was granted, in words: for the admin who pressed the button and for the operator."""

from collections.abc import Mapping

from tool.language import gettext, lazy_gettext
from tool.lti import vocabulary as v
from tool.lti.unverified import read_texts
from tool.lti.wanted import WANTED_SCOPES

SCOPE_WORDS: Mapping[str, object] = {
    v.SCOPE_LINE_ITEM: lazy_gettext("make and change its own gradebook columns"),
    v.SCOPE_LINE_ITEM_READ: lazy_gettext("look at its gradebook columns"),
    v.SCOPE_RESULT_READ: lazy_gettext("read back the grades in its columns"),
    v.SCOPE_SCORE: lazy_gettext("send scores into its columns"),
    v.SCOPE_MEMBERSHIPS: lazy_gettext("read the class list of a course it is opened in"),
}


def scope_words(scopes: list[str]) -> list[str]:
    """The scopes of ours among these, in the order in which they are told."""
    return [str(SCOPE_WORDS[one]) for one in WANTED_SCOPES if one in scopes]


def describe_granted(granted: Mapping[str, object] | None) -> list[str]:
    """What a person should know about it; empty when everything was granted as asked, or nothing is known."""
    if granted is None:
        return []
    missing, hosts = list(read_texts(granted.get("missing"))), read_texts(granted.get("other_hosts"))
    told = []
    if missing:
        words = "; ".join(scope_words(missing))
        told.append(
            gettext("The LMS does not let Passback do all it needs to. Missing: %(permissions)s.", permissions=words)
        )
    if v.SCOPE_SCORE in missing:
        told.append(gettext("Without the permission to send scores no grade can come home."))
    if granted.get("scopes", ()) is None:
        told.append(gettext("The LMS did not say which permissions it gave. The connection test shows it."))
    if hosts:
        told.append(
            gettext(
                "Its keys or tokens are on another host: %(hosts)s. An operator looks at that first.",
                hosts=", ".join(hosts),
            )
        )
    return told
