"""The connection: what an operator or the school's office set up."""

from collections.abc import Mapping

from tool.language import lazy_gettext as _
from tool.sis.remedies.entry import NOTHING_SENT, Remedy

FOLLOWS = _("All scores are kept here. They go by themselves in the night after it works again.")

ENTRIES: Mapping[str, Remedy] = {
    "connection.off": Remedy(
        _("The connection to %(sis)s is switched off."),
        _("Whoever runs Passback has not switched it on yet, paused it, or removed it."),
        "operator",
        _("Ask whoever runs Passback for your school."),
        FOLLOWS,
        "none",
    ),
    "auth.vendor": Remedy(
        _("%(sis)s lets Passback read classes, but not write grades."),
        _("Besides the password it asks for a vendor's key with each grade (%(header)s). It is missing or wrong."),
        "operator",
        _("Enter the vendor's key in the connection. It comes with the partner programme of the vendor."),
        FOLLOWS,
        "none",
    ),
    "auth.expired": Remedy(
        _("%(sis)s no longer lets Passback in."),
        _(
            "The secret of the connection is wrong or has expired (%(expires)s). At some vendors it is good for one year."
        ),
        "operator",
        _("Ask the school's office for a new secret and enter it in the connection."),
        FOLLOWS,
        "none",
    ),
    "auth.expires_soon": Remedy(
        _("The secret of the connection expires on %(expires)s."),
        _("Vendors give it for a time only."),
        "operator",
        _("Ask the school's office for a new one and enter it before that day."),
        _("Until then everything is sent as before."),
        "none",
    ),
    "auth.scope": Remedy(
        _("%(sis)s does not allow Passback to write grades."),
        _("A right is missing: %(detail)s. Or your own account may not write in this gradebook."),
        "office",
        _("Ask the school's office to grant this right to Passback, then test the connection."),
        FOLLOWS,
        "none",
    ),
    "sis.route": Remedy(
        _("%(sis)s does not know the address that Passback asked."),
        _("The address or the version of the connection is wrong (%(detail)s)."),
        "operator",
        _("Test the connection and correct its addresses."),
        FOLLOWS,
        "none",
    ),
    "sis.internal": Remedy(
        _("%(sis)s reports a fault of its own."),
        _("Something went wrong inside it. Your assignment is not the cause."),
        "office",
        _(
            "Nothing, if it passes. If it stays for a day, copy the text for the help desk and send it to the school's office."
        ),
        _("It was tried several times, and is tried again tonight."),
        "again",
    ),
    "sis.validation": Remedy(
        _("%(sis)s refused “%(title)s”, or a score of it."),
        _("It did not like one of the fields. What it said is below, word for word."),
        "operator",
        _(
            "If its answer names a field you can change, change it: the name, the dates, the category, the points. Else copy the text for the help desk."
        ),
        NOTHING_SENT,
        "again",
    ),
}

UNKNOWN = Remedy(
    _("%(sis)s did not take it."),
    _("Its answer is one that Passback has no words for. It is below, word for word."),
    "operator",
    _("Sync again. If it stays, copy the text for the help desk and send it to whoever runs Passback."),
    _("All scores are kept here. It is tried again tonight."),
    "again",
)
