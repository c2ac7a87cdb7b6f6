"""Bases, venues and equipment go out of use once nothing is ahead."""

from collections import Counter

import httpx
import pytest

from services.chassis.database import Database
from tests.service.bases.lending import edit, register
from tests.service.office import Office


@pytest.fixture
async def bases(database) -> Database:
    return await database("bases")


# Out of use


async def retire(office: Office, path: str, version: int = 1) -> httpx.Response:
    return await office.post(f"{path}/retire", {}, **{"If-Match": f'"{version}"'})


async def test_a_venue_with_bookings_ahead_is_not_retired_and_says_how_many(office):
    booking = await office.book()
    path = f"/v1/venues/{office.hall}"

    answer = await retire(office, path)
    await office.step(booking, "cancel")
    gone = await retire(office, path)

    assert (answer.status_code, answer.json()["code"]) == (409, "bookings-ahead")
    assert answer.json()["count"] == 1
    assert gone.status_code == 200
    assert gone.json()["retired_at"]
    refused = await office.post("/v1/bookings", office.booking())
    assert refused.status_code in {409, 422}
    assert (await retire(office, path, 2)).json()["code"] == "retired"


async def test_a_base_goes_with_its_venues_and_equipment(office, bases):
    await register(office)
    fixed = await register(office, "SB-2", venue_id=office.hall)

    answer = await retire(office, f"/v1/bases/{office.base_id}")

    assert answer.status_code == 200, answer.text
    types = await bases.pool.fetch("SELECT type FROM event_log WHERE type LIKE '%retired%'")
    assert Counter(row["type"] for row in types) == {
        "jiceng.bases.base.retired.v1": 1,
        "jiceng.bases.venue.retired.v1": 2,
        "jiceng.bases.equipment.retired.v1": 2,
    }
    venue = {"code": "CG-9", "name": "新厅", "kind": "hall", "capacity": 9}
    refused = [
        await office.post(f"/v1/bases/{office.base_id}/venues", venue),
        await edit(office, fixed | {"version": 2}, quantity=3),
        await office.post(
            f"/v1/bases/{office.base_id}/equipment",
            {"code": "SB-9", "name": "音响", "kind": "sound", "quantity": 1},
        ),
    ]
    assert {answer.json()["code"] for answer in refused} == {"retired"}


async def test_a_base_of_which_one_venue_is_booked_stays_whole(office, bases):
    await office.book(venue_id=office.square)

    answer = await retire(office, f"/v1/bases/{office.base_id}")

    assert (answer.status_code, answer.json()["code"]) == (409, "bookings-ahead")
    gone = "SELECT count(*) FROM venue WHERE retired_at IS NOT NULL"
    assert await bases.pool.fetchval(gone) == 0
