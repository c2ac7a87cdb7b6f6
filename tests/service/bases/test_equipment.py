"""Equipment inside a base: registered, lent to bookings, and never lent twice."""

from collections import Counter
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.bases.handlers import equipment as handlers
from services.bases.tables import equipment as tables
from services.chassis.database import Database
from services.chassis.event_log import Cause
from services.chassis.unit_of_work import unit_of_work
from tests.clock import OPENING, tomorrow
from tests.service.bases.lending import GUIDES, edit, register
from tests.service.office import Office
from tests.together import together


@pytest.fixture
async def bases(database) -> Database:
    return await database("bases")


async def equip(
    office: Office, booking: dict[str, Any], *wanted: tuple[str, int]
) -> httpx.Response:
    body = {"equipment": [{"equipment_id": one, "quantity": n} for one, n in wanted]}
    return await office.bases.put(
        f"/v1/bookings/{booking['booking_id']}/equipment", json=body, headers=office.scene.headers()
    )


async def crowd(office: Office, count: int, hour: int = 9) -> list[dict[str, Any]]:
    """Bookings of the square, all at one time."""
    return [
        await office.book(
            venue_id=office.square,
            headcount=1,
            starts_at=tomorrow(hour, 5 * (place % 3)),
            ends_at=tomorrow(hour + 1),
        )
        for place in range(count)
    ]


async def loads(bases: Database) -> list[int]:
    rows = await bases.pool.fetch("SELECT taken FROM equipment_load ORDER BY bucket")
    return [row["taken"] for row in rows]


# The catalogue


async def test_rooms_and_equipment_inside_a_venue_are_registered_changed_and_listed(office):
    fixed = await register(office, "SB-1", kind="projector", quantity=2, venue_id=office.hall)
    await register(office, "SB-2")

    changed = await edit(office, fixed, quantity=3, name="吊顶投影仪")
    listed = await office.bases.get(
        "/v1/equipment", params={"venue_id": office.hall}, headers=office.scene.headers()
    )
    file = await office.bases.get(
        "/v1/equipment/export", params={"format": "csv"}, headers=office.scene.headers()
    )

    assert (changed.json()["quantity"], changed.json()["version"]) == (3, 2)
    assert [row["code"] for row in listed.json()["items"]] == ["SB-1"]
    assert "一号展厅" in file.text
    assert "投影仪" in file.text


async def test_a_code_is_used_once_and_a_kind_is_known(office):
    await register(office)

    twice = await office.post(
        f"/v1/bases/{office.base_id}/equipment",
        {"code": "SB-1", "name": "音响", "kind": "sound", "quantity": 1},
    )
    unknown = await office.post(
        f"/v1/bases/{office.base_id}/equipment",
        {"code": "SB-2", "name": "音响", "kind": "loudness", "quantity": 1},
    )

    assert (twice.status_code, twice.json()["code"]) == (409, "code-taken")
    assert (unknown.status_code, unknown.json()["field"]) == (422, "kind")


# Lending


async def test_a_booking_takes_equipment_for_as_long_as_its_venue_is_held(office, bases):
    guides = await register(office)
    booking = await office.book()  # 9:00 to 10:00, 15 minutes of buffer

    answer = await equip(office, booking, (guides["equipment_id"], 5))

    assert answer.status_code == 200, answer.text
    assert [(row["code"], row["quantity"], row["held"]) for row in answer.json()] == [
        ("SB-1", 5, True)
    ]
    assert await loads(bases) == [5] * 5


async def test_what_is_short_says_how_many_are_left_and_when_it_is_free_next(office):
    guides = await register(office)
    first, second = await crowd(office, 2)
    await equip(office, first, (guides["equipment_id"], 8))

    answer = await equip(office, second, (guides["equipment_id"], 5))
    fits = await equip(office, second, (guides["equipment_id"], 4))

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "equipment-short")
    assert (problem["free"], problem["quantity"]) == (4, GUIDES)
    assert problem["next_free"] == tomorrow(10)
    assert fits.status_code == 200


async def test_more_than_there_is_is_never_free(office):
    guides = await register(office)
    booking = await office.book()

    answer = await equip(office, booking, (guides["equipment_id"], GUIDES + 1))

    assert (answer.status_code, answer.json()["code"]) == (409, "equipment-short")
    assert (answer.json()["free"], answer.json()["next_free"]) == (GUIDES, None)


async def test_equipment_that_is_fixed_elsewhere_or_said_twice_is_refused_by_its_place(office):
    guides = await register(office)
    fixed = await register(office, "SB-2", venue_id=office.square)
    booking = await office.book()

    elsewhere = await equip(
        office, booking, (guides["equipment_id"], 1), (fixed["equipment_id"], 1)
    )
    twice = await equip(office, booking, (guides["equipment_id"], 1), (guides["equipment_id"], 2))

    assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "equipment-unknown")
    assert elsewhere.json()["field"] == "equipment.1.equipment_id"
    assert (twice.status_code, twice.json()["code"]) == (422, "equipment-twice")


async def test_taking_anew_replaces_what_was_taken(office, bases):
    guides, other = await register(office), await register(office, "SB-2")
    booking = await office.book()
    await equip(office, booking, (guides["equipment_id"], 5))

    await equip(office, booking, (other["equipment_id"], 2))

    rows = await bases.pool.fetch("SELECT equipment_id, max(taken) AS m FROM equipment_load"
                                  " GROUP BY equipment_id")  # fmt: skip
    assert {str(row["equipment_id"]): row["m"] for row in rows} == {
        guides["equipment_id"]: 0,
        other["equipment_id"]: 2,
    }
    assert (await equip(office, booking)).json() == []
    assert set(await loads(bases)) == {0}


async def test_equipment_asked_for_with_a_booking_follows_it_to_another_time_and_to_its_end(
    office, bases
):
    guides = await register(office)
    wanted = [{"equipment_id": guides["equipment_id"], "quantity": 5}]
    booking = await office.book(equipment=wanted)
    assert await loads(bases) == [5] * 5

    moved = await office.post(
        f"/v1/bookings/{booking['booking_id']}/reschedule",
        {"starts_at": tomorrow(14)},
        **{"If-Match": '"1"'},
    )
    assert moved.status_code == 200, moved.text
    assert Counter(await loads(bases)) == {0: 5, 5: 5}

    await office.step(booking, "cancel")
    assert set(await loads(bases)) == {0}


async def test_forty_bookings_at_once_share_twelve_guides_and_the_rest_is_not_booked(office, bases):
    guides = await register(office)
    wanted = [{"equipment_id": guides["equipment_id"], "quantity": 5}]
    request = office.booking(venue_id=office.square, headcount=1, equipment=wanted)

    answers = await together(office.post("/v1/bookings", request) for _ in range(40))

    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert Counter(answer.status_code for answer in answers) == {201: 2, 409: 38}
    assert {(each["code"], each["free"], each["next_free"]) for each in refused} == {
        ("equipment-short", 2, tomorrow(10))
    }
    assert await bases.pool.fetchval("SELECT count(*) FROM booking") == 2
    assert max(await loads(bases)) == 10


async def test_what_is_freed_is_there_for_others_and_remembered(office, bases):
    guides = await register(office)
    first, second = await crowd(office, 2)
    await equip(office, first, (guides["equipment_id"], GUIDES))

    async with transaction(bases) as uow:
        await handlers.freed(uow, UUID(first["booking_id"]))

    assert set(await loads(bases)) == {0}
    assert (await equip(office, second, (guides["equipment_id"], GUIDES))).status_code == 200
    remembered = await office.bases.get(
        f"/v1/bookings/{first['booking_id']}/equipment", headers=office.scene.headers()
    )
    assert [(row["quantity"], row["held"]) for row in remembered.json()] == [(GUIDES, False)]


async def test_what_moves_with_its_booking_is_refused_where_it_is_short(office, bases):
    guides = await register(office)
    early, late = await crowd(office, 1, 9), await crowd(office, 1, 14)
    await equip(office, early[0], (guides["equipment_id"], 8))
    await equip(office, late[0], (guides["equipment_id"], 8))
    two, three = OPENING.replace(day=11, hour=14), OPENING.replace(day=11, hour=15)

    with pytest.raises(handlers.domain.EquipmentShort) as refused:
        async with transaction(bases) as uow:
            await handlers.moved(uow, UUID(early[0]["booking_id"]), two, three)
    async with transaction(bases) as uow:
        await handlers.moved(
            uow, UUID(early[0]["booking_id"]), two.replace(hour=16), three.replace(hour=17)
        )

    assert refused.value.facts["free"] == 4
    assert Counter(await loads(bases)) == {0: 4, 8: 8}


def transaction(bases: Database):
    return unit_of_work(bases.sessions, Cause("test"), OPENING, lambda: None)


async def test_fewer_than_bookings_use_cannot_be_left_and_what_they_use_is_not_retired(office):
    guides = await register(office)
    booking = await office.book()
    await equip(office, booking, (guides["equipment_id"], 5))

    fewer = await edit(office, guides, quantity=4)
    enough = await edit(office, guides, quantity=5)
    fixed = await edit(office, enough.json(), venue_id=office.square)
    retired = await office.post(
        f"/v1/equipment/{guides['equipment_id']}/retire", {}, **{"If-Match": '"2"'}
    )

    assert (fewer.status_code, fewer.json()["least"]) == (409, 5)
    assert enough.status_code == 200
    assert (fixed.status_code, fixed.json()["code"]) == (409, "equipment-in-use")
    assert (retired.status_code, retired.json()["count"]) == (409, 1)
    await equip(office, booking)
    gone = await office.post(
        f"/v1/equipment/{guides['equipment_id']}/retire", {}, **{"If-Match": '"2"'}
    )
    assert gone.status_code == 200
    again = await equip(office, booking, (guides["equipment_id"], 1))
    assert (again.status_code, again.json()["code"]) == (422, "equipment-unknown")


# Nothing is lent twice


async def lent_at_once(office: Office) -> Counter[tuple[int, str | None]]:
    guides = await register(office)
    others = await register(office, "SB-2", quantity=40)
    booked = await crowd(office, 40)

    answers = await together(
        equip(
            office,
            booking,
            *sorted(
                ((guides["equipment_id"], 5), (others["equipment_id"], 1)),
                reverse=place % 2 == 0,
            ),
        )
        for place, booking in enumerate(booked)
    )
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["next_free"] == tomorrow(10)
            assert answer.json()["free"] in {2, 7, 12}
    return Counter(
        (answer.status_code, answer.json()["code"] if answer.is_error else None)
        for answer in answers
    )


async def test_forty_clients_share_twelve_guides_and_not_one_more_is_lent(office, bases):
    outcomes = await lent_at_once(office)

    assert outcomes == {(200, None): 2, (409, "equipment-short"): 38}
    assert max(await loads(bases)) == 10


async def test_without_taking_turns_the_counter_still_lends_no_more_than_there_is(
    office, bases, monkeypatch
):
    monkeypatch.setattr(tables, "LOCK", tables.LOCK.replace("FOR NO KEY UPDATE", ""))

    outcomes = await lent_at_once(office)

    assert outcomes == {(200, None): 2, (409, "equipment-short"): 38}


async def test_without_the_counters_bound_the_constraint_still_lends_no_more(
    office, bases, monkeypatch
):
    bound = " WHERE l.taken + excluded.taken <= l.quantity\n"
    monkeypatch.setattr(tables, "TAKE", tables.TAKE.replace(bound, ""))
    guides = await register(office)
    first, second = await crowd(office, 2)
    await equip(office, first, (guides["equipment_id"], 8))

    answer = await equip(office, second, (guides["equipment_id"], 8))

    assert answer.is_error
    assert max(await loads(bases)) == 8
