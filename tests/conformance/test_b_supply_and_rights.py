"""Checklist B32, B33, B35 and B36: what we are made of, what leaves the house, and which rights we ask for."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.cast import ADA, BEN, CLEO, DAN
from tests.conformance.premises import Premises
from tests.lti.recorded_platforms import brightspace, canvas, hosted_canvas, moodle
from tests.passback.classroom import Classroom
from tests.passback.conftest import PostOffice, opened_office
from tests.rows import ALL_SCOPES, arrive, hand_in, make_assignment, open_copy
from tests.stage import ROOT
from tool.db import Database
from tool.errors import BadInput
from tool.lti import vocabulary as v
from tool.lti.dynamic_registration import OurAddresses, propose
from tool.lti.platform_configuration import read_configuration
from tool.lti.wanted import WANTED_SCOPES
from tool.outbound import Outbound

LOCKS = ["requirements.lock", "requirements-dev.lock"]
PINNED = re.compile(r"([a-z0-9][a-z0-9._-]*(?:\[[a-z0-9,-]+\])?)==([^\s;]+)( ; [^\\]+)?$", re.IGNORECASE)
HASHED = re.compile(r"--hash=sha256:[0-9a-f]{64}$")
MARKED = ("Marked <b>Carter</b>", "marked-ben@example.org", "marked-answer", "marked words for Ben")


def requirements(lock: str) -> list[list[str]]:
    """Each as its parts: what is wanted, then its hashes."""
    lines = [line for line in (ROOT / lock).read_text("utf-8").splitlines() if line.strip()]
    joined = "\n".join(lines).replace(" \\\n", "\n").splitlines()
    found: list[list[str]] = []
    for line in joined:
        if line.startswith(" "):
            found[-1].append(line.strip())
        else:
            found.append([line.strip()])
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_b32_every_dependency_is_pinned_with_its_hashes(lock: str) -> None:
    wrong = []
    for wanted, *hashes in requirements(lock):
        if not PINNED.match(wanted) or not hashes or not all(HASHED.match(one) for one in hashes):
            wrong.append(wanted)

    assert wrong == []
    assert "://" not in (ROOT / lock).read_text("utf-8"), "no index, no address: whoever installs chooses the index"


def test_b32_what_is_declared_is_what_is_pinned() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    told = [*declared["project"]["dependencies"], *declared["project"]["optional-dependencies"]["postgres"]]
    for lock, groups in {"requirements.lock": ["build"], "requirements-dev.lock": ["build", "dev"]}.items():
        wanted = told + [one for group in groups for one in declared["dependency-groups"][group]]
        names = {re.split(r"[\[=]", one[0])[0].lower() for one in requirements(lock)}
        missing = {re.split(r"[\[<>=~! ;]", one)[0].lower().replace("_", "-") for one in wanted} - names
        assert missing == set()


def test_b32_nothing_is_installed_without_its_hash_and_ci_does_not_claim_to_have_audited() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for line in makefile.splitlines():
        if "pip install" in line and "--no-deps" not in line:
            assert "--require-hashes" in line, line
    recipe = makefile.split("\naudit:", 1)[1].split("\n\n", 1)[0]
    assert all(lock in recipe for lock in LOCKS)
    assert "audit" not in (ROOT / ".ci/run").read_text("utf-8")
    assert "audit" not in makefile.split("\nsure:", 1)[1].split("\n\n", 1)[0]


@pytest.mark.parametrize("visitor", ["nobody", "learner", "teacher", "operator"])
def test_b33_no_page_asks_a_third_party_or_says_who_somebody_is_in_an_address(premises: Premises, visitor: str) -> None:
    """Scripts, styles, pictures and frames are ours; no link, form or redirect names a student or an answer."""
    people = {one.name for one in (ADA, BEN, CLEO, DAN)} | {f"subject={one.subject}" for one in (BEN, CLEO)}
    seen = 0
    for name, _rule, answer in premises.pages(visitor):
        addresses = [answer.location or ""]
        if answer.mimetype == "text/html":
            seen += 1
            addresses += re.findall(r'(?:href|action|hx-\w+)="([^"]*)"', answer.text)
            loaded = re.findall(r'(?:src|srcset|poster)="([^"]*)"', answer.text)
            loaded += re.findall(r'<link[^>]* href="([^"]*)"', answer.text)
            assert [one for one in loaded if not one.startswith("/static/")] == [], name
        assert answer.headers["Referrer-Policy"] == "no-referrer", name
        told = [
            one for one in addresses for who in people if who in unquote(one) or who in unquote(one.replace("+", " "))
        ]
        assert told == [], name
    assert seen


OURS = OurAddresses("https://t.example", "https://t.example/lti/login", "https://t.example/lti/launch", "k", "i")


def asked_scopes(proposal: dict[str, Any]) -> set[str]:
    return set(proposal["scope"].split())


@pytest.mark.parametrize("told", [canvas, hosted_canvas, moodle, brightspace])
def test_b35_a_registration_asks_for_what_is_used_and_nothing_else(told: Any) -> None:
    platform = told()
    configuration = read_configuration(platform["registration_endpoint"], platform, allows_loopback=False)
    asked = asked_scopes(propose(configuration, OURS))

    assert asked
    assert asked <= set(WANTED_SCOPES)


def test_b35_the_scopes_asked_for_are_these_and_each_is_used() -> None:
    """By a call of the protocol's own room: none is asked for in advance."""
    assert set(WANTED_SCOPES) == {
        v.SCOPE_LINE_ITEM,
        v.SCOPE_LINE_ITEM_READ,
        v.SCOPE_RESULT_READ,
        v.SCOPE_SCORE,
        v.SCOPE_MEMBERSHIPS,
    }
    calls = "".join(
        (ROOT / "tool" / "lti" / f"{name}.py").read_text("utf-8")
        for name in ("line_items", "results", "scores", "memberships", "connector")
    )
    names = {name for name, value in vars(v).items() if name.startswith("SCOPE_") and value in WANTED_SCOPES}
    unused = [one for one in names if not re.search(rf"\b{one}\b", calls.replace(f"import {one}", ""))]
    assert unused == []
    assert "lineitem" not in str(v.SCOPE_MEMBERSHIPS)


@pytest.fixture(scope="module")
def outbound() -> Iterator[Outbound]:
    client = Outbound(allow_loopback_http=True, connect_seconds=2, total_seconds=5)
    yield client
    client.close()


@pytest.fixture
def database(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    made = open_copy(migrated_sqlite, tmp_path / "rights.db")
    yield made
    made.close()


@pytest.fixture
def office(database: Database, outbound: Outbound) -> Iterator[PostOffice]:
    yield from opened_office(database, outbound)


@pytest.fixture
def room(office: PostOffice, tmp_path: Path) -> Classroom:
    return Classroom(office, tmp_path)


@pytest.mark.parametrize("missing", [v.SCOPE_LINE_ITEM, v.SCOPE_LINE_ITEM_READ, v.SCOPE_RESULT_READ, "nrps"])
def test_b35_without_any_one_optional_right_the_score_still_comes_home(room: Classroom, missing: str) -> None:
    """With a column of the launch; and the teacher's screen opens."""
    everything = [*ALL_SCOPES, v.SCOPE_LINE_ITEM_READ]
    gradebook = room.office.opens() | {"scope": [one for one in everything if one != missing]}
    told: dict[str, Any] = {"ags": gradebook} | ({"nrps": None} if missing == "nrps" else {})
    ben = room.hands_in(BEN, **told)
    room.sends()

    assert room.passback(ben).state == "delivered"
    assert room.office.lms.results["ben"]["resultScore"] == 10
    assert "Ben Carter" in room.page()


def test_b36_a_score_says_a_number_about_one_student_and_nothing_else(room: Classroom) -> None:
    """No comment, no name, no address: whatever Ada writes stays in the tool."""
    told = {"name": MARKED[0], "email": MARKED[1]}
    room.hands_in(BEN, None, **told)
    room.hands_in(CLEO, None)
    room.sends(2)

    assert {one["userId"] for one in room.office.lms.scores} == {"ben", "cleo"}
    for one in room.office.lms.scores:
        assert set(one) <= {
            *("userId", "scoreGiven", "scoreMaximum", "activityProgress", "gradingProgress", "timestamp"),
            *("submission", "https://canvas.instructure.com/lti/submission"),
        }
        assert not [mark for mark in (*MARKED, "Ben", "Cleo") if mark in str(one)]
    (ours, theirs) = ({str(one) for one in room.office.lms.scores if one["userId"] == who} for who in ("ben", "cleo"))
    assert not [one for one in ours if "cleo" in one]
    assert not [one for one in theirs if "ben" in one]


def test_b36_a_column_is_named_by_its_assignment_alone(office: PostOffice) -> None:
    """As plain text of at most 200 characters; of no student there is a word in it."""
    place = arrive(office.database, office.platform, BEN, ags=office.opens(None), name=MARKED[0])
    hand_in(office.database, place)
    office.try_once()

    (column,) = office.lms.wanted_columns
    assert column["label"] == "Fractions"
    assert set(column) <= {"label", "scoreMaximum", "resourceId", "resourceLinkId", "tag"}
    assert not [mark for mark in (*MARKED, "ben", "Ben") if mark in str(column)]
    with pytest.raises(BadInput):
        make_assignment(office.database, title="x" * 201)
