"""Checklist B, rows 2 and 34: what must not be guessed, and is compared in a time that tells nothing."""

import ast
import base64
import hmac
import re
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask.testing import FlaskClient

from tests.cast import BEN
from tests.desk import TOOL, Desk, cookies_set, hidden, launch_id
from tests.operators import at_work, hire
from tests.rows import make_assignment, open_copy
from tool.access import LAUNCH_COOKIE_PREFIX
from tool.admin import sessions
from tool.clock import now
from tool.lti.login import StateSigner
from tool.registration.invitations import invite

ROOT = Path(__file__).resolve().parents[2]


# B2: what must not be guessed.


def secrets_of_a_launch(desk: Desk, browser: FlaskClient) -> dict[str, str]:
    begun = desk.login(browser)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(begun.location).query).items()}
    state = desk.app.extensions["passback"][StateSigner].read(asked["state"])
    (login,) = cookies_set(begun).values()
    launched = desk.post(browser, desk.id_token(begun.location))
    launch = cookies_set(launched)[LAUNCH_COOKIE_PREFIX + launch_id(launched)]
    return {
        "state's signature": asked["state"].rpartition(".")[2],
        "nonce": asked["nonce"],
        "login's id": state.login_id,
        "login's secret": login.partition("=")[2].partition(";")[0],
        "launch's id": launch_id(launched),
        "launch's secret": launch.partition("=")[2].partition(";")[0],
    }


@pytest.fixture(scope="module")
def thousand(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[str]]]:
    """A thousand of each, all made at one moment: what is made of the time alone would be the same."""
    folder = tmp_path_factory.mktemp("thousand")
    database = open_copy(migrated_sqlite, folder / "thousand.db")
    make_assignment(database)
    desk = Desk(database, folder)
    hire(database)
    with time_machine.travel(now(), tick=False):
        launches = [secrets_of_a_launch(desk, desk.browser()) for _ in range(1000)]
        with database.writing() as connection:
            operators = [sessions.begin(connection, 1) for _ in range(1000)]
        one_day = timedelta(days=1)
        invited = [invite(database, note="", approves=False, valid_for=one_day, made_by=None) for _ in range(1000)]
    yield {name: [one[name] for one in launches] for name in launches[0]} | {
        "operator's session": operators,
        "invitation's secret": invited,
    }
    desk.outbound.close()
    database.close()


GUESSED = ["state's signature", "nonce", "login's id", "login's secret", "launch's id", "launch's secret"]
GUESSED += ["operator's session", "invitation's secret"]


@pytest.mark.parametrize("name", GUESSED)
def test_b2_what_must_not_be_guessed_is_128_random_bits(thousand: dict[str, list[str]], name: str) -> None:
    """No place of it stands still, none counts, none follows another."""
    samples = [base64.urlsafe_b64decode(one + "=" * (-len(one) % 4)) for one in thousand[name]]
    assert len(set(samples)) == 1000
    (length,) = {len(one) for one in samples}
    assert length >= 16, "128 bits"
    rows = [int.from_bytes(one) for one in samples]
    ones = [sum(row >> bit & 1 for row in rows) for bit in range(8 * length)]
    changes = [sum((row ^ following) >> bit & 1 for row, following in pairwise(rows)) for bit in range(8 * length)]

    # Of a thousand tosses five hundred are heads; a hundred more or less would happen once in three billion times.
    assert min(ones) > 400, name
    assert max(ones) < 600, name
    assert min(changes) > 400, name
    assert max(changes) < 600, name


# B34: secrets are compared in a time that tells nothing.


def test_b34_every_secret_goes_through_the_comparison_that_takes_one_time(
    own_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is compared at a launch, on its page, by its form, at the operators' door and for the numbers."""
    compared: list[str] = []
    really = hmac.compare_digest

    def note(one: Any, other: Any) -> bool:
        place = sys._getframe(1)
        compared.append(f"{Path(place.f_code.co_filename).stem}.{place.f_code.co_name}")
        return really(one, other)

    monkeypatch.setattr(hmac, "compare_digest", note)
    desk = own_desk(settings={"metrics_token": "only-for-those-who-watch"})
    browser = desk.browser()
    page = desk.open(browser, BEN)
    path = page.request.path.replace("work", "save")
    browser.post(path, data={"csrf": hidden(page, "csrf"), "revision": hidden(page, "revision")}, base_url=TOOL)
    at_work(desk)
    browser.get("/metrics", headers={"Authorization": "Bearer wrong"}, base_url=TOOL)

    assert {one.split(".")[0] for one in compared} >= {"id_token", "access", "endpoints", "signer"}, compared


SECRET = re.compile(r"(csrf|mark|secret|digest|token|binding|nonce|signature|password)(_\w+)?$")
# The digest of what stood in a field when its page was made: it tells whether somebody else wrote there meanwhile.
# And a new password typed twice at a terminal.
NO_SECRETS = {"fields.py: self.digest != self.was", "operators.py: getpass.getpass('Once more: ') != password"}


def test_b34_no_secret_is_compared_with_an_equals_sign() -> None:
    """In the whole tool, as it is written: names of secrets on either side of `==` or `!=`, SQL aside."""
    found = []
    for path in ROOT.glob("tool/**/*.py"):
        if {"demo_lms", "demo_sis"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
                sides = [node.left, *node.comparators]
                if any(_is_column(one) or isinstance(one, ast.Constant) or _is_yes_or_no(one) for one in sides):
                    continue
                if any(SECRET.search(ast.unparse(one).lower().split("(")[0]) for one in sides):
                    found.append(f"{path.name}: {ast.unparse(node)}")

    assert set(found) <= NO_SECRETS


def _is_column(node: ast.expr) -> bool:
    """`Launch.secret_digest`: looked for in an index, by the digest of what was shown."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id[0].isupper()


def _is_yes_or_no(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("bool", "len")
