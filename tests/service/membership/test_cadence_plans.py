"""Overdue lists read indexes: the plan of each list, with thousands of organisations."""

import json
from datetime import date
from itertools import product

import pytest

from services.chassis.auth import Grant, Principal
from services.chassis.http.listing import listed
from services.membership.api.cadence import IN_ORDER, DutyFilters
from services.membership.tables.cadence import DutyRow, short
from tests.service.membership.life import COMMUNITY, begin
from tests.service.plans import nodes, noted

ORGANISATIONS = 3000
FIRST, LAST = date(2020, 1, 1), date(2020, 6, 30)
STAFF = Principal("test", (Grant("admin", "410305"),), 0)
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
async def filled(scene, start, database):
    life = await begin(scene, start, database)
    await life.database.pool.execute(GENERATED, COMMUNITY, ORGANISATIONS)
    await life.database.pool.execute(OWED)
    await life.database.pool.execute("ANALYZE duty")
    await life.database.pool.execute("ANALYZE organisation")
    return life.client.app.state.context


async def planned(context, area: str, kind: str | None = None) -> list[dict]:
    filters, where = DutyFilters(within=area, kind=kind), short(FIRST, LAST)
    with noted(context.database) as sent:
        await listed(context, STAFF, DutyRow, filters, None, 50, order=IN_ORDER, where=where)
    ((query, given),) = [each for each in sent if "FROM duty" in each[0]]
    explain = f"EXPLAIN (FORMAT JSON, ANALYZE) {query}"
    async with context.database.pool.acquire() as connection:
        (told,) = await connection.fetch(explain, *given)
    return nodes(json.loads(told[0])[0]["Plan"])


async def test_a_page_of_what_is_overdue_comes_from_an_index_in_its_order(filled):
    for area, kind in product(["410305", "410305007", "410305007001"], [None, "theme-day"]):
        plan = await planned(filled, area, kind)

        scans = [node for node in plan if "Scan" in node["Node Type"]]
        asked = area, kind, plan
        assert all("Index" in node["Node Type"] for node in scans), asked
        assert {node.get("Index Name") for node in scans} <= {"duty_short", "duty_short_kind"}, (
            asked
        )
        assert max(node["Actual Rows"] for node in scans) <= 60, asked
