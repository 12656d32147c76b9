"""The tool as Canvas wants to read it: the JSON for *Paste JSON* and *Enter URL* of a developer key.

[Canvas: doc/api/lti_dev_key_config.md, "Anatomy of a JSON configuration"] Only placements are named whose launches
are handled here.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from tool.lti.vocabulary import DEEP_LINKING_REQUEST, RESOURCE_LINK_REQUEST
from tool.lti.wanted import WANTED_SCOPES, custom_parameters

TITLE = "Passback"
DESCRIPTION = "Assignments whose grades come home to the gradebook."
TOOL_ID = "passback"
# External-tool assignments, module items, several assignments at once from the menu of their list: there a teacher
# chooses from the library. And the course's own entry.
PLACEMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "assignment_selection": DEEP_LINKING_REQUEST,
        "link_selection": DEEP_LINKING_REQUEST,
        "course_assignments_menu": DEEP_LINKING_REQUEST,
        "course_navigation": RESOURCE_LINK_REQUEST,
    }
)


def canvas_configuration(base_url: str, login_url: str, launch_url: str, key_set_url: str) -> dict[str, object]:
    """The JSON object. Canvas's default privacy is anonymous: no names in launches and class lists, so that a teacher
    could not tell whose work it is; therefore `public`."""
    return {
        "title": TITLE,
        "description": DESCRIPTION,
        "oidc_initiation_url": login_url,
        "target_link_uri": launch_url,
        "scopes": list(WANTED_SCOPES),
        "public_jwk_url": key_set_url,
        "custom_fields": custom_parameters("canvas"),
        "extensions": [
            {
                "domain": urlsplit(base_url).hostname,
                "tool_id": TOOL_ID,
                "platform": "canvas.instructure.com",
                "privacy_level": "public",
                "settings": {
                    "text": TITLE,
                    "placements": [_placement(name, message, launch_url) for name, message in PLACEMENTS.items()],
                },
            }
        ],
    }


def _placement(name: str, message: str, launch_url: str) -> dict[str, object]:
    placement: dict[str, object] = {
        "placement": name,
        "enabled": True,
        "message_type": message,
        "target_link_uri": launch_url,
        "text": TITLE,
    }
    # What opens there is the teacher's view of the course.
    return placement | ({"visibility": "admins"} if name == "course_navigation" else {})
