"""When lecturers could be had, beside what takes them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import asyncpg

from services.bases.domain.availability import Wanted, hours_of
from services.bases.domain.lecturers.rules import LecturerTravel
from services.bases.domain.lecturers.times import Busy, Times
from services.bases.domain.opening import Range
from services.bases.tables.lecturers import claims, times
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.working_days import ONE_DAY

SKILLED = """
SELECT lecturer_id, code, area, engaged_on FROM lecturer
 WHERE retired_on IS NULL AND skills @> ARRAY[$1::text] AND engaged_on <= $2
   AND EXISTS (SELECT FROM unnest($3::text[]) AS place WHERE starts_with(place, area))
 ORDER BY code
"""
ONE = "SELECT lecturer_id, code, area, engaged_on FROM lecturer WHERE lecturer_id = $1"


@dataclass(frozen=True)
class Spare:
    """A lecturer, the times they state, and what takes them."""

    lecturer_id: UUID
    code: str
    area: str
    hours: Mapping[date, Sequence[Range] | None]
    busy: Sequence[Busy]

    def serves(self, area: str) -> bool:
        return area.startswith(self.area)

    def away(self, base_id: UUID | None, travel: LecturerTravel) -> Iterable[Range]:
        """With the way to the base and from it, where one is named."""
        if base_id is None:
            return [(each.starts_at, each.ends_at) for each in self.busy]
        return [each.blocks(base_id, travel.time) for each in self.busy]


async def skilled(
    connection: asyncpg.Connection, skill: str, areas: Collection[str], wanted: Wanted
) -> list[Spare]:
    """Who can do that and serves one of the areas, in order of code."""
    rows = await connection.fetch(SKILLED, skill, wanted.last, list(areas))
    return await _spare(connection, rows, wanted)


async def one(connection: asyncpg.Connection, lecturer_id: UUID, wanted: Wanted) -> Spare | None:
    rows = await connection.fetch(ONE, lecturer_id)
    return next(iter(await _spare(connection, rows, wanted)), None)


async def travel(connection: asyncpg.Connection, at: datetime) -> LecturerTravel:
    book = await rulebook.by_driver(connection, business_date(at), LecturerTravel)
    return book[LecturerTravel]


async def _spare(
    connection: asyncpg.Connection, rows: Sequence[asyncpg.Record], wanted: Wanted
) -> list[Spare]:
    ids = [row["lecturer_id"] for row in rows]
    if not ids:
        return []
    since, until = wanted.span
    stated: Mapping[UUID, Times] = await times.times(
        connection, ids, wanted.first, business_date(until)
    )
    busy = await claims.busy(connection, ids, since - ONE_DAY, until + ONE_DAY)
    return [
        Spare(
            row["lecturer_id"],
            row["code"],
            row["area"],
            hours_of(stated[row["lecturer_id"]].between, wanted, row["engaged_on"]),
            busy[row["lecturer_id"]],
        )
        for row in rows
    ]
