"""Ada at *Sync Grades* in Chromium: for everyone, on a phone, by keyboard, with and without JavaScript."""

import re
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

import tests.web
from tests.browser.conftest import Browsers, check_width, check_with_axe, tab_to
from tests.cast import ADA, BEN
from tests.rows import arrive, hand_in, make_assignment, open_copy
from tests.sis.records_desk import MORNING, RecordsDesk
from tool.access import launch_cookie_name
from tool.model.sis_syncs import SisItem, SisRun

PAGES: tuple[str, ...] = (
    "",
    "/{section}/check",
    "/{section}/items/{item}",
    "/{section}/history?run=1",
    "/{section}/settings",
)
PAGES += ("/{section}/remaster",)


class Served:
    """Ada's pages on a port of this machine, on a file that only this story has."""

    def __init__(self, empty: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._server = make_server("localhost", 0, lambda *_: [], threaded=True)
        self.origin = f"http://localhost:{self._server.server_port}"
        monkeypatch.setattr(tests.web, "TOOL", self.origin)
        self.database = open_copy(empty, folder / "records.db")
        self.records = RecordsDesk(self.database, folder, vendor="generic", profile={"title_limit": 30})
        self._fill()
        self._server.app = self.records.desk.client.application
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _fill(self) -> None:
        records = self.records
        records.associate(records.section_id)
        make_assignment(self.database, id="decimals", title="Decimals, with a title that is too long")
        link = {"resource_link": {"id": "link-2", "title": "Decimals"}, "custom": {"assignment": "decimals"}}
        hand_in(self.database, arrive(self.database, records.platform, BEN, **link))
        arrive(self.database, records.platform, ADA, **link)
        records.hand_in()
        lost = {"state": "failed", "code": "item.lost", "tried_at": MORNING, "line_item_id": "li-1"}
        item_id = records.item(answer="unknownobject", **lost)
        read = {"read_score": Decimal(8), "read_at": MORNING, "sent_at": MORNING, "sent_score": Decimal(10)}
        records.score(item_id, records.ben, state="sent", sent_status="fully graded", **read)
        records.line(records.run(), item_id=item_id, step="item", outcome="failed", code="item.lost", status=404)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self.database.close()

    def open(self, browsers: Browsers, path: str = "", **options: object) -> Page:
        page = browsers.open(**options)
        desk = self.records.desk
        name = launch_cookie_name(desk.launch_id)
        secret = desk.client.get_cookie(name, domain="localhost")
        assert secret
        secure = self.origin.replace("http:", "https:")
        page.context.add_cookies([{"name": name, "value": secret.value, "url": secure, "secure": True}])
        self.visit(page, path)
        return page

    def visit(self, page: Page, path: str) -> None:
        known = {"section": self.records.section_id, "item": self.records.placement_id}
        answer = page.goto(f"{self.origin}/l/{self.records.desk.launch_id}/sis{path.format(**known)}")
        assert answer
        assert answer.status == 200, path


@pytest.fixture
def served(migrated_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    made = Served(migrated_sqlite, tmp_path, monkeypatch)
    yield made
    made.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1000), ("dark", 1000), ("light", 360)])
def test_every_page_is_for_everyone_and_fits(served: Served, browsers: Browsers, scheme: str, width: int) -> None:
    # What axe writes into a page to measure it, and loads of it, breaks our policy: the console says so.
    browsers.listens = False
    page = served.open(browsers, color_scheme=scheme, viewport={"width": width, "height": 740})
    for path in PAGES:
        served.visit(page, path)
        check_width(page, width)
        check_with_axe(page)


def test_what_is_ticked_is_counted_and_goes(served: Served, browsers: Browsers) -> None:
    page = served.open(browsers)
    selected = page.get_by_role("button", name="Sync selected")
    expect(selected).to_be_disabled()

    page.get_by_role("checkbox", name="Choose all").check()
    expect(page.get_by_text("2 of 2 chosen")).to_be_visible()
    page.get_by_role("checkbox", name="Fractions").uncheck()
    expect(page.get_by_text("1 of 2 chosen")).to_be_visible()
    selected.click()

    expect(page.get_by_role("status")).to_contain_text("Waiting to begin")
    [run] = [one for one in served.records.rows(SisRun) if one.status == "queued"]
    assert run.kind == "selected"
    assert len(run.placement_ids) == 1


def test_a_run_changes_the_page_in_place(served: Served, browsers: Browsers) -> None:
    page = served.open(browsers)
    page.get_by_role("button", name="Sync changes").click()
    expect(page.get_by_role("row", name="Fractions")).to_contain_text("Queued")
    page.locator("#live").evaluate("element => { element.wasHereBefore = true }")

    served.records.change(SisRun, status="completed", stage="done")
    served.records.change(SisItem, state="done", code=None, succeeded_at=MORNING)

    expect(page.get_by_role("row", name="Fractions")).to_contain_text("Successful")
    expect(page.get_by_role("status")).to_contain_text("Completed")
    assert page.locator("#live").evaluate("element => element.wasHereBefore")


def test_an_error_is_opened_and_mended_by_keyboard_alone(served: Served, browsers: Browsers) -> None:
    page = served.open(browsers)
    tab_to(page, page.get_by_role("link", name="View error (Fractions)"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="is no longer in Aspire")).to_be_visible()

    tab_to(page, page.get_by_role("button", name="Make it anew"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="is no longer in Aspire")).to_have_count(0)
    assert [one.line_item_id for one in served.records.rows(SisItem)] == [None]


def test_the_help_desks_text_is_copied(served: Served, browsers: Browsers) -> None:
    page = served.open(browsers, "/{section}/items/{item}")
    page.get_by_text("What Aspire answered").click()
    page.get_by_role("button", name="Copy for the help desk").click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()


def test_leaving_out_is_counted_on_the_button(served: Served, browsers: Browsers) -> None:
    served.records.change(SisItem, state="new", code=None, line_item_id=None)
    page = served.open(browsers, "/{section}/check")
    page.get_by_role("checkbox", name=re.compile("Leave out this time.*Fractions")).check()

    expect(page.get_by_role("button", name="Everything is left out")).to_be_disabled()


def test_without_javascript_all_of_it_works(served: Served, browsers: Browsers) -> None:
    page = served.open(browsers, java_script_enabled=False)
    page.get_by_role("checkbox", name="Fractions").check()
    page.get_by_role("button", name="Check before sending").last.click()
    expect(page.get_by_text("Nothing was sent by opening this page.")).to_be_visible()
    expect(page.get_by_role("link", name="Decimals, with a title")).to_have_count(0)

    page.get_by_role("link", name="All assignments").click()
    page.get_by_text("More").click()
    page.get_by_role("checkbox", name="Fractions").check()
    page.get_by_role("button", name="Sync to Aspire: off").click()

    expect(page.get_by_role("row", name="Fractions")).to_contain_text("Opted out")
