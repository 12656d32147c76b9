"""Every way to fail has its words, for a tired teacher: what happened, why, who mends it, how, and what then."""

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any, get_args

import flask_babel
import pytest
from flask import Flask

from tests.sis.rules.fractions import FRACTIONS
from tests.sis.rules.test_preflight import TABLE, WELL
from tool.sis.remedies import Button, Trouble, Try, Who, find_remedy, tell, write_ticket
from tool.sis.remedies.connection import UNKNOWN
from tool.sis.remedies.finding import BY_CODE
from tool.sis.remedies.telling import UNSAID
from tool.sis.rules.matching import Rule
from tool.sis.rules.preflight import check
from tool.sis.words import ITEM_STATUSES, MATCH_RULES, STUDENT_REASONS, WHO, say_categories, say_student_reason

TEACHER, OFFICE, LMS_ADMIN, OPERATOR, NOBODY = "teacher", "office", "lms_admin", "operator", "nobody"
# fmt: off
# the known errors on the way to the SIS: who mends them, and by which button
CATALOGUE = {
    "category.none": (TEACHER, "categories"),       "category.unknown": (TEACHER, "categories"),
    "category.stale_term": (TEACHER, "categories"), "category.teacher": (TEACHER, "categories"),
    "due.missing": (TEACHER, "due"),                "due.before_assigned": (TEACHER, "due"),
    "due.outside_period": (TEACHER, "due"),         "due.many": (TEACHER, "due"),
    "period.closed": (OFFICE, "again"),             "title.long": (TEACHER, "title"),
    "title.duplicate": (TEACHER, "title"),          "title.empty": (TEACHER, "title"),
    "points.fraction": (TEACHER, "points"),         "points.none": (TEACHER, "points"),
    "score.not_numeric": (TEACHER, "again"),        "score.range": (TEACHER, "points"),
    "score.entry_point": (OPERATOR, "points"),      "score.exempt": (TEACHER, "none"),
    "student.unmatched": (TEACHER, "match"),        "student.not_in_class": (TEACHER, "refresh"),
    "student.ambiguous": (TEACHER, "match"),        "class.unlinked": (TEACHER, "link"),
    "class.not_teacher": (OFFICE, "refresh"),       "item.lost": (TEACHER, "forget"),
    "item.manual_twin": (TEACHER, "adopt"),         "item.uncategorized": (TEACHER, "none"),
    "item.deleted_here": (TEACHER, "none"),         "auth.vendor": (OPERATOR, "none"),
    "auth.expired": (OPERATOR, "none"),             "auth.scope": (OFFICE, "none"),
    "rate": (NOBODY, "none"),                       "timeout": (NOBODY, "again"),
    "sis.internal": (OFFICE, "again"),              "sis.route": (OPERATOR, "none"),
    "sis.validation": (OPERATOR, "again"),          "privacy.email": (OFFICE, "refresh"),
    "overwritten": (TEACHER, "opt_out"),            "unpublished": (TEACHER, "again"),
    "nothing_yet": (NOBODY, "none"),               "double_road": (TEACHER, "link"),
    "grades_frozen": (OFFICE, "none"),
}
# fmt: on


@pytest.fixture(autouse=True)
def _page() -> Iterator[None]:
    app = Flask(__name__)
    flask_babel.Babel(app)
    with app.test_request_context():
        yield


def test_the_41_known_errors_have_an_entry_each() -> None:
    assert len(CATALOGUE) == 41
    assert {code: (find_remedy(code).who, find_remedy(code).button) for code in CATALOGUE} == CATALOGUE


@pytest.mark.parametrize("code", sorted(BY_CODE))
def test_an_entry_is_whole_and_stays_so_without_any_value(code: str) -> None:
    told = tell(code)
    texts = (told.happened, told.why, told.fix, told.then, told.who)

    assert all(text.endswith(".") for text in texts[:4])
    assert all(text[0].isupper() or text[0] == "“" for text in texts)
    assert not any("%" in text or "  " in text for text in texts)
    assert told.button in get_args(Button)


@pytest.mark.parametrize("code", [None, "", "something.new"])
def test_what_nobody_foresaw_still_has_an_answer(code: str | None) -> None:
    assert find_remedy(code) is UNKNOWN
    assert tell(code, {"sis": "Aspire"}).happened == "Aspire did not take it."


def test_no_text_asks_for_a_value_that_nobody_gives() -> None:
    asked = {
        name
        for remedy in (*BY_CODE.values(), UNKNOWN)
        for field in fields(remedy)
        for name in re.findall(r"%\((\w+)\)s", str(getattr(remedy, field.name)))
    }

    assert asked <= UNSAID.keys()


FOUND = [(row[0], row[1]) for row in TABLE]


@pytest.mark.parametrize(("code", "changes"), FOUND)
def test_what_is_found_before_sending_has_words_with_its_own_values(code: str, changes: dict[str, Any]) -> None:
    (finding,) = check(replace(FRACTIONS, **changes))
    told = tell(finding.code, finding.about)
    remedy = find_remedy(code)

    assert remedy is not UNKNOWN
    told_texts = " ".join((told.happened, told.why, told.fix, told.then))
    raw = " ".join(str(text) for text in (remedy.happened, remedy.why, remedy.fix, remedy.then))
    for name in re.findall(r"%\((\w+)\)s", raw):
        value = finding.about.get(name, "")
        if value and name in ("sis", "class", "title", "student", "available", "proposed", "limit"):
            assert value in told_texts
    assert not re.search(r"\d{4}-\d\d-\d\d", told_texts), "a date as machines write it"


def test_a_date_is_written_for_its_reader() -> None:
    about = {"sis": "Infinite Campus", "class": "Math 9", "title": "Quiz 2026-11-16", "due": "2027-01-20 05:00"}

    told = tell("due.outside_period", about | {"periods": "Q2 (2026-10-31 – 2027-01-15)", "nearest": ""})

    assert told.happened == "The due date of “Quiz 2026-11-16” is in no open grading period."
    assert told.why == "It is due 20 Jan 2027, 05:00. The open periods of Math 9 are: Q2 (31 Oct 2026 – 15 Jan 2027)."
    assert told.fix == "Choose a due date within one of them. The nearest is: there is none."


def test_a_name_with_a_percent_sign_is_only_a_name() -> None:
    assert tell("due.missing", {"title": "100 %(sis)s"}).happened == "“100 %(sis)s” has no due date."


def test_all_statuses_rules_and_reasons_have_words() -> None:
    assert list(ITEM_STATUSES) == [
        *("not_yet", "queued", "successful", "noted", "error", "attention", "opted_out", "waiting", "term_closed")
    ]
    assert set(MATCH_RULES) == set(get_args(Rule))
    assert set(WHO) == set(get_args(Who))
    of_students = {row[0] for row in TABLE if row[2] == "student"}
    assert of_students <= STUDENT_REASONS.keys()
    assert say_student_reason("student.unmatched") == "not matched with a student of the SIS"
    assert say_student_reason("something.new") == say_student_reason(None) == "the SIS did not take it"
    assert "nothing" in WELL


@pytest.mark.parametrize(
    ("changed", "unassociated", "words"),
    [(0, 0, "Synchronized"), (1, 0, "1 Changed"), (0, 2, "2 Unassociated"), (1, 2, "1 Changed · 2 Unassociated")],
)
def test_how_categories_stand(changed: int, unassociated: int, words: str) -> None:
    assert say_categories(changed, unassociated) == words


TUESDAY = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
TROUBLE = Trouble(
    happened="Infinite Campus refused “Fractions check 4”, or a score of it.",
    code="sis.validation",
    sis="Infinite Campus",
    vendor="infinite_campus",
    version="1.2",
    gradebook_url="https://key:secret@sis.example/api/ims/oneroster/gradebook/v1p2?token=s3cret",
    class_title="Math 9, period 3",
    class_id="class-2201",
    school_id="school-12",
    term="Fall 2026",
    item_title="Fractions check 4",
    line_item_id="li-1",
    category="Homework",
    due_at=TUESDAY,
    page_url="https://passback.example/launches/abc/sis/58?ticket=t1cket#top",
    course_url="https://lms.example/courses/77",
    since=TUESDAY,
    succeeded_at=None,
    student_ids=("stu-904", "stu-905"),
    students=28,
    other_items=3,
    tries=(Try(TUESDAY, "score", "failed", "sis.validation", 422), Try(TUESDAY, "item", "sent", None, 201)),
    answer="student Ben Carter (ben@school.example) is not valid for LINE ITEM 17",
    personal=("Ben", "Carter", "Li", "B"),
)


def test_the_help_desk_gets_every_fact_its_template_asks_for() -> None:
    text = write_ticket(TROUBLE)

    for fact in (
        *("What is the problem?\nInfinite Campus refused", "[sis.validation]", "is not valid for LINE ITEM 17"),
        *("When did this issue begin?\n2026-11-17T09:00:00+00:00", "last successful sync: -"),
        *("Who is affected?\nclass: Math 9, period 3 (class-2201)", "school: school-12", "term: Fall 2026"),
        *("2 of 28 students: stu-904, stu-905", "other assignments of the class with the same error: 3"),
        *("page: https://passback.example/launches/abc/sis/58\n", "course: https://lms.example/courses/77"),
        *("gradebook service: sis.example/api/ims/oneroster/gradebook/v1p2", "line item: li-1", "category: Homework"),
        *("Troubleshooting done", "- 2026-11-17T09:00:00+00:00 score: 422 failed sis.validation"),
        *("- 2026-11-17T09:00:00+00:00 item: 201 sent", "Screenshot"),
    ):
        assert fact in text


def test_the_help_desk_gets_no_name_and_no_secret() -> None:
    text = write_ticket(TROUBLE)

    for secret in ("Ben", "Carter", "ben@school.example", "s3cret", "secret", "key:", "t1cket"):
        assert secret not in text


def test_a_ticket_of_what_was_never_sent_says_so_and_a_large_class_is_counted() -> None:
    ids = tuple(f"stu-{number}" for number in range(30))
    text = write_ticket(
        replace(TROUBLE, tries=(), answer=None, course_url=None, line_item_id=None, student_ids=ids, students=30)
    )

    assert "nothing was sent yet" in text
    assert "30 of 30 students: stu-0," in text
    assert "and 10 more" in text
    assert "stu-20" not in text
    assert "course: -" in text
