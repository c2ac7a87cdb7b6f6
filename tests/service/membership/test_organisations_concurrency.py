"""Mergers and moves at one time: the race is shown with the guard off, then gone with it on."""

import asyncio

import httpx
import pytest

from services.chassis.database import execute
from services.membership.tables import organisations as tables
from tests.service.membership.roll import COMMUNITY, STREET, Roll, opened
from tests.together import together

CYCLES = """
WITH RECURSIVE up AS (
    SELECT organisation_id AS start, parent_id FROM organisation
    UNION ALL
    SELECT up.start, o.parent_id FROM organisation o JOIN up ON o.organisation_id = up.parent_id
) CYCLE parent_id SET looped USING walked
SELECT count(*) FROM up WHERE looped
"""
MISPLACED = """
SELECT count(*) FROM organisation o LEFT JOIN organisation p ON p.organisation_id = o.parent_id
 WHERE o.path <> coalesce(p.path, '') || o.number || '.'
"""


@pytest.fixture
async def roll(scene, start) -> Roll:
    return await opened(scene, start)


async def value(roll: Roll, query: str) -> int:
    return await roll.client.app.state.context.database.pool.fetchval(query)


async def pair(roll: Roll, n: int) -> tuple[str, str]:
    return (
        await roll.organise(f"A{n}", COMMUNITY, "group"),
        await roll.organise(f"B{n}", COMMUNITY, "group"),
    )


async def move(roll: Roll, organisation: str, below: str) -> httpx.Response:
    return await roll.send("PATCH", f"/v1/organisations/{organisation}", version=1, parent_id=below)


async def merge(roll: Roll, organisation: str, into: str) -> httpx.Response:
    return await roll.send(
        "POST", f"/v1/organisations/{organisation}/merge", version=1, into_id=into
    )


async def unguarded(session, *, moving: bool) -> None:
    """No turn is taken; everybody waits a little where the look and the deed lie apart."""
    await execute(session, "SELECT pg_sleep(0.05)")


async def families(roll: Roll, n: int) -> tuple[str, str, str, str]:
    """Two organisations, each with one below it: neither move touches a row of the other one."""
    first, second = await pair(roll, n)
    return (
        first,
        await roll.organise(f"AA{n}", COMMUNITY, "group", first),
        second,
        await roll.organise(f"BB{n}", COMMUNITY, "group", second),
    )


async def test_without_turns_two_moves_close_a_cycle(roll, monkeypatch):
    async def look_and_wait(session, organisation_id):
        found = await seen(session, organisation_id)
        await execute(session, "SELECT pg_sleep(0.5)")
        return found

    seen = tables.ancestors
    monkeypatch.setattr(tables, "lock_tree", unguarded)
    monkeypatch.setattr(tables, "ancestors", look_and_wait)
    await roll.client.app.state.context.database.pool.execute(
        "ALTER TABLE organisation DISABLE TRIGGER organisation_moved"
    )
    first, below_first, second, below_second = await families(roll, 0)

    await asyncio.gather(move(roll, first, below_second), move(roll, second, below_first))

    assert await value(roll, CYCLES) > 0, "the race did not happen: the test proves nothing"


async def test_of_two_moves_that_would_close_a_cycle_one_is_refused(roll):
    for n in range(3):
        first, below_first, second, below_second = await families(roll, n)
        answers = await asyncio.gather(
            move(roll, first, below_second), move(roll, second, below_first)
        )
        assert sorted(a.status_code for a in answers) == [200, 409]

    assert (await value(roll, CYCLES), await value(roll, MISPLACED)) == (0, 0)


async def test_of_two_mergers_into_each_other_one_is_refused(roll):
    for n in range(4):
        first, second = await pair(roll, n)
        answers = await asyncio.gather(merge(roll, first, second), merge(roll, second, first))
        assert sorted(a.status_code for a in answers) == [200, 409]
        codes = {a.json()["code"] for a in answers if a.status_code == 409}
        assert codes == {"organisation-dissolved"}

    assert await value(roll, "SELECT count(*) FROM organisation WHERE dissolved_on IS NULL") == 7


async def test_a_move_and_a_merger_that_would_close_a_cycle_do_not(roll):
    for n in range(4):
        first, second = await pair(roll, n)
        answers = await asyncio.gather(move(roll, first, second), merge(roll, second, first))
        assert sorted(a.status_code for a in answers) == [200, 409]

    assert (await value(roll, CYCLES), await value(roll, MISPLACED)) == (0, 0)


async def test_what_is_registered_while_its_parent_moves_ends_up_below_it(roll):
    new = await roll.organise("DW-2", STREET, "committee")

    await together(
        [
            move(roll, roll.branch, new),
            *(roll.organise(f"G{n}", COMMUNITY, "group", roll.branch) for n in range(8)),
        ]
    )

    assert await value(roll, MISPLACED) == 0
    subtree = (await roll.get(f"/v1/organisations/{new}/subtree")).json()
    assert subtree["organisations"] == 10


async def test_members_registered_at_once_are_counted_once_each(roll):
    await together(roll.register() for _ in range(12))

    subtree = (await roll.get(f"/v1/organisations/{roll.branch}/subtree")).json()
    assert subtree["own_full_members"] == 12


async def test_a_member_registered_while_the_branch_ends_is_never_left_in_it(roll):
    for n in range(4):
        branch = await roll.organise(f"E{n}", COMMUNITY, "branch", roll.committee)
        answers = await asyncio.gather(
            roll.ask(organisation_id=branch),
            roll.send("POST", f"/v1/organisations/{branch}/dissolve", version=1),
        )
        assert sorted(a.status_code for a in answers) in ([200, 422], [201, 409])


LATE = """
SELECT count(*) FROM alert WHERE kind = 'committee-size' AND cleared_at IS NULL
"""


async def test_members_of_two_branches_who_fill_a_committee_at_once_clear_its_alert(roll):
    """Neither sees the other's member; who counts second must see both."""
    rows = [
        {"code": f"S{n}", "organisation_code": "ZB-1", "state": "full", "name": f"测试{n}"}
        for n in range(98)
    ]
    entered = await roll.send("POST", "/v1/rosters", rows=rows)
    assert entered.json()["refused"] == []
    assert await value(roll, LATE) == 1

    await together(roll.register(organisation_id=branch) for branch in roll.branches)

    assert await value(roll, LATE) == 0
