"""One key, one effect, one answer: also when the same request comes twice at once."""

import json

import httpx
import pytest

from services.chassis.database import Database
from tests.clock import tomorrow
from tests.conftest import DISTRICT
from tests.service.chassis_http.conftest import problem_of
from tests.service.office import Office
from tests.together import together

BOOKINGS = "SELECT count(*) FROM booking"


def same(first: httpx.Response, second: httpx.Response) -> bool:
    return (first.status_code, first.content, first.headers.get("etag")) == (
        second.status_code,
        second.content,
        second.headers.get("etag"),
    )


async def effects(bases: Database) -> tuple[int, int]:
    row = await bases.pool.fetchrow(
        "SELECT (SELECT count(*) FROM booking),"
        " (SELECT count(*) FROM event_log WHERE type LIKE '%booking%')"
    )
    return tuple(row)


async def test_the_same_key_with_the_same_body_gives_the_first_answer_again(office, bases):
    headers, request = office.scene.headers(), office.booking()

    first = await office.bases.post("/v1/bookings", json=request, headers=headers)
    again = await office.bases.post("/v1/bookings", json=request, headers=headers)

    assert first.status_code == 201
    assert same(first, again)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["content-type"] == "application/json"
    assert await effects(bases) == (1, 1)


async def test_order_and_spacing_of_the_json_do_not_make_another_request(office, bases):
    headers = office.scene.headers(**{"content-type": "application/json"})
    request = office.booking()
    written = [
        json.dumps(request),
        json.dumps(request, indent=4),
        json.dumps(dict(reversed(request.items())), separators=(",", ":")),
        json.dumps(request).replace("web", "\\u0077eb"),
    ]

    answers = [
        await office.bases.post("/v1/bookings", content=body, headers=headers) for body in written
    ]

    assert all(same(answers[0], answer) for answer in answers)
    assert await effects(bases) == (1, 1)


async def test_the_same_key_with_another_body_or_address_is_refused(office, bases):
    headers = office.scene.headers()
    booking = (
        await office.bases.post("/v1/bookings", json=office.booking(), headers=headers)
    ).json()

    other_body = await office.bases.post(
        "/v1/bookings", json=office.booking(headcount=21), headers=headers
    )
    other_address = await office.bases.post(
        f"/v1/bookings/{booking['booking_id']}/confirm", json={}, headers=headers
    )

    for answer in (other_body, other_address):
        problem = problem_of(answer)
        assert (problem["status"], problem["code"]) == (422, "idempotency-key-reused")
    assert await effects(bases) == (1, 1)


async def test_a_key_is_needed_short_and_printable(office, bases):
    bearer = {"Authorization": office.scene.headers()["Authorization"]}
    keys: list[str | bytes | None] = [None, "", "k" * 201, b"a\tb", b"\x7f", b"\xa0", b"a\x85b"]
    for key in keys:
        given = bearer if key is None else bearer | {"Idempotency-Key": key}
        answer = await office.bases.post("/v1/bookings", json=office.booking(), headers=given)
        problem = problem_of(answer)
        assert problem["status"] == 422, key
        assert "idempotency-key" in json.dumps(problem), key
    assert await effects(bases) == (0, 0)

    longest = bearer | {"Idempotency-Key": "k" * 200}
    answer = await office.bases.post("/v1/bookings", json=office.booking(), headers=longest)
    assert answer.status_code == 201


@pytest.mark.parametrize("clients", [2, 12])
async def test_identical_requests_at_one_time_have_one_effect_and_one_answer(
    office, bases, clients
):
    headers, request = office.scene.headers(), office.booking()

    answers = await together(
        office.bases.post("/v1/bookings", json=request, headers=headers) for _ in range(clients)
    )

    assert {answer.status_code for answer in answers} == {201}
    assert all(same(answers[0], answer) for answer in answers)
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert await effects(bases) == (1, 1)


async def test_one_key_of_two_callers_is_two_keys(office, bases):
    key = {"Idempotency-Key": "monday"}
    hours = [{"starts_at": tomorrow(9), "ends_at": tomorrow(10)}]
    hours.append({"starts_at": tomorrow(11), "ends_at": tomorrow(12)})

    answers = [
        await office.bases.post(
            "/v1/bookings",
            json=office.booking(**times),
            headers=office.scene.headers(role, DISTRICT, **key),
        )
        for role, times in zip(("admin", "base-clerk"), hours, strict=True)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert await effects(bases) == (2, 2)


async def test_the_key_of_a_refused_command_may_be_used_again(office, bases):
    headers = office.scene.headers()
    refused = [
        {"headcount": 0},
        {"headcount": 41},
        {"ends_at": tomorrow(8)},
        {"visitors": 1},
    ]
    for given in refused:
        answer = await office.bases.post(
            "/v1/bookings", json=office.booking(**given), headers=headers
        )
        assert answer.is_client_error

    answer = await office.bases.post("/v1/bookings", json=office.booking(), headers=headers)

    assert (answer.status_code, "idempotent-replayed" in answer.headers) == (201, False)
    assert await effects(bases) == (1, 1)


async def test_a_repeated_step_answers_as_it_did_although_the_booking_moved_on(office, bases):
    booking = await office.book()
    path = f"/v1/bookings/{booking['booking_id']}"
    headers = office.scene.headers()
    confirmed = await office.bases.post(f"{path}/confirm", json={}, headers=headers)
    await office.step(booking, "cancel")

    again = await office.bases.post(f"{path}/confirm", json={}, headers=headers)

    assert same(confirmed, again)
    assert again.json()["status"] == "confirmed"
    assert await effects(bases) == (1, 3)


async def test_a_repeated_edit_is_answered_before_its_version_is_looked_at(office):
    path = f"/v1/venues/{office.hall}"
    headers = office.scene.headers(**{"If-Match": '"1"'})

    first = await office.bases.patch(path, json={"capacity": 60}, headers=headers)
    again = await office.bases.patch(path, json={"capacity": 60}, headers=headers)

    assert same(first, again)
    assert first.headers["etag"] == '"2"'


async def test_a_replay_still_needs_a_valid_token_and_is_only_for_its_actor(office, issuer):
    headers = office.scene.headers()
    first = await office.bases.post("/v1/bookings", json=office.booking(), headers=headers)
    expired = headers | {"Authorization": f"Bearer {issuer.token(exp=1)}"}
    other = headers | {"Authorization": f"Bearer {issuer.token(sub='somebody-else')}"}

    late = await office.bases.post("/v1/bookings", json=office.booking(), headers=expired)
    stranger = await office.bases.post("/v1/bookings", json=office.booking(), headers=other)

    assert first.status_code == 201
    assert problem_of(late)["status"] == 401
    assert problem_of(stranger)["code"] == "slot-taken"


async def test_a_key_outlives_the_process_that_answered_it(scene, start, office: Office):
    """The key lies in the database, not in the process."""
    headers, request = office.scene.headers(), office.booking()
    first = await office.bases.post("/v1/bookings", json=request, headers=headers)
    restarted = await start("bases", background=False)

    again = await restarted.post("/v1/bookings", json=request, headers=headers)

    assert same(first, again)
