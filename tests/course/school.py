"""Ada's courses of two terms: what opens in which, by which launch."""

from typing import Any

from sqlalchemy import select

from tests.cast import ADA, Someone
from tests.rows import ALL_SCOPES, ISSUER, arrive
from tool.course.arrivals import Arrival
from tool.course.copies import suggest
from tool.db import Database
from tool.model.work import Opening, Placement
from tool.registration.platforms import KnownPlatform

LAST, OTHER, THIS = "course-last-term", "course-of-another-teacher", "course-this-term"


class School:
    """Links of courses, on one platform."""

    def __init__(self, database: Database, platform: KnownPlatform) -> None:
        self.database, self.platform = database, platform

    def opens(self, course: str, link: str, someone: Someone = ADA, **told: Any) -> Arrival:
        """A launch of a link; `assignment`, `links` and `courses` are its custom parameters, `column` its column."""
        column, title = told.pop("column", f"/columns/{course}-{link}"), told.pop("title", "Fractions")
        names = {"assignment": "assignment", "links": "resource_link_id_history", "courses": "context_id_history"}
        custom = {names[name]: told.pop(name) for name in list(told) if name in names}
        gradebook = {"lineitem": column and ISSUER + column, "lineitems": f"{ISSUER}/columns", "scope": ALL_SCOPES}
        return arrive(
            self.database,
            self.platform,
            someone,
            context={"id": course, "title": course},
            resource_link={"id": link, "title": title},
            custom=custom or None,
            ags=gradebook,
            **told,
        )

    def placement(self, place: Arrival) -> Any:
        with self.database.reading() as connection:
            return connection.execute(select(Placement).where(Placement.id == place.placement_id)).one()

    def column_of(self, place: Arrival) -> str | None:
        url: str | None = self.placement(place).line_item_url
        return url

    def own_column(self, place: Arrival) -> str | None:
        mine = (Opening.placement_id == place.placement_id, Opening.member_id == place.member_id)
        with self.database.reading() as connection:
            return connection.execute(select(Opening.line_item_url).where(*mine)).scalar_one()

    def suggestion(self, place: Arrival) -> tuple[str, str] | None:
        with self.database.reading() as connection:
            return suggest(connection, place.placement_id or 0)
