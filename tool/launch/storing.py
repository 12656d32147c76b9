"""Where a browser keeps no cookie of ours, the LMS's own storage ties the launch to the browser that began it.

At login a page of ours puts the login's secret into the frame that the LMS named (`lti.put_data`), reads it back, and
only then goes on to the LMS; at launch another page asks for it (`lti.get_data`) and posts the launch again with it.
Both speak to that frame only while it is on the origin of the platform's registered authorization address, so a page of
somebody else can neither read the secret nor say one. [LTI Client Side postMessages; LTI postMessage Storage]
"""

from flask import render_template, request

from tool.access import origin_of
from tool.launch.cookies import login_cookie_name
from tool.lti.errors import LaunchRefused
from tool.lti.login import BegunLogin, LoginState
from tool.lti.platform import PlatformFacts
from tool.lti.token_format import MAX_TOKEN_CHARACTERS
from tool.page_tokens import is_own_post

FIELD = "binding"


def keeping_page(begun: BegunLogin, continue_url: str) -> str:
    """Keeps the secret and goes on to the LMS; whatever goes wrong leads to a new window, the login still unspent."""
    return render_template(
        "launch/storage_keeps.html",
        storage=_place(begun.state, begun.platform),
        secret=begun.binding,
        onward=begun.authorization_url,
        continue_url=continue_url,
    )


def asking_page(state: LoginState, platform: PlatformFacts) -> str | None:
    """Asks for the secret and posts this same launch again with it; None where there is nothing to ask for."""
    id_token = request.form.get("id_token", "")
    if state.storage_target is None or FIELD in request.form or len(id_token) > MAX_TOKEN_CHARACTERS:
        return None
    fields = {"state": request.form["state"], "id_token": id_token}
    return render_template("launch/storage_asks.html", storage=_place(state, platform), fields=fields, field=FIELD)


def presented_binding(login_id: str) -> str | None:
    """This browser's secret of a login: from the cookie, or out of the storage by our own page. What another site's
    form says it is counts for nothing: it could be the secret of whoever made that form."""
    kept = request.cookies.get(login_cookie_name(login_id))
    if kept is None and is_own_post():
        return request.form.get(FIELD)
    return kept


def is_known_by_storage(login: LoginState) -> bool:
    """Whether the browser of a verified launch was known by the storage, as its login began, or by its cookie. Raises
    LaunchRefused where a form said what only a cookie may say."""
    is_kept_in_storage = login.storage_target is not None
    if not is_kept_in_storage and login_cookie_name(login.login_id) not in request.cookies:
        raise LaunchRefused("state.cookie_missing")
    return is_kept_in_storage


def _place(state: LoginState, platform: PlatformFacts) -> dict[str, str]:
    return {
        "frame": state.storage_target or "",
        "origin": origin_of(platform.auth_login_url),
        "key": f"passback-{state.login_id}",
    }
