"""Whatever address an LMS, a launch, an answer or a database row names: nothing of ours is ever connected to by it.

It is refused where the connection is opened, by what its name resolves to then, on every road; and whoever waits at
the end of the road reads why.
"""

from contextlib import suppress

import pytest

from tests.conformance import forms
from tests.conformance.pretend_internet import CLOSES, LMS, LMS_ADDRESS, LMS_URL, Internet
from tests.conformance.roads import EVERY_ROAD, FIRST_CALLS, NEXT_LINKS, Road
from tests.lti.rough_server import reply

# What the roads may end in. That something "could not be reached" would be no refusal: it was tried.
REFUSED = {
    "address_refused",
    "host_not_allowed",
    "key.unreachable",
    "configuration.refused_address",
    "configuration.refused_scheme",
    "field.missing",
    "field.no_address",
    "field.not_https",
    "field.port",
    "field.private",
    "reply.refused_address",
    "reply.refused_scheme",
}
INSIDE = ["127.0.0.1", "::1", "0.0.0.0", "10.1.2.3", "169.254.169.254", "fd00:ec2::254", "::ffff:127.0.0.1"]  # noqa: S104
OF_ROADS = pytest.mark.parametrize("road", EVERY_ROAD.values(), ids=EVERY_ROAD)


def go(net: Internet, road: Road, form: str) -> str:
    """Takes the road; nothing inside hears of it, and a person reads why."""
    before = len(net.reached)
    code, words = road(net, form.format(port=net.inside.port))
    assert net.nobody_came_in(), f"{form}: {net.reached}"
    assert len(words) > 20, form
    assert "127.0.0.1" not in words
    assert code in REFUSED, f"{form}: {code} {net.reached[before:]}"
    return code


@OF_ROADS
def test_b15_every_form_is_refused_on_every_road(net: Internet, road: Road) -> None:
    net.names |= {name: [addresses] for name, addresses in forms.NAMES.items()}

    for form in forms.PRODUCTION:
        # To a link in a header some of them are a place on the LMS itself.
        if not (road in NEXT_LINKS.values() and form in forms.OF_THE_SAME_PLACE):
            go(net, road, form)


@pytest.mark.addresses_made_up
@pytest.mark.parametrize("road", NEXT_LINKS.values(), ids=NEXT_LINKS)
@pytest.mark.parametrize("form", forms.OF_THE_SAME_PLACE)
def test_b15_a_next_link_that_is_no_full_address_stays_with_the_lms(net: Internet, road: Road, form: str) -> None:
    with suppress(pytest.fail.Exception):  # it may even be the end of the list
        road(net, form.format(port=net.inside.port))

    assert net.lms.received
    assert net.nobody_came_in()


@OF_ROADS
def test_b15_development_lets_in_this_machine_and_no_other(in_development: Internet, road: Road) -> None:
    in_development.names |= {name: [addresses] for name, addresses in forms.NAMES.items()}

    for form in forms.DEVELOPMENT:
        go(in_development, road, form)


@pytest.mark.parametrize("road", FIRST_CALLS.values(), ids=FIRST_CALLS)
@pytest.mark.parametrize("url", ["https://127.0.0.1:{port}/x", "http://[::1]:{port}/x"])
def test_b15_development_does_reach_this_machine(in_development: Internet, road: Road, url: str) -> None:
    """So that the stories above prove something: the very same roads do come in where they may."""
    in_development.outbound.close()
    in_development.inside.listening.close()
    road_ends = road(in_development, url.format(port=in_development.lms.port))

    assert set(in_development.reached) <= {"127.0.0.1", "::1"}
    assert in_development.reached
    assert road_ends[0] not in REFUSED - {"key.unreachable"}


@OF_ROADS
@pytest.mark.parametrize("address", INSIDE)
def test_b15_the_lms_s_own_name_may_come_to_lead_inside(net: Internet, road: Road, address: str) -> None:
    """It was registered when its name led to a public address, or has just answered from there."""
    is_next = road in NEXT_LINKS.values()
    net.names[LMS] = [[LMS_ADDRESS], [address]] if is_next else [[address]]

    code, words = road(net, f"{LMS_URL}/x")

    assert net.nobody_came_in()
    assert net.reached == ([LMS_ADDRESS] if is_next else [])
    assert code in REFUSED
    assert words


@pytest.mark.parametrize("road", FIRST_CALLS.values(), ids=FIRST_CALLS)
def test_b15_what_was_judged_is_what_is_connected_to(net: Internet, road: Road) -> None:
    """A name that gives a public address to whoever checks, and another to whoever asks again to connect."""
    net.lms.on("/x", reply(404, "{}", CLOSES))
    net.lms.on("/x/results", reply(404, "{}", CLOSES))
    net.lms.on("/x/scores", reply(404, "{}", CLOSES))
    net.names[LMS] = [[LMS_ADDRESS], ["127.0.0.1"]]

    road(net, f"{LMS_URL}/x")

    assert net.nobody_came_in()
    assert net.reached == [LMS_ADDRESS]


@pytest.mark.parametrize("road", FIRST_CALLS.values(), ids=FIRST_CALLS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_b15_a_redirect_leads_nowhere(net: Internet, road: Road, status: int) -> None:
    for path in ("/x", "/x/results", "/x/scores"):
        location = f"https://127.0.0.1:{net.inside.port}/latest/meta-data"
        net.lms.on(path, reply(status, "", {"Location": location}))

    _, words = road(net, f"{LMS_URL}/x")

    assert net.nobody_came_in()
    assert net.reached == [LMS_ADDRESS]
    assert words
