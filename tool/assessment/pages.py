"""What the student's pages show, as plain values for their templates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from tool.assessment.autograding import answer_is_blank
from tool.assessment.questions import Essay, MultipleChoice, Question, SingleChoice, TrueFalse, load_questions
from tool.assessment.submitting import Work
from tool.clock import now
from tool.language import gettext
from tool.model.work import Assignment


@dataclass(frozen=True, slots=True)
class Paper:
    """An assignment as its student meets it."""

    id: str
    title: str
    instructions: str | None
    due_at: datetime | None
    closes_at: datetime | None
    points: Decimal
    attempts: int | None
    """How many a student has; None for as many as they like."""
    counting_attempt: str
    after_submitting: str
    may_change_after_submitting: str
    automatic_passback: bool
    unanswered: str
    updates: str
    questions: tuple[Question, ...]

    @property
    def is_closed(self) -> bool:
        return self.closes_at is not None and self.closes_at <= now()

    def is_closed_to(self, work: Work) -> bool:
        """Work that was given back after the closing time is open to its student all the same."""
        if self.closes_at is None or not self.is_closed:
            return False
        return work.reopened_at is None or work.reopened_at < self.closes_at

    def allows_attempt_after(self, work: Work) -> bool:
        has_one_left = self.attempts is None or work.attempt_number < self.attempts
        return has_one_left and not work.is_open and not self.is_closed


def read_paper(connection: Connection, assignment_id: str) -> Paper:
    row = connection.execute(select(Assignment).where(Assignment.id == assignment_id)).one()
    return Paper(
        id=row.id,
        title=row.title,
        instructions=row.instructions,
        due_at=row.due_at,
        closes_at=row.closes_at,
        points=row.points,
        attempts=row.attempts,
        counting_attempt=row.counting_attempt,
        after_submitting=row.after_submitting,
        may_change_after_submitting=row.may_change_after_submitting,
        automatic_passback=row.automatic_passback,
        unanswered=row.unanswered,
        updates=row.updates,
        questions=load_questions(row.questions),
    )


def unanswered_numbers(questions: Sequence[Question], answers: Mapping[str, object]) -> list[int]:
    return [
        number
        for number, question in enumerate(questions, start=1)
        if answer_is_blank(question, answers.get(question.id))
    ]


def work_page(paper: Paper, work: Work, mark: str, *, must_confirm: bool = False) -> dict[str, Any]:
    """The context of assessment/work.html, its addresses and form token aside."""
    unanswered = unanswered_numbers(paper.questions, work.answers)
    return {
        "assignment": paper,
        "questions": [
            _question(number, question, work.answers, is_unanswered=number in unanswered)
            for number, question in enumerate(paper.questions, start=1)
        ],
        "saved_at": work.saved_at,
        "answered_count": len(paper.questions) - len(unanswered),
        "question_count": len(paper.questions),
        "unanswered": unanswered,
        "must_confirm": must_confirm,
        "revision": mark,
        "is_closed": paper.is_closed_to(work),
        "attempt_number": work.attempt_number,
        "is_given_back": work.reopened_at is not None,
    }


def change_page(paper: Paper, work: Work, mark: str, change: str, answers: Mapping[str, object]) -> dict[str, Any]:
    """The context of assessment/change.html with the answers as they would become. With *blanks*, what was handed in
    with an answer is shown and cannot be touched."""
    blank = unanswered_numbers(paper.questions, work.answers)
    page = work_page(paper, replace(work, answers=answers), mark)
    for question in page["questions"]:
        question["is_fixed"] = change == "blanks" and question["number"] not in blank
    return page | {"change": change}


def review(paper: Paper, details: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each question with the answer that was handed in and how it was judged; the key itself is never shown."""
    judged = {one["question_id"]: one for one in details}
    return [
        _reviewed(number, question, judged[question.id])
        for number, question in enumerate(paper.questions, start=1)
        if question.id in judged
    ]


def _reviewed(number: int, question: Question, detail: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: Decimal(points) for name, points in detail["rubric"].items()}
    lines = (question.rubric or ()) if isinstance(question, Essay) else ()
    return {
        "number": number,
        "prompt": question.prompt,
        "answer_text": answer_text(question, detail["answer"]),
        "state": detail["state"],
        "earned": None if detail["earned"] is None else Decimal(detail["earned"]),
        "points": question.points,
        "feedback": detail["feedback"],
        "rubric": [(line.title, given[line.id], line.points) for line in lines if line.id in given],
    }


def answer_text(question: Question, answer: object) -> str:
    """A stored answer in words."""
    if answer_is_blank(question, answer):
        return ""
    if isinstance(question, SingleChoice | MultipleChoice):
        chosen = answer if isinstance(answer, list) else [answer]
        return ", ".join(choice.text for choice in question.choices if choice.id in chosen)
    if isinstance(question, TrueFalse):
        return gettext("True") if answer is True else gettext("False")
    return str(answer)


def _question(number: int, question: Question, answers: Mapping[str, object], *, is_unanswered: bool) -> dict[str, Any]:
    answer = answers.get(question.id)
    if isinstance(question, TrueFalse) and isinstance(answer, bool):
        answer = "true" if answer else "false"
    return {
        "id": question.id,
        "number": number,
        "type": question.type,
        "prompt": question.prompt,
        "points": question.points,
        "choices": [{"id": one.id, "text": one.text} for one in getattr(question, "choices", ())],
        "answer": answer if answer is not None else ([] if isinstance(question, MultipleChoice) else ""),
        "is_unanswered": is_unanswered,
    }
