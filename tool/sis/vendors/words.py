"""What an operator should know of each vendor's SIS, by the names of the data files: `hints` stand beside a field of
the form, `rules` above it. Each comes from the sources that the vendor's file names."""

from collections.abc import Mapping, Sequence

from tool.language import lazy_gettext as _
from tool.sis.vendors import GENERIC, presets

HINTS: Mapping[str, Mapping[str, object]] = {
    "aeries": {
        "rostering_url": _(
            "One root with /aeries before it, such as https://district.example.org/aeries/ims/oneroster/v1p1."
        ),
        "gradebook_url": _("The same root as for rostering."),
    },
    "aspire": {
        "rostering_url": _("Aspire’s addresses are not public: the state’s help desk gives them."),
    },
    "eschoolplus": {
        "signature_method": _("SHA-1 unless the district chose SHA-256."),
    },
    "infinite_campus": {
        "rostering_url": _(
            "Campus shows it with its OneRoster connection, such as "
            "https://district.example.org/campus/api/ims/oneroster/rostering/v1p2."
        ),
        "gradebook_url": _("As Campus shows it: the same beginning, with gradebook in place of rostering."),
        "vendor_header": _("The vendor key, a colon, and the vendor secret of the partner programme."),
        "secret_expires_on": _(
            "Campus lets a secret run out after one year unless the district chose otherwise. "
            "You are warned 30 days before."
        ),
    },
    "powerschool": {
        "rostering_url": _(
            "PowerSchool opens its gradebook to partners only: take the addresses from the partner’s document."
        ),
    },
    "skyward": {
        "client_id": _("Skyward sells the use of its API: the district needs the licence."),
    },
}

RULES: Mapping[str, Sequence[object]] = {
    "aeries": (
        _("Only students enrolled at present are told."),
        _("Aeries asks callers not to read everything often."),
        _("The gradebook part of its OneRoster is not described in public."),
    ),
    "aspire": (
        _("Categories are made in Aspire only, and associated again each term; new ones take up to 24 hours."),
        _("Every teacher and student needs an e-mail address in Aspire."),
        _("One due date for the whole section."),
    ),
    "eschoolplus": (
        _("Alpha marks are mapped by a table of the district."),
        _("Late and missing need a number; excused becomes 0 and exempt."),
    ),
    "infinite_campus": (
        _("The due date must lie in an open grading period, and not before the assigned date."),
        _("An item without a category waits in “Uncategorized Assignments” until the teacher files it."),
        _("Only points; whole-number maximum; names under 50 characters."),
        _("User names with blanks do not sync."),
    ),
    "powerschool": (
        _("Categories belong to a teacher; their names have 30 characters at most."),
        _("Each column is sent as one of points, or PowerSchool makes a scale item of it."),
        _("Categories can be read only after the term has begun."),
        _("Excused work appears as 0."),
    ),
    "skyward": (
        _("Total points must be a whole number; scores may be fractions."),
        _("Categories must be in the teacher’s own gradebook."),
        _("One option of its gradebook alters scores; the office switches it off."),
    ),
}

OF_ANOTHER = _("Another SIS with OneRoster")


def name_vendor(vendor: str) -> str:
    """What a vendor's SIS is called."""
    preset = presets().get(vendor)
    return str(OF_ANOTHER) if vendor == GENERIC else preset.title if preset else vendor
