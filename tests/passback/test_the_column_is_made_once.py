"""A link without a gradebook column gets one, and never two, whoever sends first and whatever gets lost."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from tests.cast import BEN, Someone
from tests.passback.conftest import PostOffice
from tests.rows import arrive, attempts, count_rows, passback_of, wish_for
from tests.stage import wait_until
from tool.course.columns import find_or_make_column
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.settling import settle

COLUMN_MADE = "POST /columns"


def test_ten_first_scores_at_once_make_one_column(office: PostOffice) -> None:
    office.lms.before_column = lambda: time.sleep(0.1)
    for number in range(10):
        learner = Someone(f"learner-{number}", f"Learner {number}", BEN.course)
        place = arrive(office.database, office.platform, learner, ags=office.opens(None))
        wish_for(office.database, office.platform, place)

    def send_what_is_due() -> bool:
        rows = claim(office.database, office.platform.id, holder="sender", limit=10)
        settle(office.database, list(threads.map(office.deliver, rows)))
        return len(office.lms.scores) == 10

    with ThreadPoolExecutor(10) as threads:
        wait_until(send_what_is_due, 30)

    assert sum(line == COLUMN_MADE for line in office.lms.journal) == 1
    assert len({score["userId"] for score in office.lms.scores}) == 10


def test_a_column_whose_answer_was_lost_is_found_again(office: PostOffice) -> None:
    place = arrive(office.database, office.platform, BEN, ags=office.opens(None))
    wish_for(office.database, office.platform, place)
    office.lms.loses_column_answers = 1

    first = office.try_once()
    assert (first.outcome, first.state_after) == ("later", "due")
    time.sleep(max(0.0, (passback_of(office.database, place).next_try_at - first.finished_at).total_seconds()))

    assert office.try_once().outcome == "delivered"
    assert len(office.lms.columns) == 1
    assert passback_of(office.database, place).confirmed_line_item_url == office.lms.columns[0]["id"]


def test_who_finds_the_column_being_made_comes_back_without_an_attempt(office: PostOffice) -> None:
    place = arrive(office.database, office.platform, BEN, ags=office.opens(None))
    wish_for(office.database, office.platform, place)
    may_be_made = threading.Event()
    office.lms.before_column = lambda: may_be_made.wait(10)
    with ThreadPoolExecutor(1) as threads:
        maker = threads.submit(
            find_or_make_column, office.database, office.connect(office.platform.id), place.placement_id or 0
        )
        wait_until(lambda: COLUMN_MADE in office.lms.journal, 20)

        settlement = office.try_once()
        may_be_made.set()
        maker.result()

    assert (settlement.outcome, settlement.is_tried) == ("postponed", False)
    assert office.lms.scores == []
    assert attempts(office.database) == []
    row = passback_of(office.database, place)
    assert (row.state, row.tries, row.lease_holder) == ("due", 0, None)


def test_a_column_that_may_not_be_made_needs_a_person(office: PostOffice) -> None:
    place = arrive(office.database, office.platform, BEN, ags={"scope": office.opens()["scope"]})
    wish_for(office.database, office.platform, place)

    settlement = office.try_once()

    assert (settlement.outcome, settlement.reason, settlement.needs_person) == ("needs_person", "column_missing", True)
    assert count_rows(office.database)["attempts"] == 1
