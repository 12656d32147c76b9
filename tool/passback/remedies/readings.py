"""When the class list cannot be read: nobody's score is lost by it, but who left or came is not seen."""

from collections.abc import Mapping
from dataclasses import replace

from tool.language import lazy_gettext as _
from tool.passback.remedies import by_itself, for_admin, for_operator
from tool.passback.remedies.entry import Remedy

_NOT_READ = _("The class list could not be read the last time.")
_AGAIN = _("The students known so far stay on the list. It is read again each night, and when you press Refresh.")

ENTRIES: Mapping[str, Remedy] = {
    "scope_missing": Remedy(
        _NOT_READ,
        _(
            "The permission for it (https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly) was not given, or was taken away."
        ),
        "admin",
        _("The administrator of %(platform)s allows Passback to read names and roles."),
        "refresh",
        _AGAIN,
    ),
    # Schoology refuses a list that is asked for one link, or in pages of more than a hundred.
    "bad_request": Remedy(
        _NOT_READ,
        _("%(platform)s refused the request for it, also without naming the link."),
        "operator",
        for_operator.COPY_DETAILS,
        "refresh",
        _AGAIN,
    ),
    "course_gone": Remedy(
        _NOT_READ,
        _("The course no longer exists in %(platform)s, or Passback may not see it any more."),
        "you",
        _("If the course was copied, open the link once from the new one."),
        "refresh",
        _AGAIN,
    ),
    "tool_not_in_course": Remedy(
        _NOT_READ,
        _("The tool was removed from the course in %(platform)s."),
        "admin",
        _("Add the tool to the course again."),
        "refresh",
        _AGAIN,
    ),
    "too_many_pages": Remedy(
        _NOT_READ,
        _("It has more pages than any course needs."),
        "operator",
        for_operator.COPY_DETAILS,
        "refresh",
        _AGAIN,
    ),
}
_KNOWN = {**for_admin.ENTRIES, **for_operator.ENTRIES, **by_itself.ENTRIES}
_UNKNOWN = replace(ENTRIES["bad_request"], why=_("%(platform)s gave a reason that Passback does not know yet."))


def find_roster_remedy(reason: str) -> Remedy:
    """Why the class list could not be read, and what mends it; one that nobody foresaw still has an answer."""
    own = ENTRIES.get(reason)
    if own is not None:
        return own
    known = _KNOWN.get(reason)
    return replace(known, happened=_NOT_READ, button="refresh", then=_AGAIN) if known else _UNKNOWN
