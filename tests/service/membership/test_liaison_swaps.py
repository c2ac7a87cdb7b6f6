"""Duties over HTTP: swapped, handed over, and nobody in two places at once."""

from collections import Counter

import pytest

from tests.service.membership.duty import (
    COMMUNITY,
    DutyOffice,
    on_duty,
    open_duty_office,
)
from tests.together import together

CLIENTS = 16


@pytest.fixture
async def office(scene, start) -> DutyOffice:
    return await open_duty_office(scene, start)


async def test_two_swap_their_duties(office):
    rota = await office.adopt()
    await office.staff(rota)
    await office.plan(rota)
    first, second = [slot["on_duty"][0] for slot in (await office.week())[:2]]
    path = f"/v1/duties/{first['duty_id']}/swap"
    swapped = await office.post(path, version=1, with_duty_id=second["duty_id"])

    assert swapped.status_code == 200
    assert on_duty((await office.week())[:2]) == [second["holder_id"], first["holder_id"]]
    events = await office.log("duty-shift.reassigned")
    assert [e["was_holder_id"] for e in events] == [first["holder_id"], second["holder_id"]]


async def test_two_on_duty_at_one_time_can_swap_their_points(office):
    far = await office.open("LL-2")
    for code, point, who in (
        ("ZB-1", office.point, office.people[0]),
        ("ZB-2", far, office.people[1]),
    ):
        rota = await office.adopt(code, point_id=point["point_id"])
        await office.staff(rota, who)
        await office.plan(rota)
    first, second = [slot["on_duty"][0] for slot in (await office.week())[:2]]
    path = f"/v1/duties/{first['duty_id']}/swap"
    swapped = await office.post(path, version=1, with_duty_id=second["duty_id"])

    assert [each["holder_id"] for each in swapped.json()] == office.people[1::-1]


async def test_a_duty_cannot_be_handed_to_somebody_who_is_elsewhere_then(office):
    far = await office.open("LL-2")
    for code, point, who in (
        ("ZB-1", office.point, office.people[0]),
        ("ZB-2", far, office.people[1]),
    ):
        rota = await office.adopt(code, point_id=point["point_id"])
        await office.staff(rota, who)
        await office.plan(rota)
    first = (await office.week())[0]["on_duty"][0]
    path = f"/v1/duties/{first['duty_id']}/hand-over"

    elsewhere = await office.post(path, version=1, to={"holder_id": office.people[1]})
    stranger = await office.post(path, version=1, to={"holder_id": office.branch})
    free = await office.post(path, version=1, to={"holder_id": office.people[2]})
    stale = await office.post(path, version=1, to={"holder_id": office.people[3]})

    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "duty-overlap")
    assert (stranger.status_code, stranger.json()["code"]) == (422, "holder-unknown")
    assert (free.status_code, stale.status_code) == (200, 412)


async def test_somebody_wanted_in_many_places_at_once_goes_to_one(office):
    answers = await together(
        office.post(
            "/v1/duties",
            kind="supervision",
            organisation_id=office.branch,
            area=COMMUNITY,
            starts_at=f"2026-06-08T09:{minute:02}:00+08:00",
            ends_at="2026-06-08T11:00:00+08:00",
            holders=[{"holder_id": office.people[0]}],
        )
        for minute in range(CLIENTS)
    )

    codes = Counter(a.json()["code"] if a.is_error else a.status_code for a in answers)
    assert codes == {201: 1, "duty-overlap": CLIENTS - 1}
