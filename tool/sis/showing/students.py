"""The students of one item: what is here, what was sent, what the SIS held when it was read, and what becomes of it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from tool.language import gettext
from tool.model.sis_syncs import SisScore
from tool.sis.rules.choosing import choose
from tool.sis.rules.facts import ItemFacts, StudentFacts
from tool.sis.rules.finding import Finding
from tool.sis.rules.status import Outgoing
from tool.sis.showing.describing import reason
from tool.sis.showing.words import student_look, word
from tool.sis.words import SCORE_STATUSES, say_student_reason

TO_BE_MATCHED = frozenset({"student.unmatched", "student.ambiguous", "student.changed"})
NOT_THERE = frozenset({"student.left"})


def list_students(connection: Connection, facts: ItemFacts) -> list[dict[str, Any]]:
    """By name, as the facts have them. Test students and who left are shown only where something was sent for them."""
    rows = _read_rows(connection, facts.item_id)
    found = [_describe(one, facts, rows.get(one.member_id)) for one in facts.students]
    return [one for one in found if one["code"] not in NOT_THERE or one["sent_at"] is not None]


def list_failed(connection: Connection, facts: ItemFacts) -> list[tuple[Finding, str | None]]:
    """What the SIS refused of single students when it was last tried, each with its own words."""
    names = {one.member_id: one.name for one in facts.students}
    place = {"sis": facts.connection.name, "class": facts.section.title, "title": facts.name}
    return [
        (Finding(row.code, "student", True, member_id, place | {"student": names[member_id]}), row.answer)
        for member_id, row in _read_rows(connection, facts.item_id).items()
        if row.state == "failed" and row.code and member_id in names
    ]


def _describe(student: StudentFacts, facts: ItemFacts, row: Any | None) -> dict[str, Any]:
    state, code, because = _stand(student, facts, row)
    sent, read = (row.sent_score, row.read_score) if row else (None, None)
    is_other_there = row is not None and row.read_at is not None and read is not None and read != sent
    return {
        "member_id": student.member_id,
        "name": student.name or gettext("No name given"),
        "there_as": student.enrolled.name if student.enrolled else None,
        "score": student.work.score,
        "sent": sent,
        "sent_word": word(SCORE_STATUSES, row.sent_status) if row and row.sent_status else None,
        "sent_at": row.sent_at if row else None,
        "read": read,
        "status": state,
        "look": student_look(state),
        "code": code,
        "because": because,
        "is_pinned": student.is_pinned,
        "may_keep": is_other_there and not student.is_pinned,
        "may_match": code in TO_BE_MATCHED,
    }


def _stand(student: StudentFacts, facts: ItemFacts, row: Any | None) -> tuple[str, str | None, str | None]:
    """(state, code, why)."""
    choice = choose(student, facts)
    if not isinstance(choice, Outgoing):
        state = "waiting" if choice.code == "nothing_yet" else "skipped"
        return state, choice.code, say_student_reason(choice.code)
    if row is not None and row.state == "failed":
        about = {
            "sis": facts.connection.name,
            "student": student.name,
            "title": facts.name,
            "class": facts.section.title,
        }
        return "failed", row.code, reason(row.code, about)
    if row is None or row.sent_at is None:
        return "new", None, None
    is_same = row.sent_status == choice.status and row.sent_score == choice.score
    return ("sent", None, None) if is_same else ("new", None, gettext("changed since it was sent"))


def _read_rows(connection: Connection, item_id: int | None) -> Mapping[int, Any]:
    rows = connection.execute(select(SisScore).where(SisScore.item_id == item_id).order_by(SisScore.id)).all()
    return {row.member_id: row for row in rows}
