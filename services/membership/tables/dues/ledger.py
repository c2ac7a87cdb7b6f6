"""The ledger: entries that are only ever added, and the sums that every addition keeps."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.dues import ReliefState
from services.chassis.database import execute
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.dues.standing import Balance, Books, Entry
from services.membership.tables.dues.rows import ReliefRow, StandardRow

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
BALANCE = """
SELECT * FROM dues_balance WHERE member_id = ANY($1) AND month BETWEEN $2 AND $3 ORDER BY month
"""
TAKE_BACK = """
WITH taken AS (
  INSERT INTO dues_entry (member_id, organisation_id, area, month, kind, amount, source_id,
                          entered_on, recorded_at)
  SELECT member_id, organisation_id, area, month, 'reversal', -amount, source_id, $2, $3
    FROM dues_entry WHERE source_id = $1 AND kind = 'payment'
  RETURNING member_id, month, amount)
UPDATE dues_balance b SET paid = b.paid - taken.amount
  FROM taken WHERE b.member_id = taken.member_id AND b.month = taken.month
"""
PAID_THROUGH = """
SELECT CASE WHEN count(*) FILTER (WHERE charged - waived > paid) > 0
            THEN (min(month) FILTER (WHERE charged - waived > paid) - interval '1 month')::date
            ELSE max(month) END
  FROM dues_balance WHERE member_id = :member_id
"""


async def books_of(
    uow: UnitOfWork, members: Sequence[UUID], first: date, last: date
) -> dict[UUID, Books]:
    """Standards and reliefs whole, balances of the months from `first` to `last`."""
    books = {member_id: Books() for member_id in members}
    for standard in await standards(uow.session, members):
        books[standard.member_id].standards.append(standard)
    approved = select(ReliefRow).where(
        col(ReliefRow.member_id).in_(members),
        col(ReliefRow.state).in_((ReliefState.APPROVED, ReliefState.ENDED)),
    )
    for relief in await uow.session.exec(approved):
        books[relief.member_id].reliefs.append(relief)
    for member_id, months in (await balances(await uow.driver(), members, first, last)).items():
        books[member_id].balances = {balance.month: balance for balance in months}
    return books


async def standards(session: AsyncSession, members: Sequence[UUID]) -> Sequence[StandardRow]:
    """Of each member the oldest first."""
    query = select(StandardRow).where(col(StandardRow.member_id).in_(members))
    order = (StandardRow.member_id, StandardRow.from_month, StandardRow.standard_id)
    return (await session.exec(query.order_by(*map(col, order)))).all()


async def balances(
    connection: asyncpg.Connection, members: Sequence[UUID], first: date, last: date
) -> dict[UUID, list[Balance]]:
    """Of each member, the months that begin from `first` to `last`, the oldest first."""
    found: dict[UUID, list[Balance]] = {member_id: [] for member_id in members}
    for row in await connection.fetch(BALANCE, list(members), first, last):
        found[row["member_id"]].append(Balance(**row))
    return found


async def entries(connection: asyncpg.Connection, member_id: UUID) -> list[asyncpg.Record]:
    """All there are of a member, in the order of their months, then as they were added."""
    return list(await connection.fetch(ALL, member_id))


async def enter(uow: UnitOfWork, entries: Sequence[Entry], balances: Sequence[Balance]) -> None:
    """Add the entries; `balances` are the sums as they are then."""
    connection = await uow.driver()
    if entries:
        await connection.execute(ENTRIES, *_columns(entries), uow.now)
    if balances:
        await connection.execute(BALANCES, *_columns(balances))


def _columns(items: Sequence[Entry] | Sequence[Balance]) -> list[list[Any]]:
    return [[getattr(each, part.name) for each in items] for part in fields(items[0])]


async def add_to_month(
    uow: UnitOfWork, month: tuple[UUID, date, str], headcount: int, amount: int
) -> asyncpg.Record:
    """Count the month of an organisation, in an area, up; others at it wait.

    Its area, headcount, amount and version as they are then; the area stays that of the first.
    """
    return await (await uow.driver()).fetchrow(MONTH, *month, headcount, amount)


async def take_back(uow: UnitOfWork, payment_id: UUID, on: date) -> None:
    """Entries that cancel those of the payment, and the sums without it."""
    await uow.write(TAKE_BACK, payment_id, on, uow.now)


async def paid_through(session: AsyncSession, member_id: UUID) -> date | None:
    """The last month up to which nothing is owed; None where no dues are charged."""
    found = (await execute(session, PAID_THROUGH, {"member_id": member_id})).scalar_one()
    return found if isinstance(found, date) else None
