"""Assignments of every kind of question, made up and at hand, and the forms that hold them."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.scripted_browser import Form, Page
from tool.assessment.questions import AssignmentFile, make_assignment, read_assignment_file

PICK: dict[str, Any] = {
    "id": "pick",
    "type": "single_choice",
    "prompt": "Which is one half?",
    "points": 2,
    "choices": [{"id": "a", "text": "2/4", "correct": True}, {"id": "b", "text": "2/3", "correct": False}],
}
TICK: dict[str, Any] = {
    "id": "tick",
    "type": "multiple_choice",
    "prompt": "Which are bigger than one half?",
    "points": 3,
    "scoring": "partial",
    "choices": [{"id": "a", "text": "3/4", "correct": True}, {"id": "b", "text": "3/8", "correct": False}],
}
JUDGE = {"id": "judge", "type": "true_false", "prompt": "2/4 = 1/2", "points": 1, "correct": True}
COUNT = {"id": "count", "type": "numeric", "prompt": "1/4 as a decimal?", "points": 1, "answer": "0.25"}
SAY = {"id": "say", "type": "short_text", "prompt": "The number on top?", "points": 1, "accept": ["numerator", "top"]}
TELL: dict[str, Any] = {"id": "tell", "type": "essay", "prompt": "Explain.", "points": 4} | {
    "rubric": [{"id": "clear", "title": "It is clear", "points": "1.5"}]
}
EVERY_KIND: tuple[dict[str, Any], ...] = (PICK, TICK, JUDGE, COUNT, SAY, TELL)


def paper(*questions: dict[str, Any], **changes: Any) -> AssignmentFile:
    """An assignment file; of every kind of question when none is named."""
    plain: dict[str, Any] = {
        "id": "paper",
        "title": "Fractions",
        "automatic_passback": True,
        "questions": questions or EVERY_KIND,
    }
    return read_assignment_file(json.dumps(plain | changes))


def form_of(text: str, ending: str = "#here") -> Form:
    """The editor's form of a page, as it stands before anybody touches it."""
    return Page("http://localhost:8000/", 200, {}, text).form(ending)


# What a browser hands on: text areas have the line ends of MS-DOS, and read back they have our own.
_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")) | st.just("\n"), min_size=1, max_size=30)
TEXTS = _TEXT.filter(lambda text: text.strip() != "")
LINES = TEXTS.filter(lambda text: len(text.strip().splitlines()) == 1)
IDS = st.from_regex(r"[A-Za-z0-9._-]{1,64}", fullmatch=True)
POINTS = st.decimals(0, 1000, places=4)
NUMBERS = st.decimals(-(10**12), 10**12, places=6)
TIMES = st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC)).map(datetime.isoformat)  # noqa: DTZ001


def _parts(part: st.SearchStrategy[dict[str, Any]], least: int, most: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(part, min_size=least, max_size=most, unique_by=lambda one: one["id"])


def _one_right(choices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one | {"correct": at == 0} for at, one in enumerate(choices)]


_CHOICE = st.fixed_dictionaries({"id": IDS, "text": TEXTS, "correct": st.booleans()})
_CRITERION = st.fixed_dictionaries({"id": IDS, "title": LINES, "points": POINTS.map(str)})
_KINDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "single_choice": {"choices": _parts(_CHOICE, 2, 4).map(_one_right)},
    "multiple_choice": {
        "choices": _parts(_CHOICE, 2, 4).map(lambda choices: [choices[0] | {"correct": True}, *choices[1:]]),
        "scoring": st.sampled_from(["all_or_nothing", "partial"]),
    },
    "true_false": {"correct": st.booleans()},
    "numeric": {"answer": NUMBERS.map(str), "tolerance": NUMBERS.map(lambda one: str(abs(one)))},
    "short_text": {
        "accept": st.lists(LINES, min_size=1, max_size=4),
        "ignore_case": st.booleans(),
        "ignore_spaces": st.booleans(),
    },
    "essay": {"rubric": st.none() | _parts(_CRITERION, 1, 3)},
}
_QUESTION = st.one_of(
    *(
        st.fixed_dictionaries({"id": IDS, "type": st.just(kind), "prompt": TEXTS, "points": POINTS.map(str)} | more)
        for kind, more in _KINDS.items()
    )
)
_SETTINGS = {
    "title": LINES,
    "instructions": st.none() | TEXTS,
    "automatic_passback": st.booleans(),
    "unanswered": st.sampled_from(["hold", "zero"]),
    "updates": st.sampled_from(["manual", "automatic"]),
    "attempts": st.none() | st.integers(1, 20),
    "counting_attempt": st.sampled_from(["first", "best", "last", "average"]),
    "after_submitting": st.sampled_from(["score", "answers", "nothing"]),
    "may_change_after_submitting": st.sampled_from(["nothing", "blanks", "answers"]),
    "due_at": st.none() | TIMES,
}


@st.composite
def files(draw: st.DrawFn) -> AssignmentFile:
    """Any assignment that a file can hold."""
    questions = draw(_parts(_QUESTION, 1, 5))
    if sum(Decimal(one["points"]) for one in questions) == 0:
        questions[0]["points"] = "1"
    settings = draw(st.fixed_dictionaries(_SETTINGS))
    closes_at = settings["due_at"] if draw(st.booleans()) else None
    own: dict[str, Any] = {"id": draw(IDS), "questions": questions, "closes_at": closes_at}
    return make_assignment(own | settings)
