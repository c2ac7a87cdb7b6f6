"""A visit completed at a base becomes organisational life of its branch, over the real bus."""

from typing import Any

from tests.eventually import eventually
from tests.service.office import COMMUNITY, open_office

AREA = "INSERT INTO area VALUES ($1, '唐村社区', 'community', 1)"
BRANCH = """
INSERT INTO organisation (organisation_id, code, name, kind, area, parent_id, version, recorded_at)
VALUES ($1, 'B1', '唐村社区第一党支部', 'branch', $2, NULL, 1, now())
"""


async def test_a_visit_entered_at_a_base_counts_once_for_the_branch_that_came(
    scene, start, database
):
    office = await open_office(scene, start, background=True)
    membership = await start("membership")
    pool = (await database("membership")).pool
    await pool.execute(AREA, COMMUNITY)
    await pool.execute(BRANCH, office.organisation_id, COMMUNITY)

    def visit(**given: Any) -> dict[str, Any]:
        return {
            "base_id": office.base_id,
            "organisation_id": office.organisation_id,
            "visitor_level": "community",
            "channel": "phone",
            "headcount": 32,
            "started_at": "2019-06-08T09:00:00+08:00",
        } | given

    assert (await office.post("/v1/visits", visit(organisation_id=None))).status_code == 201
    entered = await office.post("/v1/visits", visit())
    assert entered.status_code == 201, entered.text

    async def activities() -> list[dict[str, Any]]:
        answer = await membership.get("/v1/activities", headers=scene.headers())
        return answer.json()["items"]

    await eventually(activities)
    (found,) = await activities()
    assert (found["kind"], found["headcount"], found["area"]) == ("base-visit", 32, COMMUNITY)
    assert found["visit_id"] == entered.json()["visit_id"]
