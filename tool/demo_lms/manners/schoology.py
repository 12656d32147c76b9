"""Schoology: what one real token and one token answer show. Its score answers are not known: the standard's."""

from tool.demo_lms.manners.base import MEMBERSHIP, Manner
from tool.demo_lms.records import Activity


class Schoology(Manner):
    name = "Schoology"
    family = "schoology"
    id_token_seconds = 600
    sends_audience_as_list = True
    token_type = "bearer"
    members_a_page = 100

    def launch_roles(self, role: str) -> list[str]:
        roles = super().launch_roles(role)
        return [f"{MEMBERSHIP}#Administrator", *roles] if role == "teacher" else roles

    def custom(self, activity: Activity) -> dict[str, str]:
        return {name.lower(): value for name, value in super().custom(activity).items()}
