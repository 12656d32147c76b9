"""Putting columns and scores: what is sent, which id comes back, how fast, and what a refusal becomes."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from tests.sis.oneroster.columns import COLUMN, SCORE
from tests.sis.oneroster.conftest import with_profile
from tests.sis.oneroster.pretend_sis import GRADEBOOK, OLD, STORED, PretendSis, Received, Reply, complain
from tool.outbound import Outbound
from tool.sis.oneroster.client import OneRoster
from tool.sis.plain import Access, SisError

COLUMN_PATH = f"{GRADEBOOK}/lineItems/{COLUMN.sourced_id}"
SCORE_PATH = f"{GRADEBOOK}/results/{SCORE.sourced_id}"


def test_a_column_and_a_score_arrive(sis: PretendSis, client: OneRoster) -> None:
    sis.on("PUT", COLUMN_PATH, STORED)
    sis.on("PUT", SCORE_PATH, STORED)
    with time_machine.travel(datetime(2026, 11, 20, 6, 5, tzinfo=UTC), tick=False):
        ids = client.put_line_item(COLUMN), client.put_result(SCORE)
    (column,), (score,) = sis.asked("PUT", COLUMN_PATH), sis.asked("PUT", SCORE_PATH)

    assert ids == (COLUMN.sourced_id, SCORE.sourced_id)
    assert column.headers["Content-Type"] == score.headers["Content-Type"] == "application/json"
    assert column.json()["lineItem"]["class"]["href"] == f"{sis.url}/ims/oneroster/rostering/v1p2/classes/class-2201"
    assert score.json()["result"]["dateLastModified"] == "2026-11-20T06:05:00.000Z"
    assert b'"score": 17.5,' in score.body


def test_1_1_has_one_root_and_its_own_form(sis: PretendSis, old_access: Access, outbound: Outbound) -> None:
    sis.on("PUT", f"{OLD}/lineItems/{COLUMN.sourced_id}", Reply(200))
    sis.on("PUT", f"{OLD}/results/{SCORE.sourced_id}", Reply(200))
    client = OneRoster(old_access, outbound)
    client.put_line_item(COLUMN)
    client.put_result(SCORE)
    column, score = (one.json() for one in sis.received)

    assert "school" not in column["lineItem"]
    assert "late" not in score["result"]


@pytest.mark.parametrize("status", [200, 201, 202, 204])
@pytest.mark.parametrize("body", ["", "OK", {}, {"lineItem": {"sourcedId": "echo"}}])
def test_any_good_answer_is_one(sis: PretendSis, client: OneRoster, status: int, body: Any) -> None:
    """Google's suite wants 200 for an update; an echo with another id is not believed where ids are ours."""
    sis.on("PUT", COLUMN_PATH, Reply(status, "" if status == 204 else body))

    assert client.put_line_item(COLUMN) == COLUMN.sourced_id


@pytest.mark.parametrize(
    "reply",
    [
        Reply(201, {"lineItem": {"sourcedId": "9"}}),
        Reply(201, {"LINEITEM": {"SourcedID": 9}}),
        Reply(200, {"sourcedId": "9", "title": "Fractions check 4"}),
        Reply(201, {"sourcedIdPairs": [{"suppliedSourcedId": COLUMN.sourced_id, "allocatedSourcedId": "9"}]}),
        Reply(201, {"sourcedIdPairs": {"allocatedSourcedId": "9"}}),
        Reply(201, "", {"Location": "/ims/oneroster/gradebook/v1p2/lineItems/9"}),
        Reply(201, "", {"Location": "https://other.example/x/lineitems/9/?a=b"}),
    ],
)
def test_an_id_of_theirs_is_taken(sis: PretendSis, access: Access, outbound: Outbound, reply: Reply) -> None:
    sis.on("PUT", COLUMN_PATH, reply)

    assert OneRoster(with_profile(access, ids="theirs"), outbound).put_line_item(COLUMN) == "9"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(201),
        Reply(201, {"lineItem": {"title": "x"}}),
        Reply(201, {"lineItem": {"sourcedId": "x" * 256}}),
        Reply(201, {"lineItem": {"sourcedId": "a\nb"}}),
        Reply(201, {"sourcedIdPairs": [{"suppliedSourcedId": "another", "allocatedSourcedId": "8"}]}),
        Reply(201, "", {"Location": "/gradebook/done/1"}),
        Reply(201, "", {"Location": "/lineItems/"}),
    ],
)
def test_without_one_ours_stays(sis: PretendSis, access: Access, outbound: Outbound, reply: Reply) -> None:
    sis.on("PUT", COLUMN_PATH, reply)

    assert OneRoster(with_profile(access, ids="theirs"), outbound).put_line_item(COLUMN) == COLUMN.sourced_id


def test_a_pair_counts_whatever_the_profile_says(sis: PretendSis, client: OneRoster) -> None:
    pair = {"suppliedSourcedId": SCORE.sourced_id, "allocatedSourcedId": "r-9"}
    sis.on("PUT", SCORE_PATH, Reply(201, {"sourcedIdPairs": [pair]}))

    assert client.put_result(SCORE) == "r-9"


def test_an_id_with_a_slash_stays_one_segment(sis: PretendSis, client: OneRoster) -> None:
    path = f"{GRADEBOOK}/results/994_1%2F2%20%C3%BC"
    sis.on("PUT", path, STORED)
    client.put_result(replace(SCORE, sourced_id="994_1/2 ü"))

    assert len(sis.asked("PUT", path)) == 1


@pytest.mark.parametrize(
    ("reply", "kind", "code"),
    [
        (complain(422, "Category not found"), "permanent", "category.unknown"),
        (complain(404, "", "unknownobject"), "permanent", "item.lost"),
        (complain(403), "permanent", "auth.scope"),
        (Reply(200, "<html>Sign in</html>"), "later", "sis.route"),
        (complain(200, "Due date outside grading period"), "permanent", "due.outside_period"),
        (complain(500), "later", "sis.internal"),
    ],
)
def test_a_refusal_becomes_what_to_do(sis: PretendSis, client: OneRoster, reply: Reply, kind: str, code: str) -> None:
    sis.on("PUT", COLUMN_PATH, reply)
    with pytest.raises(SisError) as caught:
        client.put_line_item(COLUMN)

    assert (caught.value.kind, caught.value.code, caught.value.status) == (kind, code, reply.status)
    assert len(sis.asked("PUT", COLUMN_PATH)) == 1


def test_a_sis_that_is_busy_says_until_when(sis: PretendSis, client: OneRoster) -> None:
    sis.on("PUT", COLUMN_PATH, complain(429, "", "server_busy", {"Retry-After": "90"}))
    present = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)
    with time_machine.travel(present, tick=False), pytest.raises(SisError) as caught:
        client.put_line_item(COLUMN)

    assert (caught.value.kind, caught.value.retry_at) == ("throttled", present + timedelta(seconds=90))


def test_a_sis_that_is_not_there_is_tried_later(access: Access, outbound: Outbound) -> None:
    away = replace(access, auth="bearer", gradebook_url="http://127.0.0.1:1/gradebook/v1p2")
    with pytest.raises(SisError) as caught:
        OneRoster(away, outbound).put_line_item(COLUMN)

    assert (caught.value.kind, caught.value.code, caught.value.status) == ("later", "sis.internal", None)


def test_clearing_what_is_gone_already_is_clearing(sis: PretendSis, client: OneRoster) -> None:
    client.delete_result("r-1")
    sis.on("DELETE", f"{GRADEBOOK}/results/r-2", complain(403))

    with pytest.raises(SisError, match=r"auth\.scope"):
        client.delete_result("r-2")


def test_a_score_that_1_1_cannot_say_is_not_sent(sis: PretendSis, old_access: Access, outbound: Outbound) -> None:
    with pytest.raises(SisError, match=r"score\.entry_point"):
        OneRoster(old_access, outbound).put_result(replace(SCORE, score=None))

    assert sis.received == []


def test_the_pace_is_the_profiles_whoever_asks(sis: PretendSis, access: Access, outbound: Outbound) -> None:
    """Four at once take turns: eight requests at two a second wait for the last turn after three and a half."""
    waited: list[float] = []
    lock = threading.Lock()

    def sleep(seconds: float) -> None:
        with lock:
            waited.append(seconds)

    sis.on("PUT", COLUMN_PATH, STORED)
    client = OneRoster(with_profile(access, requests_per_second=2.0), outbound, sleep=sleep)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: client.put_line_item(COLUMN), range(7)))

    assert len(sis.received) == 8
    assert len(waited) == 7
    assert max(waited) == pytest.approx(3.5, abs=0.6)


def test_the_pace_holds_in_real_time(sis: PretendSis, access: Access, outbound: Outbound) -> None:
    arrived: list[float] = []

    def meet(_: Received) -> Reply:
        arrived.append(time.monotonic())
        return STORED

    sis.on("PUT", COLUMN_PATH, meet)
    client = OneRoster(with_profile(replace(access, auth="bearer"), requests_per_second=25.0), outbound)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: client.put_line_item(COLUMN), range(6)))

    assert max(arrived) - min(arrived) > 5 / 25 - 0.02
