"""The pages a person sees, the control addresses, the program's door, and who is kept out."""

import re
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.demo_sis.conftest import BEN, CLEO, COLUMN, HOMEWORK, MATH, SIS_URL, Story
from tool.demo_sis.serving import NotLoopback, bind


def read(story: Story, path: str = "/") -> str:
    page = story.client.get(path, base_url=SIS_URL)
    assert page.status_code == 200
    return page.get_data(as_text=True)


def cell(page: str, student: str) -> str:
    """What stands in a cell, in words."""
    found = re.search(rf'<td[^>]*id="cell-{COLUMN}-{student}".*?</td>', page, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def test_the_first_page_has_the_gradebook_of_each_class(story: Story) -> None:
    page = read(story)

    for word in ("MATH 9 - Period 3", "SCI 9 - Period 5", "Ada Byron", "Siobhan O&#39;Neill", "No columns yet"):
        assert word in page
    assert "Isaac" not in page


def test_columns_and_scores_are_shown_with_words(story: Story) -> None:
    story.put_column()
    story.put_mark(score=6.666)
    story.put_mark("cleo", CLEO, score=None, scoreStatus="exempt", late="false")
    story.put_mark("jaya", "SIS-00107", score=0, late="false", missing="true")
    story.order("type-grade", column=COLUMN, student="SIS-00108", score=12)
    page = read(story)

    column = " ".join(re.sub(r"<[^>]+>", " ", page[page.index("Fractions check 4") :])[:300].split())
    assert re.match(r"Fractions check 4 Homework · of 20 due \d\d \w{3} \d{4} · Quarter 2", column)
    assert cell(page, BEN) == "6.67 Late"
    assert cell(page, CLEO) == "Exempt"
    assert cell(page, "SIS-00107") == "0 Missing"
    assert cell(page, "SIS-00108") == "12 by hand"
    assert cell(page, "stu-2042") == "–"


def test_the_page_notices_every_change(story: Story) -> None:
    seen = [story.client.get("/revision.json").get_json()["revision"]]
    for change in (story.put_column, story.put_mark, lambda: story.order("close-period", period="gp-q2")):
        change()
        seen.append(story.client.get("/revision.json").get_json()["revision"])

    assert len(set(seen)) == 4
    assert f'data-revision="{seen[-1]}"' in read(story)


def test_the_office_closes_and_opens_a_period(story: Story) -> None:
    story.put_column()
    assert story.client.post("/office/period", data={"period": "gp-q2"}).status_code == 303
    assert "Quarter 2, closed" in read(story)
    assert story.put_mark().status_code == 409

    story.client.post("/office/period", data={"period": "gp-q2"})
    assert story.put_mark().status_code == 201


def test_the_office_renames_types_and_deletes(story: Story) -> None:
    story.put_column()
    story.client.post("/office/category", data={"category": HOMEWORK, "title": "Home work"})
    story.client.post("/office/score", data={"column": COLUMN, "student": BEN, "score": "12,5"})

    assert story.columns()["Fractions check 4"]["category"] == "Home work"
    assert (story.mark()["score"], story.mark()["typed_by_hand"]) == (12.5, True)
    assert story.put_mark(score=3).status_code == 201
    assert (story.mark()["score"], story.mark()["typed_by_hand"]) == (3, False)
    story.client.post("/office/column", data={"column": COLUMN})
    assert story.columns() == {}


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [
        ("score", {"column": COLUMN, "student": BEN, "score": "A+"}, 400),
        ("score", {"column": "x", "student": BEN, "score": "1"}, 404),
        ("category", {"category": HOMEWORK, "title": " "}, 400),
        ("category", {"category": "x", "title": "y"}, 404),
        ("column", {"column": "x"}, 404),
        ("period", {"period": "x"}, 404),
    ],
)
def test_what_makes_no_sense_changes_nothing(story: Story, path: str, data: dict[str, str], status: int) -> None:
    story.put_column()
    before = story.look("gradebook")

    assert story.client.post(f"/office/{path}", data=data).status_code == status
    assert story.look("gradebook") == before


def test_the_mood_is_turned_by_a_button_and_seen_on_every_page(story: Story) -> None:
    data = {"mood": "busy429", "for_requests": "3", "target": "writes"}

    assert story.client.post("/moods", data=data).status_code == 303
    assert "Mood: Too busy" in read(story)
    assert "3 more requests" in read(story, "/moods")
    story.put_column()
    assert f"PUT /ims/oneroster/gradebook/v1p2/lineItems/{COLUMN}" in read(story, "/moods")
    assert story.client.post("/moods", data={"mood": "angry"}).status_code == 400


def test_pages_hold_no_inline_script_or_style_and_keep_others_out(story: Story) -> None:
    story.put_column()
    for path in ("/", "/office", "/moods"):
        answer = story.client.get(path)
        page = answer.get_data(as_text=True)
        assert " style=" not in page
        assert not re.search(r"<script(?![^>]*\bsrc=)", page)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert story.client.post("/control/reset", headers={"Sec-Fetch-Site": "cross-site"}, json={}).status_code == 403
    assert story.client.get("/", base_url="http://rebound.example").status_code == 400
    for name in ("demo.css", "gradebook.js"):
        with story.client.get(f"/static/{name}") as sheet:
            assert sheet.status_code == 200


# ── control ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_connection_is_all_an_operator_needs(tell: Callable[..., Story]) -> None:
    told = tell(title_limit=30, needs_vendor_header=True).look("connection.json")

    assert told["gradebook_url"] == f"{SIS_URL}/ims/oneroster/gradebook/v1p2"
    assert (told["token_url"], told["client_id"], told["secret"]) == (f"{SIS_URL}/token", "passback", "demo-sis-secret")
    assert (told["version"], told["auth"], told["time_zone"]) == ("1.2", "oauth2", "America/Chicago")
    assert (told["vendor_header"], told["profile"]["vendor_header"]) == (
        "passback:demo-sis-vendor-key",
        "x-vendor-authorization",
    )
    assert told["profile"]["title_limit"] == 30


def test_settings_are_turned_and_reset_brings_all_back(story: Story) -> None:
    story.order("settings", title_limit=5, granted_scopes=["roster.readonly"])
    assert (story.look("settings")["title_limit"], story.ask_token(("gradebook.readonly",)).status_code) == (5, 400)
    story.order("rename-category", category=HOMEWORK, title="Other")
    story.order("close-period", period="gp-q1")

    story.order("reset")
    assert story.look("settings")["title_limit"] is None
    school = story.look("school")
    assert school["categories"][HOMEWORK] == ["Homework", MATH]
    assert [one[3] for one in school["periods"].values()] == [False, False]


@pytest.mark.parametrize(
    ("path", "order"),
    [
        ("settings", {"colour": "blue"}),
        ("settings", {"version": "2.0"}),
        ("settings", {"page_size": 0}),
        ("close-period", {"period": "x"}),
        ("change-period", {"period": "gp-q1", "ends_on": "soon"}),
        ("rename-category", {"category": "x", "title": "y"}),
        ("enroll", {"class": MATH, "student": "x"}),
        ("enroll", {"class": "x", "student": BEN}),
        ("type-grade", {"column": "x", "student": BEN, "score": 1}),
        ("delete-column", {"column": "x"}),
        ("add-column", {"class": MATH, "title": "x", "category": HOMEWORK, "due_at": "soon"}),
        ("person", {"student": "new"}),
        ("reset", {"today": "soon"}),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(story: Story, path: str, order: dict[str, Any]) -> None:
    answer = story.client.post(f"/control/{path}", json=order)

    assert answer.status_code == 400
    assert answer.get_json()["error"]


def test_the_office_changes_the_school(story: Story) -> None:
    made = story.order("add-class", title="MATH 9 - Period 4", teacher="TCH-010", students=[BEN, CLEO])["class"]
    story.order("change-class", **{"class": made, "title": "MATH 9 - Period 6", "active": False})
    category = story.order("add-category", **{"class": made, "title": "Projects"})["category"]
    story.order("person", student=CLEO, email=None)
    story.order("person", student="stu-9", given_name="Noor", family_name="Aziz", email="noor@school.example")
    story.order("change-period", period="gp-q2", ends_on="2027-06-30")

    classes = story.get("roster", "/teachers/TCH-010/classes")["classes"]
    assert [(one["title"], one["status"]) for one in classes][1:] == [("MATH 9 - Period 6", "tobedeleted")]
    assert category in story.ids("book", f"/classes/{made}/categories")
    assert len(story.ids("book", f"/classes/{made}/categories")) == 4
    assert "email" not in story.get("roster", f"/users/{CLEO}")["user"]
    assert story.ids("roster", "/users?filter=email='noor@school.example'") == ["stu-9"]
    assert story.get("roster", "/gradingPeriods/gp-q2")["academicSession"]["endDate"] == "2027-06-30"


def test_a_hand_made_column_and_a_typed_grade_are_read_back(story: Story) -> None:
    made = story.order("add-column", **{"class": MATH, "title": "By hand", "category": HOMEWORK, "maximum": 10})
    story.order("type-grade", column=made["sourced_id"], student=BEN, score=7)

    assert story.ids("book", "/lineItems") == [made["sourced_id"]]
    assert story.get("book", "/results")["results"][0]["score"] == 7
    assert story.columns()["By hand"]["made_by_hand"] is True
    story.order("type-grade", column=made["sourced_id"], student=BEN, score=None)
    assert story.ids("book", "/results") == []


# ── the program ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "sis.example"])  # noqa: S104
def test_only_this_machine_is_served(host: str) -> None:
    with pytest.raises(NotLoopback):
        bind(host, 0)


def test_the_program_says_where_it_is_and_stops_when_told() -> None:
    command = [sys.executable, "-m", "tool.demo_sis", "--port", "0", "--version", "1.1", "--auth", "oauth1", "--lax"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        line = program.stdout.readline()
        assert re.fullmatch(r"demo SIS on http://127\.0\.0\.1:(\d+)\n", line)
        program.send_signal(signal.SIGTERM)
        assert program.wait(20) == 0
