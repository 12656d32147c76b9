"""Checklist B, rows 25 and 26: work is handed in once and by the server's clock, and its key stays the teacher's."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from tests.cast import ADA, BEN, CLEO, Someone
from tests.desk import TOOL, Desk, hidden
from tests.guests import Guest
from tests.rows import make_assignment
from tool.assessment.closing import close_due
from tool.clock import now
from tool.model.passbacks import Passback
from tool.model.work import Assignment, Grade, Submission
from tool.sources import MOST_SAVES_A_MINUTE

RIGHT = {"half": "0.5", "quarter": "0.25", "Submit": "confirmed"}
WRONG = {"half": "7", "quarter": "7", "Submit": "confirmed"}


class Student(Guest):
    """Somebody with the page of the work open."""

    def __init__(self, desk: Desk, someone: Someone = BEN, **changes: Any) -> None:
        super().__init__(desk, someone, **changes)
        page = self.get("work")
        self.form = {"csrf": self.csrf, "revision": hidden(page, "revision") if page.status_code == 200 else ""}

    def get(self, page: str) -> Any:
        return self.browser.get(f"/l/{self.launch_id}/{page}", base_url=TOOL)

    def post(self, page: str, **fields: str) -> Any:
        return self.browser.post(f"/l/{self.launch_id}/{page}", data=self.form | fields, base_url=TOOL)


def rows(desk: Desk, table: Any) -> list[Any]:
    with desk.database.reading() as connection:
        return list(connection.execute(select(table)))


def change(desk: Desk, **values: Any) -> None:
    with desk.database.writing() as connection:
        connection.execute(update(Assignment).values(**values))


def test_b25_a_hand_in_sent_again_is_the_same_one(desk: Desk) -> None:
    """The very same request, and the same with better answers."""
    ben = Student(desk)
    assert ben.post("submit", **WRONG).status_code == 303
    before = [rows(desk, table) for table in (Submission, Grade, Passback)]

    for fields in (WRONG, RIGHT, RIGHT | {"revision": "99.1.x"}, RIGHT | {"revision": ""}):
        ben.post("submit", **fields)
        ben.post("save", **fields)
        ben.post("change", **fields)
        ben.post("again", **fields)

    assert [rows(desk, table) for table in (Submission, Grade, Passback)] == before


def test_b25_a_hand_in_of_the_page_before_does_not_count_for_the_next_attempt(desk: Desk) -> None:
    change(desk, attempts=2)
    ben = Student(desk)
    ben.post("submit", **WRONG)
    ben.post("again")

    ben.post("submit", **RIGHT)

    second = [row for row in rows(desk, Submission) if row.attempt_number == 2]
    assert [row.submitted_at for row in second] == [None], "a replay of the first is no hand-in of the second"


def test_b25_eight_at_once_are_one(desk: Desk) -> None:
    ben = Student(desk)
    cookies = "; ".join(f"{one.key}={one.value}" for one in (ben.browser._cookies or {}).values())
    statuses: list[int] = []
    ready = threading.Barrier(8)

    def send(number: int) -> None:
        alone = desk.browser(takes_cookies=False)
        fields = ben.form | (RIGHT if number % 2 else WRONG)
        ready.wait()
        answer = alone.post(f"/l/{ben.launch_id}/submit", data=fields, base_url=TOOL, headers={"Cookie": cookies})
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (work,), (grade,), (passback,) = rows(desk, Submission), rows(desk, Grade), rows(desk, Passback)
    assert work.submitted_at is not None
    assert grade.score == (10 if work.answers["half"] == "0.5" else 0), "the grade is of the answers that are kept"
    assert (passback.earned, passback.version) == (grade.score, 1)
    assert set(statuses) <= {303, 400}


def test_b25_the_server_s_clock_closes_it(desk: Desk) -> None:
    """Whatever time the browser sends, in a form, a header or a cookie."""
    ben, cleo = Student(desk), Student(desk, CLEO)
    ben.post("save", **(WRONG | {"Submit": ""}))
    change(desk, closes_at=now() + timedelta(minutes=1))
    early = {"Date": "Mon, 01 Jan 2001 00:00:00 GMT"}
    times = {"submitted_at": "2001-01-01", "now": "0", "saved_at": "2001-01-01", "time": "0", "timezone": "-720"}

    with time_machine.travel(now() + timedelta(minutes=2)):
        close_due(desk.database)
        for student in (ben, cleo):
            student.browser.set_cookie("now", "0", domain="tool.example")
            for page in ("save", "submit", "again", "change"):
                fields = student.form | RIGHT | times
                path = f"/l/{student.launch_id}/{page}"
                student.browser.post(path, data=fields, base_url=TOOL, headers=early, query_string=times)

    assert [dict(row.answers) for row in rows(desk, Submission) if row.answers] == [{"half": "7", "quarter": "7"}]
    assert {row.score for row in rows(desk, Grade)} <= {0}
    assert all(row.submitted_at is None or row.submitted_at.year > 2001 for row in rows(desk, Submission))


# B26: what a student must not read. Each of these words stands in one place only.
KEY = ["zebrafish", "QUAGGA", "axolotl", "5.4321", "0.00077", "marmoset", "okapi"]
QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "one",
        "type": "single_choice",
        "prompt": "Which?",
        "points": 1,
        "choices": [{"id": "c1", "text": "This", "correct": False}, {"id": "c2", "text": "That", "correct": True}],
    },
    {
        "id": "some",
        "type": "multiple_choice",
        "prompt": "Which of these?",
        "points": 1,
        "choices": [{"id": "m1", "text": "Red", "correct": True}, {"id": "m2", "text": "Blue", "correct": False}],
    },
    {"id": "yes", "type": "true_false", "prompt": "Is it?", "points": 1, "correct": True},
    {"id": "number", "type": "numeric", "prompt": "How much?", "points": 1, "answer": "5.4321", "tolerance": "0.00077"},
    {"id": "word", "type": "short_text", "prompt": "Who?", "points": 1, "accept": ["zebrafish", "QUAGGA", "axolotl"]},
    {
        "id": "essay",
        "type": "essay",
        "prompt": "Why?",
        "points": 2,
        "rubric": [{"id": "r1", "title": "marmoset", "points": 1}, {"id": "r2", "title": "okapi", "points": 1}],
    },
]
OF_CLEO = "Cleo wrote that the narwhal sang"
MINE = {
    "one": "c1",
    "some": "m2",
    "yes": "false",
    "number": "3",
    "word": "cat",
    "essay": "Because.",
    "Submit": "confirmed",
}
PAGES = ["work", "result", "result/state", "change", "course", "unbound", "review/ben", "review/cleo", "again", "save"]


def everything_a_student_reads(ben: Student, fields: dict[str, str]) -> str:
    """Every page, every answer to a form, every piece of one, with the headers."""
    told = [ben.get(page) for page in PAGES]
    told += [ben.post("save", **fields)]
    headers = {"X-Passback-Autosave": "1"}
    told.append(ben.browser.post(f"/l/{ben.launch_id}/save", data=ben.form | fields, base_url=TOOL, headers=headers))
    told += [ben.post("submit", **{**fields, "Submit": "submit", "word": ""})]
    return "\n".join(f"{one.headers}{one.get_data(as_text=True)}" for one in told)


@pytest.fixture
def exam(own_desk: Callable[..., Desk]) -> Desk:
    desk = own_desk()
    make_assignment(desk.database, questions=QUESTIONS, after_submitting="nothing")
    cleo = Student(desk, CLEO)
    cleo.post("submit", **(MINE | {"essay": OF_CLEO, "word": "zebrafish"}))
    return desk


@pytest.mark.parametrize("release", ["nothing", "score"])
def test_b26_before_release_there_is_neither_key_nor_anybody_else_s_answer(exam: Desk, release: str) -> None:
    change(exam, after_submitting=release)
    ben = Student(exam)
    before = everything_a_student_reads(ben, MINE)
    assert ben.post("submit", **MINE).status_code == 303
    after = everything_a_student_reads(ben, MINE)

    for text in (before, after):
        assert "Which of these?" in text or "Handed in" in text or "handed in" in text
        found = [word for word in (*KEY, OF_CLEO, "narwhal", CLEO.name) if word in text]
        assert found == []
        for told in ("correct", "data-correct", "is_right", 'accept"', "tolerance", "rubric"):
            assert f'{told}="' not in text
            assert f'"{told}"' not in text


def test_b26_the_pages_differ_in_nothing_by_what_is_right(exam: Desk) -> None:
    """The same paper with another key: a student's page is the same, letter for letter."""
    ben = Student(exam)

    def read() -> str:
        return str(ben.get("work").text)

    def strip(page: str) -> list[str]:
        return [line for line in page.splitlines() if "revision" not in line]

    first = strip(read())
    turned = [dict(one) for one in QUESTIONS]
    for one in turned[:2]:
        one["choices"] = [choice | {"correct": not choice["correct"]} for choice in one["choices"]]
    turned[2] |= {"correct": False}
    turned[3] |= {"answer": "1", "tolerance": "9"}
    turned[4] |= {"accept": ["cat"]}
    change(exam, questions=turned)

    assert strip(read()) == first


def test_b26_the_key_is_a_teacher_s(exam: Desk) -> None:
    """So that the stories above prove something; and what is released is a student's own work."""
    ada = Guest(exam, ADA)
    key = ada.browser.get(f"/l/{ada.launch_id}/settings/key", base_url=TOOL).text
    assert [word for word in ("zebrafish", "5.4321") if word in key] == ["zebrafish", "5.4321"]
    change(exam, after_submitting="answers")
    ben = Student(exam)
    ben.post("submit", **MINE)

    released = ben.get("result").text

    assert "Which of these?" in released
    assert "cat" in released
    assert not [word for word in (OF_CLEO, CLEO.name) if word in released], "nor then anybody else's answer"


def test_b25_who_saves_faster_than_a_person_waits_and_loses_nothing(desk: Desk) -> None:
    """Counted by person: the rest of the class, behind the same address, goes on."""
    ben, cleo = Student(desk), Student(desk, CLEO)
    assert ben.post("save", half="0.5").status_code == 200
    answers = [ben.post("save", half="0.5").status_code for _ in range(MOST_SAVES_A_MINUTE)]

    assert 429 not in answers[:-1]
    assert answers[-1] == 429
    refused = ben.post("submit", **RIGHT)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"].isdigit()
    assert cleo.post("submit", **RIGHT).status_code == 303
    assert "0.5" in ben.get("work").text
