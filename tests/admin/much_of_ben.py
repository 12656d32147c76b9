"""Ben, of whom much is kept, with marks by which every trace of him is found again."""

from sqlalchemy import insert, select

from tests.cast import ADA, BEN
from tests.rows import arrive, ended, hand_in, passback_of
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.model.base import Base
from tool.model.digests import DigestMail
from tool.model.passbacks import Act, Reading, Run, RunItem
from tool.model.work import Mark, Submission
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.settling import settle
from tool.registration.platforms import KnownPlatform

MARKS = ("Bennet Markedname", "marked@example.org", "bens-marked-subject", "marked-answer", "marked words of Ada")
"""What is told of Ben alone: name, e-mail, the LMS's id, an answer, a teacher's feedback."""


def make_ben(database: Database, school: KnownPlatform) -> Arrival:
    """He handed in, was marked, overridden and sent; a run and a digest speak of him."""
    ada = arrive(database, school, ADA)
    ben = arrive(database, school, BEN, name=MARKS[0], email=MARKS[1], sub=MARKS[2])
    hand_in(database, ben, {"half": MARKS[3], "quarter": "0.25"})
    for one in claim(database, school.id, holder="sender", limit=1):
        settle(database, [ended(one)])
    row, at = passback_of(database, ben), now()
    with database.writing() as connection:
        work = connection.execute(select(Submission.id)).scalar_one()
        mark = {"submission_id": work, "question_id": "half", "feedback": MARKS[4]}
        connection.execute(insert(Mark).values(**mark, marked_by=ada.member_id, marked_at=at))
        reading = {"placement_id": ben.placement_id, "member_id": ben.member_id, "read_at": at}
        connection.execute(insert(Reading).values(**reading))
        run = {"course_id": ben.course_id, "kind": "send", "trigger": "manual", "started_by": ada.member_id}
        run_id = connection.execute(insert(Run).values(**run, started_at=at).returning(Run.id)).scalar_one()
        connection.execute(insert(RunItem).values(run_id=run_id, passback_id=row.id))
        act = {"placement_id": ben.placement_id, "member_id": ben.member_id, "kind": "override"}
        connection.execute(insert(Act).values(**act, detail={"reason": MARKS[4]}, acted_by=ada.member_id, acted_at=at))
        troubles = [[ben.placement_id, ben.member_id, "error"], [ben.placement_id, ada.member_id, "error"]]
        connection.execute(insert(DigestMail).values(member_id=ada.member_id, troubles=troubles, mailed_at=at))
    return ben


def everything(database: Database) -> str:
    """Every cell of every table."""
    with database.reading() as connection:
        rows = [list(connection.execute(select(table))) for table in Base.metadata.sorted_tables]
    return repr(rows)
