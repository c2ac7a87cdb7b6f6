"""The events behind one figure are read in the order of the facts' key, however many there are."""

import asyncio
import json
from datetime import date
from typing import Any

from services.projector import model
from services.projector.declare import Flow
from services.projector.drill import contributions
from services.projector.figures import CATALOGUE
from services.projector.fold import SEPARATOR
from services.projector.periods import Period
from services.projector.queries import View
from services.projector.sql import Scope

FACTS = """
INSERT INTO {m}.fact
SELECT figure, date '2019-01-01' + n % 365, gen_random_uuid(), 0, 'test', gen_random_uuid(),
       '410305001', $2, $3, 1, now(), now()
  FROM generate_series(1, 4000) AS n, unnest(ARRAY[$1, 'another']) AS figure
"""
BOOKINGS = CATALOGUE.of("bases.bookings", Flow)
YEAR = Scope("41", Period(date(2019, 1, 1), date(2019, 12, 31)))


async def test_a_page_of_the_events_of_one_figure_sorts_nothing(database):
    opened = await database("projector")
    async with opened.pool.acquire() as connection:
        await model.ensure_live(connection)
        m = model.schema_of(await model.live(connection))
        await connection.execute(
            FACTS.format(m=m),
            BOOKINGS.key,
            SEPARATOR * (len(BOOKINGS.rolled) - 1),
            SEPARATOR * (len(BOOKINGS.wide) - 1),
        )
        await connection.execute(f"ANALYZE {m}.fact")
        sent: list[tuple[str, tuple[Any, ...]]] = []
        with connection.query_logger(lambda told: sent.append((told.query, told.args))):
            view = View(connection, m)
            page = await contributions(view, BOOKINGS, YEAR, only={}, after=None, limit=50)
            await asyncio.sleep(0)  # the driver tells in the loop's next round
        (statement, given), *_ = [each for each in sent if ".fact" in each[0]]
        plan = json.loads(await connection.fetchval(f"EXPLAIN (FORMAT json) {statement}", *given))
    assert len(page) == 51
    assert "Sort" not in json.dumps(plan)
    assert "fact_key" in json.dumps(plan)
