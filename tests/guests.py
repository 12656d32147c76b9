"""Somebody at the door: one visitor of each kind, with an open launch or without, in front of every route."""

from typing import Any

from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.cast import ADA, BEN, CLEO, DAN, Someone
from tests.conformance.records import link_records
from tests.desk import TOOL, Desk, cookies_set, launch_id
from tests.lti.paper_lms import INSTRUCTOR
from tests.operators import at_work, mark_of
from tests.rows import hand_in
from tool.access import FormSeal, digest, launch_cookie_name
from tool.assessment.making import Owner, copy_assignment
from tool.course.arrivals import Arrival
from tool.lti.roles import standing
from tool.model.base import Base
from tool.model.people import Course, Person
from tool.model.work import Opening, Submission

MENTOR = "http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor"
ELSEWHERE = "install-2"
"""The deployment of another customer, whose people and courses go by the very same ids."""
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
        answer = self.ask(rule, method, values, {"csrf": self.csrf} | fields)
        answer.close()
        return answer.status_code

    def ask(
        self, rule: Rule, method: str, values: dict[str, Any], form: Any = None, query: str = "", **told: Any
    ) -> TestResponse:
        """The answer of a route, its path filled in from `values`."""
        wanted = {name: values[name] for name in rule.arguments}
        with self.desk.app.test_request_context():
            path = self.desk.app.url_map.bind("tool.example").build(rule.endpoint, wanted)
        data = form if method == "POST" else None
        return self.browser.open(path + query, method=method, data=data, base_url=TOOL, **told)


class Office(Guest):
    """Grace, who looks after the installation: signed in, and without any launch."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, None)
        grace = at_work(desk)
        self.browser, self.csrf = grace.browser, mark_of(grace.get("/admin"))


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
            "another customer's teacher": Guest(desk, ADA, roles=[INSTRUCTOR], deployment_id=ELSEWHERE),
            "operator": Office(desk),
        }
        self.routes = [
            (rule, method)
            for rule in sorted(desk.app.url_map.iter_rules(), key=_in_the_order_of_visits)
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        ]
        self.pages_of_launches = [(rule, method) for rule, method in self.routes if "launch_id" in rule.arguments]

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
        others = {"platform_id": 1, "secret": "nobodys", "preset_key": "canvas", "subject": BEN.subject}
        others |= link_records(self.desk.database, opening.placement_id, opening.member_id, "Records")
        others |= {"vendor": "generic", "assignment_id": self._put_into_adas_library()}
        return ids | others | {"question_id": "half", "filename": "tool.css", "run_id": 1}

    def _put_into_adas_library(self) -> str:
        """An assignment of Ada's own, which stands in no course."""
        with self.desk.database.writing() as connection:
            ada = connection.execute(select(Person.id).where(Person.subject == ADA.subject)).scalar_one()
            customer_id = connection.execute(select(Course.customer_id).limit(1)).scalar_one()
            return copy_assignment(connection, Owner(customer_id, ada), "fractions", "Ada's own")


def _in_the_order_of_visits(rule: Rule) -> tuple[bool, str]:
    """Whoever signs out does so last."""
    return rule.endpoint == "admin.sign_out", rule.endpoint
