"""Checklist B, rows 14 and 27: what every answer says beside its page."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from tests.cast import ADA, Someone
from tests.conformance.premises import CHOOSING, Premises
from tests.conformance.reading import Reader
from tests.desk import TOOL, Desk, cookies_set, launch_id
from tests.guests import Guest
from tests.library.choosing import SETTINGS
from tests.operators import Operator, hire
from tests.rows import ISSUER
from tool.access import LAUNCH_COOKIE_PREFIX
from tool.launch.cookies import LOGIN_COOKIE_PREFIX

ROOT = Path(__file__).resolve().parents[2]
WALKERS = ["nobody", "learner", "teacher", "operator"]
# The same for everybody, and read by machines and browsers that may keep them.
PUBLIC = {"registration.public_keys", "registration.canvas_configuration", "static"}
SAFE = {"Secure", "HttpOnly", "Path=/", "SameSite=None", "Partitioned"}


# B14: cookies.


def attributes(line: str) -> set[str]:
    return {part.strip() for part in line.split(";")[1:]}


def test_b14_the_login_s_cookie(counter: Desk) -> None:
    (line,) = cookies_set(counter.login(counter.browser())).values()

    assert line.startswith("__Host-passback-login-")
    assert attributes(line) >= SAFE | {"Max-Age=600"}
    assert "Domain" not in line


def test_b14_the_launch_s_cookie_replaces_the_login_s(counter: Desk) -> None:
    browser = counter.browser()
    (login,) = cookies_set(counter.login(browser))
    launched = counter.launch(browser)
    cookies = cookies_set(launched)

    launch = cookies[LAUNCH_COOKIE_PREFIX + launch_id(launched)]
    assert attributes(launch) >= SAFE | {f"Max-Age={16 * 3600}"}
    spent = [line for name, line in cookies.items() if name.startswith(LOGIN_COOKIE_PREFIX)]
    assert len(spent) == 1
    assert attributes(spent[0]) >= SAFE | {"Max-Age=0"}, "a cookie without its attributes would not be dropped"
    assert login not in cookies, "another tab's login is left alone"


def test_b14_an_operator_s_cookies_go_to_no_other_site_s_frame(own_desk: Callable[..., Desk]) -> None:
    desk = own_desk()
    hire(desk.database)
    grace = Operator(desk)
    door, signed_in = grace.get("/admin/sign-in"), grace.sign_in()

    for line in [*cookies_set(door).values(), *cookies_set(signed_in).values()]:
        assert line.startswith("__Host-passback-")
        assert attributes(line) >= {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"}
        assert "Domain" not in line


def test_b14_no_cookie_says_who_somebody_is(counter: Desk, someone: Someone) -> None:
    """Random texts, and nothing that could be read out of them."""
    browser = counter.browser()
    email = "somebody@school.example"
    told = [*cookies_set(counter.login(browser)).values()]
    told += cookies_set(counter.launch(browser, someone, email=email)).values()

    for line in told:
        name, _, value = line.partition(";")[0].partition("=")
        assert re.fullmatch(r"__Host-passback-(login|launch)-[\w-]{22}", name)
        assert re.fullmatch(r"([\w-]{43})?", value)
        for word in (someone.subject, someone.name.split()[0], email, someone.course, "fractions"):
            assert word not in value


def test_b14_no_page_sets_a_cookie_of_another_kind(premises: Premises) -> None:
    for visitor in WALKERS:
        for name, _, answer in premises.pages(visitor):
            for cookie in cookies_set(answer):
                assert cookie.startswith("__Host-passback-"), name


# B27: caches, and what else each answer says.


@pytest.mark.parametrize("visitor", WALKERS)
def test_b27_nobody_keeps_a_page_and_nobody_else_is_asked(premises: Premises, visitor: str) -> None:
    """Pages, files, JSON, redirects and refusals alike."""
    wrong = []
    for name, rule, answer in premises.pages(visitor):
        headers = answer.headers
        if rule.endpoint not in PUBLIC and headers["Cache-Control"] != "no-store":
            wrong.append(f"{name}: {headers['Cache-Control']}")
        if rule.endpoint in PUBLIC and (cookies_set(answer) or "private" in headers["Cache-Control"]):
            wrong.append(f"{name}: public, and of somebody")
        if (headers["Referrer-Policy"], headers["X-Content-Type-Options"]) != ("no-referrer", "nosniff"):
            wrong.append(f"{name}: headers")
        if answer.mimetype == "text/html":
            wrong += [f"{name}: {what}" for what in page_flaws(answer)]

    assert wrong == []


def page_flaws(answer: TestResponse) -> list[str]:
    policy = answer.headers["Content-Security-Policy"]
    directives = {one.split()[0]: one.split()[1:] for one in policy.split(";")}
    read = Reader(answer.text)
    flaws = [f"asks {one}" for one in read.asked if one and not re.match(r"(/(?![/\\])|\?|#)", one)]
    flaws += [f"inline {one}" for one in read.inline]
    flaws += ["unsafe"] if "unsafe" in policy or "*" in policy.partition("frame-ancestors")[0] else []
    own = {"style-src", "script-src", "connect-src", "font-src"}
    flaws += [f"{one} {directives[one]}" for one in own if directives[one] != ["'self'"]]
    rest = (directives["default-src"], directives["base-uri"], directives["form-action"])
    return flaws + ([] if rest == (["'none'"], ["'none'"], ["'self'"]) else [f"policy {rest}"])


def test_b27_refusals_are_kept_no_more_than_pages(premises: Premises) -> None:
    ada, nobody = premises.ada.browser, premises.guests["nobody"].browser
    refused = [
        nobody.get(f"/l/{premises.ada.launch_id}/grades", base_url=TOOL),
        ada.get(f"/l/{premises.ada.launch_id}/work", base_url=TOOL),
        ada.get("/nowhere", base_url=TOOL),
        ada.post(f"/l/{premises.ada.launch_id}/grades/send", base_url=TOOL),
        ada.delete("/lti/launch", base_url=TOOL),
        ada.post("/lti/launch", base_url=TOOL),
        nobody.get("/admin", base_url=TOOL),
    ]

    for answer in refused:
        assert answer.headers["Cache-Control"] == "no-store", answer.request.path
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "unsafe" not in answer.headers.get("Content-Security-Policy", "")


def test_b27_the_redirects_of_a_login_and_a_launch_are_not_kept(counter: Desk) -> None:
    browser = counter.browser()
    begun = counter.login(browser)
    launched = counter.post(browser, counter.id_token(begun.location))

    for answer in (begun, launched):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_b27_two_people_get_two_pages_of_one_address(premises: Premises) -> None:
    """A cache that kept one of them would hand it to the other."""
    path = f"/l/{premises.ada.launch_id}/grades"
    hers = premises.ada.browser.get(path, base_url=TOOL)
    others = premises.guests["another course's teacher"].browser.get(path, base_url=TOOL)

    assert (hers.status_code, others.status_code) == (200, 401)
    assert others.headers["Cache-Control"] == hers.headers["Cache-Control"] == "no-store"


def test_b27_the_page_that_answers_the_lms_may_send_its_form_there_and_nowhere_else(premises: Premises) -> None:
    chooser = Guest(premises.desk, ADA, **CHOOSING)
    form = {"csrf": chooser.csrf, "do": "choose", "assignment": "fractions"}
    chosen = chooser.browser.post(f"/l/{chooser.launch_id}/choose", data=form, base_url=TOOL)

    page = chooser.browser.get(chosen.location, base_url=TOOL)

    targets = page.headers["Content-Security-Policy"].partition("form-action ")[2].partition(";")[0].split()
    assert set(targets) == {"'self'", ISSUER, "https://*.instructure.com"}
    assert [one for one in Reader(page.text).asked if one.startswith("http")] == [SETTINGS["deep_link_return_url"]]


def test_b27_a_static_file_is_kept_for_good_under_the_address_of_its_content_alone(counter: Desk) -> None:
    """No page asks for its scripts and pictures again; what another version of Passback holds is nobody's memory."""
    browser = counter.browser()

    def kept(address: str) -> str:
        with browser.get(address, base_url=TOOL) as answer:
            return answer.headers["Cache-Control"]

    addresses = re.findall(r'"(/static/[^"#]+)', browser.get("/no-such-page", base_url=TOOL).text)
    assert addresses
    for address in addresses:
        name, _, mark = address.partition("?v=")
        assert kept(address) == "public, max-age=31536000, immutable", address
        assert [kept(other) for other in (name, f"{name}?v={mark[::-1]}")] == ["no-cache", "no-cache"]
    assert "immutable" in kept("/static/vendored/pico-2.1.1/pico.min.css"), "its version stands in its address"
    assert kept("/static/vendored/pico-2.1.1/pico.css") == "no-store", "it may be there tomorrow"


STATIC = sorted(
    path for path in (ROOT / "static").rglob("*") if path.suffix in (".css", ".js", ".svg", ".html", ".json")
)


@pytest.mark.parametrize("path", STATIC, ids=lambda path: str(path.relative_to(ROOT)))
def test_b27_no_static_file_asks_anybody_else(path: Path) -> None:
    """Neither a font, nor a picture, nor a script, nor a map of one; nothing is evaluated as a script either."""
    text = path.read_text("utf-8")
    loads = re.findall(
        r"""(?:url\(|@import|src=|fetch\(|import\(|sourceMappingURL=)\s*["']?((?:https?:)?//[^"')\s]+)""", text
    )

    assert loads == []
    if path.suffix == ".svg":
        assert "<script" not in text
    assert "navigator.sendBeacon" not in text
    assert "serviceWorker" not in text
