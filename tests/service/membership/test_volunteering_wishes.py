"""Micro-wishes: claimed by one, made true, given back, expired, forgotten."""

import pytest

from services.chassis import sweeps
from services.membership.handlers.volunteering.due import SWEEPS
from tests.service.membership.volunteering_help import Service, serving

BY_NAME = {sweep.name: sweep for sweep in SWEEPS}


@pytest.fixture
async def service(scene, start) -> Service:
    return await serving(scene, start)


async def test_a_wish_is_claimed_given_back_claimed_again_and_made_true_for_points(service):
    wish = await service.wish()
    path = f"/v1/wishes/{wish['wish_id']}"
    first, second = await service.members(2)
    await service.done(f"{path}/claim", member_id=first)
    taken = await service.post(f"{path}/claim", member_id=second)
    released = await service.done(f"{path}/release")
    claimed = await service.done(f"{path}/claim", member_id=second)
    done = await service.done(f"{path}/fulfilment", minutes=120)
    late = await service.post(f"{path}/release")

    assert (taken.status_code, taken.json()["code"]) == (409, "wish-taken")
    assert (released["status"], released["member_id"]) == ("collected", None)
    assert claimed["member_id"] == done["member_id"] == second
    assert (late.status_code, late.json()["code"]) == (409, "wish-closed")
    earned = await service.pool.fetch(
        "SELECT subject_id::text AS who, rule_code AS rule FROM points_entry ORDER BY rule_code"
    )
    assert [(e["who"], e["rule"]) for e in earned] == [
        (second, "service.done"), (second, "wish.fulfilled"),
    ]  # fmt: skip


async def test_whose_wish_it_is_stays_sealed_until_it_is_forgotten(service):
    wish = await service.wish()
    path = f"/v1/wishes/{wish['wish_id']}"
    exported = await service.roll.get("/v1/wishes/export", format="csv")
    shown = (await service.roll.get(path)).json()["contact"]
    read = await service.roll.get(f"{path}/contact", role="help-officer", purpose="转告认领党员")
    await service.done(f"{path}/withdrawal")
    service.clock.after(days=90)
    await sweeps.once(service.context, BY_NAME["volunteering.forgotten"])
    gone = await service.roll.get(f"{path}/contact", role="help-officer", purpose="转告")

    assert "测试户乙" not in exported.text + str(shown)
    assert read.json()["wish"] == "有人陪着读报"
    assert gone.status_code == 404


async def test_an_unclaimed_wish_expires_and_a_claimed_one_does_not(service):
    unclaimed, claimed = await service.wish(), await service.wish()
    member = await service.member()
    await service.done(f"/v1/wishes/{claimed['wish_id']}/claim", member_id=member)
    sweep = BY_NAME["volunteering.wishes-expired"]
    service.clock.after(days=89)
    early = await sweeps.once(service.context, sweep)
    service.clock.after(days=1)
    due = await sweeps.once(service.context, sweep)
    late = await service.post(f"/v1/wishes/{unclaimed['wish_id']}/claim", member_id=member)

    assert (early, due) == (0, 1)
    assert (late.status_code, late.json()["code"]) == (409, "wish-closed")
    status = {
        each["wish_id"]: each["status"]
        for each in (await service.roll.get("/v1/wishes")).json()["items"]
    }
    assert status == {unclaimed["wish_id"]: "expired", claimed["wish_id"]: "claimed"}


async def test_a_register_of_old_wishes_enters_them_as_made_true(service):
    member = await service.member()
    wish = await service.wish(
        occurred_at="2019-03-01T09:00:00+08:00",
        done={"member_id": member, "occurred_at": "2019-03-20T09:00:00+08:00"},
    )

    assert (wish["status"], wish["member_id"]) == ("done", member)
    assert [row["type"] for row in await service.logged("wish")] == [
        "collected", "claimed", "fulfilled",
    ]  # fmt: skip


@pytest.mark.parametrize("body", [{}, {"member_id": "x"}])
async def test_a_claim_names_one_who_serves(service, body):
    wish = await service.wish()
    answer = await service.post(f"/v1/wishes/{wish['wish_id']}/claim", **body)

    assert answer.status_code == 422
