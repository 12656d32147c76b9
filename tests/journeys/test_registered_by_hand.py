"""From an empty installation: Grace adds the LMS by hand and approves its installation; a score is in the gradebook."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cast import BEN, CLEO, FRACTIONS
from tests.conftest import opened
from tests.operators import GRACE, PASSWORD, words
from tests.scripted_browser import Page, ScriptedBrowser
from tests.stage import Stage, right_answers, wait_until


class StrangersStage(Stage):
    """Both sides run, and Passback has not heard of the LMS."""

    def write_config(self, platforms: Any) -> None:  # noqa: ARG002
        super().write_config({})


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Stage]:
    yield from opened(StrangersStage(tmp_path))


class Office:
    """Grace in front of the operator's pages, over real sockets."""

    def __init__(self, stage: Stage) -> None:
        stage.passback("operator", "add", GRACE, typed=PASSWORD)
        self.stage = stage
        self.browser = ScriptedBrowser()
        door = self.browser.get(f"{stage.tool_url}/admin/sign-in")
        self.send("/admin/sign-in", csrf=mark_of(door), email=GRACE, password=PASSWORD)

    def get(self, path: str) -> Page:
        return self.browser.get(self.stage.tool_url + path)

    def send(self, path: str, **fields: str) -> Page:
        return self.browser.post(self.stage.tool_url + path, fields.items(), {"Origin": self.stage.tool_url})

    def press(self, path: str, **fields: str) -> Page:
        return self.send(path, csrf=mark_of(self.get("/admin")), **fields)


def mark_of(page: Page) -> str:
    found = re.search(r'name="csrf" value="([^"]*)"', page.text)
    assert found, page.text[:500]
    return html.unescape(found[1])


def test_added_by_hand_held_approved_and_in_the_gradebook(empty: Stage) -> None:
    grace = Office(empty)
    assert "No platform is known yet" in grace.get("/admin/platforms").words
    refused = empty.arrive(ScriptedBrowser(), BEN, FRACTIONS)
    assert "not registered for the LMS" in refused.words

    ((issuer, (entry,)),) = empty.lms("GET", "/control/platform.json").items()
    addresses = {name: entry[name] for name in ("auth_login_url", "auth_token_url", "key_set_url")}
    added = grace.press("/admin/platforms/new/other", issuer=f" {issuer} ", client_id=entry["client_id"], **addresses)
    assert "No deployment id yet" in added.words

    ben, cleo = ScriptedBrowser(), ScriptedBrowser()
    assert "waits for approval" in empty.arrive(ben, BEN, FRACTIONS).words
    assert "waits for approval" in empty.arrive(cleo, CLEO, FRACTIONS).words
    path = added.url.removeprefix(empty.tool_url).partition("?")[0]
    page = grace.get(path)
    assert page.text.count('data-word="held"') == 1
    approved = grace.press(f"{path}/deployments", do="admit", deployment_id=entry["deployment_ids"][0])
    assert "Launches of this deployment are let in" in approved.words
    assert "No launch seen yet" in words(approved.text)

    empty.hand_in(ben, empty.arrive(ben, BEN, FRACTIONS), right_answers("fractions-quiz"))
    assert empty.wait_for_cell(BEN, FRACTIONS)["score"] == 20
    wait_until(lambda: 'data-done="yes"' in grace.get(path).text, 30)
    assert ">canvas<" in grace.get("/admin/platforms").text, "the first launch told which product it is"
