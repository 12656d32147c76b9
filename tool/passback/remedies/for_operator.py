"""What the operator of Passback can mend."""

from collections.abc import Mapping

from tool.language import lazy_gettext as _
from tool.passback.remedies.entry import FOLLOWS, Remedy

COPY_DETAILS = _("Copy the details for the help desk.")

ENTRIES: Mapping[str, Remedy] = {
    "token_expired": Remedy(
        _("%(platform)s took Passback's pass for an old one."),
        _("The clocks of both sides may differ."),
        "operator",
        _("The operator of Passback compares the clocks."),
        then=FOLLOWS,
    ),
    "clock": Remedy(
        _("The clocks of %(platform)s and of Passback differ too much."),
        _("%(platform)s takes nothing that seems to come from the future, or to be too old."),
        "operator",
        _("The operator of Passback sets the clock."),
        then=FOLLOWS,
    ),
    "host_not_allowed": Remedy(
        _("%(platform)s named an address on a server that is not known here."),
        _("Passback sends nothing to servers that its operator has not confirmed."),
        "operator",
        _("The operator of Passback confirms the server."),
    ),
    "address_refused": Remedy(
        _("%(platform)s named an address that Passback may not open."),
        _("It lies in a private network, or is not encrypted."),
        "operator",
        _("The operator of Passback looks at the registration."),
    ),
    "platform_off": Remedy(
        _("%(platform)s is switched off in Passback."),
        _("The operator of Passback paused it."),
        "operator",
        _("Ask the operator of Passback."),
        "none",
        _("The score is kept here and goes once %(platform)s is switched on again."),
    ),
    "column_refused": Remedy(
        _("%(platform)s did not make a gradebook column for this link."),
        _("It did not accept the request for a new one. Some LMSs let no tool make columns for a link."),
        "operator",
        _(
            "Add the link as a graded assignment with points in %(platform)s, then find the column again. If it is one already, copy the details for the help desk."
        ),
        "relink",
    ),
    "bad_request": Remedy(
        _("%(platform)s did not understand the score, or the student cannot be graded there."),
        _("A role without grades, or a message this LMS wants in another form."),
        "operator",
        COPY_DETAILS,
    ),
    "crashed": Remedy(
        _("Something went wrong in Passback while it was sending."),
        _("This is a fault of Passback, not of %(platform)s."),
        "operator",
        _("If it stays so, copy the details for the help desk."),
        then=FOLLOWS,
    ),
    "too_large": Remedy(
        _("%(platform)s answered with more than Passback reads."),
        _("The answer may be a page instead of data."),
        "operator",
        COPY_DETAILS,
    ),
    "too_many_pages": Remedy(
        _("The list of columns in %(platform)s does not end."),
        _("It has more pages than any course needs."),
        "operator",
        COPY_DETAILS,
        "relink",
    ),
}

UNKNOWN = Remedy(
    _("%(platform)s did not take the score."),
    _("It gave a reason that Passback does not know yet."),
    "operator",
    COPY_DETAILS,
)
