"""Premises with everything in them: Ada's course, Eve's beside it, another school's under the very same ids, an LMS
that asks to choose, a link without an assignment, an invitation, an operator."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.cast import ADA, BEN, CLEO, DAN
from tests.conformance.records import link_records
from tests.desk import Desk
from tests.guests import ELSEWHERE, Guest, House
from tests.library.choosing import SETTINGS
from tests.rows import DEPLOYMENT, hand_in
from tool.access import ANYONE, MONITOR, TABLE, digest
from tool.assessment.making import Owner, copy_assignment
from tool.assessment.submitting import open_work
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.lti.roles import standing
from tool.model.invitations import Invitation
from tool.model.passbacks import Passback
from tool.model.people import Course, Member, Person
from tool.model.work import Opening, Placement, Submission
from tool.passback.acts import Actor
from tool.passback.runs import starting as runs
from tool.registration.invitations import invite

SEVERAL_CUSTOMERS = {"deployment_ids": (DEPLOYMENT, ELSEWHERE)}
CHOOSING: dict[str, Any] = {
    "message_type": "LtiDeepLinkingRequest",
    "resource_link": None,
    "custom": None,
    "deep_linking": SETTINGS,
}
UNBOUND: dict[str, Any] = {"custom": None, "resource_link": {"id": "link-unbound", "title": "Not chosen yet"}}
# What of a page can be asked for beside its path.
QUERIES = {
    "passback.history": ["?run=0", "?run=1"],
    "passback.scores_csv": ["?shape=canvas"],
    "passback.grades": ["?open=2&panel=override", "?status=due&q=b&sort=score&dir=down"],
    "library.shelf": ["?archived=1", "?find=fr"],
    "library.unbound": ["?named=1"],
}


class Premises(House):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        database = desk.database
        one_day = timedelta(days=1)
        self.secrets = [invite(database, note="", approves=True, valid_for=one_day, made_by=None) for _ in range(2)]
        self.ids["secret"] = self._use_up(self.secrets[1])
        self.cleo = Guest(desk, CLEO)
        self.chooser = Guest(desk, ADA, **CHOOSING)
        self.binder = Guest(desk, ADA, **UNBOUND)
        self.of_eves_course = self._fill(DEPLOYMENT, DAN.course, DAN.subject)
        Guest(desk, BEN, deployment_id=ELSEWHERE)
        self.of_another_customer = self._fill(ELSEWHERE, ADA.course, BEN.subject)
        self.ids["run_id"] = self._send(self.ids["placement_id"], self.ids["member_id"])

    def pages(self, visitor: str, **told: Any) -> Iterator[tuple[str, Rule, TestResponse]]:
        """Every page that this visitor may see, with its queries: its name, its route, the answer."""
        for rule, method in self.routes:
            if method == "GET" and self.is_open_to(visitor, rule):
                yield from self._looks(visitor, rule, told)

    def _looks(self, visitor: str, rule: Rule, told: dict[str, Any]) -> Iterator[tuple[str, Rule, TestResponse]]:
        guest = self.guest_for(visitor, rule)
        for secret in self.secrets if "secret" in rule.arguments else [""]:
            for query in ["", *QUERIES.get(rule.endpoint, [])]:
                values = self.ids | {"launch_id": guest.launch_id, "secret": secret}
                answer = guest.ask(rule, "GET", values, query=query, **told)
                answer.get_data()
                answer.close()
                yield f"{visitor}: {rule.endpoint}{query}", rule, answer

    def guest_for(self, visitor: str, rule: Rule) -> Guest:
        """A teacher has three launches open: of a link, of one without an assignment, and of a request to choose."""
        if visitor == "teacher" and rule.endpoint in ("library.choose", "library.choose_these", "library.answer"):
            return self.chooser
        if visitor == "teacher" and rule.endpoint in ("library.unbound", "library.bind"):
            return self.binder
        return self.guests[visitor]

    def is_open_to(self, visitor: str, rule: Rule) -> bool:
        opens_to = TABLE[rule.endpoint]
        return visitor in opens_to or (opens_to in (ANYONE, MONITOR) and visitor == "nobody")

    def _fill(self, deployment_id: str, context_id: str, student: str) -> dict[str, Any]:
        """Work that was handed in, sent, and an assignment of its teacher's own: the ids of all that."""
        with self.desk.database.writing() as connection:
            customer_id = self.desk.parts.platforms.every()[0].customers[deployment_id]
            course_id = connection.execute(
                select(Course.id).where(Course.customer_id == customer_id, Course.context_id == context_id)
            ).scalar_one()
            member_id = connection.execute(
                select(Member.id).join(Person).where(Member.course_id == course_id, Person.subject == student)
            ).scalar_one()
            placement_id = connection.execute(
                select(Placement.id).join(Opening).where(Opening.member_id == member_id)
            ).scalar_one()
            teacher_id = connection.execute(
                select(Person.id).join(Member).where(Member.course_id == course_id, Member.is_teacher)
            ).scalar_one()
            assignment_id = copy_assignment(connection, Owner(customer_id, teacher_id), "fractions", "Not Ada's")
        hand_in(self.desk.database, Arrival(course_id, member_id, standing([]), placement_id, "fractions"))
        with self.desk.database.reading() as connection:
            of_it = select(Submission.id).where(Submission.member_id == member_id)
            submission_id = connection.execute(of_it).scalar_one()
        with self.desk.database.writing() as connection:
            second = open_work(connection, placement_id, member_id, assignment_id).submission_id
        records = link_records(self.desk.database, placement_id, member_id, f"Records of {course_id}")
        if deployment_id == DEPLOYMENT:
            del records["connection_id"]  # Ada's school's: it is hers as much as Eve's
        return {
            **records,
            "placement_id": placement_id,
            "member_id": member_id,
            "submission_id": submission_id,
            "submission_of_another_assignment": second,
            "assignment_id": assignment_id,
            "run_id": self._send(placement_id, member_id),
            "subject": student,
        }

    def _use_up(self, secret: str) -> str:
        """An invitation that registered the platform there is."""
        with self.desk.database.writing() as connection:
            used = {"used_at": now(), "platform_id": 1}
            connection.execute(update(Invitation).where(Invitation.digest == digest(secret)).values(used))
        return secret

    def _send(self, placement_id: int, member_id: int) -> int:
        """The student's score, sent by hand: a run."""
        mine = (Passback.placement_id == placement_id, Passback.member_id == member_id)
        with self.desk.database.writing() as connection:
            row = connection.execute(select(Passback).where(*mine)).one()
            course_id = connection.execute(select(Placement.course_id).where(Placement.id == placement_id)).scalar_one()
            actor = Actor(member_id, placement_id, row.platform_id)
            wanted = [runs.Wanted(member_id, row.earned, row.earned_maximum)]
            return runs.start(connection, actor, course_id, "send_again", wanted)


def unlike(before: dict[str, Any], after: dict[str, Any]) -> dict[str, set[str]]:
    """Table → the columns in which it differs, or `rows` where there are more or fewer."""
    found: dict[str, set[str]] = {}
    for table, rows in before.items():
        now = after[table]
        if rows == now:
            continue
        if len(rows) != len(now):
            found[table] = {"rows"}
            continue
        names = rows[0]._fields
        pairs = list(zip(rows, now, strict=True))
        found[table] = {
            name for name in names if any(getattr(one, name) != getattr(other, name) for one, other in pairs)
        }
    return found


def without_marks(page: str) -> str:
    """A page without what is made anew at each look: the mark of its forms, the mark of its work, times."""
    return re.sub(r'(name="(?:csrf|revision|id)" value=)"[^"]*"', r"\1", page)
