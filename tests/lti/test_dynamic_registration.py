"""What is asked of each LMS, what is believed of what it says, and what is sent where."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.lti.recorded_platforms import (
    AGS,
    CANVAS,
    EVERY_SCOPE,
    NRPS,
    PLATFORM,
    TOOL,
    brightspace,
    canvas,
    canvas_reply,
    hosted_canvas,
    moodle,
    moodle_reply,
    without,
)
from tests.lti.rough_server import Behaviour, RoughServer, cut_short, drip, hang, raw, reply, reset
from tool.lti.dynamic_registration import Granted, OurAddresses, propose, read_reply, register
from tool.lti.errors import RegistrationRefused
from tool.lti.platform_configuration import PlatformConfiguration, fetch_configuration, frame_origin, read_configuration
from tool.outbound import Outbound

OURS = OurAddresses(
    base_url="https://passback.example:8443",
    login_url="https://passback.example:8443/lti/login",
    launch_url="https://passback.example:8443/lti/launch",
    key_set_url="https://passback.example:8443/.well-known/jwks.json",
    icon_url="https://passback.example:8443/static/mark.svg",
)
TOKEN = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ1dWlkIjoi.Q_JjbjAYQZTkacPq"
CONFIGURATION = "/openid-configuration"
REGISTRATIONS = "/registrations"


def judge(told: dict[str, Any], url: str | None = None, *, allows_loopback: bool = False) -> PlatformConfiguration:
    return read_configuration(url or f"{told['issuer']}/configuration", told, allows_loopback=allows_loopback)


def refusal_of(attempt: Callable[[], object]) -> RegistrationRefused:
    with pytest.raises(RegistrationRefused) as caught:
        attempt()
    return caught.value


# ── what is asked ────────────────────────────────────────────────────────────────────────────────────────────────


def test_canvas_is_asked_for_what_is_needed_in_its_own_words() -> None:
    proposal = propose(judge(canvas()), OURS)

    assert proposal["scope"].split() == EVERY_SCOPE
    assert proposal["redirect_uris"] == [OURS.launch_url]
    configuration = proposal[TOOL]
    assert configuration[f"{CANVAS}privacy_level"] == "public"
    assert configuration[f"{CANVAS}tool_id"] == "passback"
    assert [one["placements"] for one in configuration["messages"]] == [
        [f"{CANVAS}assignment_selection"],
        [f"{CANVAS}link_selection"],
        [f"{CANVAS}course_navigation"],
    ]
    assert [one["type"] for one in configuration["messages"]] == [
        "LtiDeepLinkingRequest",
        "LtiResourceLinkRequest",  # this Canvas cannot have assignments chosen there
        "LtiResourceLinkRequest",
    ]
    assert {one["target_link_uri"] for one in configuration["messages"]} == {OURS.launch_url}
    assert configuration["messages"][2][f"{CANVAS}course_navigation/default_enabled"] is False
    assert configuration["custom_parameters"]["due_at"] == "$ResourceLink.submission.endDateTime"
    assert configuration["custom_parameters"]["points"] == "$Canvas.assignment.pointsPossible"
    asked = set(configuration["custom_parameters"].values())
    assert {"$Context.id.history", "$ResourceLink.id.history", "$Person.sourcedId"} < asked


def test_assignments_are_chosen_wherever_canvas_lets_a_teacher_choose() -> None:
    told = canvas()
    chosen = [f"{CANVAS}{name}" for name in ("course_assignments_menu", "link_selection", "assignment_selection")]
    told[PLATFORM]["messages_supported"] = [
        {"type": "LtiResourceLinkRequest", "placements": [f"{CANVAS}course_navigation", *chosen]},
        {"type": "LtiDeepLinkingRequest", "placements": [*chosen, f"{CANVAS}editor_button"]},
    ]

    messages = propose(judge(told), OURS)[TOOL]["messages"]

    assert [(one["type"], one["placements"]) for one in messages] == [
        ("LtiDeepLinkingRequest", [f"{CANVAS}assignment_selection"]),
        ("LtiDeepLinkingRequest", [f"{CANVAS}link_selection"]),
        ("LtiDeepLinkingRequest", [f"{CANVAS}course_assignments_menu"]),
        ("LtiResourceLinkRequest", [f"{CANVAS}course_navigation"]),
    ]


def test_an_older_canvas_has_other_names_for_its_places_and_dates() -> None:
    told = canvas()
    platform = told[PLATFORM]
    platform["messages_supported"] = [
        {"type": "LtiResourceLinkRequest", "placements": ["course_navigation", "wiki_page_menu"]}
    ]
    platform["variables"] = ["Context.id.history", "Canvas.assignment.dueAt.iso8601"]

    configuration = propose(judge(told), OURS)[TOOL]

    assert [one["placements"] for one in configuration["messages"]] == [["course_navigation"]]
    assert configuration["custom_parameters"]["due_at"] == "$Canvas.assignment.dueAt.iso8601"


def test_moodle_is_told_the_domain_with_its_port_and_nothing_of_canvas() -> None:
    configuration = propose(judge(moodle()), OURS)[TOOL]

    assert configuration["domain"] == "passback.example:8443"
    plain = {"target_link_uri": OURS.launch_url, "label": "Passback"}
    assert configuration["messages"] == [
        {"type": "LtiResourceLinkRequest", **plain},
        {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea"], **plain},
    ]
    assert "instructure" not in json.dumps(configuration)


@pytest.mark.parametrize(
    ("offered", "asked"),
    [
        (["LtiResourceLinkRequest"], ["LtiResourceLinkRequest"]),
        (
            ["LtiDeepLinkingRequest", "LtiResourceLinkRequest", "LtiEulaRequest"],
            ["LtiResourceLinkRequest", "LtiDeepLinkingRequest"],
        ),
        (
            ["LtiResourceLinkRequest", "LtiDeepLinkingRequest", "LtiSubmissionReviewRequest"],
            ["LtiResourceLinkRequest", "LtiDeepLinkingRequest", "LtiSubmissionReviewRequest"],
        ),
        ([], ["LtiResourceLinkRequest", "LtiDeepLinkingRequest"]),
    ],
    ids=["links only", "choosing too", "and looking at work", "it does not say"],
)
def test_messages_are_asked_for_that_the_lms_knows(offered: list[str], asked: list[str]) -> None:
    told = brightspace()
    told[PLATFORM]["messages_supported"] = [{"type": one} for one in offered]

    messages = propose(judge(told), OURS)[TOOL]["messages"]

    assert [one["type"] for one in messages] == asked
    assert {one["target_link_uri"] for one in messages} == {OURS.launch_url}


def test_no_permission_is_asked_for_that_the_lms_does_not_know() -> None:
    told = moodle(scopes_supported=["openid", f"{AGS}score", f"{AGS}result.readonly", "https://other.example/scope"])

    assert propose(judge(told), OURS)["scope"].split() == [f"{AGS}result.readonly", f"{AGS}score"]
    assert propose(judge(without(moodle(), "scopes_supported")), OURS)["scope"].split() == EVERY_SCOPE


# ── what is believed ─────────────────────────────────────────────────────────────────────────────────────────────


def test_each_lms_as_it_describes_itself() -> None:
    of_canvas, of_moodle, of_brightspace = judge(canvas()), judge(moodle()), judge(brightspace())

    assert (of_canvas.family, of_canvas.name, of_canvas.auth_audience) == ("canvas", "North High", None)
    assert (of_moodle.family, of_moodle.name) == ("moodle", None)
    assert (of_brightspace.family, of_brightspace.auth_audience) == (
        "brightspace",
        "https://api.brightspace.com/auth/token",
    )
    assert of_canvas.other_hosts == of_moodle.other_hosts == of_brightspace.other_hosts == ()
    assert of_moodle.frame_origins == ("https://moodle.example.org",)


def test_hosted_canvas_stands_in_the_frame_of_each_school() -> None:
    found = judge(hosted_canvas(), "https://canvas.instructure.com/api/lti/security/openid-configuration")

    assert found.other_hosts == ()
    assert found.frame_origins == (
        "https://canvas.instructure.com",
        "https://*.instructure.com",
        "https://north.instructure.com",
    )


def test_a_schools_own_name_before_hosted_canvas() -> None:
    """The issuer is Canvas's, and so are keys and tokens: nobody else speaks for it. A person looks at it first."""
    registration = "https://canvas.north.example/api/lti/registrations"
    told = hosted_canvas(registration_endpoint=registration)

    found = judge(told, "https://canvas.north.example/api/lti/security/openid-configuration")

    assert (found.issuer, found.registration_url) == ("https://canvas.instructure.com", registration)
    assert found.other_hosts == ("canvas.north.example",)


@pytest.mark.parametrize("name", ["jwks_uri", "token_endpoint", "authorization_endpoint"])
def test_a_canvas_that_forgot_its_own_issuer_does_not_speak_for_the_world(name: str) -> None:
    told = hosted_canvas(**{name: "https://canvas.example.edu/somewhere"})

    refusal = refusal_of(lambda: judge(told, "https://canvas.example.edu/configuration"))

    assert (refusal.code, refusal.about) == ("issuer.other_host", "canvas.instructure.com")


@pytest.mark.parametrize(
    "asked_at",
    ["https://evil.example/configuration", "https://moodle.example.org:8443/c", "https://moodle.example.org.evil/c"],
)
def test_the_issuer_is_on_the_host_that_was_asked(asked_at: str) -> None:
    assert refusal_of(lambda: judge(moodle(), asked_at)).code == "issuer.other_host"


def test_the_registration_goes_to_the_host_that_was_asked() -> None:
    told = moodle(registration_endpoint="https://collector.example/registrations")

    refusal = refusal_of(lambda: judge(told))

    assert (refusal.code, refusal.about) == ("registration.other_host", "collector.example")


@pytest.mark.parametrize("host", ["canvas.north.example", "north.instructure.com"])
def test_hosted_canvas_may_name_the_schools_own_host_for_it(host: str) -> None:
    told = hosted_canvas(registration_endpoint=f"https://{host}/api/lti/registrations")
    told["https://purl.imsglobal.org/spec/lti-platform-configuration"][f"{CANVAS}account_domain"] = host

    assert judge(told).registration_url.startswith(f"https://{host}/")


def test_another_lms_cannot_name_a_host_for_it_in_that_way() -> None:
    told = canvas(registration_endpoint="https://collector.example/registrations")
    told["https://purl.imsglobal.org/spec/lti-platform-configuration"][f"{CANVAS}account_domain"] = "collector.example"

    assert refusal_of(lambda: judge(told)).code == "registration.other_host"


def test_keys_and_tokens_elsewhere_are_for_a_person_to_look_at() -> None:
    told = moodle(jwks_uri="https://keys.example/jwks", token_endpoint="https://auth.example/token")

    assert judge(told).other_hosts == ("auth.example", "keys.example")
    # Brightspace under a school's own name takes its tokens from the one address of all.
    assert judge(brightspace("https://learn.north.example")).other_hosts == ("auth.brightspace.com",)


def test_nobody_gets_a_signature_that_opens_another_lms() -> None:
    told = moodle(authorization_server="https://canvas.example.edu/login/oauth2/token")

    assert refusal_of(lambda: judge(told)).code == "audience.other_host"
    assert judge(moodle(authorization_server="https://moodle.example.org/aud")).auth_audience is not None


@pytest.mark.parametrize(
    "name", ["issuer", "registration_endpoint", "authorization_endpoint", "token_endpoint", "jwks_uri"]
)
@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "field.missing"),
        ("", "field.missing"),
        (7, "field.missing"),
        (["https://moodle.example.org/a"], "field.missing"),
        ("moodle.example.org", "field.no_address"),
        ("javascript:alert(1)", "field.no_address"),
        ("file:///etc/passwd", "field.no_address"),
        ("https://me:secret@moodle.example.org/a", "field.no_address"),
        ("https://moodle.example.org/a b", "field.no_address"),
        ("https://moodle.exämple.org/a", "field.no_address"),
        ("https://moodle.example.org/" + "a" * 2000, "field.no_address"),
        ("http://moodle.example.org/a", "field.not_https"),
        ("https://127.0.0.1/a", "field.private"),
        ("https://[::1]/a", "field.private"),
        ("https://[::ffff:10.0.0.1]/a", "field.private"),
        ("https://169.254.169.254/latest", "field.private"),
        ("https://192.168.0.10/a", "field.private"),
    ],
)
def test_an_address_that_cannot_be_used_is_named(name: str, value: object, code: str) -> None:
    told = moodle() | {name: value}

    refusal = refusal_of(lambda: judge(told, "https://moodle.example.org/configuration"))

    assert (refusal.code, refusal.about) == (code, name)


def test_words_of_the_wrong_kind_do_no_harm() -> None:
    odd = {
        "product_family_code": ["canvas"],
        "messages_supported": [None, "x", {"type": 7}, {"type": "LtiResourceLinkRequest", "placements": "all"}],
        "variables": {"a": 1},
        f"{CANVAS}account_name": "North\x00 High\n" + "x" * 400,
        f"{CANVAS}account_domain": "north.example/path; script-src *",
    }
    told = canvas(scopes_supported="everything", claims_supported=None, authorization_server=7)
    told["https://purl.imsglobal.org/spec/lti-platform-configuration"] = odd

    found = judge(told)

    assert (found.family, found.scopes, found.variables) == ("unknown", (), frozenset())
    assert found.name is not None
    assert len(found.name) == 200
    assert found.name.isprintable()
    assert found.frame_origins == ("https://canvas.example.edu",)
    assert propose(found, OURS)["scope"].split() == EVERY_SCOPE


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://lms.example/c?registration_token=secret", "https://lms.example"),
        ("https://LMS.example:443/c", "https://lms.example"),
        ("https://lms.example:8443/c", "https://lms.example:8443"),
        ("http://lms.example/c", None),
        ("https://127.0.0.1/c", None),
        ("https://lms.example;script-src *", None),
        ("https://*/c", None),
        ("https://a.example https://b.example", None),
        ("data:text/html,x", None),
    ],
)
def test_what_may_stand_in_the_header_of_a_frame(url: str, origin: str | None) -> None:
    assert frame_origin(url, allows_loopback=False) == origin


# ── what is fetched and sent ─────────────────────────────────────────────────────────────────────────────────────


def served(server: RoughServer, *behaviours: Behaviour, **changes: Any) -> str:
    """A Moodle on the rough server; its configuration's address."""
    told = moodle(server.url, registration_endpoint=server.url + REGISTRATIONS) | changes
    server.on(CONFIGURATION, *(behaviours or (reply(200, json.dumps(told), {"Content-Type": "text/html"}),)))
    return f"{server.url}{CONFIGURATION}?registration_token={TOKEN}"


def fetch(outbound: Outbound, url: str, token: str | None = TOKEN) -> PlatformConfiguration:
    return fetch_configuration(outbound, url, token, allows_loopback=True)


def test_the_token_goes_along_in_its_header_with_both_requests(server: RoughServer, outbound: Outbound) -> None:
    configuration = fetch(outbound, served(server))
    proposal = propose(configuration, OURS)
    server.on(REGISTRATIONS, reply(200, json.dumps(moodle_reply(proposal))))

    granted = register(outbound, configuration, proposal, TOKEN)

    first, second = server.received
    assert first.path == f"{CONFIGURATION}?registration_token={TOKEN}"
    assert first.headers["Authorization"] == second.headers["Authorization"] == f"Bearer {TOKEN}"
    assert json.loads(second.body) == proposal
    assert granted == Granted("pHsQ0Tqg4uCBq8s", "3", tuple(EVERY_SCOPE), (), ("ContentArea",))


def test_without_a_token_none_is_sent(server: RoughServer, outbound: Outbound) -> None:
    fetch(outbound, served(server), None)

    assert "Authorization" not in server.received[0].headers


@pytest.mark.parametrize("token", ["a b", "x\r\nX-More: 1", "é", "x" * 8001])
def test_a_token_that_is_none_is_sent_nowhere(server: RoughServer, outbound: Outbound, token: str) -> None:
    url = served(server)

    assert refusal_of(lambda: fetch(outbound, url, token)).code == "token"
    assert server.received == []


@pytest.fixture
def patient() -> Iterator[Outbound]:
    client = Outbound(allow_loopback_http=True, connect_seconds=1, total_seconds=1)
    yield client
    client.close()


ROUGH = {
    "a redirect": (reply(302, "", {"Location": "http://127.0.0.1:1/other"}), "redirected"),
    "a page": (reply(200, "<!DOCTYPE html><title>Log in</title>"), "unreadable"),
    "a page under 404": (reply(404, "<!DOCTYPE html><title>Error</title>"), "refused"),
    "no JSON": (reply(200, "{"), "unreadable"),
    "a list": (reply(200, "[]"), "unreadable"),
    "nothing": (reply(200, ""), "unreadable"),
    "nested": (reply(200, "[" * 100_000), "unreadable"),
    "a huge body": (reply(200, b"x" * 1_100_000), "too_large"),
    "a cut line": (reset, "reset"),
    "half an answer": (cut_short, "reset"),
    "no HTTP": (raw(b"hello\r\n\r\n"), "reset"),
    "trouble": (reply(500, "{}"), "refused"),
    "no": (reply(401, "token_already_used"), "refused"),
}


@pytest.mark.parametrize("how", ROUGH)
def test_a_rough_answer_to_the_first_question(server: RoughServer, outbound: Outbound, how: str) -> None:
    behaviour, code = ROUGH[how]
    url = served(server, behaviour)

    assert refusal_of(lambda: fetch(outbound, url)).code == f"configuration.{code}"
    assert len(server.received) <= 1


@pytest.mark.parametrize("how", ROUGH)
def test_a_rough_answer_to_the_registration(server: RoughServer, outbound: Outbound, how: str) -> None:
    behaviour, code = ROUGH[how]
    configuration = fetch(outbound, served(server))
    server.on(REGISTRATIONS, behaviour)

    refusal = refusal_of(lambda: register(outbound, configuration, propose(configuration, OURS), TOKEN))

    assert refusal.code == f"reply.{code}"
    assert len(server.requests_for(REGISTRATIONS)) == 1
    assert refusal.outcome_unknown is (code in ("unreadable", "too_large", "reset"))


@pytest.mark.parametrize("behaviour", [hang, drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"{" * 100, 0.1)])
def test_an_lms_that_takes_for_ever(
    server: RoughServer, patient: Outbound, behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tool.lti.platform_configuration.FETCH_SECONDS", 0.5)
    url = served(server, behaviour)

    assert refusal_of(lambda: fetch(patient, url)).code == "configuration.timeout"


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_in_production_this_machine_is_not_asked(server: RoughServer, name: str) -> None:
    served(server)
    client = Outbound(allow_loopback_http=False)
    for scheme in ("http", "https"):
        url = f"{scheme}://{name}:{server.port}{CONFIGURATION}"
        with pytest.raises(RegistrationRefused):
            fetch_configuration(client, url, TOKEN, allows_loopback=False)
    client.close()

    assert server.connections == 0


def test_a_name_that_leads_to_a_private_address_is_not_asked(
    outbound: Outbound, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(*_args: object, **_more: object) -> list[tuple[Any, ...]]:
        return [(2, 1, 6, "", ("10.0.0.7", 443))]

    monkeypatch.setattr("tool.outbound.connection.socket.getaddrinfo", resolve)

    refusal = refusal_of(lambda: fetch(outbound, "https://lms.example/configuration"))

    assert refusal.code == "configuration.refused_address"


def test_what_the_lms_answers_is_shown_without_the_token(server: RoughServer, outbound: Outbound) -> None:
    configuration = fetch(outbound, served(server))
    server.on(REGISTRATIONS, reply(400, json.dumps({"error": f"bad token plain-token and {TOKEN}"})))

    refusal = refusal_of(lambda: register(outbound, configuration, propose(configuration, OURS), "plain-token"))

    assert "bad token" in refusal.excerpt
    assert "plain-token" not in refusal.excerpt
    assert TOKEN not in refusal.excerpt


# ── what is granted ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_replies_of_canvas_and_moodle() -> None:
    asked = propose(judge(canvas()), OURS)
    of_canvas = read_reply(canvas_reply(asked))
    of_moodle = read_reply(moodle_reply(propose(judge(moodle()), OURS)))

    assert (of_canvas.client_id, of_canvas.missing) == ("10000000000005", ())
    assert of_canvas.deployment_id == "9:8865aa05b4b79b64a91a86042e43af5ea8ae79eb"
    assert of_canvas.placements[2] == f"{CANVAS}course_navigation"
    assert (of_moodle.client_id, of_moodle.deployment_id) == ("pHsQ0Tqg4uCBq8s", "3")


def test_fewer_permissions_than_asked_for_are_told() -> None:
    asked = propose(judge(canvas()), OURS)

    assert read_reply(canvas_reply(asked, scope=f"{AGS}lineitem openid")).missing == (
        f"{AGS}result.readonly",
        f"{AGS}score",
        NRPS,
    )
    # Nothing said is not the same as nothing given.
    silent = read_reply(without(canvas_reply(asked), "scope"))
    assert (silent.scopes, silent.missing) == (None, ())


@pytest.mark.parametrize("changes", [{"deployment_id": None}, {"deployment_id": ""}])
def test_no_deployment_id_is_no_mistake(changes: dict[str, Any]) -> None:
    asked = propose(judge(canvas()), OURS)

    assert read_reply(canvas_reply(asked, **changes)).deployment_id is None


def test_ids_that_are_numbers() -> None:
    asked = propose(judge(moodle()), OURS)
    told = canvas_reply(asked, client_id=10000000000005, deployment_id=3)

    assert (read_reply(told).client_id, read_reply(told).deployment_id) == ("10000000000005", "3")


@pytest.mark.parametrize("name", ["client_id", "deployment_id"])
@pytest.mark.parametrize("value", [["a"], True, "a\nb", "x" * 256, "a\ud800", "a\x7f", "a\u2028b", {"id": 1}])
def test_ids_that_cannot_be_ids(name: str, value: object) -> None:
    told = canvas_reply(propose(judge(canvas()), OURS), **{name: value})

    refusal = refusal_of(lambda: read_reply(told))

    assert (refusal.code, refusal.about, refusal.outcome_unknown) == ("reply.field", name, True)


def test_no_client_id_is_no_registration() -> None:
    told = without(canvas_reply(propose(judge(canvas()), OURS)), "client_id")

    assert refusal_of(lambda: read_reply(told)).code == "reply.field"
