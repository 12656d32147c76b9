"""A class of a hundred costs a hundred requests and one for the token."""

from concurrent.futures import ThreadPoolExecutor

from tests.passback.conftest import PostOffice
from tests.rows import make_class, wish_for_all
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.settling import settle


def test_a_hundred_scores_are_a_hundred_requests_and_a_token(office: PostOffice) -> None:
    wish_for_all(
        office.database, office.platform, make_class(office.database, office.platform, 100, ags=office.opens())
    )

    rows = claim(office.database, office.platform.id, holder="sender", limit=100)
    with ThreadPoolExecutor(10) as threads:
        settle(office.database, list(threads.map(office.deliver, rows)))

    assert len(office.lms.scores) == 100
    assert len(office.lms.journal) <= 101
