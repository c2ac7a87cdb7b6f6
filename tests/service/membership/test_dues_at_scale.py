"""Lists of a community read an index, however many members the province has."""

import json

import pytest

from services.chassis.clock import business_date
from services.membership.tables.dues import lists
from tests.service.membership.branches import COMMUNITY, STREET, Town, open_town

MEMBERS = 20_000
FILL = (
    """
    INSERT INTO area (code, name, level, version)
    SELECT '4103050' || lpad(n::text, 2, '0') || '001', '某社区', 'community', 1
      FROM generate_series(10, 89) n
    """,
    """
    INSERT INTO member (member_id, code, organisation_id, area, state, since, education,
                        work_status, occupation, version, recorded_at)
    SELECT gen_random_uuid(), 'M' || n, $1, '4103050' || (10 + n % 80) || '001', 'full',
           '2020-01-01', 'unknown', 'unknown', 'unknown', 1, now()
      FROM generate_series(1, $2) n
    """,
    """
    INSERT INTO dues_account SELECT member_id, '2026-07-01', '2026-07-01' FROM member
    """,
    """
    INSERT INTO dues_balance (member_id, month, organisation_id, area, due_on, charged, paid)
    SELECT member_id, d, organisation_id, area, (d + interval '1 month - 1 day')::date, 100,
           CASE WHEN random() < 0.1 THEN 0 ELSE 100 END
      FROM member, generate_series('2026-01-01'::date, '2026-06-01', '1 month') d
    """,
    "ANALYZE",
)


@pytest.fixture
async def town(scene, start) -> Town:
    made = await open_town(scene, start)
    for statement in FILL:
        given = (made.first, MEMBERS) if "$2" in statement else ()
        await made.pool.execute(statement, *given)
    return made


def literal(sql: str, **given: str) -> str:
    for name, value in given.items():
        sql = sql.replace(f":{name}", value)
    return sql


async def test_the_arrears_of_a_community_are_read_from_the_index_of_what_is_open(town):
    sql = literal(
        lists.ARREARS.format(open=lists.OPEN_NOW),
        within="'{410305010001}'",
        organisation_id="NULL",
        as_of=f"DATE '{business_date(town.now)}'",
        after="NULL",
        least="1",
        limit="50",
    )

    plan = json.loads(await town.pool.fetchval(f"EXPLAIN (FORMAT json) {sql}"))

    assert '"Index Name": "dues_balance_open"' in json.dumps(plan)
    assert "dues_balance_pkey" not in json.dumps(plan)


async def test_pages_of_the_whole_district_neither_skip_nor_repeat(town):
    seen: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(3):
        page = await town.seen("/v1/dues/arrears", limit=100, **cursor)
        seen += [row["member_id"] for row in page["items"]]
        cursor = {"cursor": page["next"]}

    assert len(set(seen)) == 300
    assert seen == sorted(seen)


async def test_of_areas_that_contain_one_another_the_widest_is_read():
    assert lists.apart([COMMUNITY, STREET, COMMUNITY, "410306"]) == [STREET, "410306"]
