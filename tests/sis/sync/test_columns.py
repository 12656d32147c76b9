"""Which column is an item's: found again, made, taken over, lost and made anew; and what it is called and due there."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import delete

from tests.sis.linking.school_beside import MATH, SCIENCE
from tests.sis.sync.bench import BASE_URL, BENS, CLEOS, Bench
from tool.clock import now
from tool.demo_sis.records import Column, Enrolment
from tool.model.sis_syncs import SisAct, SisItem, SisRunLine, SisScore
from tool.model.work import Assignment
from tool.sis.oneroster.ids import line_item_id, namespace_of
from tool.sis.plain import SisError
from tool.sis.sync import items
from tool.sis.sync.gathering import gather

CHICAGO = ZoneInfo("America/Chicago")


def column_by_hand(bench: Bench, title: str = "fractions") -> str:
    """Somebody made a column of our name in the SIS."""
    at = datetime.now(UTC)
    column = Column(
        sourced_id="hand-1",
        supplied_id="",
        title=title,
        class_id=MATH,
        category_id="cat-hw-2201",
        assigned_at=at,
        due_at=at + timedelta(days=5),
        maximum=Decimal(10),
        minimum=Decimal(0),
    )
    bench.sis.book.put_column(column)
    return "hand-1"


def test_ids_are_ours_and_the_same_for_ever(bench: Bench) -> None:
    bench.hand_in()
    bench.sync()
    namespace = namespace_of(BASE_URL, bench.connection_id)

    column = bench.columns()["Fractions"]
    assert column["sourced_id"] == line_item_id(namespace, MATH, "course-math link-1")
    assert [row.line_item_id for row in bench.rows(SisItem)] == [column["sourced_id"]]


def test_a_column_that_our_database_has_forgotten_is_known_by_its_id(bench: Bench) -> None:
    bench.hand_in(bench.ben)
    bench.sync()
    before = bench.picture()
    _forget_here(bench)
    ended = bench.sync()

    assert ended.status == "completed"
    assert bench.picture() == before


def test_the_ids_of_a_sis_that_gives_its_own_are_kept_and_used(open_bench: Callable[..., Bench]) -> None:
    bench = open_bench(ids="theirs", remembers_ids=False)
    bench.hand_in(bench.ben)
    bench.sync()
    column = bench.columns()["Fractions"]
    [row] = bench.rows(SisItem)
    assert row.line_item_id == column["sourced_id"] != column["supplied_id"]
    bench.override(bench.ben, 4)
    items_title(bench, "Fractions 1")
    bench.sync()

    assert list(bench.columns()) == ["Fractions 1"]
    assert bench.columns()["Fractions 1"]["sourced_id"] == column["sourced_id"]
    assert bench.scores("Fractions 1")[BENS] == Decimal(4)


def test_a_score_of_which_the_answer_was_lost_is_sent_under_the_id_that_it_got_there(
    open_bench: Callable[..., Bench],
) -> None:
    bench = open_bench(ids="theirs", remembers_ids=False)
    bench.hand_in()
    lost = [SisError("later", "timeout")]

    def lose_once() -> None:
        if lost:
            raise lost.pop()

    bench.watch("put_result", lose_once)
    bench.sync()
    [mark] = bench.columns()["Fractions"]["results"].values()
    bench.sis.journal.clear()
    bench.sync()

    assert mark["sourced_id"] in {path.rpartition("/")[2] for path in bench.asked()}
    assert set(bench.scores()) == {BENS, CLEOS}


def items_title(bench: Bench, title: str) -> None:
    with bench.database.writing() as connection:
        items.set_title(connection, bench.actor, bench.placement_id, title)


def test_a_column_made_by_hand_is_asked_about_and_taken_over_by_the_teachers_word(bench: Bench) -> None:
    bench.hand_in()
    by_hand = column_by_hand(bench)
    ended = bench.sync()

    assert bench.asked() == []
    assert ended.status == "with_errors"
    assert (bench.view().status, bench.view().code) == ("attention", "item.manual_twin")
    with bench.database.reading() as connection:
        [facts] = gather(connection, bench.section_id, [bench.placement_id], now())
    assert [one.sourced_id for one in facts.foreign_columns] == [by_hand], "the page knows which one without asking"

    with bench.database.writing() as connection:
        items.adopt(connection, bench.actor, bench.placement_id, by_hand)
    bench.sync()
    assert [column["sourced_id"] for column in bench.columns().values()] == [by_hand]
    assert bench.scores() == {BENS: Decimal(10), CLEOS: Decimal(10)}
    assert bench.rows(SisAct)[-1].kind == "adopted"


def test_another_name_leaves_the_column_made_by_hand_alone(bench: Bench) -> None:
    bench.hand_in()
    column_by_hand(bench)
    bench.sync()
    items_title(bench, "Fractions, week 4")
    assert bench.view().status == "not_yet", "nothing keeps it back any more"
    bench.sync()

    assert sorted(bench.columns()) == ["Fractions, week 4", "fractions"]
    assert bench.columns()["fractions"]["results"] == {}


def test_a_column_that_was_deleted_there_is_made_anew_only_by_the_teachers_word(bench: Bench) -> None:
    bench.hand_in(bench.ben)
    bench.sync()
    bench.sis.book.remove_column(bench.columns()["Fractions"]["sourced_id"])
    bench.hand_in(bench.cleo)
    ended = bench.sync()

    assert ended.status == "with_errors"
    assert (bench.view().status, bench.view().code) == ("error", "item.lost")
    assert bench.columns() == {}
    with bench.database.writing() as connection:
        items.forget(connection, bench.actor, bench.placement_id)
    bench.sync()
    assert bench.scores() == {BENS: Decimal(10), CLEOS: Decimal(10)}, "all its scores, not only the new one"
    assert bench.view().status == "successful"


def test_a_remaster_looks_for_vanished_columns(bench: Bench) -> None:
    bench.add_assignment()
    bench.hand_in()
    places = bench.add_assignment()
    bench.hand_in(places["ben"])
    bench.sync()
    bench.sis.book.remove_column(bench.columns()["Fractions"]["sourced_id"])
    bench.sync("remaster")

    assert list(bench.columns()) == ["Decimals"]
    assert (bench.view().status, bench.view().code) == ("error", "item.lost")


def test_the_column_of_another_item_of_ours_is_never_offered(open_bench: Callable[..., Bench]) -> None:
    bench = open_bench(ids="theirs")
    bench.hand_in(bench.ben)
    bench.sync()
    with bench.database.writing() as connection:
        items.set_syncs(connection, bench.actor, [bench.placement_id], syncs=False)
    places = bench.add_assignment(title="Fractions")
    bench.hand_in(places["cleo"])
    bench.sync()

    assert bench.view(places["ada"].placement_id).status == "successful"
    assert len(bench.sis.book.columns(MATH)) == 2


def test_an_inferred_due_date_is_shown_and_stays_after_the_first_send(bench: Bench) -> None:
    bench.hand_in(bench.ben)
    assigned = bench.rows(Assignment)[0].assigned_at
    wanted = (assigned.astimezone(CHICAGO).date() + timedelta(days=7)).isoformat()
    assert bench.view().due_source == "inferred"
    bench.sync()
    bench.change(Assignment, due_at=datetime.now(UTC) + timedelta(days=20))
    bench.hand_in(bench.cleo)
    bench.sync()

    due = datetime.fromisoformat(bench.columns()["Fractions"]["due_at"]).astimezone(CHICAGO)
    assert (due.date().isoformat(), f"{due:%H:%M:%S}") == (wanted, "23:59:59")
    assert (bench.view().due_source, bench.view().due_at) == ("inferred", due)


def test_the_teacher_sets_another_due_date_for_the_sis(bench: Bench) -> None:
    bench.hand_in(bench.ben)
    bench.sync()
    chosen = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    with bench.database.writing() as connection:
        items.set_due(connection, bench.actor, bench.placement_id, chosen)
    bench.sync()

    assert datetime.fromisoformat(bench.columns()["Fractions"]["due_at"]) == chosen
    assert bench.view().due_source == "set"


def test_a_due_date_outside_every_period_is_found_before_it_leaves(bench: Bench) -> None:
    bench.hand_in(bench.ben)
    bench.change(Assignment, due_at=datetime.now(UTC) + timedelta(days=200))
    ended = bench.sync()

    assert bench.asked() == []
    assert bench.lines(ended.id) == [("check", "blocked", "due.outside_period")]
    assert (bench.view().status, bench.view().code) == ("attention", "due.outside_period")


def test_a_course_with_two_classes_has_a_column_in_each_and_every_student_in_one(bench: Bench) -> None:
    bench.sis.school.enrol(_enrolled(bench, CLEOS, SCIENCE))
    bench.expel(CLEOS)
    bench.hand_in()
    science = bench.link(SCIENCE)
    bench.section_id = bench.link(MATH)
    bench.forget_reading()
    bench.sync()
    bench.section_id = science
    bench.sync()

    assert set(bench.scores()) == {BENS}
    assert bench.view().status == "successful", "nobody is missed who is in the other class"
    assert set(bench.columns(SCIENCE)["Fractions"]["results"]) == {CLEOS}
    ids = {bench.columns(one)["Fractions"]["sourced_id"] for one in (MATH, SCIENCE)}
    assert len(ids) == 2


def _enrolled(bench: Bench, student_id: str, class_id: str) -> Enrolment:
    mine = next(o for o in bench.sis.school.enrolments_of(MATH) if o.person_id == student_id)
    return Enrolment(student_id, class_id, mine.role, mine.begins_on, mine.ends_on)


def _forget_here(bench: Bench) -> None:
    with bench.database.writing() as connection:
        for table in (SisRunLine, SisScore, SisItem):
            connection.execute(delete(table))
