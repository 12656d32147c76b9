"""A column that somebody deleted in the SIS: it comes back by a teacher's word only, and then with every score."""

from decimal import Decimal

from tests.sis.linking.school_beside import MATH
from tests.sis.sync.bench import BENS, CLEOS, Bench
from tool.demo_sis.records import Column
from tool.sis.sync.items import forget, set_title


def lose(bench: Bench) -> Column:
    """Sent once, deleted there, and noticed by the next run, which has one of two scores to send."""
    bench.hand_in()
    bench.sync()
    [column] = bench.sis.book.columns(MATH)
    bench.sis.book.remove_column(column.sourced_id)
    bench.override(bench.ben, 3)
    bench.sync()
    assert (bench.view().status, bench.view().code) == ("error", "item.lost")
    bench.sis.journal.clear()
    return column


def test_it_is_not_tried_again_and_again(bench: Bench) -> None:
    lose(bench)
    ended = bench.sync()

    assert bench.asked() == []
    assert bench.lines(ended.id) == [("item", "failed", "item.lost")]
    assert (bench.view().status, bench.view().code) == ("error", "item.lost")


def test_another_name_is_no_word_about_it(bench: Bench) -> None:
    """Or the column came back by the way, with the one score that had changed."""
    lose(bench)
    with bench.database.writing() as connection:
        set_title(connection, bench.actor, bench.placement_id, "Fractions I")
    bench.sync()
    assert bench.columns() == {}

    with bench.database.writing() as connection:
        forget(connection, bench.actor, bench.placement_id)
    bench.sync()
    assert bench.scores("Fractions I") == {BENS: Decimal(3), CLEOS: Decimal(10)}
    assert bench.view().status == "successful"


def test_what_the_office_brought_back_empty_gets_every_score_when_the_teacher_tries_again(bench: Bench) -> None:
    column = lose(bench)
    bench.sis.book.put_column(column)
    bench.sync("selected", placement_ids=[bench.placement_id])

    assert bench.scores() == {BENS: Decimal(3), CLEOS: Decimal(10)}
    assert bench.view().status == "successful"


def test_a_remaster_makes_not_even_the_only_column_anew(bench: Bench) -> None:
    bench.hand_in()
    bench.sync()
    [column] = bench.sis.book.columns(MATH)
    bench.sis.book.remove_column(column.sourced_id)
    ended = bench.sync("remaster")

    assert bench.columns() == {}
    assert bench.lines(ended.id) == [("item", "failed", "item.lost")]
