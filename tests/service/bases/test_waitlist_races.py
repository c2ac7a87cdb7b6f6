"""Promotion happens exactly once: the race is shown first, then shown gone over HTTP."""

import asyncio
from collections import Counter
from uuid import UUID

import httpx
import pytest

from services.bases.handlers.waitlist import clock
from services.bases.tables.waitlist import queue
from services.chassis.database import Database
from tests.clock import tomorrow
from tests.service.bases.test_concurrency import LOAD_DISAGREES, overlapping
from tests.service.bases.waiting import (
    answered,
    crowd,
    entry,
    live_offers,
    run,
    statuses,
    told,
    wait,
)
from tests.service.office import Office
from tests.storms import compete
from tests.together import together

CLIENTS = 40


@pytest.fixture
async def bases(office, database) -> Database:
    return await database("bases")


def codes(answers: list[httpx.Response]) -> Counter[str]:
    return Counter(a.json()["code"] if a.is_error else "ok" for a in answers)


async def everybody_waits(office: Office, bases: Database, **given: object) -> list[dict]:
    """They join all at once; in the order in which they were let in."""
    ids = await crowd(bases, CLIENTS)
    joined = await together(wait(office, organisation_id=key, **given) for key in ids)
    rows = await bases.pool.fetch("SELECT entry_id FROM waitlist_entry ORDER BY no")
    by_id = {each["entry_id"]: each for each in joined}
    return [by_id[str(row["entry_id"])] for row in rows]


# The race itself, with every guard off


async def test_choosing_the_first_who_waits_chooses_twice_when_nothing_guards_it(office, bases):
    held = await office.book()
    await wait(office)
    await bases.pool.execute("DROP INDEX one_live_offer_an_entry")
    unlocked = queue.CLAIM.replace("FOR UPDATE SKIP LOCKED", "")
    chosen = []

    async def choose(connection, _: int) -> None:
        first = await connection.fetchval("SELECT entry_id FROM waitlist_entry ORDER BY no")
        if await connection.fetchval(unlocked, first):
            await asyncio.sleep(0)
            await connection.execute(queue.HOLD, first, UUID(held["booking_id"]))
            chosen.append(first)

    await compete(bases.dsn, 24, choose)

    assert len(chosen) > 1, "the race this file is about did not happen: the test proves nothing"


async def test_a_claim_is_one_transactions_and_the_others_go_on(office, bases):
    held = await office.book()
    await wait(office)
    chosen = []

    async def choose(connection, _: int) -> None:
        first = await connection.fetchval("SELECT entry_id FROM waitlist_entry ORDER BY no")
        if await connection.fetchval(queue.CLAIM, first):
            await connection.execute(queue.HOLD, first, UUID(held["booking_id"]))
            chosen.append(first)

    await compete(bases.dsn, 24, choose)

    assert len(chosen) == 1


async def test_without_the_claim_the_index_refuses_a_second_offer(office, bases, monkeypatch):
    """Two venues become free at once for one who wishes for an item of the menu at either."""
    item = await an_item(office)
    room = await another_hall(office)
    held = [await office.book(), await office.book(venue_id=room)]
    joined = await wait(office, venue_id=None, base_id=office.base_id, menu_item_id=item)
    meet = "SELECT $1::uuid IS NOT NULL FROM pg_sleep(0.5)"  # both have chosen before either writes
    monkeypatch.setattr(queue, "CLAIM", meet)

    await together(office.step(each, "cancel") for each in held)

    assert await live_offers(bases) == {UUID(joined["entry_id"]): 1}


async def an_item(office: Office) -> str:
    answer = await office.post(
        "/v1/menu-items",
        {
            "code": "CD-1",
            "name": "参观",
            "kind": "tour",
            "base_id": office.base_id,
            "duration_minutes": 60,
            "least_minutes": 30,
            "most_minutes": 120,
            "least_headcount": 1,
            "most_headcount": 40,
            "venue_kinds": ["hall"],
        },
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["item_id"])


async def another_hall(office: Office) -> str:
    answer = await office.post(
        f"/v1/bases/{office.base_id}/venues",
        {
            "code": "CG-9",
            "name": "二号展厅",
            "kind": "hall",
            "capacity": 40,
            "sharing": "exclusive",
        },
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["venue_id"])


# All guards, over HTTP


async def test_forty_wait_one_cancels_and_the_first_alone_is_offered_the_slot(office, bases):
    held = await office.book()
    queued = await everybody_waits(office, bases)

    await office.step(held, "cancel")

    assert await statuses(office, *queued) == ["offered"] + ["waiting"] * (CLIENTS - 1)
    assert sum((await live_offers(bases)).values()) == 1
    assert await overlapping(bases) == 0


async def test_each_who_declines_hands_the_slot_to_the_next_in_order(office, bases):
    held = await office.book()
    queued = await everybody_waits(office, bases)
    await office.step(held, "cancel")

    for place in range(5):
        assert (await answered(office, queued[place], "decline")).status_code == 200
        assert (await entry(office, queued[place + 1]))["status"] == "offered"
        assert sum((await live_offers(bases)).values()) == 1


@pytest.mark.parametrize("answers", [("accept", "decline", "leave"), ("accept", "accept")])
async def test_of_answers_to_one_offer_at_once_one_counts(office, bases, answers):
    held = await office.book()
    queued = await everybody_waits(office, bases)
    await office.step(held, "cancel")
    first = queued[0]

    said = await together(answered(office, first, each) for each in answers * 4)

    counted = codes(said)
    assert counted["ok"] == 1
    assert counted.keys() <= {"ok", "no-offer", "entry-over"}
    versions = [version for _, version in await told(bases, first["entry_id"])]
    assert versions == [1, 2, 3]
    accepted = (await entry(office, first))["status"] == "accepted"
    assert sum((await live_offers(bases)).values()) == (0 if accepted else 1)
    assert await overlapping(bases) == 0


async def test_accepting_and_expiring_at_once_leaves_one_outcome(office, bases, monkeypatch):
    held = await office.book()
    queued = await everybody_waits(office, bases)
    await office.step(held, "cancel")
    await bases.pool.execute("UPDATE waitlist_offer SET expires_at = now() - interval '1 year'")
    first = queued[0]

    said, _ = await asyncio.gather(answered(office, first, "accept"), run(office, clock.SWEEPS[0]))

    assert said.json()["code"] in {"offer-expired", "no-offer"}
    assert [name for name, _ in await told(bases, first["entry_id"])][-1] == "expired"
    assert (await entry(office, queued[1]))["status"] == "offered"
    assert await overlapping(bases) == 0


async def test_two_cancel_at_once_and_the_first_two_are_offered_one_slot_each(office, bases):
    square = {"venue_id": office.square}
    held = [await office.book(**square, headcount=50) for _ in range(2)]
    queued = await everybody_waits(office, bases, **square, headcount=40)

    await together(office.step(each, "cancel") for each in held)

    assert await statuses(office, *queued) == ["offered"] * 2 + ["waiting"] * (CLIENTS - 2)
    assert set((await live_offers(bases)).values()) == {1}
    assert await bases.pool.fetch(LOAD_DISAGREES) == []


async def test_cancelling_joining_and_booking_at_once_never_books_twice(office, bases):
    """Whoever gets the slot, it is one; and nobody waits beside a free slot."""
    held = await office.book()
    ids = await crowd(bases, 12)

    async def join(key: str) -> httpx.Response:
        return await office.post(
            "/v1/waitlist",
            {
                "venue_id": office.hall,
                "organisation_id": key,
                "starts_at": tomorrow(9),
                "ends_at": tomorrow(10),
                "headcount": 20,
                "channel": "web",
                "visitor_level": "district",
            },
        )

    joined = [join(key) for key in ids]
    booked = [office.post("/v1/bookings", office.booking(organisation_id=key)) for key in ids]
    cancel = office.post(f"/v1/bookings/{held['booking_id']}/cancel", {})
    answers = await together([*joined[:6], cancel, *booked, *joined[6:]])

    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    assert await overlapping(bases) == 0
    waiting = await bases.pool.fetchval(
        "SELECT count(*) FROM waitlist_entry WHERE status = 'waiting'"
    )
    holding = await bases.pool.fetchval("SELECT count(*) FROM booking WHERE holds")
    assert holding == 1 or waiting == 0
