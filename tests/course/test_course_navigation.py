"""Canvas opens a tool from the course's menu with the course as its link: that is no assignment's place."""

from tests.cast import ADA
from tests.rows import arrive, count_rows, make_platform
from tool.db import Database

SAME = {"context": {"id": "4dde05e8ca1973bc"}, "resource_link": {"id": "4dde05e8ca1973bc"}}
SMALL = {"context": {"id": "7"}, "resource_link": {"id": "7"}}


def test_canvas_course_navigation_is_no_placement(database: Database) -> None:
    place = arrive(database, make_platform(database, family="canvas"), ADA, **SAME)

    assert place.placement_id is None
    rows = count_rows(database)
    assert (rows["courses"], rows["members"], rows["placements"], rows["openings"]) == (1, 1, 0, 0)


def test_small_numbers_that_happen_to_be_equal_are_one_on_moodle(database: Database) -> None:
    place = arrive(database, make_platform(database, family="moodle"), ADA, **SMALL)

    assert place.placement_id is not None
