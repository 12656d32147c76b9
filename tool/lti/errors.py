"""The errors of this room, each with a stable code; two of them with words for a person."""

from datetime import datetime
from typing import Literal

from tool.errors import PassbackError
from tool.lti.refusal_texts import LAUNCH_TEXTS, OTHER_LAUNCH_TEXTS
from tool.lti.service_texts import OTHER_SERVICE_TEXTS, SERVICE_TEXTS

Kind = Literal["later", "throttled", "sign_in_again", "needs_person", "already_there"]


class LaunchRefused(PassbackError):
    """A login or a launch is not accepted.

    `code` is stable and may carry a detail after a colon ("claim.missing:roles"); `section` names the rule of the
    standard. `about` is put into the message where its text asks for it: it is unverified input, made harmless
    here in length and characters, and must still be escaped on a page.
    """

    def __init__(self, code: str, *, about: str = "") -> None:
        name, _, detail = code.partition(":")
        texts = LAUNCH_TEXTS.get(code) or LAUNCH_TEXTS.get(name, OTHER_LAUNCH_TEXTS)
        super().__init__(texts.message, texts.hint, filling=_make_harmless(about or detail))
        self.code = code
        self.section = texts.section


class ServiceError(PassbackError):
    """A call to the LMS did not do what was asked; `kind` says what to do about it, `reason` why.

    later: try again by itself · throttled: the whole platform waits · sign_in_again: the access token was refused
    · needs_person: trying again changes nothing · already_there: a score with this or a later time stands already.
    `excerpt` is the LMS's own answer on one line of at most 500 characters; it may hold personal data, so it is for
    the teacher's page and never for a log. `outcome_unknown` means that the LMS may have done it all the same.
    """

    def __init__(
        self,
        kind: Kind,
        reason: str,
        *,
        status: int | None = None,
        retry_at: datetime | None = None,
        excerpt: str = "",
        outcome_unknown: bool = False,
    ) -> None:
        message, hint = SERVICE_TEXTS.get(reason, OTHER_SERVICE_TEXTS)
        super().__init__(message, hint)
        self.kind: Kind = kind
        self.reason = reason
        self.status = status
        self.retry_at = retry_at
        self.excerpt = excerpt
        self.outcome_unknown = outcome_unknown


class RegistrationRefused(PassbackError):
    """No dynamic registration. `code` is stable; `about` is unverified, on one line. The page has the words for it.

    `excerpt` is what the LMS answered, without anything that looks like a token. `outcome_unknown`: the LMS may have
    registered us all the same.
    """

    def __init__(self, code: str, *, about: str = "", excerpt: str = "", outcome_unknown: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.about = _make_harmless(about)
        self.excerpt = excerpt
        self.outcome_unknown = outcome_unknown


def _make_harmless(text: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in text[:200])
