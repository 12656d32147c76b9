"""A course copied for next term: everything is new but what it teaches. Pure: a course in, a course out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from secrets import token_hex

from tool.demo_lms.records import Activity, Column, Course, Person


@dataclass(frozen=True, slots=True)
class CopyRules:
    """What one LMS takes along. `keeps_names_of_columns`: their resourceId and tag. `copies_tools_columns`: also those
    which the tool made itself.
    """

    keeps_names_of_columns: bool = True
    copies_tools_columns: bool = False


def copy_course(course: Course, rules: CopyRules, last_column: int, students: Sequence[Person] | None = None) -> Course:
    """`students` None: the same people. Numbers of columns go on after `last_column`. No cell and no extension."""
    people = course.people.values() if students is None else (course.teacher, *students)
    copied = Course(
        course_id=f"course-{token_hex(6)}",
        label=course.label,
        title=f"{course.title} (copy)",
        people={person.sub: person for person in people},
        earlier_contexts=(course.course_id, *course.earlier_contexts),
    )
    new_links = {link_id: f"link-{token_hex(6)}" for link_id in course.activities}
    for link_id, activity in course.activities.items():
        copied.activities[new_links[link_id]] = _copy_activity(activity, course, new_links[link_id])
    numbers = count(last_column + 1)
    for column in _columns_to_copy(course, rules):
        fresh = _copy_column(column, copied, next(numbers), new_links)
        copied.columns[fresh.number] = fresh if rules.keeps_names_of_columns else replace(fresh, resource_id="", tag="")
    return copied


def _copy_activity(activity: Activity, course: Course, new_link_id: str) -> Activity:
    return replace(
        activity,
        link_id=new_link_id,
        copied_from=(course.course_id, activity.link_id),
        earlier_links=(activity.link_id, *activity.earlier_links),
    )


def _copy_column(column: Column, copied: Course, number: int, new_links: Mapping[str, str]) -> Column:
    link_id = None if column.link_id is None else new_links[column.link_id]
    return replace(column, number=number, course_id=copied.course_id, link_id=link_id)


def _columns_to_copy(course: Course, rules: CopyRules) -> Iterator[Column]:
    for column in course.columns.values():
        if column.is_coupled or rules.copies_tools_columns:
            yield column
