"""At the door of every OneRoster address: is it an address of this version, who asks, and may they."""

import hmac

from flask import request

from tool.demo_sis.refusals import Turned
from tool.demo_sis.settings import EVERY_SCOPE
from tool.demo_sis.signatures import SignatureRefused, Signed, check_signature
from tool.demo_sis.sis import CLIENT_ID, CONSTANT_TOKEN, ROOT_11, SECRET, VENDOR_HEADER, VENDOR_VALUE, Sis, this_sis


def admit(*scopes: str, is_gradebook: bool = False) -> Sis:
    """One of `scopes` must be granted. Raises Turned."""
    sis = this_sis()
    if request.path.startswith(f"{ROOT_11}/") != sis.is_old:
        raise no_route()
    granted = _read_scopes(sis)
    if is_gradebook and sis.settings.needs_vendor_header:
        told = request.headers.get(VENDOR_HEADER, "")
        if not hmac.compare_digest(told.encode(), VENDOR_VALUE.encode()):
            raise Turned(401, f"The header {VENDOR_HEADER} is missing or wrong")
    if not granted.intersection(scopes):
        needed = " or ".join(sis.settings.scope_prefix + scope for scope in scopes)
        raise Turned(403, f"The scope {needed} was not granted")
    return sis


def no_route() -> Turned:
    return Turned(404, f"API route not found: {request.method} {request.path}")


def _read_scopes(sis: Sis) -> frozenset[str]:
    """What the asker may do. Raises Turned."""
    if sis.settings.is_secret_expired:
        raise _unauthorised(sis, "The client's secret has expired")
    authorization = request.headers.get("Authorization", "")
    word, _, token = authorization.partition(" ")
    if sis.settings.auth == "oauth1":
        if word.lower() != "oauth":
            raise _unauthorised(sis, "An OAuth 1.0a signature is missing")
        _check_signature(sis, authorization)
        return frozenset(sis.settings.granted_scopes)
    if word.lower() != "bearer" or not token:
        raise _unauthorised(sis, "Missing access token")
    if sis.settings.auth == "bearer":
        if not hmac.compare_digest(token.encode(), CONSTANT_TOKEN.encode()):
            raise _unauthorised(sis, "Unknown access token")
        return frozenset(sis.settings.granted_scopes)
    granted = sis.tokens.scopes_of(token)
    if granted is None:
        raise _unauthorised(sis, "Access token expired or unknown")
    return granted.intersection(EVERY_SCOPE)


def _check_signature(sis: Sis, authorization: str) -> None:
    query = request.environ.get("QUERY_STRING", "")
    # As it stood on the wire: a signature covers the address as it was written.
    path = request.environ.get("REQUEST_URI") or request.environ.get("RAW_URI") or request.path
    url = f"{request.scheme}://{request.host}{path.partition('?')[0]}" + (f"?{query}" if query else "")
    try:
        signed = Signed(request.method, url, authorization)
        check_signature(signed, CLIENT_ID, SECRET, sis.settings.signature_method, sis.nonces)
    except SignatureRefused as refusal:
        raise _unauthorised(sis, f"OAuth: {refusal}") from None


def _unauthorised(sis: Sis, text: str) -> Turned:
    scheme = "OAuth" if sis.settings.auth == "oauth1" else "Bearer"
    return Turned(401, text, headers={"WWW-Authenticate": f'{scheme} realm="demo SIS"'})
