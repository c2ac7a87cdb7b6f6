"""The ledger: entries that are only ever added, and the sums that every addition keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.dues import DuesRhythm
from services.chassis.database import execute
from services.membership.domain.dues.months import month_of
from services.membership.domain.dues.standing import Relief, Standard

ENTRIES = """
INSERT INTO dues_entry (member_id, organisation_id, area, month, kind, amount, source_id,
                        entered_on, recorded_at)
SELECT e.*, $9 FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::date[], $5::text[], $6::int[],
                           $7::uuid[], $8::date[]) AS e
"""
BALANCES = """
INSERT INTO dues_balance AS b (member_id, organisation_id, area, month, due_on, charged, waived,
                               paid)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::date[], $5::date[], $6::int[],
                     $7::int[], $8::int[])
ON CONFLICT (member_id, month) DO UPDATE
   SET charged = excluded.charged, waived = excluded.waived, paid = excluded.paid,
       due_on = excluded.due_on,
       -- who was to be charged, is, from the first charge on
       organisation_id = CASE WHEN b.charged IS NULL
                              THEN excluded.organisation_id ELSE b.organisation_id END,
       area = CASE WHEN b.charged IS NULL THEN excluded.area ELSE b.area END
"""
MONTH = """
INSERT INTO dues_month AS m (organisation_id, month, area, headcount, amount, version)
VALUES ($1, $2, $3, $4, $5, 1)
ON CONFLICT (organisation_id, month) DO UPDATE
   SET headcount = m.headcount + excluded.headcount, amount = m.amount + excluded.amount,
       version = m.version + 1
RETURNING area, headcount, amount, version
"""
ALL = "SELECT * FROM dues_entry WHERE member_id = $1 ORDER BY month, entry_id"
BALANCE = "SELECT * FROM dues_balance WHERE member_id = ANY($1) AND month BETWEEN $2 AND $3"
STANDARDS = """
SELECT member_id, from_month, monthly, rhythm FROM dues_standard WHERE member_id = ANY($1)
 ORDER BY member_id, from_month, standard_id
"""
RELIEFS = """
SELECT member_id, from_month, to_month, monthly FROM dues_relief
 WHERE member_id = ANY($1) AND state IN ('approved', 'ended')
"""
TAKE_BACK = """
INSERT INTO dues_entry (member_id, organisation_id, area, month, kind, amount, source_id,
                        entered_on, recorded_at)
SELECT member_id, organisation_id, area, month, 'reversal', -amount, source_id, $2, $3
  FROM dues_entry WHERE source_id = $1 AND kind = 'payment'
RETURNING member_id, month, amount
"""
LESS_PAID = "UPDATE dues_balance SET paid = paid - $3 WHERE member_id = $1 AND month = $2"
PAID_THROUGH = """
SELECT CASE WHEN count(*) FILTER (WHERE charged - waived > paid) > 0
            THEN (min(month) FILTER (WHERE charged - waived > paid) - interval '1 month')::date
            ELSE max(month) END
  FROM dues_balance WHERE member_id = :member_id
"""


@dataclass(frozen=True)
class Change:
    """One entry to add. `amount` is positive where more is owed."""

    member_id: UUID
    organisation_id: UUID
    area: str
    month: date
    kind: str
    amount: int
    source_id: UUID
    entered_on: date


@dataclass
class Books:
    """What is known of one member's dues."""

    standards: list[Standard] = field(default_factory=list)
    reliefs: list[Relief] = field(default_factory=list)
    balances: dict[date, Mapping[str, Any]] = field(default_factory=dict)


class MonthSum(NamedTuple):
    """An organisation's month after a change."""

    area: str
    headcount: int
    amount: int
    version: int


async def books_of(
    connection: asyncpg.Connection, members: Sequence[UUID], first: date, last: date
) -> dict[UUID, Books]:
    """Standards and reliefs whole, balances of the months from `first` to `last`."""
    books = {member_id: Books() for member_id in members}
    for row in await connection.fetch(STANDARDS, list(members)):
        books[row["member_id"]].standards.append(
            Standard(row["from_month"], row["monthly"], DuesRhythm(row["rhythm"]))
        )
    for row in await connection.fetch(RELIEFS, list(members)):
        books[row["member_id"]].reliefs.append(
            Relief(row["from_month"], row["to_month"], row["monthly"])
        )
    for row in await connection.fetch(BALANCE, list(members), first, last):
        books[row["member_id"]].balances[row["month"]] = row
    return books


async def balances(
    connection: asyncpg.Connection, members: Sequence[UUID], last: date
) -> dict[UUID, list[asyncpg.Record]]:
    """Of each member, all months up to `last`."""
    found: dict[UUID, list[asyncpg.Record]] = {member_id: [] for member_id in members}
    for row in await connection.fetch(BALANCE, list(members), date.min, month_of(last)):
        found[row["member_id"]].append(row)
    return found


async def entries(connection: asyncpg.Connection, member_id: UUID) -> list[asyncpg.Record]:
    """All there are of a member, in the order of their months, then as they were added."""
    return list(await connection.fetch(ALL, member_id))


async def add_entries(
    connection: asyncpg.Connection, changes: Sequence[Change], at: datetime
) -> None:
    columns = [
        [getattr(change, name) for change in changes] for name in Change.__dataclass_fields__
    ]
    await connection.execute(ENTRIES, *columns, at)


async def apply(connection: asyncpg.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Balances as they are now: member, organisation, area, month, due, charged, waived, paid."""
    await connection.execute(BALANCES, *map(list, zip(*rows, strict=True)))


async def add_to_month(
    connection: asyncpg.Connection,
    organisation_id: UUID,
    month: date,
    area: str,
    headcount: int,
    amount: int,
) -> MonthSum:
    """Count one organisation's month up; others at it wait. Its area stays that of the first."""
    return MonthSum(
        *await connection.fetchrow(MONTH, organisation_id, month, area, headcount, amount)
    )


async def take_back(
    connection: asyncpg.Connection, payment_id: UUID, on: date, at: datetime
) -> None:
    """Entries that cancel those of the payment, and the sums without it."""
    taken = await connection.fetch(TAKE_BACK, payment_id, on, at)
    await connection.executemany(
        LESS_PAID, [(row["member_id"], row["month"], row["amount"]) for row in taken]
    )


async def paid_through(session: AsyncSession, member_id: UUID) -> date | None:
    """The last month up to which nothing is owed; None where no dues are charged."""
    found = (await execute(session, PAID_THROUGH, {"member_id": member_id})).scalar_one()
    return found if isinstance(found, date) else None
