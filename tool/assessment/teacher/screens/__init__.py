"""The teacher's grading pages: waiting (the queue) · question (student after student) · submission (one whole work)."""

from tool.assessment.teacher.screens import question, submission, waiting
from tool.assessment.teacher.screens.room import blueprint

__all__ = ["blueprint", "question", "submission", "waiting"]
