"""Somebody at the door: one visitor of each kind, with an open launch or without, in front of every route."""

from typing import Any

from sqlalchemy import select
from werkzeug.routing import Rule

from tests.cast import ADA, BEN, CLEO, DAN, Someone
from tests.desk import TOOL, Desk, cookies_set, launch_id
from tests.lti.paper_lms import INSTRUCTOR
from tests.rows import hand_in
from tool.access import ANYONE, TABLE, FormSeal, digest, launch_cookie_name
from tool.course.arrivals import Arrival
from tool.lti.roles import standing
from tool.model.base import Base
from tool.model.work import Opening, Submission

MENTOR = "http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor"
EVE = Someone("eve", "Eve Dunn", "course-science")


class Guest:
    """Somebody with an open launch: the browser, the launch, the mark of its forms."""

    def __init__(self, desk: Desk, someone: Someone | None, **changes: Any) -> None:
        self.desk, self.browser, self.launch_id, self.csrf = desk, desk.browser(), "", ""
        if someone is not None:
            launched = desk.launch(self.browser, someone, **changes)
            self.launch_id = launch_id(launched)
            secret = cookies_set(launched)[launch_cookie_name(self.launch_id)].split(";")[0].partition("=")[2]
            self.csrf = desk.app.extensions["passback"][FormSeal].seal(self.launch_id, digest(secret))

    def visit(self, rule: Rule, method: str, values: dict[str, Any], **fields: str) -> int:
        wanted = {name: values[name] for name in rule.arguments}
        with self.desk.app.test_request_context():
            path = self.desk.app.url_map.bind("tool.example").build(rule.endpoint, wanted, method=method)
        form = {"csrf": self.csrf} | fields if method == "POST" else None
        answer = self.browser.open(path, method=method, data=form, base_url=TOOL)
        answer.close()
        return answer.status_code


class House:
    """Ada's course with Ben's work in it, and one visitor of each kind."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.ada, self.ben = Guest(desk, ADA), Guest(desk, BEN)
        self.ids = self._hand_in_for_ben()
        self.guests = {
            "nobody": Guest(desk, None),
            "learner": self.ben,
            "teacher": self.ada,
            "other": Guest(desk, CLEO, roles=[MENTOR]),
            "another course's learner": Guest(desk, DAN),
            "another course's teacher": Guest(desk, EVE, roles=[INSTRUCTOR]),
        }
        self.routes = [
            (rule, method)
            for rule in sorted(desk.app.url_map.iter_rules(), key=lambda rule: rule.endpoint)
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        ]
        self.pages = [(rule, method) for rule, method in self.routes if TABLE.get(rule.endpoint) != ANYONE]

    def everything(self) -> dict[str, Any]:
        """All there is of the work and the ledger."""
        with self.desk.database.reading() as connection:
            return {table.name: connection.execute(select(table)).all() for table in Base.metadata.sorted_tables}

    def _hand_in_for_ben(self) -> dict[str, Any]:
        """What stands in paths: a value for each kind of argument, all of Ada's course."""
        with self.desk.database.reading() as connection:
            opening = connection.execute(select(Opening).order_by(Opening.id.desc())).first()
        assert opening is not None
        place = Arrival(0, opening.member_id, standing([]), opening.placement_id, "fractions")
        hand_in(self.desk.database, place)
        with self.desk.database.reading() as connection:
            submission_id = connection.execute(select(Submission.id)).scalar_one()
        ids = {"placement_id": opening.placement_id, "member_id": opening.member_id, "submission_id": submission_id}
        return ids | {"question_id": "half", "filename": "tool.css", "run_id": 1}
