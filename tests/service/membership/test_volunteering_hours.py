"""Volunteering activities are time of service: once, corrected, taken back."""

import pytest

from tests.service.membership.volunteering_help import Service, serving


@pytest.fixture
async def service(scene, start) -> Service:
    return await serving(scene, start)


async def minutes(service: Service) -> dict[str, int]:
    listed = (await service.roll.get("/v1/volunteers")).json()["items"]
    return {each["member_id"]: each["minutes"] for each in listed}


def held(service: Service, kind: str, *members: str) -> dict:
    return {
        "organisation_id": service.roll.branch,
        "kind": kind,
        "starts_at": "2019-05-18T09:00:00+08:00",
        "minutes": 120,
        "attendance": [{"member_id": member, "presence": "present"} for member in members],
    }


async def test_who_came_to_a_volunteering_activity_is_credited_and_other_kinds_credit_nobody(
    service,
):
    first, second = await service.members(2)
    await service.done("/v1/activities", 201, **held(service, "warm-service", first, second))
    await service.done("/v1/activities", 201, **held(service, "study", first))

    assert await minutes(service) == {first: 120, second: 120}


async def test_a_correction_moves_the_hours_and_a_retraction_takes_them_back(service):
    first, second = await service.members(2)
    made = await service.done("/v1/activities", 201, **held(service, "volunteering", first))
    path = f"/v1/activities/{made['activity_id']}"
    corrected = await service.roll.send(
        "PATCH",
        path,
        version=made["version"],
        minutes=60,
        attendance=[{"member_id": second, "presence": "present"}],
    )
    assert corrected.status_code == 200, corrected.text
    assert await minutes(service) == {first: 0, second: 60}

    await service.done(f"{path}/retract", reason="entered-wrongly")
    assert await minutes(service) == {first: 0, second: 0}
    told = [row["type"] for row in await service.logged("volunteer")]
    assert sorted(told) == ["credited", "credited", "retracted", "retracted"]
