"""A column that came with a link when it was chosen in the LMS is known again, though nobody says whose link it is."""

from typing import Any

from tests.cast import BEN
from tests.passback.conftest import PostOffice
from tests.rows import arrive, wish_for
from tool.course.arrivals import Arrival
from tool.course.columns import find_or_make_column

SECOND_LINK: dict[str, Any] = {"resource_link": {"id": "link-2"}}


def come(office: PostOffice, **changes: Any) -> Arrival:
    """Ben opens a link whose launch tells no column."""
    return arrive(office.database, office.platform, BEN, ags=office.opens(None), **changes)


def picked(office: PostOffice, **changes: Any) -> str:
    """A column as deep linking asks for it."""
    number = len(office.lms.columns) + 1
    column = {"id": f"{office.lms.url}/columns/{number}", "label": "Fractions", "scoreMaximum": 10}
    office.lms.columns.append(column | {"resourceId": "fractions", "tag": "fractions"} | changes)
    return str(column["id"])


def column_of(office: PostOffice, place: Arrival) -> str:
    return find_or_make_column(office.database, office.connect(office.platform.id), place.placement_id or 0)


def test_the_column_that_came_with_the_link_is_taken_and_none_is_made(office: PostOffice) -> None:
    """A93: its names are ours, so that it is known again."""
    ours = picked(office)
    place = come(office)
    wish_for(office.database, office.platform, place)

    assert office.try_once().outcome == "delivered"
    assert [column["id"] for column in office.lms.columns] == [ours]


def test_a_column_with_a_link_of_its_own_stays_that_links(office: PostOffice) -> None:
    other = picked(office, resourceLinkId="link-of-somebody")

    assert column_of(office, come(office)) != other


def test_of_two_nobody_knows_which(office: PostOffice) -> None:
    two = {picked(office), picked(office)}

    assert column_of(office, come(office)) not in two


def test_where_two_links_open_the_assignment_it_could_be_the_other_ones(office: PostOffice) -> None:
    ours = picked(office)
    first, second = come(office), come(office, **SECOND_LINK)

    assert ours not in {column_of(office, first), column_of(office, second)}
    assert len({column["id"] for column in office.lms.columns}) == 3
