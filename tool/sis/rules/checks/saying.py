"""How a finding is written: whom it is about, and the values of its text."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tool.sis.plain import Period
from tool.sis.rules.facts import ItemFacts, StudentFacts
from tool.sis.rules.finding import Finding, Level


def find(facts: ItemFacts, code: str, level: Level, *, blocks: bool = True, **about: str) -> Finding:
    """`about` beside the names that every finding has."""
    return Finding(code, level, blocks, None, {**_place(facts), **about})


def find_for(facts: ItemFacts, student: StudentFacts, code: str, *, blocks: bool = True) -> Finding:
    score = student.work.score
    about = {
        "student": student.name,
        "score": "" if score is None else say_number(score),
        "maximum": say_number(student.work.maximum),
        "candidates": str(len(student.candidates)),
        "theirs": "" if student.read_score is None else say_number(student.read_score),
    }
    return Finding(code, "student", blocks, student.member_id, {**_place(facts), **about})


def say_moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def say_day(day: date) -> str:
    return day.isoformat()


def say_number(value: Decimal) -> str:
    return f"{value.normalize() + 0:f}" if value.is_finite() else str(value)


def say_period(period: Period) -> str:
    """With its last day, as people name it."""
    return f"{period.title} ({say_day(period.starts_on)} – {say_day(period.ends_on - timedelta(days=1))})"


def _place(facts: ItemFacts) -> dict[str, str]:
    return {"sis": facts.connection.name, "class": facts.section.title, "title": facts.name or facts.title}
