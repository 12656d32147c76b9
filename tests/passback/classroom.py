"""Ada's class on an LMS that answers as a story tells it to: scores go over the wire, and she reads the page."""

import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update

from tests.cast import ADA, Someone
from tests.passback.conftest import PostOffice
from tests.rows import arrive, hand_in, make_platform, passback_of
from tests.web import Desk
from tool.course.arrivals import Arrival
from tool.course.roster import read_roster
from tool.lti.errors import ServiceError
from tool.model.passbacks import Passback, Run
from tool.model.people import Member
from tool.passback.reconcile import read_results_of
from tool.passback.runs.preparing import prepare


def words_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


@dataclass
class Classroom:
    """The office's LMS with Ada at the Grade Passback screen; `family` is how the LMS is registered."""

    office: PostOffice
    folder: Path
    family: str = "canvas"

    def __post_init__(self) -> None:
        issuer = self.office.lms.url
        self.office.platform = make_platform(self.office.database, issuer=issuer, host=issuer, family=self.family)
        self.ada = self.opens(ADA)
        self.screen = Desk(self.office.database, self.folder, self.ada)

    def opens(self, someone: Someone, place: str | None = "/columns/1", **changes: Any) -> Arrival:
        """Somebody opens a link, which has this column or none."""
        told: dict[str, Any] = {
            "ags": self.office.opens(place),
            "nrps": {"context_memberships_url": f"{self.office.lms.url}/members?rlid=link-1"},
        }
        return arrive(self.office.database, self.office.platform, someone, **(told | changes))

    def hands_in(self, someone: Someone, place: str | None = "/columns/1", **changes: Any) -> Arrival:
        """And does everything right."""
        arrival = self.opens(someone, place, **changes)
        hand_in(self.office.database, arrival)
        return arrival

    def lms_says(self, *answers: tuple[int, Any], times: int = 1) -> None:
        """To the next scores; a 401 is asked for twice, with a new token."""
        self.office.lms.next_answers.extend([*answers] * times)

    def sends(self, times: int = 1) -> None:
        for _ in range(times):
            self.office.try_once()

    def presses_send(self, *places: Arrival) -> None:
        """The button, and the errand behind it; what goes then waits for `sends`."""
        self.screen.post("grades/send", ("kind", "send"), *[("student", str(one.member_id)) for one in places])
        self.prepares()

    def prepares(self) -> None:
        """The errand behind the last button."""
        with self.office.database.reading() as connection:
            run_id = connection.execute(select(func.max(Run.id))).scalar_one()
        prepare(self.office.database, self.office.connect, run_id)

    def waiting(self) -> int:
        """Scores on their way."""
        due = select(func.count()).select_from(Passback).where(Passback.state == "due")
        with self.office.database.reading() as connection:
            return int(connection.execute(due).scalar_one())

    def reads_back(self, place: Arrival) -> None:
        read_results_of(self.office.database, self.office.connect, place.placement_id or 0)

    def reads_roster(self) -> str | None:
        """The reason it could not be read, if so."""
        try:
            read_roster(self.office.database, self.office.connect, self.ada.course_id)
        except ServiceError as error:
            return error.reason
        return None

    def is_on_roster(self, place: Arrival, **values: Any) -> None:
        """As a reading of the class list writes it down."""
        with self.office.database.writing() as connection:
            connection.execute(update(Member).where(Member.id == place.member_id).values(**values))

    def page(self) -> str:
        return words_of(self.screen.get("grades"))

    def row(self, place: Arrival) -> str:
        return self._row(self.screen.get("grades"), place)

    def panel(self, place: Arrival) -> str:
        """The words under a row whose trouble is opened, as far as the folded answer."""
        return words_of(self.panel_html(place))

    def panel_html(self, place: Arrival) -> str:
        text = self.screen.get(f"grades?open={place.member_id}&panel=error")
        return text.split(f'id="panel-{place.member_id}"', 1)[1].split("</tr>", 1)[0]

    def ticket(self, place: Arrival) -> str:
        return unescape(self.panel_html(place).split("<textarea", 1)[1].split(">", 1)[1].split("</textarea>", 1)[0])

    def passback(self, place: Arrival) -> Any:
        return passback_of(self.office.database, place)

    def _row(self, text: str, place: Arrival) -> str:
        return words_of("<tr " + text.split(f'id="student-{place.member_id}"', 1)[1].split("</tr>", 1)[0])
