"""Addresses a platform calls: our public keys, and the tool as Canvas reads it."""

from flask import Blueprint, Response, current_app, jsonify

from tool.access import ANYONE, opens, part
from tool.db import Database
from tool.registration.by_hand import ToolAddresses
from tool.registration.keys import read_published_keys

blueprint = Blueprint("registration", __name__)

# Platforms may keep our keys this long; a new key is published for longer before it signs.
KEYS_KEPT_SECONDS = 3600


@opens(blueprint, "/.well-known/jwks.json", to=ANYONE)
def public_keys() -> Response:
    """Our public key set. [Sec §6.3]"""
    answer = jsonify({"keys": read_published_keys(part(Database))})
    answer.headers["Cache-Control"] = f"public, max-age={KEYS_KEPT_SECONDS}"
    return answer


@opens(blueprint, "/lti/canvas.json", to=ANYONE)
def canvas_configuration() -> Response:
    """What Canvas reads for *Enter URL*, and what is pasted for *Paste JSON*."""
    return jsonify(ToolAddresses(current_app.config["TOOL_ORIGIN"]).canvas_configuration())
