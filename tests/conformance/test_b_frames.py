"""Checklist B, row 12: who may show our pages in a frame: the LMS of the launch, each its own, and nobody else."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import BEN
from tests.conformance.premises import Premises
from tests.desk import TOOL, Desk
from tests.rows import ALL_SCOPES, ISSUER, entry
from tool.registration.platforms import adopt_file_platforms
from tool.settings import Platforms

CANVAS = f"{ISSUER} https://*.instructure.com"


def ancestors(response: Any) -> str:
    return str(response.headers["Content-Security-Policy"]).partition("frame-ancestors ")[2]


def test_b12_a_page_may_be_framed_by_its_platform(counter: Desk) -> None:
    assert ancestors(counter.open(counter.browser())) == CANVAS


def test_b12_the_schools_own_host_stands_in_the_launch(counter: Desk) -> None:
    page = counter.open(
        counter.browser(),
        BEN,
        launch_presentation={"return_url": "https://Canvas.School.example:8443/courses/7?a=1"},
        ags={"lineitems": "https://api.school.example/columns", "scope": ALL_SCOPES},
    )

    assert ancestors(page) == f"{CANVAS} https://canvas.school.example:8443 https://api.school.example"


def test_b12_each_launch_has_its_own(counter: Desk) -> None:
    browser = counter.browser()
    counter.launch(browser, BEN, launch_presentation={"return_url": "https://one.example/"})

    assert "one.example" not in ancestors(counter.open(browser))


@pytest.mark.parametrize(
    "odd",
    [
        "https://[half",
        "https://школа.example/",
        "https://*",
        "https://me@evil.example/",
        "https://a.example;script-src *",
        "https://a.example,b",
        "https://'unsafe-inline'",
        "https://",
    ],
)
def test_b12_an_address_that_is_no_plain_origin_stays_out(counter: Desk, odd: str) -> None:
    """And the page is shown all the same: the claim is optional."""
    page = counter.open(counter.browser(), BEN, launch_presentation={"return_url": odd})

    assert page.status_code == 200
    assert ancestors(page) == CANVAS


def test_b12_refusals_are_readable_inside_the_lms(counter: Desk) -> None:
    """An unframed one would be an empty box to whoever opens the link."""
    browser = counter.browser()
    begun = counter.login(browser)
    form = counter.id_token(begun.location)
    counter.post(browser, form)

    assert ancestors(counter.post(browser, form)) == CANVAS, "used already"
    assert ancestors(counter.launch(browser, BEN, deployment_id="elsewhere")) == CANVAS
    assert ancestors(counter.login(browser, target_link_uri="https://evil.example/")) == CANVAS


def test_b12_a_page_that_is_closed_to_its_visitor_is_readable_there_too(counter: Desk) -> None:
    browser = counter.browser()
    launched = counter.launch(browser)
    teachers_page = launched.location.replace("/work", "/overview")

    assert ancestors(browser.get(teachers_page, base_url=TOOL)) == CANVAS
    assert ancestors(counter.browser().get(launched.location, base_url=TOOL)) == CANVAS


def test_b12_nobody_frames_what_belongs_to_no_platform(counter: Desk) -> None:
    browser = counter.browser()

    assert ancestors(counter.login(browser, iss="https://nobody.example")) == "'none'"
    assert ancestors(browser.get("/nowhere", base_url=TOOL)) == "'none'"
    assert ancestors(browser.get("/l/nobodys/work", base_url=TOOL)) == "'none'"
    assert ancestors(browser.get("/l/%00/work", base_url=TOOL)) == "'none'"
    assert ancestors(counter.post(browser, {"state": "state-forged", "id_token": "x"})) == "'none'"


@pytest.mark.parametrize("visitor", ["nobody", "learner", "teacher", "operator"])
def test_b12_every_page_says_who_may_frame_it(premises: Premises, visitor: str) -> None:
    """A page of a launch its LMS, the operator's pages nobody; never everybody, and never all or none."""
    wrong = {}
    for name, rule, answer in premises.pages(visitor):
        allowed = ancestors(answer) if answer.mimetype == "text/html" else CANVAS
        expected = CANVAS if "launch_id" in rule.arguments else "'none'"
        if answer.mimetype == "text/html" and allowed != expected:
            wrong[name] = allowed
        assert "X-Frame-Options" not in answer.headers
        assert "*" not in allowed.replace("https://*.instructure.com", "")

    assert wrong == {}


def test_b12_a_launch_of_another_platform_names_only_that_one(own_desk: Callable[..., Desk]) -> None:
    """Two platforms of one installation: neither may frame a launch of the other."""
    desk = own_desk()
    other: Platforms = {"https://other.example": (entry(host="https://other.example", family="moodle"),)}
    adopt_file_platforms(desk.database, other | {ISSUER: (entry(),)})
    desk.parts.platforms.forget()
    browser = desk.browser()

    refused = desk.login(browser, iss="https://other.example", target_link_uri="https://evil.example/")

    assert ancestors(refused) == "https://other.example"
    assert "other.example" not in ancestors(desk.open(browser))
