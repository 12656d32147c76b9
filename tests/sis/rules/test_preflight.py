"""What would go wrong is found before a request leaves: a table, one row for each cause."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.sis.rules.fractions import (
    ASSIGNED,
    BEN,
    CLEO,
    DUE,
    FRACTIONS,
    NOW,
    OLD,
    QUARTER_1,
    QUARTER_2,
    WORK,
    ben,
    column,
    connection,
    profile,
    section,
    work,
)
from tool.sis.plain import Enrolled, Profile
from tool.sis.rules.dates import Due
from tool.sis.rules.facts import Association, KnownPeriod
from tool.sis.rules.preflight import check

stops, warns = True, False
EARLIER = NOW - timedelta(days=2)
GONE = Enrolled("stu-904", "Carter, Ben", "ben@school.example", is_active=False)
MOVED = replace(GONE, is_active=True, ends_on=date(2026, 11, 1))
ACHIEVED = Association("cat-hw", "Homework", "term-1", EARLIER)
CLOSED = section(periods=(KnownPeriod(QUARTER_1), KnownPeriod(QUARTER_2, EARLIER)))
ZERO_AND_EXEMPT = {"profile": OLD} | work(is_excused=True)
EMAIL = profile(needs_email=True)
UNDONE = replace(WORK, score=None, is_submitted=False, is_past_due=False)
IN_WORK = ben(work=UNDONE)
AHEAD = {"due": Due(NOW + timedelta(days=3), "set")}
NOBODY_DID_ANYTHING = AHEAD | {
    "students": (replace(BEN, work=UNDONE), replace(CLEO, work=UNDONE)),
}


def at(year: int, month: int, day: int, hour: int, minute: int = 0, second: int = 0) -> Due:
    return Due(datetime(year, month, day, hour, minute, second, tzinfo=UTC), "set")


# fmt: off
# the code of the row, what is otherwise, its level, whether it stops, and what its text is about
TABLE: list[tuple[str, dict[str, Any], str, bool, dict[str, str]]] = [
    ("category.none",       {"association": None, "category": "Quizzes"},              "item", stops,
     {"category": "Quizzes", "available": "Homework, Tests"}),
    ("category.none",       {"association": Association(None, None, "term-1")},        "item", stops, {}),
    ("category.unknown",    {"association": Association("cat-old", "Old", "term-1")},  "item", stops,
     {"chosen": "Old", "available": "Homework, Tests"}),
    ("category.stale_term", section(present_for="term-2"),                             "item", stops,
     {"chosen": "Homework"}),
    ("category.stale_term", section(categories=()),                                    "item", stops,
     {"available": ""}),
    ("category.stale_term", {"association": Association("cat-hw", "Homework", "term-0")}, "item", stops, {}),
    ("category.teacher",    {"last_refusal": "category.teacher", "refused_at": NOW},   "item", warns, {}),
    ("due.missing",         {"due": None},                                             "item", stops, {}),
    ("due.before_assigned", {"due": Due(ASSIGNED - timedelta(seconds=1), "set")},      "item", stops,
     {"due": "2026-11-09 07:59", "assigned": "2026-11-09 08:00"}),
    ("due.outside_period",  {"due": at(2027, 1, 20, 12)},                              "item", stops,
     {"due": "2027-01-20 05:00", "nearest": "2027-01-15 23:59",
      "periods": "Q1 (2026-08-20 – 2026-10-30), Q2 (2026-10-31 – 2027-01-15)"}),
    ("due.outside_period",  {"due": at(2027, 1, 20, 12)} | profile(period_rule="warn"), "item", warns, {}),
    ("due.outside_period",  section(periods=()) | {"profile": OLD},                    "item", stops, {"periods": ""}),
    ("due.many",            {"different_due_dates": 3},                                "item", warns, {"dates": "3"}),
    ("due.inferred",        {"due": Due(DUE, "inferred")},                             "item", warns,
     {"due": "2026-11-16 23:59"}),
    ("period.closed",       CLOSED,                                                    "item", stops,
     {"period": "Q2 (2026-10-31 – 2027-01-15)"}),
    ("period.over",         {"due": at(2026, 10, 30, 12), "assigned_at": None},        "item", warns,
     {"period": "Q1 (2026-08-20 – 2026-10-30)"}),
    ("title.long",          {"title": "Adding, subtracting and comparing fractions of unlike parts"}, "item", stops,
     {"limit": "50", "length": "59", "proposed": "Adding, subtracting and comparing fractions of"}),
    ("title.cut",           {"sis_title": "Fractions"},                                "item", warns,
     {"title": "Fractions", "original": "Fractions check 4"}),
    ("title.duplicate",     {"other_titles": ("fractions  CHECK 4",)},                 "item", stops, {}),
    ("title.duplicate",     {"foreign_columns": (column("li-1"), column("li-2"))},     "item", stops, {"columns": "2"}),
    ("title.empty",         {"title": "  "},                                           "item", stops, {}),
    ("title.empty",         {"sis_title": ""},                                         "item", stops, {}),
    ("item.manual_twin",    {"foreign_columns": (column("li-1"),)},                    "item", stops,
     {"column": "li-1"}),
    ("points.fraction",     {"points": Decimal("10.5")},                               "item", stops,
     {"points": "10.5"}),
    ("points.none",         {"points": Decimal(0)},                                    "item", stops, {}),
    ("points.none",         {"points": None},                                          "item", stops, {}),
    ("score.not_numeric",   {"is_points_based": False},                                "item", stops, {}),
    ("score.not_numeric",   {"last_refusal": "score.not_numeric"},                     "item", warns, {}),
    ("unpublished",         {"is_published": False},                                   "item", stops, {}),
    ("nothing_yet",         NOBODY_DID_ANYTHING,                                       "item", stops,
     {"graded": "0", "students": "2", "due": "2026-11-22 23:05"}),
    ("nothing_yet",         AHEAD | IN_WORK,                                           "item", warns, {"graded": "1"}),
    ("nothing_yet",         NOBODY_DID_ANYTHING | {"due": Due(NOW, "set")},            "item", stops, {}),
    ("nothing_new",         {"has_changes": False},                                    "item", warns, {}),
    ("term.disabled",       {"disabled_for": "gp-gone", "syncs": False},               "item", stops,
     {"period": "gp-gone"}),
    ("opted_out",           {"syncs": False},                                          "item", stops, {}),
    ("term.disabled",       {"disabled_for": "gp-q1", "syncs": False},                 "item", stops, {"period": "Q1"}),
    ("score.range",         profile(allows_above_maximum=False) | work(score=Decimal(22)), "student", stops,
     {"student": "Ben Carter", "score": "22", "maximum": "20"}),
    ("score.range",         work(score=Decimal(-1)),                                   "student", stops, {}),
    ("score.range",         work(score=Decimal(22)),                                   "student", warns, {}),
    ("score.range",         profile(allows_above_maximum=False) | work(score=Decimal(22), above_maximum="cap"),
     "student", warns, {}),
    ("score.entry_point",   work(score=None),                                          "student", stops, {}),
    ("score.entry_point",   work(score=Decimal("NaN")),                                "student", stops, {}),
    ("score.exempt",        ZERO_AND_EXEMPT,                                           "student", warns, {}),
    ("score.exempt",        profile(exempt="skip") | work(is_excused=True),            "student", stops, {}),
    ("student.unmatched",   ben(student_id=None, rule="nobody", enrolled=None),        "student", stops,
     {"student": "Ben Carter"}),
    ("student.ambiguous",   ben(student_id=None, rule="ambiguous", candidates=("a", "b")), "student", stops,
     {"candidates": "2"}),
    ("student.changed",     ben(suspended="email"),                                    "student", stops, {}),
    ("student.not_in_class", ben(enrolled=None),                                       "student", stops, {}),
    ("student.not_in_class", ben(enrolled=GONE),                                       "student", stops, {}),
    ("student.not_in_class", ben(enrolled=replace(MOVED, ends_on=date(2026, 11, 16))), "student", stops, {}),
    ("student.not_in_class", ben(enrolled=MOVED),                                      "student", stops, {}),
    ("student.not_in_class", ben(enrolled=replace(MOVED, ends_on=None, begins_on=date(2026, 12, 1))), "student", stops,
     {}),
    ("privacy.email",       EMAIL | ben(enrolled=Enrolled("stu-904", "Carter, Ben", " ")), "student", stops, {}),
    ("overwritten",         ben(sent_score=Decimal("17.5"), read_score=Decimal(19)),   "student", warns,
     {"theirs": "19"}),
    ("class.unlinked",      section(is_linked=False),                                  "section", stops, {}),
    ("class.inactive",      section(is_class_active=False),                            "section", stops, {}),
    ("class.not_teacher",   section(teacher_id=None),                                  "section", warns, {}),
    ("class.not_teacher",   {"last_refusal": "class.not_teacher"},                     "section", warns, {}),
    ("section.unread",      section(read_at=None),                                     "section", stops, {}),
    ("section.unread",      section(read_failure="timeout"),                           "section", warns, {}),
    ("privacy.anonymous",   section(lms_names_people=False),                           "section", warns, {}),
    ("double_road",         section(lms_syncs=True),                                   "section", stops, {}),
    ("double_road",         connection(lms_syncs=True),                                "connection", stops, {}),
    ("connection.off",      connection(is_enabled=False),                              "connection", stops, {}),
    ("connection.off",      connection(is_removed=True),                               "connection", stops, {}),
    ("auth.vendor",         profile(vendor_header="x-vendor-authorization"),           "connection", stops,
     {"header": "x-vendor-authorization"}),
    ("auth.vendor",         connection(test_failures={"auth.vendor": "401"}),          "connection", stops, {}),
    ("auth.expired",        connection(secret_expires_on=date(2026, 11, 19)),          "connection", stops,
     {"expires": "2026-11-19"}),
    ("auth.expired",        connection(test_failures={"auth.expired": ""}),            "connection", stops, {}),
    ("auth.expires_soon",   connection(secret_expires_on=date(2026, 12, 19)),          "connection", warns,
     {"expires": "2026-12-19"}),
    ("auth.scope",          connection(test_failures={"auth.scope": "gradebook.createput"}), "connection", stops,
     {"detail": "gradebook.createput"}),
    ("sis.route",           connection(test_failures={"sis.route": "/ims/oneroster"}), "connection", stops,
     {"detail": "/ims/oneroster"}),
]
# what is otherwise although all is well
WELL: dict[str, dict[str, Any]] = {
    "nothing": {},
    "another category is chosen since it was refused": {
        "association": ACHIEVED, "last_refusal": "category.teacher", "refused_at": EARLIER - timedelta(seconds=1),
    },
    "due at the very moment it was assigned": {"due": Due(ASSIGNED, "set")},
    "due in the last second of a period": {"due": at(2027, 1, 16, 6, 59, 59)},
    "due in the first second of a period": {"due": at(2026, 10, 31, 6), "assigned_at": None},
    "the SIS tells no periods, and 1.2 needs none": section(periods=()),
    "due tomorrow, and all is graded": AHEAD,
    "due tomorrow, and all but one who left are graded": AHEAD | ben(has_left=True, work=UNDONE),
    "a name just short enough": {"title": "x" * 50},
    "no limit at all": {"title": "x" * 200} | profile(title_limit=None),
    "another column has the name, and ours is known": {"line_item_id": "li-9", "foreign_columns": (column(),)},
    "the column is adopted": {"is_adopted": True, "line_item_id": "li-1", "foreign_columns": (column(),)},
    "a deleted column had the name": {"foreign_columns": (column(is_active=False),)},
    "a column of another name": {"foreign_columns": (column(title="Fractions check"),)},
    "points with a fraction where they may": {"points": Decimal("10.5")} | profile(whole_points=False),
    "whole points written with zeros": {"points": Decimal("20.00")},
    "a score with a fraction": work(score=Decimal("17.25")),
    "all the points, and no extra credit": profile(allows_above_maximum=False) | work(score=Decimal(20)),
    "above the maximum, left out by Ada's word":
        profile(allows_above_maximum=False) | work(score=Decimal(22), above_maximum="skip"),
    "excused, and the SIS can show it": work(is_excused=True, score=None),
    "handed in, waits for Ada": work(score=None, needs_grading=True),
    "not handed in": work(score=None, is_submitted=False),
    "who left the course and the class": ben(has_left=True, enrolled=None),
    "left out by Ada": ben(rule="left_out", student_id=None, enrolled=None),
    "pinned, though somebody changed it": ben(is_pinned=True, sent_score=Decimal(1), read_score=Decimal(2)),
    "read back as it was sent": ben(sent_score=Decimal("17.5"), read_score=Decimal("17.50")),
    "left the class after the due date": ben(enrolled=replace(MOVED, ends_on=date(2026, 11, 17))),
    "the last day of the enrolment is the first that does not count":
        ben(enrolled=replace(MOVED, ends_on=date(2026, 11, 20))),
    "began today": ben(enrolled=replace(MOVED, begins_on=date(2026, 11, 19), ends_on=None)),
    "no e-mail where none is needed": ben(enrolled=Enrolled("stu-904", "Carter, Ben", None)),
    "unmatched under 1.1, with nothing to send":
        {"profile": OLD} | ben(student_id=None, rule="nobody", work=replace(WORK, score=None, is_submitted=False)),
    "a vendor's header that is stored":
        profile(vendor_header="x-vendor-authorization") | connection(has_vendor_header=True),
    "a secret good for 31 days": connection(secret_expires_on=date(2026, 12, 20)),
    "a secret without a known end": connection(secret_expires_on=None),
    "counted as nothing in the grade: the night's business": {"counts_in_grade": False},
}
# fmt: on


@pytest.mark.parametrize(("code", "changes", "level", "blocks", "about"), TABLE)
def test_it_is_found(code: str, changes: dict[str, Any], level: str, blocks: bool, about: dict[str, str]) -> None:
    found = check(replace(FRACTIONS, **changes))

    assert [(one.code, one.level, one.blocks) for one in found] == [(code, level, blocks)]
    assert found[0].member_id == (BEN.member_id if level == "student" else None)
    assert about.items() <= found[0].about.items()
    assert found[0].about["sis"] == "Infinite Campus"


@pytest.mark.parametrize("changes", WELL.values(), ids=list(WELL))
def test_nothing_is_found_when_all_is_well(changes: dict[str, Any]) -> None:
    assert check(replace(FRACTIONS, **changes)) == []


ROWS_TO_BE_FOUND = {
    *("category.none", "category.unknown", "category.stale_term", "due.missing", "due.before_assigned"),
    *("due.outside_period", "due.many", "title.long", "title.duplicate", "title.empty", "points.fraction"),
    *("points.none", "score.range", "score.entry_point", "score.exempt", "student.unmatched", "student.not_in_class"),
    *("student.ambiguous", "class.unlinked", "item.manual_twin", "auth.vendor", "auth.expired", "auth.scope"),
    *("sis.route", "privacy.email", "unpublished", "nothing_yet", "double_road"),
    *("category.teacher", "period.closed", "score.not_numeric", "class.not_teacher"),
}


def test_the_table_has_every_cause_that_can_be_known_before() -> None:
    assert {row[0] for row in TABLE} >= ROWS_TO_BE_FOUND


def test_several_things_are_found_at_once_the_widest_first_and_privacy_before_all() -> None:
    facts = replace(
        FRACTIONS,
        title=" ",
        due=None,
        **connection(lms_syncs=True),
        **section(teacher_id=None, lms_names_people=False),
        **ben(student_id=None, rule="nobody"),
    )

    assert [one.code for one in check(facts)] == [
        *("privacy.anonymous", "double_road", "class.not_teacher", "title.empty", "due.missing", "student.unmatched")
    ]


def test_of_what_nobody_wants_there_nothing_more_is_said() -> None:
    assert [one.code for one in check(replace(FRACTIONS, syncs=False, due=None, title=""))] == ["opted_out"]
    assert [one.code for one in check(replace(FRACTIONS, due=None, **section(is_linked=False)))] == ["class.unlinked"]


def test_the_offered_date_is_open_and_not_before_the_item_was_given_out() -> None:
    far = replace(FRACTIONS, due=at(2026, 8, 1, 12), assigned_at=datetime(2026, 12, 1, tzinfo=UTC))
    closed = replace(far, **section(periods=(KnownPeriod(QUARTER_1), KnownPeriod(QUARTER_2, EARLIER))))

    assert {one.code: one.about.get("nearest") for one in check(far)} == {
        "due.before_assigned": None,
        "due.outside_period": "2026-11-30 23:59",
    }
    assert check(closed)[-1].about["nearest"] == ""
    after = replace(
        far, assigned_at=datetime(2026, 10, 31, 6, tzinfo=UTC), **section(periods=(KnownPeriod(QUARTER_1),))
    )
    assert check(after)[-1].about["nearest"] == ""


def test_no_secret_stands_in_a_finding() -> None:
    facts = replace(FRACTIONS, profile=Profile("aspire", "Aspire"), students=(BEN,), due=None)

    assert "ben@school.example" not in repr(check(facts))
