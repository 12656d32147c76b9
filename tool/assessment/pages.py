"""What the student's pages show, as plain values for their templates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from tool.assessment.autograding import answer_is_blank
from tool.assessment.questions import MultipleChoice, Question, SingleChoice, TrueFalse, load_questions
from tool.assessment.submitting import Work
from tool.clock import now
from tool.model.work import Assignment, Grade, Submission


@dataclass(frozen=True, slots=True)
class Paper:
    """An assignment as its student meets it."""

    id: str
    title: str
    instructions: str | None
    due_at: datetime | None
    closes_at: datetime | None
    points: Decimal
    after_submitting: str
    questions: tuple[Question, ...]

    @property
    def is_closed(self) -> bool:
        return self.closes_at is not None and self.closes_at <= now()


def read_paper(connection: Connection, assignment_id: str) -> Paper:
    row = connection.execute(select(Assignment).where(Assignment.id == assignment_id)).one()
    return Paper(
        id=row.id,
        title=row.title,
        instructions=row.instructions,
        due_at=row.due_at,
        closes_at=row.closes_at,
        points=row.points,
        after_submitting=row.after_submitting,
        questions=load_questions(row.questions),
    )


def read_grade(connection: Connection, submission_id: int) -> Any:
    """The grade's row, with when its work was handed in."""
    return connection.execute(
        select(Grade, Submission.submitted_at)
        .join(Submission, Submission.id == Grade.submission_id)
        .where(Grade.submission_id == submission_id)
    ).first()


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
        "is_closed": paper.is_closed,
    }


def review(paper: Paper, answers: Mapping[str, object], details: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each question with the student's answer and how it was judged; the key itself is never shown."""
    judged = {one["question_id"]: one for one in details}
    return [
        {
            "number": number,
            "prompt": question.prompt,
            "answer_text": answer_text(question, answers.get(question.id)),
            "state": judged[question.id]["state"],
            "earned": None if judged[question.id]["earned"] is None else Decimal(judged[question.id]["earned"]),
            "points": question.points,
        }
        for number, question in enumerate(paper.questions, start=1)
        if question.id in judged
    ]


def answer_text(question: Question, answer: object) -> str:
    """A stored answer in words; true and false stay `true` and `false` for the page to translate."""
    if answer_is_blank(question, answer):
        return ""
    if isinstance(question, SingleChoice | MultipleChoice):
        chosen = answer if isinstance(answer, list) else [answer]
        return ", ".join(choice.text for choice in question.choices if choice.id in chosen)
    if isinstance(question, TrueFalse):
        return "true" if answer is True else "false"
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
