"""The operator's pages: signing_in (in and out) · overview · needing (scores that need a person) · errands ·
checking (testing the connection to a platform) · platforms · adding (one by hand) · removing (and editing) ·
invitations · school_records, school_records_form (connections to a SIS).

A further page is a module here that opens its routes with `opens_to_operators`, a template that extends
`admin/_frame.html`, and an entry in `room.PAGES`.
"""

from tool.admin.screens import (
    adding,
    checking,
    errands,
    invitations,
    needing,
    overview,
    platforms,
    removing,
    school_records,
    school_records_form,
    signing_in,
)
from tool.admin.screens.room import blueprint

__all__ = [
    "adding",
    "blueprint",
    "checking",
    "errands",
    "invitations",
    "needing",
    "overview",
    "platforms",
    "removing",
    "school_records",
    "school_records_form",
    "signing_in",
]
