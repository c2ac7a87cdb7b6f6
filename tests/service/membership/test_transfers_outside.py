"""Letters to organisations that are not here, and members who come from there."""

import pytest

from tests.service.membership.branches import Town, counted, open_town

OUTSIDE = {
    "counterpart": "测试市某公司党委",
    "outside_letter": "2026-17",
    "cause": "work",
    "sent_on": "2026-06-20",
    "valid_until": "2026-07-20",
}
ARRIVAL = {"code": "DY-OUT-1", "state": "full", "full_on": "2015-07-01"}


@pytest.fixture
async def town(scene, start) -> Town:
    return await open_town(scene, start)


async def test_to_the_outside_the_member_counts_until_the_receipt_comes_back(town):
    member = await town.member()

    nameless = await town.post("/v1/transfers", {"member_id": member, "cause": "work"})
    sent = await town.send(member, None, to_id=None, counterpart="测试省某局党委")
    before = await counted(town)
    receipt = await town.step(sent, "receive")

    assert nameless.json()["code"] == "counterpart-missing"
    assert (sent["direction"], before) == ("out", {town.first: 1})
    assert receipt.json()["state"] == "received"
    assert await counted(town) == {}
    assert await town.events(member) == ["registered", "departed"]


async def test_from_outside_the_member_is_on_a_roll_from_receipt_on_and_not_before(town):
    body = {"to_id": town.far, "person": {"name": "测试外来", "phone": "13900000001"}} | OUTSIDE
    arrival = await town.done("/v1/transfers/arrivals", body, 201)

    before = await counted(town)
    unsaid = await town.step(arrival, "receive")
    received = await town.step(arrival, "receive", arrival=ARRIVAL)

    assert (arrival["direction"], arrival["letter"], arrival["name"]) == ("in", "2026-17", None)
    assert before == {}
    assert unsaid.json()["code"] == "arrival-missing"
    assert received.status_code == 200, received.text
    assert await counted(town) == {town.far: 1}
    shown = await town.get(f"/v1/transfers/{arrival['transfer_id']}")
    assert shown.json()["name"] == "测***"
    sealed = await town.pool.fetchval(
        "SELECT key FROM person WHERE person_id = $1", arrival["transfer_id"]
    )
    assert sealed is None


async def test_what_was_sealed_for_a_letter_that_came_to_nothing_is_erased(town):
    body = {"to_id": town.far, "person": {"name": "测试外来"}} | OUTSIDE
    arrival = await town.done("/v1/transfers/arrivals", body, 201)

    await town.step(arrival, "return", reason="not-here")

    row = await town.pool.fetchrow(
        "SELECT key, sealed::text FROM person WHERE person_id = $1", arrival["transfer_id"]
    )
    assert (row["key"], row["sealed"]) == (None, "{}")


async def test_one_who_is_on_a_roll_here_cannot_come_from_outside_nor_twice_at_once(town):
    number = "11010519491231002X"
    person = {"person": {"name": "测试外来", "identity_number": number}}
    body = {"to_id": town.far} | person | OUTSIDE
    first = await town.done("/v1/transfers/arrivals", body, 201)

    twice = await town.post("/v1/transfers/arrivals", body)
    await town.step(first, "receive", arrival=ARRIVAL)
    here = await town.post("/v1/transfers/arrivals", body)

    assert twice.json()["code"] == "transfer-open"
    assert here.json()["code"] == "identity-number-known"


async def test_whoever_went_out_and_comes_back_is_the_same_member(town):
    number = "11010519491231002X"
    member = await town.member(identity_number=number)
    out = await town.send(member, None, to_id=None, counterpart="测试省某局党委")
    await town.step(out, "receive")

    body = {
        "to_id": town.far,
        "person": {"name": "测试外来", "identity_number": number},
    } | OUTSIDE
    arrival = await town.done("/v1/transfers/arrivals", body, 201)
    received = await town.step(arrival, "receive", arrival=ARRIVAL)

    assert received.status_code == 200, received.text
    assert arrival["member_id"] == member
    assert await town.branch_of(member) == town.far
    assert await town.events(member) == ["registered", "departed", "returned"]
