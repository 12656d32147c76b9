"""One student's work, opened from the gradebook of the LMS. [Submission Review]"""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from tool.access import MEMBERS, Visitor, opens, part
from tool.assessment.teacher.reviewing import Reviewed, find_reviewed_work
from tool.assessment.teacher.screens.room import blueprint
from tool.db import Database
from tool.language import gettext


@opens(blueprint, "/l/<launch_id>/review/<path:subject>", to=MEMBERS)
def review(visitor: Visitor, subject: str) -> str | Response:
    """To the work of the student whom the LMS names; who is no teacher sees the own result, whoever is named."""
    if not visitor.is_teacher:
        return redirect(url_for("assessment.work", launch_id=visitor.launch_id), 303)
    if visitor.placement_id is None or visitor.assignment_id is None:
        title = gettext("This link has no assignment yet")
        text = gettext("So there is no work to look at. Open the link from your course and choose an assignment.")
        return _say(visitor, title, text)
    with part(Database).reading() as connection:
        found = find_reviewed_work(
            connection,
            course_id=visitor.course_id,
            placement_id=visitor.placement_id,
            assignment_id=visitor.assignment_id,
            subject=subject,
        )
    if found.submission_id is None:
        return _say(visitor, *_words(found, visitor.platform_name))
    there = url_for("grading.submission", launch_id=visitor.launch_id, submission_id=found.submission_id)
    return redirect(there, 303)


def _words(found: Reviewed, platform_name: str) -> tuple[str, str]:
    """Why there is nothing to show, and what to do about it."""
    names = {"student": found.name or gettext("This student"), "platform": platform_name}
    if found.state == "nothing":
        return (
            gettext("%(student)s has not begun", **names),
            gettext("The assignment was opened, and no answer is saved yet. There is nothing to look at."),
        )
    if found.state == "not_opened":
        return (
            gettext("%(student)s has not opened this assignment", **names),
            gettext("Work appears here once the link was opened in %(platform)s and answers were saved.", **names),
        )
    if found.state == "left":
        return (
            gettext("%(student)s has left the course", **names),
            gettext("Work of those who left is kept, and shown again when %(platform)s lists them again.", **names),
        )
    if found.state == "not_graded":
        return (
            gettext("%(student)s is not graded in this course", **names),
            gettext("Teachers and the test student of %(platform)s have no work here.", **names),
        )
    return (
        gettext("Passback does not know this student"),
        gettext("%(platform)s named somebody who has never opened a link of this course.", **names),
    )


def _say(visitor: Visitor, title: str, text: str) -> str:
    has_work = visitor.placement_id is not None and visitor.assignment_id is not None
    return render_template(
        "grading/nothing_to_review.html",
        course_title=visitor.course_title,
        title=title,
        text=text,
        queue_url=url_for("grading.queue", launch_id=visitor.launch_id) if has_work else None,
    )
