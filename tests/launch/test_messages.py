"""A launch is routed by what it is for: a link, a choice, one student's work; anything else gets a polite page."""

from typing import Any

import pytest

from tests.cast import ADA, BEN
from tests.desk import Desk
from tests.rows import count_rows

REVIEW_OF_BEN: dict[str, Any] = {
    "message_type": "LtiSubmissionReviewRequest",
    "for_user": {"user_id": "ben"},
    "ags": None,
}


def test_a_kind_of_launch_nobody_knows_gets_a_polite_page(desk: Desk) -> None:
    before = count_rows(desk.database)

    refused = desk.launch(desk.browser(), ADA, message_type="LtiStartProctoring", resource_link=None)

    assert refused.status_code == 400
    assert "This kind of launch is not known here." in refused.text
    assert count_rows(desk.database) == before


def test_a_review_leads_a_teacher_to_the_work(desk: Desk) -> None:
    """Moodle's may come without a line item."""
    launched = desk.launch(desk.browser(), ADA, **REVIEW_OF_BEN)

    assert launched.status_code == 303
    assert launched.location.endswith("/review/ben")


def test_a_review_leads_a_student_to_their_own_work(desk: Desk) -> None:
    assert desk.launch(desk.browser(), BEN, **REVIEW_OF_BEN).location.endswith("/work")


@pytest.mark.parametrize("someone", [ADA, BEN])
def test_a_review_without_a_link_leads_to_the_course(desk: Desk, someone: Any) -> None:
    """Nothing says which work is meant."""
    launched = desk.launch(desk.browser(), someone, **REVIEW_OF_BEN, resource_link=None, custom=None)

    assert launched.location.endswith("/course")
    assert count_rows(desk.database)["placements"] == 0


def test_a_review_of_nobody_is_an_ordinary_visit(desk: Desk) -> None:
    launched = desk.launch(desk.browser(), ADA, **(REVIEW_OF_BEN | {"for_user": None}))

    assert launched.location.endswith("/overview")
