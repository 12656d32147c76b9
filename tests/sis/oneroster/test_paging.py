"""Lists in pages: by link, by offset and total, and neither a loop nor a foreign host is ever followed."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sis.oneroster.conftest import with_profile
from tests.sis.oneroster.pretend_sis import GRADEBOOK, PretendSis, Received, Reply, complain
from tool.outbound import Outbound
from tool.sis.oneroster.client import OneRoster
from tool.sis.plain import Access, SisError

PATH = f"{GRADEBOOK}/classes/c/lineItems"
ALL = [f"li-{number}" for number in range(7)]


@pytest.fixture
def client(access: Access, outbound: Outbound) -> OneRoster:
    return OneRoster(with_profile(access, page_size=3), outbound)


def read(client: OneRoster) -> list[str]:
    return [one.sourced_id for one in client.read_line_items("c")]


def page(ids: list[str], **headers: str) -> Reply:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(200, {"lineItems": [{"sourcedId": one} for one in ids]}, told)


def numbers(asked: Received) -> tuple[int, int]:
    query = dict(asked.query)
    return int(query["limit"]), int(query["offset"])


def honest(limited_to: int = 100, *, total: bool = True, links: Callable[[int, int], str] | None = None) -> Any:
    """A SIS that pages as the standard says, with a limit of its own."""

    def meet(asked: Received) -> Reply:
        limit, offset = numbers(asked)
        after = offset + min(limit, limited_to)
        headers = {"X_Total_Count": str(len(ALL))} if total else {}
        if links is not None:
            headers["Link"] = links(after, limit) if after < len(ALL) else '<x?offset=0>; rel="first"'
        return page(ALL[offset:after], **headers)

    return meet


@pytest.mark.parametrize("limited_to", [1, 2, 3, 100])
@pytest.mark.parametrize("total", [True, False])
def test_by_offset(sis: PretendSis, client: OneRoster, limited_to: int, total: bool) -> None:
    """Also where the SIS gives less at once than was asked for, and does not say how much there is."""
    sis.on("GET", PATH, honest(limited_to, total=total))

    assert read(client) == ALL


@pytest.mark.parametrize("total", [True, False])
@pytest.mark.parametrize(
    "target",
    [
        "{url}{path}?limit={limit}&offset={after}",
        "{path}?limit={limit}&offset={after}",
        "?limit={limit}&offset={after}",
        "http://internal.example:8080{path}?offset={after}&limit={limit}",
        "https://evil.example/steal?limit={limit}&offset={after}",
    ],
)
def test_by_link_and_never_to_another_host(sis: PretendSis, client: OneRoster, target: str, total: bool) -> None:
    def link(after: int, limit: int) -> str:
        url = target.format(url=sis.url, path=PATH, limit=limit, after=after)
        return f'<{url}>; rel="next", <{url}>; rel="last"'

    sis.on("GET", PATH, honest(total=total, links=link))

    assert read(client) == ALL
    assert len(sis.asked("GET", PATH)) == 3
    assert {one.path for one in sis.received} == {"/token", PATH}


def test_a_whole_answer_needs_no_second_question(sis: PretendSis, client: OneRoster) -> None:
    """A SIS that knows no pages, and says nothing about any."""
    sis.on("GET", PATH, page(ALL))

    assert read(client) == ALL
    assert len(sis.asked("GET", PATH)) == 1


def test_one_that_knows_no_offset_tells_the_same_again(sis: PretendSis, client: OneRoster) -> None:
    sis.on("GET", PATH, page(ALL[:3]))

    assert read(client) == ALL[:3]
    assert len(sis.asked("GET", PATH)) == 2


@pytest.mark.parametrize("reply", [complain(404), complain(400), Reply(416)])
def test_one_that_refuses_an_offset_beyond_the_end_has_told_all(
    sis: PretendSis, client: OneRoster, reply: Reply
) -> None:
    sis.on("GET", PATH, page(ALL[:3]), reply)

    assert read(client) == ALL[:3]


def test_a_page_that_was_promised_must_come(sis: PretendSis, client: OneRoster) -> None:
    sis.on("GET", PATH, page(ALL[:3], X_Total_Count="7"), complain(404))
    with pytest.raises(SisError):
        read(client)


@pytest.mark.parametrize(
    "link",
    [
        '<?limit=3&offset=0>; rel="next"',
        '<?limit=3&offset=3>; rel="next"',
        '<?>; rel="next"',
    ],
)
@pytest.mark.parametrize("has_new", [True, False])
def test_a_loop_ends_and_half_a_list_is_none(sis: PretendSis, client: OneRoster, link: str, has_new: bool) -> None:
    seen = iter(range(1000))

    def meet(_: Received) -> Reply:
        return page([f"new-{next(seen)}" for _ in range(3)] if has_new else ALL[:3], Link=link)

    sis.on("GET", PATH, meet)
    with pytest.raises(SisError) as caught:
        read(client)

    assert (caught.value.kind, caught.value.code) == ("later", "sis.internal")
    assert len(sis.asked("GET", PATH)) < 5


def test_ever_new_links_to_the_same_page_end(sis: PretendSis, client: OneRoster) -> None:
    def meet(asked: Received) -> Reply:
        return page(ALL[:3], Link=f'<?limit=3&offset={numbers(asked)[1] + 3}>; rel="next"')

    sis.on("GET", PATH, meet)
    with pytest.raises(SisError):
        read(client)

    assert len(sis.asked("GET", PATH)) == 2


def test_a_total_that_was_reached_ends_an_endless_chain_of_links(sis: PretendSis, client: OneRoster) -> None:
    def meet(asked: Received) -> Reply:
        _, offset = numbers(asked)
        return page(ALL[offset : offset + 3], X_Total_Count="7", Link=f'<?limit=3&offset={offset + 3}>; rel="next"')

    sis.on("GET", PATH, meet)

    assert read(client) == ALL


def test_an_object_on_two_pages_is_one(sis: PretendSis, client: OneRoster) -> None:
    """Something was added in front while we read."""
    sis.on("GET", PATH, page(ALL[:3]), page([ALL[2], *ALL[3:5]]), page(ALL[5:]), page([]))

    assert read(client) == ALL


@pytest.mark.parametrize("size", [0, -5, 1])
def test_a_page_has_one_object_at_least(sis: PretendSis, access: Access, outbound: Outbound, size: int) -> None:
    sis.on("GET", PATH, honest())

    assert read(OneRoster(with_profile(access, page_size=size), outbound)) == ALL
