"""The same launch posted again, or eight times at once, is one launch."""

import threading
from concurrent.futures import ThreadPoolExecutor

from tests.cast import BEN
from tests.desk import Desk
from tests.rows import count_rows


def test_eight_posts_at_once_are_one_launch(desk: Desk) -> None:
    browser = desk.browser()
    begun = desk.login(browser)
    form = desk.id_token(begun.location)
    cookie = begun.headers["Set-Cookie"].partition(";")[0]
    together = threading.Barrier(8)

    def post(_number: int) -> int:
        alone = desk.browser(takes_cookies=False)
        together.wait()
        return alone.post(
            "/lti/launch", data=form, base_url="https://tool.example", headers={"Cookie": cookie}
        ).status_code

    with ThreadPoolExecutor(8) as threads:
        answers = sorted(threads.map(post, range(8)))

    assert answers == [303] + [400] * 7
    rows = count_rows(desk.database)
    assert (rows["launches"], rows["used_nonces"], rows["persons"]) == (1, 1, 1)


def test_a_launch_posted_again_is_refused_and_writes_nothing(desk: Desk) -> None:
    browser = desk.browser()
    begun = desk.login(browser)
    form = desk.id_token(begun.location)
    cookie = begun.headers["Set-Cookie"].partition(";")[0]
    desk.post(browser, form)
    before = count_rows(desk.database)

    again = desk.browser(takes_cookies=False).post(
        "/lti/launch", data=form, base_url="https://tool.example", headers={"Cookie": cookie}
    )

    assert again.status_code == 400
    assert "This launch was used already." in again.text
    assert count_rows(desk.database) == before


def test_a_refused_launch_does_not_spend_its_nonce(desk: Desk) -> None:
    """The LMS's mistake is mended and the same login is answered again."""
    browser = desk.browser()
    begun = desk.login(browser)

    assert desk.post(browser, desk.id_token(begun.location, BEN, deployment_id="elsewhere")).status_code == 400
    assert desk.post(browser, desk.id_token(begun.location)).status_code == 303


def test_other_messages_are_refused_politely(desk: Desk) -> None:
    browser = desk.browser()

    refused = desk.launch(browser, message_type="LtiDeepLinkingRequest", resource_link=None)

    assert refused.status_code == 400
    assert "This kind of launch is not offered by this tool." in refused.text
    assert count_rows(desk.database)["launches"] == 0
