"""A class's results at a glance: pictures that are tables as well."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for

from tool.access import TEACHER, Visitor, opens, part
from tool.assessment.teacher.results import BANDS, QuestionResult, Results, read_results
from tool.assessment.teacher.screens.room import blueprint, frame, read_classwork
from tool.db import Database

FEW = 5
"""Of fewer students a percentage says more than is known: each of them would be 25 of it, or more."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a whole, as a picture and as a number."""

    part: int
    of: int

    @property
    def width(self) -> str:
        """Of a hundred, as a drawing writes numbers in any language."""
        return f"{100 * self.part / self.of:.1f}" if self.of else "0"

    @property
    def share(self) -> float | None:
        """None while there are too few for a percentage."""
        return self.part / self.of if self.of >= FEW else None


@opens(blueprint, "/l/<launch_id>/results", to=TEACHER)
def results(visitor: Visitor) -> str:
    """How many handed in, how their scores spread, and how each question went."""
    with part(Database).reading() as connection:
        classwork = read_classwork(connection, visitor)
        found = read_results(connection, visitor.course_id, classwork.placement_id, classwork.paper)
    return render_template(
        "grading/results.html",
        **frame(visitor, classwork),
        results=found,
        bands=_bands(found),
        questions=[_question(visitor, one) for one in found.questions],
    )


def _bands(found: Results) -> list[dict[str, Any]]:
    """Best first; the fullest band is as long as the picture is wide."""
    fullest = max(found.bands)
    step = 1 / BANDS
    return [
        {"low": band * step, "high": (band + 1) * step, "bar": Bar(students, fullest), "is_last": band == BANDS - 1}
        for band, students in reversed(list(enumerate(found.bands)))
    ]


def _question(visitor: Visitor, found: QuestionResult) -> dict[str, Any]:
    question, judged = found.question, found.graded + found.waiting
    return {
        "number": found.number,
        "prompt": question.prompt,
        "points": question.points,
        "mean": found.mean,
        "full": Bar(found.full, found.graded),
        "waiting": found.waiting,
        "waiting_url": url_for("grading.question", launch_id=visitor.launch_id, question_id=question.id),
        "blank": Bar(found.blank, judged),
        "picked": [(one, Bar(one.students, judged)) for one in found.picked],
        "takes_several": question.type == "multiple_choice",
    }
