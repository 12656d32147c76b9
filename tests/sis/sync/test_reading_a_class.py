"""What the SIS has of a class is read whole and kept whole, or nothing of it changes."""

import pytest

from tests.sis.sync.bench import BENS, CLEOS, Bench
from tool.lti.errors import ServiceError
from tool.model.sis import SisCategory, SisMatch, SisPeriod, SisSection, SisStudent
from tool.sis.sync.turns import read_class


def known(bench: Bench) -> tuple[int, ...]:
    with bench.database.reading() as connection:
        return tuple(len(connection.execute(t.__table__.select()).all()) for t in (SisPeriod, SisCategory, SisStudent))


def read(bench: Bench) -> None:
    read_class(bench.database, bench.open_client, bench.section_id)


def test_periods_categories_and_students_are_kept_and_the_learners_matched(bench: Bench) -> None:
    assert known(bench) == (2, 3, 12)
    matched = {row.member_id: (row.student_id, row.rule) for row in bench.rows(SisMatch)}
    assert matched == {bench.ben.member_id: (BENS, "sis_id"), bench.cleo.member_id: (CLEOS, "email")}


def test_a_reading_that_breaks_off_changes_nothing_but_says_so(bench: Bench) -> None:
    [before] = bench.rows(SisSection)
    bench.sis.school.rename_category("cat-quiz-2201", None)
    bench.set_mood("error500", target="rostering", after_requests=4)
    with pytest.raises(ServiceError) as failed:
        read(bench)

    assert (failed.value.kind, failed.value.reason) == ("later", "sis.internal")
    assert known(bench) == (2, 3, 12)
    [section] = bench.rows(SisSection)
    assert (section.read_at, section.read_failure) == (before.read_at, "sis.internal")
    bench.set_mood("fine")
    read(bench)
    assert known(bench) == (2, 2, 12)
    assert bench.rows(SisSection)[0].read_failure is None


def test_what_was_learned_of_a_period_stays_with_its_days(bench: Bench) -> None:
    bench.change(SisPeriod, closed_at=Bench.past(), reminded_at=Bench.past())
    read(bench)

    assert all(one.closed_at and one.reminded_at for one in bench.rows_of_periods())


def test_a_class_that_is_no_longer_there_is_inactive_and_gets_nothing(bench: Bench) -> None:
    bench.hand_in()
    with bench.sis.school.lock:
        bench.sis.school.classes = {}
    bench.forget_reading()
    run = bench.sync()

    assert (run.status, run.code) == ("failed", "class.inactive")
    assert bench.asked() == []
    assert known(bench) == (2, 3, 12), "who was in it is still known"


def test_refused_credentials_are_not_tried_again_and_again(bench: Bench) -> None:
    bench.set_mood("refuse401")
    with pytest.raises(ServiceError) as failed:
        read(bench)

    assert failed.value.kind == "needs_person"


def test_a_class_whose_grades_the_lms_sends_is_not_asked_for(bench: Bench) -> None:
    bench.change(SisSection, lms_syncs=True)
    bench.sis.journal.clear()
    read(bench)

    assert bench.sis.journal.read() == []
