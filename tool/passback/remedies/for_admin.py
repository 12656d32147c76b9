"""What the administrator of the LMS can mend: the tool's settings there."""

from collections.abc import Mapping

from tool.language import lazy_gettext as _
from tool.passback.remedies.entry import Remedy

ENTRIES: Mapping[str, Remedy] = {
    "scope_missing": Remedy(
        _("%(platform)s does not let Passback send scores."),
        _(
            "The permission “score” (https://purl.imsglobal.org/spec/lti-ags/scope/score) was not given, or was taken away."
        ),
        "admin",
        _("The administrator of %(platform)s allows it in the settings of the tool."),
    ),
    "key_refused": Remedy(
        _("%(platform)s refuses Passback's key."),
        _(
            "The tool was switched off there, its client id changed, the clocks differ, or %(platform)s cannot read the tool's public keys."
        ),
        "admin",
        _(
            "The administrators of %(platform)s and of Passback test the connection, and compare the client id, the key set address and the clocks."
        ),
    ),
    "platform_cannot_read_our_keys": Remedy(
        _("%(platform)s could not read Passback's public keys."),
        _("Its server cannot reach the key set address, or refuses its port."),
        "admin",
        _("The administrator makes sure that %(platform)s can open the key set address from its own network."),
    ),
    "token_refused": Remedy(
        _("%(platform)s refused to let Passback in."),
        _("The tool was switched off there, or its permissions changed."),
        "admin",
        _("The administrator looks at the tool in %(platform)s."),
    ),
    "forbidden": Remedy(
        _("%(platform)s forbids it, and does not say why."),
        _("Often a permission of the tool, or a setting of the course."),
        "admin",
        _("The administrator looks at the tool and the course in %(platform)s."),
    ),
    "certificate": Remedy(
        _("The certificate of %(platform)s was not accepted."),
        _("It has expired, or belongs to another server."),
        "admin",
        _("The administrator of %(platform)s renews the certificate."),
    ),
    "redirected": Remedy(
        _("%(platform)s sent Passback elsewhere, which it does not follow."),
        _("Its address may have changed. A score that follows a redirect can get lost."),
        "admin",
        _("The administrators compare the address of %(platform)s in Passback."),
    ),
}
