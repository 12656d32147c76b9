"""Schoology: what one real token and one token answer show. Its score answers are not known: the standard's."""

from tool.demo_lms.copying import CopyRules
from tool.demo_lms.manners.base import MEMBERSHIP, Manner
from tool.demo_lms.manners.linking import SchoologyLinking


class Schoology(SchoologyLinking, Manner):
    name = "Schoology"
    family = "schoology"
    id_token_seconds = 600
    sends_audience_as_list = True
    token_type = "bearer"
    members_a_page = 100
    due_variable = "$com.schoology.Assignment.dueDateIso"
    points_variable = "$com.schoology.Assignment.scoreMaximum"
    sourced_id_variable = "$com.schoology.User.uniqueId"
    longest_history = 5
    lowers_names = True
    # A link that was picked gets the parameters of its own content item and no others.
    sends_tool_parameters_with_picked_links = False
    tells_due_date_in_column = False
    opens_work_by = None
    copy_rules = CopyRules(keeps_names_of_columns=False)

    def launch_roles(self, role: str) -> list[str]:
        roles = super().launch_roles(role)
        return [f"{MEMBERSHIP}#Administrator", *roles] if role == "teacher" else roles
