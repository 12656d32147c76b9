"""Checklist A25–A52: claims and token one by one, each as instructor and as student where that matters."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from sqlalchemy import select

from tests.cast import ADA, BEN, Someone
from tests.conformance.forging import Changes, claims_for, launch, post, sign
from tests.conformance.verdicts import assert_came_in, assert_refused, who_came
from tests.desk import Desk
from tests.lti.paper_lms import ABSENT, LEARNER, encode_part, public_entry, rsa_key, sign_raw
from tests.lti.rough_server import RoughServer
from tests.lti.service_desk import reply_json
from tests.rows import CLIENT, DEPLOYMENT, ISSUER, count_rows, entry
from tool.model.platforms import Deployment
from tool.registration.deployments import approve_deployment, switch_off_deployment
from tool.registration.platforms import TrustedPlatforms, add_platforms, change

LONG = "x" * 256

REFUSED: list[Any] = [
    pytest.param({"iss": ABSENT}, "does not say its iss", id="A25 no issuer"),
    pytest.param({"aud": ABSENT}, "does not say its aud", id="A26 no audience"),
    pytest.param({"exp": ABSENT}, "does not say its exp", id="A27 no exp"),
    pytest.param({"iat": ABSENT}, "does not say its iat", id="A28 no iat"),
    pytest.param({"nonce": ABSENT}, "does not say its nonce", id="A29 no nonce"),
    pytest.param({"target_link_uri": ABSENT}, "does not say its target_link_uri", id="A30 no target"),
    pytest.param(
        {"target_link_uri": "https://tool.example/other"}, "another page than the login", id="A30 another target"
    ),
    pytest.param({"roles": "Instructor"}, "a roles that cannot be used", id="A31 roles as a text"),
    pytest.param({"roles": [1, 2]}, "a roles that cannot be used", id="A31 roles as numbers"),
    pytest.param({"sub": ""}, "did not say who you are", id="A32 an empty person"),
    pytest.param({"sub": LONG}, "more than 255 characters", id="A32 a person of 256 characters"),
    pytest.param({"deployment_id": LONG}, "more than 255 characters", id="A33 a deployment of 256 characters"),
    pytest.param({"resource_link": {"id": LONG}}, "more than 255 characters", id="A33 a link of 256 characters"),
    pytest.param({"context": {"id": LONG}}, "more than 255 characters", id="A33 a course of 256 characters"),
    pytest.param({"iss": "https://evil.example"}, "comes from another LMS", id="A34 another issuer"),
    pytest.param({"iss": f"{ISSUER}/"}, "comes from another LMS", id="A34 the issuer with a slash"),
    pytest.param({"iss": ISSUER.upper()}, "comes from another LMS", id="A34 the issuer in capitals"),
    pytest.param({"aud": "someone-else"}, "meant for another tool", id="A35 another audience"),
    pytest.param({"aud": [CLIENT, "other"]}, "meant for another tool", id="A37 two audiences and no party"),
    pytest.param({"azp": "other"}, "meant for another tool", id="A38 another party of one audience"),
    pytest.param({"aud": [CLIENT, "other"], "azp": "other"}, "another tool", id="A38 another party of two audiences"),
    pytest.param({"exp": "1999999999"}, "a exp that cannot be used", id="A39 exp as a text"),
    pytest.param({"iat": "1999999999"}, "a iat that cannot be used", id="A39 iat as a text"),
    pytest.param({"message_type": "LtiSomethingElse"}, "not known here", id="A50 an unknown message"),
    pytest.param({"message_type": "LtiStartProctoring"}, "not known here", id="A50 a known message we do not offer"),
    pytest.param({"message_type": "LtiStartAssessment"}, "not known here", id="A50 another one we do not offer"),
]


@pytest.mark.parametrize(("changes", "says"), REFUSED)
def test_a25_a_claim_that_does_not_fit_is_refused(counter: Desk, someone: Someone, changes: Changes, says: str) -> None:
    before = count_rows(counter.database)

    assert_refused(counter, launch(counter, someone, changes), before, says=says)


ACCEPTED: list[Any] = [
    pytest.param({"aud": [CLIENT]}, id="A36 a list of one audience"),
    pytest.param({"aud": [CLIENT, "other"], "azp": CLIENT}, id="A38 two audiences, and we are the party"),
    pytest.param({"https://vendor.example/claim": {"deep": [1, {"a": None}]}}, id="A51 an unknown claim"),
    pytest.param({"picture": "javascript:alert(1)", "lti11_legacy_user_id": 7}, id="A51 odd vendor claims"),
    pytest.param({"lis": "nothing", "custom": {"assignment": "fractions", "x": []}}, id="A51 odd optional claims"),
]


@pytest.mark.parametrize("changes", ACCEPTED)
def test_a36_what_honest_platforms_send_is_accepted(counter: Desk, someone: Someone, changes: Changes) -> None:
    assert_came_in(counter, launch(counter, someone, changes), someone.subject)


def test_a51_extra_roles_are_accepted_and_add_nothing(counter: Desk) -> None:
    came = launch(counter, BEN, {"roles": [LEARNER, "urn:nobody:knows", "https://vendor.example/Superuser"]})

    assert_came_in(counter, came, "ben")
    assert came.location.endswith("/work"), "still a learner"


def test_a32_and_a33_ids_of_255_characters_are_kept_whole(counter: Desk) -> None:
    whole = "ü" * 255
    link = {"resource_link": {"id": whole, "title": "Fractions"}, "context": {"id": whole}}

    assert_came_in(counter, launch(counter, BEN, {"sub": whole, **link}), whole)


def test_a39_times_may_be_fractions(counter: Desk, someone: Someone) -> None:
    present = time.time()

    came = launch(counter, someone, {"iat": present - 0.5, "exp": present + 59.5})

    assert_came_in(counter, came, someone.subject)


@pytest.mark.parametrize(
    ("issued", "expires", "says"),
    [
        pytest.param(-86_400, 600, "made too long ago", id="A40 a day old and still valid"),
        pytest.param(0, 315_360_000, "valid for more than a day", id="A40 valid for ten years"),
        pytest.param(600, 660, "clock of the LMS runs ahead", id="A42 a clock ten minutes ahead"),
    ],
)
def test_a40_and_a42_a_token_out_of_its_window_is_refused(
    counter: Desk, someone: Someone, issued: int, expires: int, says: str
) -> None:
    present = int(time.time())
    before = count_rows(counter.database)

    refused = launch(counter, someone, {"iat": present + issued, "exp": present + expires})

    assert_refused(counter, refused, before, says=says)


@pytest.mark.parametrize("seconds", [-30, 30])
def test_a41_clocks_may_differ_by_half_a_minute(counter: Desk, someone: Someone, seconds: int) -> None:
    """Moodle's tokens live for one minute."""
    theirs = int(time.time()) + seconds

    assert_came_in(counter, launch(counter, someone, {"iat": theirs, "exp": theirs + 60}), someone.subject)


def forged(desk: Desk, make: Callable[[dict[str, Any]], str], someone: Someone = ADA) -> Any:
    """A launch whose token is made by an attacker from honest claims."""
    browser = desk.browser()
    begun = desk.login(browser)
    return post(desk, browser, begun, make(claims_for(begun, someone)))


def unsigned(claims: Mapping[str, Any], alg: str) -> str:
    header = json.dumps({"alg": alg, "typ": "JWT", "kid": "lms-key"}).encode()
    return f"{encode_part(header)}.{encode_part(json.dumps(dict(claims)).encode())}."


@pytest.mark.parametrize("alg", ["none", "None", "nOnE", "NONE"])
@pytest.mark.parametrize("signature", ["", "AAAA", "as signed"])
def test_a43_a_token_without_a_signature_is_refused(counter: Desk, alg: str, signature: str) -> None:
    before = count_rows(counter.database)

    def make(claims: dict[str, Any]) -> str:
        return sign(claims, {"alg": alg}) if signature == "as signed" else unsigned(claims, alg) + signature

    assert_refused(counter, forged(counter, make), before)


def public_pem() -> bytes:
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return rsa_key("lms").public_key().public_bytes(encoding, form)


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param(public_pem, id="the PEM"),
        pytest.param(lambda: public_pem().strip(), id="the PEM without its last line end"),
        pytest.param(lambda: json.dumps(public_entry("lms-key")).encode(), id="the JWK"),
    ],
)
@pytest.mark.parametrize("claimed", ["HS256", "RS256"])
def test_a44_the_public_key_is_no_shared_secret(counter: Desk, secret: Callable[[], bytes], claimed: str) -> None:
    """HS256 with what everybody can read, said openly and behind an honest alg."""
    before = count_rows(counter.database)

    def make(claims: dict[str, Any]) -> str:
        header = encode_part(json.dumps({"alg": claimed, "kid": "lms-key"}).encode())
        signed = f"{header}.{encode_part(json.dumps(claims).encode())}"
        return f"{signed}.{encode_part(hmac.new(secret(), signed.encode(), hashlib.sha256).digest())}"

    assert_refused(counter, forged(counter, make), before)


@pytest.mark.parametrize("alg", ["RS384", "RS512", "PS256", "ES256"])
def test_a45_another_algorithm_is_refused_even_with_a_published_key(own_desk: Callable[..., Desk], alg: str) -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    private: Any = curve if alg == "ES256" else rsa_key("lms")
    published = ECAlgorithm.to_jwk(curve.public_key(), as_dict=True) if alg == "ES256" else public_entry("lms-key")
    desk = own_desk({"key_set": {"keys": [published | {"kid": "lms-key", "alg": alg}, public_entry("good")]}})
    before = count_rows(desk.database)

    def make(claims: dict[str, Any]) -> str:
        return jwt.encode(claims, private, algorithm=alg, headers={"kid": "lms-key"})

    assert_refused(desk, forged(desk, make), before, says="signed in a way that is not accepted")


def change_payload(token: str) -> str:
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return f"{header}.{encode_part(json.dumps({**claims, 'sub': 'somebody-else'}).encode())}.{signature}"


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda claims: sign(claims, key=rsa_key("attacker")), id="another key under the right id"),
        pytest.param(lambda claims: change_payload(sign(claims)), id="the payload changed after signing"),
        pytest.param(lambda claims: sign(claims)[:-20], id="the signature cut"),
        pytest.param(lambda claims: sign(claims).rpartition(".")[0] + ".", id="the signature left out"),
        pytest.param(lambda claims: sign(claims)[:-4] + "AAAA", id="the end of the signature changed"),
    ],
)
def test_a46_a_wrong_signature_is_refused(counter: Desk, someone: Someone, make: Callable[..., str]) -> None:
    before = count_rows(counter.database)

    assert_refused(counter, forged(counter, make, someone), before)


def test_a47_keys_named_in_the_header_are_neither_used_nor_fetched(own_desk: Callable[..., Desk]) -> None:
    server = RoughServer()
    own, theirs = public_entry("lms-key"), public_entry("lms-key", rsa_key("attacker"))
    server.on("/keys", reply_json({"keys": [own]}))
    server.on("/evil", reply_json({"keys": [theirs]}))
    desk = own_desk({"key_set": None, "key_set_url": f"{server.url}/keys"}, reaches_this_machine=True)
    evil = f"{server.url}/evil"
    try:
        before = count_rows(desk.database)
        for header in ({"jku": evil}, {"jwk": theirs}, {"x5u": evil}, {"jku": evil, "jwk": theirs, "x5u": evil}):
            refused = launch(desk, ADA, header=header, key=rsa_key("attacker"))
            # The platform's own keys are kept from now on: that is the one row.
            kept = before | {"kept_key_sets": 1}
            assert_refused(desk, refused, kept, says="signature")
        assert server.requests_for("/evil") == []
        assert len(server.requests_for("/keys")) == 1
        assert_came_in(desk, launch(desk, ADA, header={"jku": evil}), "ada")
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        pytest.param(lambda c: sign(c, {"crit": ["exp"]}), "an extension that is not known", id="a critical header"),
        pytest.param(lambda c: sign(c, {"b64": False}), "an extension that is not known", id="b64 false"),
        pytest.param(
            lambda _: ".".join([encode_part(b'{"alg":"RSA-OAEP","enc":"A256GCM","kid":"lms-key"}'), *["AAAA"] * 4]),
            "cannot be read",
            id="an encrypted token",
        ),
        pytest.param(lambda c: sign(c) + ".AAAA.AAAA", "cannot be read", id="five parts"),
        pytest.param(lambda c: sign(c) + "A" * 100_000, "too large", id="a hundred kilobytes too many"),
        pytest.param(lambda c: sign(c) + "A" * 2_000_000, "", id="two megabytes"),
        pytest.param(lambda _: "." * 2_000_000, "", id="two megabytes of points"),
    ],
)
def test_a48_a_token_made_to_hurt_is_refused_in_no_time(
    counter: Desk, make: Callable[[dict[str, Any]], str], says: str
) -> None:
    browser = counter.browser()
    begun = counter.login(browser)
    token = make(claims_for(begun, ADA))
    before = count_rows(counter.database)
    started = time.process_time()
    refused = post(counter, browser, begun, token)
    took = time.process_time() - started

    assert_refused(counter, refused, before, says=says, framed=refused.status_code != 413)
    assert took < 0.1, f"{took:.3f} s of CPU"


@pytest.mark.parametrize("name", ["sub", "aud", "nonce", "https://purl.imsglobal.org/spec/lti/claim/roles"])
def test_a49_a_name_that_stands_there_twice_is_refused(counter: Desk, name: str) -> None:
    """Two readers may disagree about which of two counts, so neither does."""
    before = count_rows(counter.database)

    def make(claims: dict[str, Any]) -> str:
        twice = json.dumps(claims)[:-1] + f", {json.dumps(name)}: {json.dumps(claims[name])}}}"
        return sign_raw(b'{"alg":"RS256","kid":"lms-key"}', twice.encode())

    assert_refused(counter, forged(counter, make), before, says="cannot be read")


NEW = "install-2"


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        pytest.param("refuse", "is not known here", id="A52 refused"),
        pytest.param("hold", "waits for approval", id="A52 taken in as pending"),
    ],
)
def test_a52_an_unknown_deployment_does_as_its_platform_says(
    own_desk: Callable[..., Desk], someone: Someone, rule: str, says: str
) -> None:
    desk = own_desk()
    platform_id = of_operator(desk)
    change(desk.database, platform_id, new_deployments=rule)
    before = count_rows(desk.database)
    held = {"deployments": before["deployments"] + 1} if rule == "hold" else {}

    for _ in range(2):
        assert_refused(desk, launch(desk, someone, {"deployment_id": NEW}), before | held, says=says)
    assert customer_of(desk, NEW) is None


@pytest.mark.parametrize("rule", ["accept", "hold"])
def test_a52_a_deployment_that_is_let_in_gets_people_of_its_own(
    own_desk: Callable[..., Desk], someone: Someone, rule: str
) -> None:
    """Never those of a tenant that is there already: the same `sub` is somebody else there."""
    desk = own_desk()
    platform_id = of_operator(desk)
    change(desk.database, platform_id, new_deployments=rule)
    here = who_came(desk, launch(desk, someone))
    there = launch(desk, someone, {"deployment_id": NEW})
    if rule == "hold":
        approve_deployment(desk.database, platform_id, NEW)
        desk.parts.platforms.forget()
        there = launch(desk, someone, {"deployment_id": NEW})

    assert_came_in(desk, there, someone.subject)
    assert who_came(desk, there).customer_id not in (None, here.customer_id)
    assert who_came(desk, there).id != here.id


def test_a52_a_deployment_that_was_switched_off_is_refused(own_desk: Callable[..., Desk], someone: Someone) -> None:
    desk = own_desk()
    switch_off_deployment(desk.database, of_operator(desk), DEPLOYMENT)
    desk.parts.platforms.forget()
    before = count_rows(desk.database)

    assert_refused(desk, launch(desk, someone), before, says="is switched off here")


def of_operator(desk: Desk) -> int:
    """The paper LMS, as an operator added it: what the file says of it is changed there alone."""
    add_platforms(desk.database, {ISSUER: (entry(),)}, of_file={})
    known = TrustedPlatforms(desk.database).known(ISSUER, CLIENT)
    assert known is not None
    return known.id


def customer_of(desk: Desk, deployment_id: str) -> int | None:
    with desk.database.reading() as connection:
        is_this = Deployment.deployment_id == deployment_id
        customer: int | None = connection.execute(select(Deployment.customer_id).where(is_this)).scalar()
    return customer
