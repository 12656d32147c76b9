"""Checklist A102–A114: what gradebooks are asked and told, and what happens to a score on the way."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import time_machine

from tests.cast import BEN, CLEO, WARM_UP
from tests.lms_beside import CourseBeside, running_lms
from tests.lti.rough_server import RoughServer, reply
from tests.lti.sent_scores import BENS, NINE, send
from tests.lti.service_desk import ServiceDesk, reply_json
from tests.passback.classroom import Classroom
from tests.passback.conftest import PostOffice, opened_office
from tests.rows import arrive, attempts, make_assignment, open_copy, passback_of, wish_for
from tool.clock import now
from tool.course.arrivals import Arrival
from tool.db import Database
from tool.lti.errors import ServiceError
from tool.lti.results import ResultFacts, read_results
from tool.lti.scores import post_score
from tool.lti.vocabulary import SCOPE_RESULT_READ, SCOPE_SCORE
from tool.outbound import Outbound
from tool.passback.delivery import deliver
from tool.passback.ledger.claiming import claim
from tool.passback.ledger.settling import settle

SECOND = timedelta(seconds=1)
HANGS_UP = None
COPY: dict[str, Any] = {
    "context": {"id": "course-this-term", "title": "Period 3 math, this term"},
    "resource_link": {"id": "link-20", "title": "Fractions"},
    "custom": {"assignment": "fractions", "context_id_history": BEN.course},
}
BENS_RESULT = {
    "userId": "ben",
    "resultScore": 80,
    "resultMaximum": 100,
    "comment": "Fine",
    "timestamp": "2026-03-02T09:00:00Z",
}
CLEOS_RESULT = {"userId": "cleo", "resultScore": 0, "resultMaximum": 100}
STALE = (409, {"errors": "refused"})
LEARNER_COLUMN = "/columns/1"


@pytest.fixture(scope="module")
def outbound() -> Iterator[Outbound]:
    client = Outbound(allow_loopback_http=True, connect_seconds=2, total_seconds=5)
    yield client
    client.close()


@pytest.fixture
def database(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """On SQLite: what goes over the wire is the same whatever the database."""
    made = open_copy(migrated_sqlite, tmp_path / "scores.db")
    yield made
    made.close()


@pytest.fixture
def desk(outbound: Outbound) -> Iterator[ServiceDesk]:
    rough = RoughServer()
    yield ServiceDesk(rough, outbound)
    rough.stop()


@pytest.fixture
def office(database: Database, outbound: Outbound) -> Iterator[PostOffice]:
    yield from opened_office(database, outbound)


@pytest.fixture
def room(office: PostOffice, tmp_path: Path) -> Classroom:
    return Classroom(office, tmp_path)


@pytest.fixture
def ben(office: PostOffice) -> Arrival:
    place = arrive(office.database, office.platform, BEN, ags=office.opens())
    wish_for(office.database, office.platform, place, 8)
    return place


@pytest.fixture
def moodle(database: Database) -> Iterator[CourseBeside]:
    """An LMS that compares whole seconds and refuses what is not later."""
    with running_lms("moodle") as lms:
        make_assignment(database)
        yield CourseBeside(lms, database, lms.register(database))


@pytest.fixture
def canvas(database: Database) -> Iterator[CourseBeside]:
    with running_lms("canvas") as lms:
        make_assignment(database)
        yield CourseBeside(lms, database, lms.register(database))


def columns_made(room: Classroom) -> int:
    return room.office.lms.journal.count("POST /columns")


def going_now(room: Classroom) -> list[Any]:
    """What the sender would send at this moment."""
    return claim(room.office.database, room.office.platform.id, holder="sender", limit=10)


def try_all(course: CourseBeside) -> list[str]:
    """Send what may go now; how each ended."""
    claimed = claim(course.database, course.known.id, holder="sender", limit=10)
    ended = [deliver(one, database=course.database, connect=course.connect) for one in claimed]
    settle(course.database, ended)
    return [one.outcome for one in ended]


def test_a102_a_score_is_complete_and_final(desk: ServiceDesk) -> None:
    assert send(desk) == {
        "userId": "ben",
        "scoreGiven": 7.5,
        "scoreMaximum": 10,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": "2026-03-02T09:00:00.123Z",
    }
    sent = desk.server.received[0]
    assert sent.method == "POST"
    assert sent.headers["Content-Type"] == "application/vnd.ims.lis.v1.score+json"
    assert desk.tokens.asked == [frozenset({SCOPE_SCORE})]
    assert len(desk.server.received) == 1


def test_a102_times_are_utc_with_milliseconds(desk: ServiceDesk) -> None:
    berlin = timezone(timedelta(hours=1))
    sent = send(desk, timestamp=datetime(2026, 3, 2, 10, 0, tzinfo=berlin), submitted_at=NINE)

    assert sent["timestamp"] == "2026-03-02T09:00:00.000Z"
    assert sent["submission"] == {"submittedAt": "2026-03-02T09:00:00.123Z"}


def test_a103_the_line_items_query_is_kept(desk: ServiceDesk) -> None:
    desk.server.on("/item/scores", reply(200))
    post_score(desk.connector("moodle"), desk.server.url + "/item?type_id=7", BENS)

    assert desk.server.received[0].path == "/item/scores?type_id=7"


def test_a107_our_own_score_whose_answer_was_lost_is_delivered(office: PostOffice, ben: Arrival) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        office.lms.next_answers.extend([HANGS_UP, STALE])
        assert office.try_once().outcome == "later"
        office.lms.hold("ben", 40, 50)  # the column counts fifty points: eight of ten, scaled
        clock.shift(timedelta(seconds=5))

        assert office.try_once().outcome == "delivered"

    assert passback_of(office.database, ben).state == "delivered"
    assert len({score["timestamp"] for score in office.lms.scores}) == 1, "a resend repeats its time"


def test_a107_another_number_is_held_for_the_teacher(office: PostOffice, ben: Arrival) -> None:
    office.lms.next_answers.append(STALE)
    office.lms.hold("ben", 3, 10)

    office.try_once()

    row = passback_of(office.database, ben)
    assert (row.state, row.reason, row.confirmed_version) == ("held", "changed_in_lms", 0)
    assert [one.outcome for one in attempts(office.database)] == ["overtaken"]


def test_a110_a_column_that_was_copied_with_the_course_is_used(room: Classroom) -> None:
    """Moodle copies the columns a tool made, with our names on them; the copy's must not get a second one."""
    copied = {"label": "Fractions", "scoreMaximum": 10, "tag": "fractions"}
    for number, name in ((7, "fractions:link-1"), (8, "decimals:link-2")):
        own = {"id": f"{room.office.lms.url}/columns/{number}", "resourceId": name, "tag": name.partition(":")[0]}
        room.office.lms.columns.append(copied | own)
    room.hands_in(CLEO, None, **COPY)
    room.sends()

    assert room.office.lms.requests("POST /columns/7/scores") == 1
    assert columns_made(room) == 0


def test_a113_results_of_all_pages_are_read(desk: ServiceDesk) -> None:
    desk.server.on(
        "/item/results",
        reply_json([BENS_RESULT], 200, {"Link": "</item/results?p=B>; rel=next"}),
        reply_json([CLEOS_RESULT]),
    )
    ben, cleo = read_results(desk.connector(), desk.server.url + "/item?type_id=1")

    assert ben == ResultFacts("ben", Decimal(80), Decimal(100), "Fine", datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert cleo.score == 0
    assert desk.server.received[0].path == "/item/results?type_id=1"
    assert desk.server.received[0].headers["Accept"] == "application/vnd.ims.lis.v2.resultcontainer+json"
    assert desk.tokens.asked[0] == frozenset({SCOPE_RESULT_READ})


@pytest.mark.parametrize(
    ("family", "path"),
    [
        ("moodle", "/item/results?user_id=ben"),
        ("canvas", "/item/results?user_id=ben&limit=100"),
        ("blackboard", "/item/results"),
    ],
)
def test_a113_one_persons_result_is_picked_whatever_the_lms_filters(desk: ServiceDesk, family: str, path: str) -> None:
    desk.server.on("/item/results", reply_json([CLEOS_RESULT, BENS_RESULT]))
    found = read_results(desk.connector(family), desk.server.url + "/item", user_id="ben")

    assert [one.user_id for one in found] == ["ben"]
    assert desk.server.received[0].path == path


@pytest.mark.parametrize(
    ("given", "sent"), [("0", 0), ("10", 10), ("12.5", 12.5), ("0.1", 0.1)], ids=["none", "all", "more", "a tenth"]
)
def test_a102_what_is_sent_is_complete_whatever_was_earned(office: PostOffice, given: str, sent: float) -> None:
    place = arrive(office.database, office.platform, BEN, ags=office.opens())
    wish_for(office.database, office.platform, place, given)

    assert office.try_once().outcome == "delivered"

    (score,) = office.lms.scores
    assert (score["userId"], score["scoreGiven"], score["scoreMaximum"]) == ("ben", sent, 10)
    assert (score["activityProgress"], score["gradingProgress"]) == ("Completed", "FullyGraded")
    told = datetime.fromisoformat(score["timestamp"])
    assert told.tzinfo is not None
    assert "." in score["timestamp"], "with parts of a second"


def test_a104_with_the_right_to_send_alone_scores_are_sent_and_no_column_is_asked_for(office: PostOffice) -> None:
    ags = {"lineitem": f"{office.lms.url}/columns/1", "scope": [SCOPE_SCORE]}
    place = arrive(office.database, office.platform, BEN, ags=ags)
    wish_for(office.database, office.platform, place)

    assert office.try_once().outcome == "delivered"
    assert office.lms.journal == ["POST /token", "POST /columns/1/scores"]


def test_a105_timestamps_rise_and_the_newest_goes_last(office: PostOffice) -> None:
    """Six changes in half a second each; those nobody could send in between are folded."""
    place = arrive(office.database, office.platform, BEN, ags=office.opens())
    with time_machine.travel(now(), tick=False) as clock:
        for points in (1, 2, 3, 4, 5, 6):
            wish_for(office.database, office.platform, place, points)
            for row in claim(office.database, office.platform.id, holder="sender", limit=1):
                settle(office.database, [office.deliver(row)])
            clock.shift(SECOND / 2)
        clock.shift(2 * SECOND)
        for row in claim(office.database, office.platform.id, holder="sender", limit=1):
            settle(office.database, [office.deliver(row)])

    told = [datetime.fromisoformat(score["timestamp"]) for score in office.lms.scores]
    assert all(later - earlier >= SECOND for earlier, later in pairwise(told))
    given = [score["scoreGiven"] for score in office.lms.scores]
    assert given == sorted(given)
    assert given[-1] == 6
    assert len(given) < 6
    assert office.lms.results["ben"]["resultScore"] == 6


def test_a106_two_changes_within_a_second_end_with_the_newer_where_whole_seconds_count(moodle: CourseBeside) -> None:
    place = moodle.opens(BEN)
    with time_machine.travel(now().replace(microsecond=100_000), tick=False) as clock:
        wish_for(moodle.database, moodle.known, place, 4)
        assert try_all(moodle) == ["delivered"]
        clock.shift(SECOND / 5)
        wish_for(moodle.database, moodle.known, place, 9)
        assert try_all(moodle) == [], "it waits rather than be refused"
        clock.shift(SECOND)
        assert try_all(moodle) == ["delivered"]

    moodle.reads(place)
    shown = moodle.readings()["ben"]
    assert shown.score / shown.maximum == Decimal("0.9")
    assert [one["status"] for one in moodle.lms.requests("/scores")] == [200, 200]


@pytest.mark.parametrize(
    ("family", "refusal"),
    [
        pytest.param("moodle", (409, {}), id="409, as Moodle says it"),
        pytest.param(
            "canvas",
            (400, {"errors": {"message": "Provided timestamp of 2 before last updated timestamp of 2"}}),
            id="400 before last updated, as Canvas says it",
        ),
    ],
)
def test_a107_a_resend_repeats_time_and_body_and_its_refusal_is_understood(
    office: PostOffice, tmp_path: Path, family: str, refusal: Any
) -> None:
    room = Classroom(office, tmp_path, family)
    place = room.opens(BEN)
    wish_for(office.database, office.platform, place, 8)
    with time_machine.travel(now(), tick=False) as clock:
        office.lms.next_answers.extend([HANGS_UP, refusal])
        assert office.try_once().outcome == "later"
        office.lms.hold("ben", 8, 10)
        clock.shift(timedelta(seconds=5))
        assert office.try_once().outcome == "delivered"

    first, second = office.lms.scores
    assert first == second
    assert passback_of(office.database, place).confirmed_version == 1


def test_a108_a_column_named_by_the_launch_is_used_and_none_is_made(room: Classroom) -> None:
    room.hands_in(BEN)
    room.sends()

    assert room.office.lms.journal == ["POST /token", "POST /columns/1/scores"]


def test_a109_the_own_column_is_searched_on_all_pages_before_one_is_made(canvas: CourseBeside) -> None:
    """One column a page, and ours is the last one."""
    canvas.lms.lms.settings = replace(canvas.lms.lms.settings, page_size=1)
    own = canvas.lms.lms.world.add_column(
        BEN.course, label="Warm-up", maximum=Decimal(10), tag="fractions", resource_id=f"fractions:{WARM_UP}"
    )
    columns = len(list(canvas.lms.lms.world.columns(BEN.course)))
    place = canvas.opens(BEN, WARM_UP)

    canvas.sends(place, 8)

    assert passback_of(canvas.database, place).confirmed_line_item_url == canvas.lms.lms.line_item_url(own)
    assert len(list(canvas.lms.lms.world.columns(BEN.course))) == columns


def test_a109_where_there_is_none_one_is_made_once(canvas: CourseBeside) -> None:
    canvas.lms.lms.settings = replace(canvas.lms.lms.settings, page_size=1)
    before = len(list(canvas.lms.lms.world.columns(BEN.course)))

    for someone in (BEN, CLEO):
        canvas.sends(canvas.opens(someone, WARM_UP), 8)

    made = list(canvas.lms.lms.world.columns(BEN.course))[before:]
    assert [(one.tag, one.resource_id, one.link_id) for one in made] == [("fractions", f"fractions:{WARM_UP}", WARM_UP)]
    asked = [one for one in canvas.lms.requests("/line_items") if one["method"] == "POST"]
    assert len(asked) == 1


def test_a111_a_deleted_column_is_looked_up_again_when_asked_and_made_again_at_most_once(room: Classroom) -> None:
    """Until Ada asks, nothing is made; and one that goes again is not made again and again."""
    ben = room.hands_in(BEN)
    room.lms_says((404, {}))
    room.sends()
    assert "Error the gradebook column was deleted" in room.row(ben)
    assert (columns_made(room), going_now(room)) == (0, [])

    room.screen.post(f"grades/{ben.member_id}/again", ("do", "relink"))
    room.lms_says((404, {}))
    room.sends()

    assert columns_made(room) == 1
    assert "Error the gradebook column was deleted" in room.row(ben)
    assert going_now(room) == [], "no loop: it is tried again tomorrow"
    assert room.office.lms.journal.count("POST /columns/1/scores") == 2


def test_a112_other_points_here_leave_the_column_alone_and_go_with_the_score(room: Classroom) -> None:
    """The column's own maximum is the teacher's; a score says of how many points it is, and the LMS scales it."""
    room.hands_in(BEN)
    room.sends()
    half = {"id": "half", "type": "numeric", "prompt": "What is 1/2?", "points": 15, "answer": "0.5"}
    quarter = {"id": "quarter", "type": "numeric", "prompt": "What is 1/4?", "points": 5, "answer": "0.25"}
    make_assignment(room.office.database, questions=[half, quarter])
    room.hands_in(CLEO)
    room.sends()

    assert [one["scoreMaximum"] for one in room.office.lms.scores] == [10, 20]
    assert [line for line in room.office.lms.journal if line.startswith("PUT")] == []
    assert columns_made(room) == 0


@pytest.mark.parametrize(
    ("typed", "sent"), [("12", 12), ("0", 0), ("7,5", 7.5), ("0.00000000000000001", None)], ids=str
)
def test_a112_a_typed_score_is_sent_as_it_can_be(room: Classroom, typed: str, sent: float | None) -> None:
    """Also more than the maximum. Of more than two decimal places the teacher is asked to round."""
    ben = room.hands_in(BEN)
    fields = (("score", typed), ("reason", "by hand"), ("do", "set"), ("above", "yes"))
    answer = room.screen.post(f"grades/{ben.member_id}/override", *fields, expects=303 if sent is not None else 400)
    if sent is None:
        assert "Round it, such as 8.33." in answer
        return
    room.presses_send(ben)
    room.sends()

    assert room.office.lms.scores[-1]["scoreGiven"] == sent


@pytest.mark.parametrize("typed", ["NaN", "nan", "Infinity", "-1", "1e400", "x", "\u0661\u0662x"])
def test_a112_what_is_no_score_is_refused_where_it_is_typed(room: Classroom, typed: str) -> None:
    ben = room.hands_in(BEN)

    room.screen.post(f"grades/{ben.member_id}/override", ("score", typed), ("reason", "x"), ("do", "set"), expects=400)

    assert passback_of(room.office.database, ben).score == 10


@pytest.mark.parametrize("family", ["canvas", "moodle"])
def test_a112_a_score_that_is_none_clears_the_cell_where_that_is_known_to_work(desk: ServiceDesk, family: str) -> None:
    sent = send(desk, family, given=None)

    assert ("scoreGiven" in sent, "scoreMaximum" in sent) == (False, False)


@pytest.mark.parametrize("points", ["NaN", "sNaN", "Infinity", "-1"])
def test_a112_nothing_that_is_no_number_goes_over_the_wire(desk: ServiceDesk, points: str) -> None:
    with pytest.raises(ServiceError):
        post_score(desk.connector(), desk.server.url + "/item", replace(BENS, given=Decimal(points)))

    assert desk.server.received == []


def test_a113_a_result_without_a_score_is_an_empty_cell(desk: ServiceDesk) -> None:
    desk.server.on("/item/results", reply_json([{"userId": "ben"}, {"userId": "cleo", "resultScore": 0}]))
    ben, cleo = read_results(desk.connector(), desk.server.url + "/item")

    assert (ben.score, cleo.score) == (None, Decimal(0))


def test_a114_fewer_rights_than_asked_for_are_used_and_what_is_lost_is_said(
    canvas: CourseBeside, tmp_path: Path
) -> None:
    """The launch promised everything; the token grants the scores alone."""
    place = canvas.opens(BEN)
    canvas.lms.lms.settings = replace(canvas.lms.lms.settings, granted_scopes=(SCOPE_SCORE,))
    canvas.sends(place, 8)

    with pytest.raises(ServiceError) as caught:
        canvas.reads(place)

    assert caught.value.reason == "scope_missing"
    assert canvas.placement(place).results_failure == "results_scope_missing"
    assert canvas.lms.requests("/results") == [], "what was not granted is not tried"
