"""Parts PyLTI1p3 insists on and this tool does not use, closed so that they cannot be used by accident."""

from collections.abc import Mapping

import requests
from pylti1p3.cookie import CookieService
from pylti1p3.redirect import Redirect
from pylti1p3.request import Request
from pylti1p3.session import SessionService

# PyLTI1p3 opens connections of its own, without time limits, and follows redirects. A session without adapters
# cannot open any: what leaves the tool leaves through `outbound`.
NO_NETWORK = requests.Session()
NO_NETWORK.adapters.clear()


class SealedRequest(Request):
    """The parameters of a request and nothing else: no session, no cookies."""

    def __init__(self, params: Mapping[str, str]) -> None:
        self._params = params

    def is_secure(self) -> bool:
        return True

    def get_param(self, key: str) -> str:
        return self._params.get(key, "")


class NoSession(SessionService):
    """Nothing is stored on the server between login and launch: the signed state carries it all."""

    def __init__(self) -> None:
        """PyLTI1p3's own would open a session store here."""

    def save_nonce(self, nonce: str) -> None:
        """The nonce travels inside the signed state."""


class NoCookies(CookieService):
    """The caller sets its own cookie, named by the login: PyLTI1p3's would not be partitioned."""

    def get_cookie(self, name: str) -> str | None:  # noqa: ARG002
        return None

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        """Nothing is set here."""


class AddressOnly(Redirect[str]):
    """A redirect as its address: sending the browser there is the caller's business."""

    def __init__(self, location: str) -> None:
        self._location = location

    def do_redirect(self) -> str:
        return self._location

    def do_js_redirect(self) -> str:
        return self._location

    def set_redirect_url(self, location: str) -> None:
        self._location = location

    def get_redirect_url(self) -> str:
        return self._location
