"""When equipment is all lent out."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from services.bases.domain.availability import QUARTER, Wanted
from services.bases.domain.equipment import Wanted as Piece
from services.bases.domain.opening import Range
from services.bases.tables.availability.venues import LONGEST_BUFFER
from services.chassis.rows import missing

LENT = """
SELECT e.equipment_id, e.base_id, e.venue_id,
       e.retired_at IS NULL AND w.quantity <= e.quantity AS had,
       (SELECT array_agg(l.bucket ORDER BY l.bucket) FROM equipment_load l
         WHERE l.equipment_id = e.equipment_id AND l.bucket >= $3 AND l.bucket < $4
           AND l.taken + w.quantity > l.quantity) AS lent
  FROM unnest($1::uuid[], $2::int[]) AS w (equipment_id, quantity)
  JOIN equipment e USING (equipment_id)
"""


class Lent:
    """For each venue, when what is wanted besides it is not to be had there."""

    def __init__(self, rows: Sequence[asyncpg.Record], whole: Range) -> None:
        self._rows, self._whole = rows, whole

    def lacking(self, base_id: UUID, venue_id: UUID) -> list[Range]:
        found: list[Range] = []
        for row in self._rows:
            there = row["base_id"] == base_id and row["venue_id"] in {None, venue_id}
            if not there or not row["had"]:
                return [self._whole]
            found += [(bucket, bucket + QUARTER) for bucket in row["lent"] or ()]
        return found


async def lent(connection: asyncpg.Connection, pieces: Sequence[Piece], wanted: Wanted) -> Lent:
    """Raises `NotFound` for equipment nobody knows."""
    since, until = wanted.span
    ids, quantities = [each.equipment_id for each in pieces], [each.quantity for each in pieces]
    whole = since, until + LONGEST_BUFFER
    rows = await connection.fetch(LENT, ids, quantities, *whole)
    unknown = set(ids) - {row["equipment_id"] for row in rows}
    if unknown:
        raise missing("equipment", min(unknown), "设备")
    return Lent(rows, whole)
