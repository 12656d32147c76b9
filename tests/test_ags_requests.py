"""Every request that a test makes the tool send to a gradebook is held against 1EdTech's OpenAPI file (conftest)."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ags_rules import FOLDER, LINE_ITEM, LINE_ITEMS, RESULTS, SCORE, Asked, complaints, oracle_file, read_arrivals
from tests.lms_beside import running_lms
from tests.lti.rough_server import RoughServer
from tests.stub_lms import StubLms
from tests.witness import arrived_since, is_about_grades
from tool.outbound import Outbound

GOOD: dict[str, Any] = {
    "userId": "ben",
    "scoreGiven": 7.5,
    "scoreMaximum": 10,
    "activityProgress": "Completed",
    "gradingProgress": "FullyGraded",
    "timestamp": "2026-03-02T09:00:00.123Z",
}
COLUMN = {"label": "Fractions", "scoreMaximum": 10, "resourceId": "fractions", "tag": "passback"}


@pytest.fixture
def oracle(ags_oracle: Path | None) -> Path:
    if ags_oracle is None:
        pytest.skip(f"{FOLDER} names no folder with 1EdTech's OpenAPI file: what gradebooks are asked is not checked")
    return ags_oracle


def flaws(oracle: Path, asked: Asked) -> str:
    return "; ".join(complaints(asked, oracle))


def score(**changes: Any) -> bytes:
    return json.dumps({name: value for name, value in (GOOD | changes).items() if value is not None}).encode()


@pytest.mark.parametrize(
    ("body", "flaw"),
    [
        (score(), ""),
        (score(scoreGiven=None, scoreMaximum=None), ""),
        (score(comment="Well done", submission={"submittedAt": "2026-03-02T09:00:00Z"}), ""),
        (score(userId=None), "'userId' is a required property"),
        (score(userId=7), "7 is not of type 'string'"),
        (score(activityProgress="Done"), "'Done' is not one of"),
        (score(gradingProgress=None), "'gradingProgress' is a required property"),
        (score(scoreGiven="7.5"), "'7.5' is not of type 'number'"),
        (score(scoreGiven=float("nan")), "Failed to deserialize"),
        (score(scoreGiven=-1), "scoreGiven below 0"),
        (score(scoreMaximum=None), "scoreGiven without scoreMaximum"),
        (score(scoreMaximum=0), "0 is less than or equal to the minimum of 0"),
        (score(timestamp="2026-03-02"), "is not a 'date-time'"),
        (score(timestamp="2026-03-02T09:00:00"), "is not a 'date-time'"),
        (b"{", "Failed to deserialize"),
        (b"[]", "is not of type 'object'"),
        (b"", "it has no body"),
    ],
)
def test_a_score_that_is_none_is_noticed(oracle: Path, body: bytes, flaw: str) -> None:
    found = flaws(oracle, Asked("POST", "/2/lineitem/scores?type_id=1", "", SCORE, body))

    assert flaw in found
    assert bool(flaw) == bool(found), found


@pytest.mark.parametrize(
    ("asked", "flaw"),
    [
        (Asked("POST", "/2/scores", "", "application/json", score()), "Content for the following mimetype not found"),
        (Asked("PUT", "/2/scores", "", SCORE, score()), "Operation put not found"),
        (Asked("GET", "/2/results?user_id=ben&limit=50", RESULTS, "", b""), ""),
        (Asked("GET", "/2/results?limit=0", RESULTS, "", b""), "minimum of 0"),
        (Asked("GET", "/2/results", LINE_ITEMS, "", b""), f"it does not accept {RESULTS}"),
        (Asked("POST", "/2/results", RESULTS, "", b""), "Operation post not found"),
        (Asked("GET", "/items?tag=grade&resource_id=7&type_id=3", LINE_ITEMS, "", b""), ""),
        (Asked("GET", "/items?limit=many", LINE_ITEMS, "", b""), "Failed to cast value to integer"),
        (Asked("GET", "/items/7", LINE_ITEM, "", b""), ""),
        (Asked("GET", "/items/7", "*/*", "", b""), f"it does not accept {LINE_ITEM}"),
        (Asked("POST", "/items", LINE_ITEM, LINE_ITEM, json.dumps(COLUMN).encode()), ""),
        (Asked("POST", "/items", LINE_ITEM, LINE_ITEM, b'{"label": "x"}'), "'scoreMaximum' is a required property"),
        (Asked("POST", "/items", LINE_ITEM, LINE_ITEM, json.dumps(COLUMN | {"tag": "x" * 257}).encode()), "too long"),
        (Asked("PUT", "/items/7", LINE_ITEM, LINE_ITEM, json.dumps(COLUMN).encode()), ""),
        (Asked("PUT", "/items/7", LINE_ITEM, LINE_ITEM, b'{"scoreMaximum": 5}'), "'label' is a required property"),
        (Asked("DELETE", "/items/7", "", "", b""), ""),
    ],
)
def test_each_call_has_its_own_rules(oracle: Path, asked: Asked, flaw: str) -> None:
    found = flaws(oracle, asked)

    assert flaw in found
    assert bool(flaw) == bool(found), found


def test_a_folder_without_the_file_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Not a reason to check nothing."""
    monkeypatch.setenv(FOLDER, str(tmp_path))

    with pytest.raises(FileNotFoundError, match="ims_lti_ags"):
        oracle_file()


@pytest.fixture
def lms(request: pytest.FixtureRequest) -> Iterator[str]:
    """One pretend LMS of each kind that lives in this process; those in processes of their own share their code."""
    if request.param == "demo LMS":
        with running_lms() as beside:
            yield f"{beside.url}/api/lti/courses/course-math/line_items/1"
        return
    opened = StubLms() if request.param == "stub" else RoughServer()
    yield f"{opened.url}/columns/7"
    opened.stop()


@pytest.mark.parametrize("lms", ["stub", "rough server", "demo LMS"], indirect=True)
def test_every_pretend_lms_tells_what_it_is_asked(oracle: Path, lms: str) -> None:
    outbound = Outbound(allow_loopback_http=True)
    wrong = score(activityProgress="Done")
    outbound.request(
        "POST", f"{lms}/scores?x=1", headers={"Content-Type": SCORE, "Authorization": "Bearer x"}, body=wrong
    )
    outbound.close()

    (told,) = read_arrivals(arrived_since())
    assert told == Asked("POST", told.target, told.accept, SCORE, wrong)
    assert told.target.endswith("/scores?x=1")
    assert "'Done' is not one of" in flaws(oracle, told)


def test_what_the_tests_ask_themselves_is_not_the_tools() -> None:
    ours = {"user-agent": "Passback/1"}

    assert is_about_grades("/x", ours | {"accept": RESULTS})
    assert is_about_grades("/2/lineitem/scores?type_id=1", ours | {"content-type": "text/plain"})
    assert not is_about_grades("/2/scores", {"user-agent": "python-urllib3", "content-type": SCORE})
    assert not is_about_grades(
        "/columns/members", ours | {"accept": "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"}
    )
    assert not is_about_grades("/lti/token", ours)


STORY = """
from tests.stub_lms import StubLms
from tool.outbound import Outbound

def test_a_story():
    lms, outbound = StubLms(), Outbound(allow_loopback_http=True)
    outbound.request("POST", lms.url + "/columns/7/scores", headers={"Content-Type": "%s"}, body=b'%s')
    outbound.close()
    lms.stop()
"""


@pytest.mark.parametrize(("changes", "ends"), [({}, 0), ({"activityProgress": "Done"}, 1)])
def test_a_malformed_request_fails_its_test(oracle: Path, tmp_path: Path, changes: dict[str, Any], ends: int) -> None:
    """A test of its own, run as all tests are: it looks at nothing and is failed all the same."""
    (tmp_path / "test_story.py").write_text(STORY % (SCORE, score(**changes).decode()))
    plugins = ["-p", "tests.conftest", "-p", "no:cacheprovider", "-n", "0", "-q"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=Path(__file__).parents[1],
        check=False,
        capture_output=True,
        text=True,
        timeout=90,
    )

    assert ran.returncode == ends, ran.stdout
    assert ("'Done' is not one of" in ran.stdout) == bool(ends)
