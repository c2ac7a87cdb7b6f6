"""All that bears upon a month of venues, in one statement."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

import asyncpg

from services.bases.domain.availability import Filing, Supply, Wanted
from services.bases.domain.bookings.terms import BookingTerms, OffDays
from services.bases.domain.opening import Range
from services.bases.tables.occasions import (
    CLOSURES,
    CODES,
    DAYS,
    HOURS,
    RULES,
    WORKING_DAYS,
    YEARS,
    book_of,
    terms_of,
    timetable_of,
    venue_of,
)
from services.chassis.clock import business_date
from services.chassis.rows import missing

MOST_VENUES = 200
"""That one question is answered for."""

LONGEST_BUFFER = timedelta(hours=8)


class Of(StrEnum):
    """Whose availability is asked: what `$1` is the id of."""

    VENUE = "v.venue_id = $1"
    BASE = "v.base_id = $1 AND v.retired_at IS NULL"
    AREA = "starts_with(b.area, $1) AND v.retired_at IS NULL"


HELD = """
SELECT range_agg(k.during) FROM booking k
 WHERE int8range(k.venue_no, k.venue_no, '[]') = int8range(v.no, v.no, '[]')
   AND k.during && tstzrange($5, $6, '[)') AND k.holds AND k.exclusive
"""
"""By the index of the guard itself. Multiranges come joined and in order."""

PLACES = """
SELECT array_agg(ARRAY[extract(epoch FROM bucket)::bigint / 900, capacity - taken]) FROM venue_load
 WHERE venue_id = v.venue_id AND bucket >= $5 AND bucket < $6 AND taken > 0
"""

MONTH = f"""
SELECT v.venue_id, v.base_id, b.kind AS base_kind, b.area, v.capacity, v.sharing,
       v.buffer_minutes, v.retired_at IS NOT NULL AS retired, v.code, v.name, v.kind,
       b.name AS base_name, b.terms, v.available_from, v.available_to,
       ({HOURS}) AS hours, ({CLOSURES}) AS closures, known.*,
       CASE v.sharing WHEN 'exclusive' THEN ({HELD}) END AS held,
       CASE v.sharing WHEN 'shared' THEN ({PLACES}) END AS places
  FROM (SELECT (SELECT json_agg(r) FROM ({RULES}) r) AS rules,
               ({YEARS}) AS years, ({DAYS}) AS days) known,
       venue v JOIN base b USING (base_id)
 WHERE {{of}} AND ($2::text[] IS NULL OR v.kind = ANY($2))
 ORDER BY b.code, v.code
 LIMIT {MOST_VENUES + 1}
"""  # noqa: S608  our own constants


@dataclass(frozen=True)
class Stocked:
    """A venue as people know it, with what there is of it."""

    supply: Supply
    filing: Filing
    code: str
    name: str
    kind: str
    base_name: str

    def lacking(self, ranges: Sequence[Range]) -> Self:
        """When something else that is wanted there is not to be had."""
        return replace(self, supply=replace(self.supply, lacking=ranges))

    @property
    def venue_id(self) -> UUID:
        return self.supply.venue.venue_id

    @property
    def base_id(self) -> UUID:
        return self.supply.venue.base_id

    @property
    def area(self) -> str:
        return self.supply.venue.area


async def stocked(
    connection: asyncpg.Connection,
    of: Of,
    subject: UUID | str,
    wanted: Wanted,
    kinds: Sequence[str] = (),
) -> list[Stocked]:
    """Those of one of `kinds`, or all, in order of code; one more than `MOST_VENUES` at most."""
    since, until = wanted.span
    day = business_date(wanted.at)
    rows = await connection.fetch(
        MONTH.format(of=of),
        subject, list(kinds) or None, CODES, day, since, until + LONGEST_BUFFER,
        min(day, wanted.first) - WORKING_DAYS, business_date(until) + WORKING_DAYS,
    )  # fmt: skip
    if not rows:
        return []
    book = book_of(rows[0])
    filing = Filing(timetable_of(rows[0]).calendar, book[OffDays], wanted.at)
    return [_stocked(row, book[BookingTerms], filing) for row in rows]


def _stocked(row: Mapping[str, Any], general: BookingTerms, filing: Filing) -> Stocked:
    supply = Supply(
        venue=venue_of(row),
        timetable=timetable_of(row),
        terms=terms_of(general, json.loads(row["terms"])),
        held=[(each.lower, each.upper) for each in row["held"] or ()],
        places=dict(row["places"] or ()),
    )
    return Stocked(supply, filing, row["code"], row["name"], row["kind"], row["base_name"])


AREAS = {
    Of.VENUE: "SELECT b.area FROM venue v JOIN base b USING (base_id) WHERE v.venue_id = $1",
    Of.BASE: "SELECT area FROM base WHERE base_id = $1",
}


async def area_of(connection: asyncpg.Connection, of: Of, subject: UUID | str) -> str:
    """Where it lies. Raises `NotFound`."""
    if isinstance(subject, str):
        return subject
    found: str | None = await connection.fetchval(AREAS[of], subject)
    if found is None:
        raise missing("venue or base", subject, "场馆或基地")
    return found
