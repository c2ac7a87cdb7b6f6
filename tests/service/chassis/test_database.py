"""The connections of a service: what is planned for each question, and what once for all."""

from sqlalchemy import text


async def test_questions_are_planned_for_what_they_ask_and_hot_writing_once(database):
    opened = await database("bases")
    async with opened.engine.connect() as connection:
        in_sessions = (await connection.execute(text("SHOW plan_cache_mode"))).scalar_one()
    in_pools = [
        await pool.fetchval("SHOW plan_cache_mode") for pool in (opened.pool, opened.write_pool)
    ]
    assert [in_sessions, *in_pools] == ["force_custom_plan", "force_custom_plan", "auto"]
