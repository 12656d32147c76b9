"""The teacher's grading pages: waiting (the queue) · question (student after student) · submission (one whole work) ·
review (one student, opened from the gradebook of the LMS) · results (how the class did)."""

from tool.assessment.teacher.screens import question, results, review, submission, waiting
from tool.assessment.teacher.screens.room import blueprint

__all__ = ["blueprint", "question", "results", "review", "submission", "waiting"]
