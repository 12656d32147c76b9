"""Platform storage: a place in the browser where this LMS keeps a few words for a tool whose cookies are kept out, or
says that it does. [LTI postMessage Storage]

The keeping itself is a script of the page around the tool's frame (static/demo_lms/storage.js); here is what it is
told.
"""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from tool.demo_lms.lms import Lms, this_lms

storage = Blueprint("storage", __name__)

BESIDE = "lms_storage"
"""The name of the frame beside the tool's, where another frame than the page itself keeps the words."""


@storage.app_context_processor
def offer_to_pages() -> dict[str, object]:
    """`storage`: None on a page that keeps nothing."""
    lms = this_lms()
    how = lms.settings.storage
    told = {"how": how, "is_beside": lms.settings.storage_beside, "tool_origin": lms.tool_origin, "frame": BESIDE}
    return {"storage": None if how == "none" else told}


@storage.get("/storage")
def show_frame() -> ResponseReturnValue:
    """The frame beside the tool's."""
    if this_lms().settings.storage == "none":
        abort(404)
    return render_template("storage.html")


@storage.get("/storage/elsewhere")
def show_elsewhere() -> ResponseReturnValue:
    """A frame without an origin of its own, which answers in the storage's place."""
    return render_template("storage_elsewhere.html")


def storage_fields(lms: Lms) -> dict[str, str]:
    """What a login says about it."""
    if lms.settings.storage == "none":
        return {}
    return {"lti_storage_target": BESIDE if lms.settings.storage_beside else "_parent"}
