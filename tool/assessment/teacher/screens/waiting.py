"""What waits for the teacher, and every student's work."""

from typing import Any

from flask import render_template, request, url_for

from tool.access import TEACHER, Visitor, opens, part
from tool.assessment.teacher.queue import Waiting, list_waiting
from tool.assessment.teacher.screens.room import blueprint, frame, name_of, read_classwork
from tool.assessment.teacher.sheets import Sheet
from tool.db import Database


@opens(blueprint, "/l/<launch_id>/grading", to=TEACHER)
def queue(visitor: Visitor) -> str:
    """By question what is left to grade, then all students."""
    with part(Database).reading() as connection:
        classwork = read_classwork(connection, visitor)
    waiting = list_waiting(classwork.paper.questions, classwork.sheets)
    done = request.args.get("done", "")
    return render_template(
        "grading/queue.html",
        **frame(visitor, classwork),
        waiting=[_waiting(visitor, one) for one in waiting],
        students=[_student(visitor, sheet) for sheet in classwork.sheets],
        results_url=url_for("grading.results", launch_id=visitor.launch_id),
        left=sum(one.left for one in waiting),
        done=int(done) if done in {str(one.number) for one in waiting} else None,
    )


def _waiting(visitor: Visitor, waiting: Waiting) -> dict[str, Any]:
    question = waiting.question
    return {
        "number": waiting.number,
        "prompt": question.prompt,
        "points": question.points,
        "has_rubric": bool(getattr(question, "rubric", None)),
        "left": waiting.left,
        "handed_in": waiting.handed_in,
        "url": url_for("grading.question", launch_id=visitor.launch_id, question_id=question.id),
    }


def _student(visitor: Visitor, sheet: Sheet) -> dict[str, Any]:
    return {
        "name": name_of(sheet),
        "sheet": sheet,
        "url": url_for("grading.submission", launch_id=visitor.launch_id, submission_id=sheet.submission_id),
    }
