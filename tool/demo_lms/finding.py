"""The course, activity or person that the address of a page names; a page that is not there otherwise."""

from flask import abort, request

from tool.demo_lms.lms import this_lms
from tool.demo_lms.records import Activity, Column, Course, Person


def find_course(course_id: str) -> Course:
    return this_lms().world.course(course_id) or abort(404)


def find_activity(course: Course, link_id: str) -> Activity:
    return course.activities.get(link_id) or abort(404)


def find_person(course: Course, name: str = "as") -> Person:
    return course.people.get(request.args.get(name, "")) or abort(404)


def find_column(course: Course) -> Column:
    return this_lms().world.column(course.course_id, request.args.get("column", 0, type=int)) or abort(404)
