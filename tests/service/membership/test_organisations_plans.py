"""In a large tree, what staff look at all day is found by indexes."""

import json
from uuid import UUID

import asyncpg
import pytest

from services.chassis.database import Database
from services.membership.tables import sizes
from services.membership.tables.organisations import OrganisationRow
from tests.service.plans import filled

STREETS, COMMUNITIES, BRANCHES = 20, 20, 20
FILL = """
INSERT INTO area (code, name, level, version) VALUES ('410305', '涧西区', 'district', 1);
INSERT INTO organisation (organisation_id, code, name, kind, area, version, recorded_at)
VALUES ('00000000-0000-0000-0000-000000000001', 'ROOT', '区委', 'committee', '410305', 1, now());
INSERT INTO area SELECT '410305' || lpad(s::text, 3, '0'), '街道', 'street', 1
  FROM generate_series(1, {streets}) s;
INSERT INTO organisation (organisation_id, code, name, kind, area, parent_id, version, recorded_at)
SELECT gen_random_uuid(), 'S' || code, '街道党工委', 'working-committee', code,
       '00000000-0000-0000-0000-000000000001', 1, now() FROM area WHERE level = 'street';
INSERT INTO area SELECT a.code || lpad(c::text, 3, '0'), '社区', 'community', 1
  FROM area a, generate_series(1, {communities}) c WHERE a.level = 'street';
INSERT INTO organisation (organisation_id, code, name, kind, area, parent_id, version, recorded_at)
SELECT gen_random_uuid(), 'C' || a.code, '社区党委', 'community-committee', a.code,
       o.organisation_id, 1, now()
  FROM area a JOIN organisation o ON o.code = 'S' || left(a.code, 9) WHERE a.level = 'community';
INSERT INTO organisation (organisation_id, code, name, kind, category, area, parent_id, version,
                          recorded_at)
SELECT gen_random_uuid(), 'B' || o.area || '-' || b, '第' || b || '支部', 'branch', 'branch',
       o.area, o.organisation_id, 1, now()
  FROM organisation o, generate_series(1, {branches}) b WHERE o.kind = 'community-committee';
INSERT INTO organisation_tally (organisation_id, full_members, probationary)
SELECT organisation_id, 17, 1 FROM organisation WHERE kind = 'branch';
"""
ROOT = UUID(int=1)


async def grow(connection: asyncpg.Connection) -> None:
    await connection.execute(
        FILL.format(streets=STREETS, communities=COMMUNITIES, branches=BRANCHES)
    )
    await connection.execute("VACUUM ANALYZE organisation, organisation_tally")


@pytest.fixture(scope="module")
def grown(postgres, templates) -> str:
    """8,421 organisations in four levels, with members in the lowest."""
    return filled(postgres, templates["membership"], "tree", grow)


@pytest.fixture
async def tree(grown) -> Database:
    found = Database(grown)
    await found.open()
    yield found
    await found.close()


async def plan(tree: Database, query: str, *given: object) -> str:
    return json.dumps(
        json.loads(await tree.pool.fetchval(f"EXPLAIN (FORMAT json) {query}", *given))
    )


async def path(tree: Database, code: str) -> str:
    return await tree.pool.fetchval("SELECT path FROM organisation WHERE code = $1", code)


async def test_a_part_of_the_tree_is_counted_over_a_range_of_the_index(tree):
    street = await path(tree, "S410305007")
    async with tree.pool.acquire() as connection:
        members = await sizes.subtree_tally(connection, street)
        row = OrganisationRow(path=street)
        kinds = await sizes.subtree_kinds(connection, row, None)

    assert (members.full_members, members.probationary) == (17 * 400, 400)
    assert {one["kind"]: one["organisations"] for one in kinds} == {
        "working-committee": 1,
        "community-committee": 20,
        "branch": 400,
    }
    for query in (sizes.SUBTREE, sizes.SUBTREE_KINDS):
        assert "organisation_path" in await plan(tree, query, street)


async def test_whether_a_large_tree_is_large_enough_is_seen_by_its_first_organisations(tree):
    async with tree.pool.acquire() as connection:
        enough = await sizes.members_up_to(connection, await path(tree, "ROOT"), 200)
        exact = await sizes.subtree_tally(connection, await path(tree, "ROOT"))

    assert 200 <= enough <= sizes.FIRST_LOOKED_AT * 18 < exact.members == 8000 * 18
    assert "organisation_path" in await plan(
        tree, sizes.FIRST_MEMBERS, await path(tree, "ROOT"), sizes.FIRST_LOOKED_AT
    )


async def test_all_above_a_branch_are_found_by_their_keys(tree):
    branch = await tree.pool.fetchval(
        "SELECT organisation_id FROM organisation WHERE kind='branch'"
    )
    async with tree.pool.acquire() as connection:
        above = await sizes.lineages(connection, [branch])

    assert [one.kind for one in above] == [
        "branch",
        "community-committee",
        "working-committee",
        "committee",
    ]
    assert above[-1].organisation_id == ROOT
    assert "organisation_pkey" in await plan(tree, sizes.LINEAGES, [branch])


async def test_a_page_of_an_area_is_read_in_order_from_the_index(tree):
    told = await plan(
        tree,
        "SELECT * FROM organisation WHERE area LIKE '410305007%' AND code > 'B' ORDER BY code"
        " LIMIT 50",
    )

    assert "Index" in told
