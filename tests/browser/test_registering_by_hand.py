"""Registering an LMS by hand in a real browser: by keyboard, on a phone, without scripts, and with the copy buttons."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, check_with_axe, tab_to
from tests.operators import PASSWORD
from tests.stage import Stage, wait_until

WIDER_THAN_THE_PAGE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => `${one.tagName} ${one.className}`)"""
EDITH = "edith@example.org"
"""An operator of this file's own: the stage is shared."""


@pytest.fixture(scope="module", autouse=True)
def edith_is_hired(stage: Stage) -> None:
    stage.passback("operator", "add", EDITH, typed=PASSWORD)


def sign_in(stage: Stage, browsers: Browsers, **options: Any) -> Page:
    page = browsers.open(reduced_motion="reduce", **options)
    page.goto(f"{stage.tool_url}/admin")
    page.get_by_label("E-mail").fill(EDITH)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    return page


def test_from_the_keyboard_alone(stage: Stage, browsers: Browsers) -> None:
    page = sign_in(stage, browsers)
    for link in ("Platforms", "Add a platform", "Schoology"):
        tab_to(page, page.get_by_role("link", name=link, exact=True).first)
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Add Schoology")
    page.get_by_label("Client ID").focus()
    page.keyboard.type(" 8409082949 ")
    page.keyboard.press("Tab")
    page.keyboard.type("1527876651")
    browsers.expect_complaint("status of 400")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("Nothing was stored")
    field = page.get_by_label("Deployment ID")
    expect(field).to_have_value("1527876651")
    expect(field).to_have_accessible_description(
        "This is not whole. It begins with the client id and a hyphen, such as 8409082949-1527876651."
    )
    check_everywhere(page, browsers)
    field.fill("8409082949-1527876651")
    field.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Added.")
    expect(page.get_by_text("No launch seen yet")).to_be_visible()

    tab_to(page, page.get_by_role("button", name="Switch off 8409082949-1527876651"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("No deployment id yet")).to_be_visible()


def test_a_value_is_copied(stage: Stage, browsers: Browsers) -> None:
    page = sign_in(stage, browsers, permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{stage.tool_url}/admin/platforms/new/canvas")
    button = page.get_by_role("button", name="Copy: JSON URL")
    button.click()
    expect(page.locator("[data-copy-said]")).to_have_text("Copied: JSON URL")
    assert page.evaluate("navigator.clipboard.readText()") == f"{stage.tool_url}/lti/canvas.json"


def test_it_works_without_javascript(stage: Stage, browsers: Browsers) -> None:
    page = sign_in(stage, browsers, java_script_enabled=False)
    page.goto(f"{stage.tool_url}/admin/platforms/new/moodle")
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    expect(page.get_by_text(f"{stage.tool_url}/.well-known/jwks.json")).to_be_visible()
    page.get_by_label("Address of your LMS").fill("moodle.springfield.example")
    page.get_by_label("Client ID").fill("aBcDeF123")
    page.get_by_role("button", name="Add the platform").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("moodle.springfield.example")
    page.get_by_label("Add a deployment id").fill("3")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="3")).to_contain_text("Active")


def test_an_invited_admin_needs_no_account(stage: Stage, browsers: Browsers) -> None:
    page = sign_in(stage, browsers)
    page.get_by_role("navigation").get_by_role("link", name="Invitations").click()
    page.get_by_label("For whom?").fill("North High")
    page.get_by_role("button", name="Make an invitation").click()
    secret = (page.locator("[data-link]").text_content() or "").rpartition("/")[2]
    check_everywhere(page, browsers)

    admin = browsers.open(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    admin.goto(f"{stage.tool_url}/lti/invited/{secret}")
    check_everywhere(admin, browsers)
    admin.get_by_role("link", name="Brightspace").click()
    expect(admin.get_by_text("https://api.brightspace.com/auth/token").first).to_be_visible()
    check_everywhere(admin, browsers)
    admin.get_by_label("Address of your LMS").fill("https://north.brightspace.example/d2l/home")
    admin.get_by_label("Client Id").fill("9f2a")
    admin.get_by_role("button", name="Register").click()
    expect(admin.get_by_text("Not approved yet")).to_be_visible()
    check_everywhere(admin, browsers)

    page.get_by_role("navigation").get_by_role("link", name="Platforms").click()
    page.get_by_role("link", name="north.brightspace.example", exact=True).click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_contain_text("Approved")
    admin.reload()
    expect(admin.get_by_text("Not approved yet")).to_have_count(0)


@pytest.mark.parametrize(
    "path", ["", "/new", *(f"/new/{key}" for key in ("canvas", "schoology", "moodle", "blackboard", "other")), "/1"]
)
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(stage: Stage, browsers: Browsers, path: str) -> None:
    page = sign_in(stage, browsers)
    page.goto(f"{stage.tool_url}/admin/platforms{path}")
    check_everywhere(page, browsers)


def check_everywhere(page: Page, browsers: Browsers) -> None:
    """On a phone by day, on a desk by night."""
    page.set_viewport_size({"width": 360, "height": 640})
    page.emulate_media(color_scheme="light")
    # On a busy machine a page may be measured before its styles have come.
    wait_until(lambda: page.evaluate(WIDER_THAN_THE_PAGE) == [], 20)
    browsers.listens = False  # axe asks for what the content policy forbids
    check_with_axe(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1280, "height": 800})
    check_with_axe(page)
    browsers.listens = True
