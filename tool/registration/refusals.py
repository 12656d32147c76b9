"""The words for a registration that did not come about: what happened, and what to do."""

from collections.abc import Mapping

from tool.language import lazy_gettext
from tool.lti.errors import RegistrationRefused

Words = tuple[object, object]

_ASK_LMS = lazy_gettext("Whoever runs the LMS should look at it. Nothing was saved here.")
_TRY_AGAIN = lazy_gettext("Wait a moment and start the registration in the LMS again.")
_START_AGAIN = lazy_gettext(
    "Start the registration in the LMS again: what it hands over is good for a short time only."
)
_BY_HAND = lazy_gettext(
    "An LMS that is set up like this can be registered by hand. Open the invitation's link by itself."
)
_LOOK_THERE = lazy_gettext("Look at the tools of the LMS: if Passback stands there, remove it, and start again.")

TEXTS: Mapping[str, Words] = {
    "token": (lazy_gettext("What the LMS handed over for the registration cannot be used."), _START_AGAIN),
    "repeated": (
        lazy_gettext("The address of the registration names its LMS more than once."),
        lazy_gettext("Give the LMS the invitation's link exactly as you received it, with nothing behind it."),
    ),
    "field.missing": (lazy_gettext("The LMS does not say all it must about itself: %(about)s is missing."), _ASK_LMS),
    "field.no_address": (lazy_gettext("What the LMS gives as %(about)s is not a full address."), _ASK_LMS),
    "field.private": (lazy_gettext("The address the LMS gives as %(about)s is not on the public internet."), _ASK_LMS),
    "field.not_https": (lazy_gettext("The address the LMS gives as %(about)s does not begin with https://."), _ASK_LMS),
    "field.port": (
        lazy_gettext("The address the LMS gives as %(about)s has a port that is not one of web servers."),
        _ASK_LMS,
    ),
    "issuer.other_host": (
        lazy_gettext("The LMS speaks in the name of another host: %(about)s."),
        lazy_gettext("A Canvas of your own needs its own issuer (lti_iss) in its settings. Nothing was saved here."),
    ),
    "registration.other_host": (lazy_gettext("The LMS takes registrations on another host: %(about)s."), _BY_HAND),
    "audience.other_host": (lazy_gettext("The LMS wants its tokens asked for in the name of %(about)s."), _BY_HAND),
    "configuration.refused": (lazy_gettext("The LMS did not give its configuration (%(about)s)."), _START_AGAIN),
    "configuration.redirected": (lazy_gettext("The LMS sent us elsewhere for its configuration."), _ASK_LMS),
    "configuration.unreadable": (lazy_gettext("What the LMS answered is not a configuration."), _ASK_LMS),
    "configuration.too_large": (lazy_gettext("What the LMS answered is far too long for a configuration."), _ASK_LMS),
    "configuration.refused_address": (lazy_gettext("The address of the LMS is not on the public internet."), _ASK_LMS),
    "configuration.refused_scheme": (lazy_gettext("The address of the LMS does not begin with https://."), _ASK_LMS),
    "configuration.tls": (lazy_gettext("The certificate of the LMS cannot be trusted."), _ASK_LMS),
    "configuration": (lazy_gettext("The LMS could not be reached from here."), _TRY_AGAIN),
    "reply.refused": (lazy_gettext("The LMS refused the registration (%(about)s)."), _START_AGAIN),
    "reply.redirected": (lazy_gettext("The LMS sent us elsewhere with the registration."), _ASK_LMS),
    "reply.unreadable": (lazy_gettext("What the LMS answered to the registration cannot be read."), _LOOK_THERE),
    "reply.field": (lazy_gettext("The LMS answered without a usable %(about)s."), _LOOK_THERE),
    "reply": (lazy_gettext("The LMS did not answer the registration."), _LOOK_THERE),
    "not_kept": (
        "%(about)s",
        lazy_gettext("Nothing was saved here. Remove what the LMS has just made, and ask the operator."),
    ),
    "invitation.unknown": (
        lazy_gettext("This invitation is not known here, or it has ended."),
        lazy_gettext("Ask whoever sent you the link for a new one."),
    ),
    "invitation.busy": (
        lazy_gettext("An LMS is being registered by this invitation at this very moment."),
        lazy_gettext("Open the link again in two minutes to see how it stands."),
    ),
    "form": (lazy_gettext("This form was not sent from the page it belongs to."), _START_AGAIN),
}
_OTHER: Words = (lazy_gettext("The registration did not come about."), _TRY_AGAIN)


def words_for(refusal: RegistrationRefused) -> tuple[str, str]:
    """What happened, and what to do, in the reader's language."""
    step = refusal.code.partition(".")[0]
    message, hint = TEXTS.get(refusal.code) or TEXTS.get(step, _OTHER)
    return str(message).replace("%(about)s", refusal.about), str(hint)
