"""Who may do what: forged and stale tokens, roles, and areas that only look alike."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from contracts.access import ROLES
from services.chassis.ids import new_id
from tests.clock import office_clock
from tests.conftest import DISTRICT, ISSUER
from tests.service.chassis_http.conftest import problem_of
from tests.service.office import COMMUNITY, STREET

pytestmark = pytest.mark.usefixtures("nothing_written")

NOW = int(office_clock().timestamp())


def b64(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def claims(**given: Any) -> dict[str, Any]:
    grants = [{"role": "admin", "area": DISTRICT}]
    return {
        "iss": ISSUER,
        "aud": "jiceng",
        "sub": "forger",
        "iat": NOW,
        "exp": NOW + 3600,
        "grants": grants,
    } | given


def hs256(secret: bytes, **header: Any) -> str:
    """Signed with what everybody may read: the public key."""
    signed = f"{b64({'alg': 'HS256', 'typ': 'JWT', **header})}.{b64(claims())}"
    return f"{signed}.{b64(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


async def test_only_a_current_token_of_our_issuer_for_us_is_accepted(office, issuer):
    foreign = ECKey.generate_key("P-256", {"kid": "test"})
    stranger = ECKey.generate_key("P-256", {"kid": "stranger"})
    good = issuer.token()
    head, body, signature = good.split(".")
    public = issuer.key.as_dict(private=False)
    unsigned = b64({"alg": "none", "typ": "JWT"})
    tokens: dict[str, Any] = {
        "expired": issuer.token(exp=NOW - 3600),
        "not yet valid": issuer.token(nbf=NOW + 3600),
        "issued in the future": issuer.token(iat=NOW + 3600),
        "foreign issuer": issuer.token(iss="https://elsewhere.invalid"),
        "no issuer": issuer.token(iss=None),
        "wrong audience": issuer.token(aud="other"),
        "list of other audiences": issuer.token(aud=["a", "b"]),
        "no audience": issuer.token(aud=None),
        "no subject": issuer.token(sub=None),
        "no expiry": issuer.token(exp=None),
        "expiry as text": issuer.token(exp="tomorrow"),
        "other key, known id": jwt.encode({"alg": "ES256", "kid": "test"}, claims(), foreign),
        "other key, unknown id": jwt.encode(
            {"alg": "ES256", "kid": "stranger"}, claims(), stranger
        ),
        "alg none": f"{unsigned}.{b64(claims())}.",
        "alg none with a signature": f"{unsigned}.{body}.{signature}",
        "HS256 with the public key": hs256(json.dumps(public).encode(), kid="test"),
        "HS256 with the key's x": hs256(public["x"].encode(), kid="test"),
        "HS256 with the pem": hs256(issuer.key.as_pem(private=False), kid="test"),
        "changed body": f"{head}.{b64(claims(sub='root'))}.{signature}",
        "changed head": f"{b64({'alg': 'ES256', 'kid': 'test', 'x': 1})}.{body}.{signature}",
        "no signature": f"{head}.{body}.",
        "two parts": f"{head}.{body}",
        "five parts": f"{good}.a.b",
        "head is a list": f"{b64([])}.{body}.{signature}",
        "head is no JSON": f"{b64(b'{')}.{body}.{signature}",
        "head is no UTF-8": f"{b64(bytes([255, 254]))}.{body}.{signature}",
        "alg is a list": f"{b64({'alg': ['ES256']})}.{body}.{signature}",
        "alg is null": f"{b64({'alg': None})}.{body}.{signature}",
        "kid is a number": f"{b64({'alg': 'ES256', 'kid': 7})}.{body}.{signature}",
        "unknown crit": f"{b64({'alg': 'ES256', 'kid': 'test', 'crit': ['x']})}.{body}.{signature}",
        "deep head": f"{b64(b'[' * 5000)}.{body}.{signature}",
        "dots": "...",
        "a word": "garbage",
        "very long": "a" * 20_000,
        "embedded space": "a b",
        "not ASCII": b"Bearer \xff\xfe",
    }
    wrong = {}
    for name, token in tokens.items():
        bearer = token if isinstance(token, bytes) else f"Bearer {token}"
        answer = await office.bases.get("/v1/bases", headers={"Authorization": bearer})
        problem = problem_of(answer)
        if answer.status_code != 401 or not answer.headers["www-authenticate"].startswith("Bearer"):
            wrong[name] = problem
        expected = "token-expired" if name == "expired" else "token-invalid"
        if problem["code"] != expected and name != "embedded space":
            wrong[name] = problem
    assert wrong == {}


@pytest.mark.parametrize(
    "given", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer"}]
)
async def test_without_a_bearer_token_nothing_is_answered(office, given):
    for path in ("/v1/bases", "/v1/bookings", "/v1/kinds", f"/v1/events/{new_id()}"):
        answer = await office.bases.get(path, headers=given)
        assert (answer.status_code, problem_of(answer)["code"]) == (401, "unauthenticated")


async def test_a_token_without_grants_may_do_nothing(office, issuer):
    for grants in ([], [{"role": "emperor", "area": DISTRICT}]):
        bearer = {"Authorization": f"Bearer {issuer.token(grants=grants)}"}
        answer = await office.bases.get("/v1/bases", headers=bearer)
        problem = problem_of(answer)
        assert (answer.status_code, problem["code"]) == (403, "forbidden")
        assert "viewer" in problem["roles"]


async def test_every_role_may_do_what_the_table_says_and_nothing_else(office):
    commands = {
        "bookings.handle": ("/v1/bookings", office.booking(headcount=0)),
        "bases.manage": ("/v1/bases", {"code": "X", "name": "x", "kind": "?", "area": COMMUNITY}),
    }
    for role, actions in ROLES.items():
        for action, (path, body) in commands.items():
            # a request that a permitted caller is refused for its content
            good = body | ({"headcount": 41} if "headcount" in body else {})
            answer = await office.bases.post(path, json=good, headers=office.scene.headers(role))
            assert (answer.status_code == 403) == (action not in actions), (role, action)
        read = await office.bases.get("/v1/bases", headers=office.scene.headers(role))
        assert read.status_code == 200
        event = await office.bases.get(f"/v1/events/{new_id()}", headers=office.scene.headers(role))
        assert event.status_code in {403, 404}


SEES = {
    "41": True,
    "4103": True,
    DISTRICT: True,
    STREET: True,
    COMMUNITY: True,
    f"{COMMUNITY}001": False,  # a grid of it
    "410306": False,
    "410305002": False,
    "410305001002": False,
    "410305010": False,
    "14": False,
}
"""Whether someone granted this area may read and book in the community's base."""


async def test_an_area_opens_what_lies_in_it_and_nothing_that_only_looks_alike(office):
    for area, inside in SEES.items():
        headers = office.scene.headers(area=area)
        one = await office.bases.get(f"/v1/bases/{office.base_id}", headers=headers)
        listed = await office.bases.get("/v1/bases", headers=headers)
        asked = await office.bases.get("/v1/bases", params={"within": COMMUNITY}, headers=headers)
        booked = await office.bases.post(
            "/v1/bookings", json=office.booking(headcount=41), headers=headers
        )
        assert (one.status_code == 200) == inside, area
        assert (len(listed.json()["items"]) == 1) == inside, area
        if inside:
            assert problem_of(booked)["code"] == "over-capacity"
        else:
            assert problem_of(one)["code"] == "area-out-of-scope"
            assert problem_of(booked)["code"] == "area-out-of-scope"
            assert asked.status_code == 403 or asked.json()["items"] == [], area


async def test_two_grants_are_both_used_and_do_not_mix(office, issuer):
    """Booking here and reading there is not booking there."""
    grants = [
        {"role": "base-manager", "area": "410306"},
        {"role": "viewer", "area": DISTRICT},
    ]
    bearer = {"Authorization": f"Bearer {issuer.token(grants=grants)}", "Idempotency-Key": "k"}

    read = await office.bases.get(f"/v1/bases/{office.base_id}", headers=bearer)
    booked = await office.bases.post("/v1/bookings", json=office.booking(), headers=bearer)

    assert read.status_code == 200
    assert problem_of(booked)["code"] == "area-out-of-scope"
    assert booked.json()["granted"] == ["410306"]


async def test_a_token_that_expires_while_it_is_remembered_is_refused(office, start):
    ahead = timedelta()
    client = await start("bases", background=False, clock=lambda: office_clock() + ahead)
    in_an_hour = int((office_clock() + timedelta(hours=1)).timestamp())
    token = office.scene.issuer.token(exp=in_an_hour)
    headers = {"Authorization": f"Bearer {token}"}
    assert (await client.get("/v1/bases", headers=headers)).status_code == 200

    ahead = timedelta(hours=1, minutes=1)

    late = await client.get("/v1/bases", headers=headers)
    assert (late.status_code, problem_of(late)["code"]) == (401, "token-expired")
