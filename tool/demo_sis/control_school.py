"""Addresses for tests, all JSON: what the office and a teacher change in the SIS itself."""

from dataclasses import replace
from datetime import timedelta
from secrets import token_hex

from flask import Blueprint, Response

from tool.demo_sis.body_checks import read_moment
from tool.demo_sis.gradebook import own_id
from tool.demo_sis.orders import BadOrder, Order, ordered, ordered_day, ordered_text, read_order, read_points
from tool.demo_sis.records import Category, Column, Enrolment, Mark, Person, SchoolClass, utc_now
from tool.demo_sis.replies import as_json
from tool.demo_sis.seed import TERM
from tool.demo_sis.sis import Sis, this_sis
from tool.demo_sis.tables import describe_column, describe_mark

school_control = Blueprint("school_control", __name__, url_prefix="/control")


@school_control.get("/school")
def show_school() -> Response:
    """Everybody and everything there is, by id."""
    school = this_sis().school
    periods = {one.sourced_id: one for one in school.sessions.values() if one.type == "gradingPeriod"}
    return as_json(
        {
            "classes": {one.sourced_id: one.title for one in school.classes.values()},
            "categories": {one.sourced_id: [one.title, one.class_id] for one in school.categories.values()},
            "people": {one.sourced_id: [one.name, one.role, one.email] for one in school.people.values()},
            "periods": {
                name: [one.title, one.starts_on.isoformat(), one.ends_on.isoformat(), name in school.closed_periods]
                for name, one in periods.items()
            },
            "enrolments": {one.sourced_id: one.is_active for one in school.enrolments.values()},
        }
    )


@school_control.post("/close-period")
def close_period() -> Response:
    """The office closes `period`; `open` true opens it again."""
    sis, order = this_sis(), read_order()
    period = ordered(order, "period", sis.school.sessions)
    sis.school.close_period(period.sourced_id, is_closed=order.get("open") is not True)
    return as_json({"closed": sorted(sis.school.closed_periods)})


@school_control.post("/change-period")
def change_period() -> Response:
    """`period` gets other days: `starts_on`, `ends_on` (the first day that is no longer in it)."""
    sis, order = this_sis(), read_order()
    period = ordered(order, "period", sis.school.sessions)
    starts_on = ordered_day(order, "starts_on", period.starts_on)
    ends_on = ordered_day(order, "ends_on", period.ends_on)
    sis.school.change_period(replace(period, starts_on=starts_on, ends_on=ends_on))
    days = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    return as_json({"period": period.sourced_id, **days})


@school_control.post("/rename-category")
def rename_category() -> Response:
    """`category` gets another `title`; null deletes it."""
    sis, order = this_sis(), read_order()
    category = ordered(order, "category", sis.school.categories)
    title = None if order.get("title") is None else ordered_text(order, "title")
    sis.school.rename_category(category.sourced_id, title)
    return as_json({"category": category.sourced_id, "title": title})


@school_control.post("/add-category")
def add_category() -> Response:
    sis, order = this_sis(), read_order()
    class_id = ordered(order, "class", sis.school.classes).sourced_id
    category = Category(f"cat-{token_hex(4)}", ordered_text(order, "title"), class_id)
    sis.school.add_category(category)
    return as_json({"category": category.sourced_id})


@school_control.post("/add-class")
def add_class() -> Response:
    """A class `title` of `teacher` with `students` (ids), in the semester unless `terms` says otherwise."""
    sis, order = this_sis(), read_order()
    people = [ordered(order, "teacher", sis.school.people)]
    people += [ordered({"student": one}, "student", sis.school.people) for one in order.get("students", ())]
    terms = tuple(order.get("terms", (TERM,)))
    class_id = f"class-{token_hex(3)}"
    sis.school.add_class(SchoolClass(class_id, ordered_text(order, "title"), "course-math-9", terms, "4"))
    for person in people:
        sis.school.enrol(_usual_enrolment(sis, person, class_id))
    return as_json({"class": class_id})


@school_control.post("/change-class")
def change_class() -> Response:
    """`class` gets another `title`, or with `active` false is over."""
    sis, order = this_sis(), read_order()
    found = ordered(order, "class", sis.school.classes)
    title, is_active = str(order.get("title") or found.title), bool(order.get("active", found.is_active))
    sis.school.add_class(replace(found, title=title, is_active=is_active))
    return as_json({"class": found.sourced_id, "title": title, "active": is_active})


@school_control.post("/enroll")
def enrol() -> Response:
    """`student` of `class`: from `begins_on` to before `ends_on`, or with `active` false no longer."""
    sis, order = this_sis(), read_order()
    person = ordered(order, "student", sis.school.people)
    usual = _usual_enrolment(sis, person, ordered(order, "class", sis.school.classes).sourced_id)
    enrolment = replace(
        usual,
        begins_on=ordered_day(order, "begins_on", usual.begins_on),
        ends_on=ordered_day(order, "ends_on", usual.ends_on),
        is_active=order.get("active", True) is True,
    )
    sis.school.enrol(enrolment)
    return as_json({"enrolment": enrolment.sourced_id, "active": enrolment.is_active})


@school_control.post("/person")
def change_person() -> Response:
    """`student` gets another `email` (null: none) or `identifier`; with `given_name` and `family_name`, a new one."""
    sis, order = this_sis(), read_order()
    found = sis.school.people.get(ordered_text(order, "student"))
    if found is None:
        names = ordered_text(order, "given_name"), ordered_text(order, "family_name")
        found = Person(ordered_text(order, "student"), *names, "student", None)
    changes = {name: order[name] for name in ("email", "identifier") if name in order}
    sis.school.add_person(replace(found, **changes))
    return as_json({"student": found.sourced_id} | changes)


@school_control.post("/add-column")
def add_column() -> Response:
    """A teacher makes a column by hand: `class`, `title`, `category`, `due_at`, `maximum` (20)."""
    sis, order = this_sis(), read_order()
    due_at = read_moment(order["due_at"]) if "due_at" in order else utc_now() + timedelta(days=7)
    if due_at is None:
        raise BadOrder("due_at is a date-time such as 2026-11-16T23:59:59.000Z")
    column = Column(
        sourced_id=own_id("hand"),
        supplied_id="",
        title=ordered_text(order, "title"),
        class_id=ordered(order, "class", sis.school.classes).sourced_id,
        category_id=ordered(order, "category", sis.school.categories).sourced_id,
        assigned_at=min(due_at, utc_now()),
        due_at=due_at,
        maximum=read_points(order.get("maximum", 20)),
        is_made_by_hand=True,
    )
    sis.book.put_column(column)
    return as_json(describe_column(sis, column))


@school_control.post("/delete-column")
def delete_column() -> Response:
    """A teacher deletes `column` in the SIS, with every score in it."""
    sis, order = this_sis(), read_order()
    column = _ordered_column(sis, order)
    sis.book.remove_column(column.sourced_id)
    return as_json({"deleted": column.sourced_id})


@school_control.post("/type-grade")
def type_grade() -> Response:
    """A teacher types `score` for `student` into `column`; null empties the cell."""
    sis, order = this_sis(), read_order()
    column = _ordered_column(sis, order)
    student = ordered(order, "student", sis.school.people).sourced_id
    before = sis.book.mark_in(column.sourced_id, student)
    if order.get("score") is None:
        if before is not None:
            sis.book.remove_mark(before)
        return as_json(None)
    fresh = Mark(own_id("hand"), "", column.sourced_id, student, "fully graded", sis.local_day())
    score = read_points(order["score"])
    sis.book.put_mark(replace(before or fresh, status="fully graded", score=score, is_typed_by_hand=True))
    mark = sis.book.mark_in(column.sourced_id, student)
    return as_json(mark and describe_mark(mark))


def _ordered_column(sis: Sis, order: Order) -> Column:
    return ordered(order, "column", {one.sourced_id: one for one in sis.book.columns()})


def _usual_enrolment(sis: Sis, person: Person, class_id: str) -> Enrolment:
    """As it stands, or for the whole semester."""
    term = sis.school.sessions[TERM]
    new = Enrolment(person.sourced_id, class_id, person.role, term.starts_on, term.ends_on)
    return sis.school.enrolments.get(new.sourced_id, new)
