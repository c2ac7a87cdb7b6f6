"""Nobody ends up outside the area of those above, also when both move at one time."""

import asyncio

import pytest

from services.chassis.database import Database
from tests.service.membership.test_tree_over_http import (
    COMMUNITY,
    STREET,
    Registry,
    registry,
)

__all__ = ["registry"]
ELSEWHERE = "410305002"

OUTSIDE = """
SELECT count(*) FROM organisation below JOIN organisation above
    ON below.parent_id = above.organisation_id
 WHERE NOT starts_with(below.area, above.area)
"""


@pytest.fixture
async def tree(database) -> Database:
    return await database("membership")


async def test_an_organisation_with_subordinates_cannot_move_away_from_them(registry: Registry):
    await registry.put_area(ELSEWHERE, "另一街道")
    above = (await registry.register("W1", kind="committee", area=STREET)).json()
    await registry.register("B1", parent_id=above["organisation_id"], area=COMMUNITY)

    refused = await registry.change(above, area=ELSEWHERE)
    narrower = await registry.change(above, area=COMMUNITY)

    assert (refused.status_code, refused.json()["code"]) == (422, "outside-parent")
    assert refused.json()["outside"] == [COMMUNITY]
    assert narrower.status_code == 200


async def test_a_subordinate_registered_while_its_parent_moves_is_never_left_behind(
    registry: Registry, tree: Database
):
    await registry.put_area(ELSEWHERE, "另一街道")
    for n in range(8):
        above = (await registry.register(f"W{n}", kind="committee", area=STREET)).json()
        answers = await asyncio.gather(
            registry.register(f"B{n}", parent_id=above["organisation_id"]),
            registry.change(above, area=ELSEWHERE),
        )
        assert sorted(answer.status_code for answer in answers) in ([200, 422], [201, 422])

    assert await tree.pool.fetchval(OUTSIDE) == 0
