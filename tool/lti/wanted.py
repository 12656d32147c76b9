"""What we ask of every platform when the tool is registered: services, and what a launch should tell besides."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tool.lti import vocabulary as v
from tool.lti.due_dates import DUE_PARAMETER

WANTED_SCOPES: Final = (
    v.SCOPE_LINE_ITEM,
    v.SCOPE_LINE_ITEM_READ,
    v.SCOPE_RESULT_READ,
    v.SCOPE_SCORE,
    v.SCOPE_MEMBERSHIPS,
)

CONTEXT_HISTORY_PARAMETER: Final = "context_id_history"
LINK_HISTORY_PARAMETER: Final = "resource_link_id_history"
SOURCED_ID_PARAMETER: Final = "person_sourced_id"
POINTS_PARAMETER: Final = "points"

# [Core App. B; Link and Content extensions] A platform that does not know a variable sends it as it stands.
_STANDARD: Final[Mapping[str, str]] = MappingProxyType(
    {
        CONTEXT_HISTORY_PARAMETER: "$Context.id.history",
        LINK_HISTORY_PARAMETER: "$ResourceLink.id.history",
        SOURCED_ID_PARAMETER: "$Person.sourcedId",
        DUE_PARAMETER: "$ResourceLink.submission.endDateTime",
    }
)
# Schoology has variables of its own for what an assignment is, and no sourced id but its unique one.
_OF_FAMILY: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "canvas": {POINTS_PARAMETER: "$Canvas.assignment.pointsPossible"},
        "schoology": {
            SOURCED_ID_PARAMETER: "$com.schoology.User.uniqueId",
            DUE_PARAMETER: "$com.schoology.Assignment.dueDateIso",
            POINTS_PARAMETER: "$com.schoology.Assignment.scoreMaximum",
        },
    }
)


def custom_parameters(family: str) -> dict[str, str]:
    """Custom parameter → the variable of this family of platforms that is to be put in its place."""
    return {**_STANDARD, **_OF_FAMILY.get(family, {})}
