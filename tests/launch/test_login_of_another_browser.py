"""Login CSRF: nobody can put somebody else into a launch of theirs, so that work lands in the wrong name."""

from tests.desk import TOOL, Desk
from tests.rows import count_rows


def test_a_launch_begun_in_another_browser_is_refused(counter: Desk) -> None:
    attacker, victim = counter.browser(), counter.browser()
    form = counter.id_token(counter.login(attacker).location)
    before = count_rows(counter.database)

    refused = counter.post(victim, form)

    assert refused.status_code == 400
    assert "Your browser did not keep the cookie" in refused.text
    assert count_rows(counter.database) == before


def test_a_login_of_ones_own_does_not_help(counter: Desk) -> None:
    attacker, victim = counter.browser(), counter.browser()
    form = counter.id_token(counter.login(attacker).location)
    counter.login(victim)

    assert counter.post(victim, form).status_code == 400


def test_another_secret_under_the_logins_name_is_noticed(counter: Desk) -> None:
    attacker = counter.browser()
    begun = counter.login(attacker)
    name = begun.headers["Set-Cookie"].partition("=")[0]
    alone = counter.browser(takes_cookies=False)

    refused = alone.post(
        "/lti/launch",
        data=counter.id_token(begun.location),
        base_url=TOOL,
        headers={"Cookie": f"{name}=something-else"},
    )

    assert refused.status_code == 400
    assert "This launch began in another browser." in refused.text


def test_a_launch_without_a_beginning_is_refused(counter: Desk) -> None:
    browser = counter.browser()
    form = counter.id_token(counter.login(browser).location)

    assert counter.post(browser, {"id_token": form["id_token"]}).status_code == 400
    assert counter.post(browser, form | {"state": "state-made-up"}).status_code == 400
