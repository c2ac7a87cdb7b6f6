"""A generation filled in bulk, from nothing, by one connection: no keys until everything is in."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import asyncpg

from services.projector import model
from services.projector.fold import Fact, Name, Told
from services.projector.order import Known, settle
from services.projector.store import FACT_COLUMNS, LEVELS, Batch

ROLL_UP_ALL = """
INSERT INTO {m}.rollup (day, area, figure, dims, amount)
SELECT day, left(area, level), figure, dims, sum(amount)::bigint
  FROM (SELECT day, area, figure, dims, sum(amount)::bigint AS amount
          FROM {m}.fact GROUP BY day, area, figure, dims) AS place
 CROSS JOIN unnest($1::int[]) AS level
 WHERE level <= length(area)
 GROUP BY 1, 2, 3, 4
"""


class Bulk:
    """What is folded so far. The versions of all aggregates stay in memory until `finish`."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        generation: int,
        waived: Mapping[UUID, frozenset[int]],
    ) -> None:
        self._connection, self._m = connection, model.schema_of(generation)
        self._known = Known(waived=waived)
        self._names: dict[tuple[str, str], Name] = {}
        self._parked: dict[str, tuple[str, Told]] = {}
        self._positions: dict[str, tuple[datetime, int, datetime | None]] = {}
        self._facts = 0
        self._copying: asyncio.Task[str] | None = None
        self._turn = asyncio.Lock()

    def start(self, stream: str, epoch: datetime, last: int) -> int:
        """The sequence to read after: the beginning, again where the stream is another one now."""
        was, seq, recorded = self._positions.get(stream, (epoch, 0, None))
        if was != epoch or seq > last:
            seq = 0
        self._positions[stream] = (epoch, seq, recorded)
        return seq

    async def take(self, batch: Batch) -> None:
        """Fold a batch; its facts are on their way to the server when this returns."""
        epoch, seq, recorded = self._positions[batch.stream]
        outcome = settle((told for at, told in batch.told if at > seq), self._known)
        self._names.update((name[:2], name) for name in outcome.names)
        for key in outcome.freed:
            self._parked.pop(key, None)
        self._parked.update((key, (batch.stream, told)) for key, told in outcome.parked.items())
        times = (recorded, outcome.recorded_at)
        newest = max((time for time in times if time is not None), default=None)
        self._positions[batch.stream] = (epoch, max(seq, batch.last), newest)
        await self._copy(outcome.facts)

    async def _copy(self, facts: list[Fact]) -> None:
        """One COPY at a time; the next batch is decoded while it runs."""
        async with self._turn:
            if self._copying is not None:
                await self._copying
            self._facts += len(facts)
            self._copying = asyncio.create_task(
                self._connection.copy_records_to_table(
                    "fact", schema_name=self._m, records=facts, columns=FACT_COLUMNS
                )
            )

    async def _settled(self) -> None:
        if self._copying is not None:
            await self._copying

    async def finish(self, helper: asyncpg.Connection) -> int:
        """Rollups and keys, on two connections at once. Returns how many facts there are."""
        await self._settled()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(model.add_key(helper, self._m, "fact"))
            tasks.create_task(self._finish_beside())
        await self._connection.execute(f"ANALYZE {self._m}.fact, {self._m}.rollup")
        return self._facts

    async def _finish_beside(self) -> None:
        m, connection = self._m, self._connection
        parked = [
            (told.key, stream, told.aggregate_id, told.version, told.problem, told.body)
            for stream, told in self._parked.values()
        ]
        positions = [(stream, *at) for stream, at in self._positions.items()]
        await connection.execute(ROLL_UP_ALL.format(m=m), LEVELS)
        for table, records in (
            ("aggregate", self._known.versions.items()),
            ("name", self._names.values()),
            ("parked", parked),
            ("position", positions),
        ):
            await connection.copy_records_to_table(table, schema_name=m, records=records)
        for table in ("rollup", "aggregate", "name", "parked"):
            await model.add_key(connection, m, table)
