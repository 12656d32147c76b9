"""The students whose scores would go, and the scores."""

from collections.abc import Iterator

from tool.sis.rules.checks.saying import find_for
from tool.sis.rules.choosing import QUIET, choose
from tool.sis.rules.facts import ItemFacts, StudentFacts
from tool.sis.rules.finding import Finding
from tool.sis.rules.status import Outgoing


def check_students(facts: ItemFacts) -> Iterator[Finding]:
    for student in facts.students:
        choice = choose(student, facts)
        if isinstance(choice, Outgoing):
            for code in _warnings(student, choice):
                yield find_for(facts, student, code, blocks=False)
        elif choice.code not in QUIET:
            yield find_for(facts, student, choice.code)


def _warnings(student: StudentFacts, choice: Outgoing) -> Iterator[str]:
    """What goes, and yet may surprise."""
    if choice.status == "exempt" and choice.score is not None:  # PowerSchool shows the 0
        yield "score.exempt"
    if student.work.score is not None and student.work.score > student.work.maximum:
        yield "score.range"
    if student.read_score is not None and student.sent_score not in (None, student.read_score):
        yield "overwritten"
