"""Part: from the press of *Submit* to the gradebook, one student after the other."""

import time
from contextlib import ExitStack
from urllib.parse import urlencode, urljoin

from tests.bench.contest import Contestant, passback, worker
from tests.bench.figures import Row, Section, at_most, percentile
from tests.bench.ground import Ground, open_ground
from tests.bench.sizes import Sizes
from tests.chaos.wanted import Plan, Student, right_or_wrong
from tests.scripted_browser import ScriptedBrowser

PLATFORM_SECONDS = 0.05
ARRIVES_WITHIN_SECONDS = 20
HOW = """\
From the press of *Submit* to the moment at which the score stands in the gradebook of a platform that answers
in 50 ms, {count} hand-ins one after the other. SQLite: one process that serves and sends; PostgreSQL: `passback
serve --no-sender` and one `passback worker`. The first one makes the column. The CPU is that of login, launch,
the page with its questions and the hand-in with its grading, with SQLite also of sending."""


def run(sizes: Sizes, kinds: list[str]) -> Section:
    section = Section("Hand-in to gradebook", HOW.format(count=sizes.hand_ins))
    for kind in kinds:
        with ExitStack() as stack:
            ground = stack.enter_context(open_ground(kind, Plan(seed=1, students=sizes.hand_ins)))
            ground.platforms.change(latency_seconds=PLATFORM_SECONDS)
            if kind == "postgres":
                stack.enter_context(worker(ground))
            tool = stack.enter_context(
                passback(ground, "", "--no-sender" if kind == "postgres" else "--host=localhost")
            )
            cpu_before = tool.process.cpu_seconds()
            waits = [_hand_in(ground, tool, student) for student in ground.plan.everyone]
            cpu = (tool.process.cpu_seconds() - cpu_before) / len(waits)
        p95 = percentile(waits, 0.95)
        section.add(
            Row(
                f"seconds, p50 and p95, {ground.kind}",
                f"{percentile(waits, 0.5):.3f} and {p95:.3f}",
                "",
                "",
                *at_most(p95, 0.5, " s"),
            )
        )
        section.add(Row(f"CPU of the serving process for each, {ground.kind}", f"{1000 * cpu:.1f} ms"))
    return section


def _hand_in(ground: Ground, tool: Contestant, student: Student) -> float:
    """Everything right; how long it took."""
    landed = tool.visitors.launch(student)
    assert landed.is_right
    browser = ScriptedBrowser(is_framed=False)
    browser.cookies = {f"{tool.door.host}:{tool.door.port}": landed.cookies}
    page = browser.get(urljoin(tool.door.launch_url, landed.location))
    answers = right_or_wrong(63)
    form = page.form("/submit").with_fields(*answers.items(), ("Submit", "confirmed"))
    pressed_at = time.time()
    origin = tool.door.launch_url.removesuffix(tool.door.launch)
    answer = browser.send("POST", form.action, urlencode(form.fields), {"Origin": origin})
    assert answer.status == 303, answer.words
    return _stored_at(ground, student) - pressed_at


def _stored_at(ground: Ground, student: Student) -> float:
    gives_up_at = time.monotonic() + ARRIVES_WITHIN_SECONDS
    while time.monotonic() < gives_up_at:
        for entry in ground.platforms.journal():
            if entry.kind == "score" and entry.stored and entry.user == student.subject:
                return entry.ended_at
        time.sleep(0.05)
    raise AssertionError(f"{student.subject}: the score did not arrive")
