"""Overdue lists read indexes: the plan of each list, with thousands of organisations."""

import json
from itertools import product

import pytest

from services.membership.tables import cadence as tables
from services.membership.tables.rows import scope_of
from tests.service.membership.life import COMMUNITY, begin
from tests.service.plans import nodes

ORGANISATIONS = 3000
GENERATED = """
INSERT INTO organisation (organisation_id, code, name, kind, area, parent_id, version, recorded_at)
SELECT gen_random_uuid(), 'G' || n, '支部' || n, 'branch', $1, NULL, 1, '2020-01-02' FROM
       generate_series(1, $2) AS n
"""
OWED = """
INSERT INTO duty (duty_id, organisation_id, cadence_id, code, organisation_kind, area, kind, every,
                  first_on, due_on, remind_on, needed, held, assessed, version)
SELECT gen_random_uuid(), o.organisation_id, c.cadence_id, c.code, o.kind,
       '410305' || lpad((o.number % 40)::text, 3, '0') || '001', c.activity_kind, c.every,
       make_date(2020, m, 1), make_date(2020, m, 28), make_date(2020, m, 21), 1,
       (random() < 0.9)::int, true, 1
  FROM organisation o, cadence c, generate_series(1, 6) AS m
 WHERE c.code IN ('theme-day', 'committee-meeting') AND o.code LIKE 'G%'
"""


@pytest.fixture
async def pool(scene, start, database):
    life = await begin(scene, start, database)
    await life.database.pool.execute(GENERATED, COMMUNITY, ORGANISATIONS)
    await life.database.pool.execute(OWED)
    await life.database.pool.execute("ANALYZE duty")
    await life.database.pool.execute("ANALYZE organisation")
    return life.database.pool


async def planned(pool, area: str, kind: str | None = None) -> list[dict]:
    scope, areas = scope_of("area", [area])
    query = tables.SHORT.format(within=scope, kind="kind = :kind" if kind else "true")
    given = {
        **areas,
        "kind": kind,
        "first": "2020-01-01",
        "last": "2020-06-30",
        "remind": "2020-12-31",
        "after_area": "",
        "after_day": "0001-01-01",
        "after": "00000000-0000-0000-0000-000000000000",
        "limit": 51,
    }
    for name, value in sorted(given.items(), key=lambda each: -len(each[0])):
        quoted = str(value) if isinstance(value, int) else f"'{value}'"
        query = query.replace(f":{name}", quoted)
    (told,) = await pool.fetch(f"EXPLAIN (FORMAT JSON, ANALYZE) {query.replace(chr(92), '')}")
    return nodes(json.loads(told[0])[0]["Plan"])


async def test_a_page_of_what_is_overdue_comes_from_an_index_in_its_order(pool):
    for area, kind in product(["410305", "410305007", "410305007001"], [None, "theme-day"]):
        plan = await planned(pool, area, kind)

        scans = [node for node in plan if "Scan" in node["Node Type"]]
        asked = area, kind, plan
        assert all("Index" in node["Node Type"] for node in scans), asked
        assert {node.get("Index Name") for node in scans} <= {"duty_short", "duty_short_kind"}, (
            asked
        )
        assert max(node["Actual Rows"] for node in scans) <= 60, asked
