"""Custom parameters: what is written down with the tool or a link, and what an LMS puts in place of its variables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from tool.demo_lms.records import Activity, Course, Person, as_iso, as_number

CONTEXT_HISTORY = "$Context.id.history"
LINK_HISTORY = "$ResourceLink.id.history"


@dataclass(frozen=True, slots=True)
class Scene:
    """What a launch is about. `activity` None: content is asked for. `points`: of its column, if it has one."""

    course: Course
    activity: Activity | None
    person: Person
    points: Decimal | None = None
    shares_names: bool = True


class Variables:
    """The standard's way. A variable that an LMS does not know, or cannot fill, is sent as it stands."""

    due_variable: str | None = "$ResourceLink.submission.endDateTime"
    points_variable: str | None = None
    sourced_id_variable: str | None = "$Person.sourcedId"
    knows_context_history = True
    knows_link_history = True
    longest_history: int | None = None
    lowers_names = False
    sends_tool_parameters_with_picked_links = True
    tool_parameters: ClassVar[Mapping[str, str]] = {
        "context_id_history": CONTEXT_HISTORY,
        "resource_link_id_history": LINK_HISTORY,
    }
    """Written down with a tool that did not register itself."""

    def custom(self, registered: Mapping[str, Any], scene: Scene) -> dict[str, Any]:
        """The custom parameters of one launch: those of the tool, over them those of the link."""
        due = {"due_at": self.due_variable} if self.due_variable else {}
        written: dict[str, Any] = {**due, **self.tool_parameters, **registered}
        if scene.activity is not None:
            is_apart = scene.activity.is_deep_linked and not self.sends_tool_parameters_with_picked_links
            written = {**({} if is_apart else written), **scene.activity.custom}
        known = {**self._fill_place(scene), **self._fill_work(scene)}
        filled = {name: known.get(value, value) if isinstance(value, str) else value for name, value in written.items()}
        return {name.lower(): value for name, value in filled.items()} if self.lowers_names else filled

    def find_due_date(self, course: Course, activity: Activity, person: Person) -> datetime | None:  # noqa: ARG002
        """What a launch says: the activity's date, whoever comes [Core App. B]."""
        return activity.due_at

    def _fill_place(self, scene: Scene) -> dict[str, str]:
        course, person = scene.course, scene.person
        known = {"$Context.id": course.course_id, "$User.id": person.sub}
        if self.knows_context_history:
            known[CONTEXT_HISTORY] = ",".join(course.earlier_contexts[: self.longest_history])
        if self.sourced_id_variable and scene.shares_names:
            known[self.sourced_id_variable] = person.sourced_id
        return known

    def _fill_work(self, scene: Scene) -> dict[str, str]:
        activity = scene.activity
        if activity is None:
            return {}
        known = {"$ResourceLink.id": activity.link_id, "$ResourceLink.title": activity.title}
        if self.knows_link_history:
            known[LINK_HISTORY] = ",".join(activity.earlier_links[: self.longest_history])
        due_at = as_iso(self.find_due_date(scene.course, activity, scene.person))
        if self.due_variable and due_at:
            known[self.due_variable] = due_at
        if self.points_variable and scene.points is not None:
            known[self.points_variable] = str(as_number(scene.points))
        return known
